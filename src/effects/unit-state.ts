/** The state of a unit, by systemd. */
export interface UnitState {
  readonly active: string;
  /** Empty where it was not asked. */
  readonly sub: string;
  readonly pid: number;
  /** How often systemd brought it back since somebody started it. */
  readonly restarts: number;
  /** The name of this run of it; absent where systemd does not tell. */
  readonly run?: string;
  /** Whether systemd is about to start or stop it. */
  readonly hasJob?: true;
}

/** One unit in the output of `systemctl show`. */
export function readUnit(text: string): UnitState {
  const value = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const run = value('InvocationID');
  return {
    ...(run === '' ? {} : { run }),
    ...(Number(value('Job')) > 0 ? { hasJob: true } : {}),
    active: value('ActiveState'),
    sub: value('SubState'),
    pid: Number(value('MainPID')),
    restarts: Number(value('NRestarts')),
  };
}

/** Several units in it, by name. */
export function readUnits(text: string): ReadonlyMap<string, UnitState> {
  return new Map(
    text.split(/\n{2,}/).flatMap((block): readonly [string, UnitState][] => {
      const name = /^Id=(.*)\.service$/m.exec(block)?.[1];
      return name === undefined ? [] : [[name, readUnit(block)]];
    }),
  );
}
