/** How the process of a unit ended, as systemd tells it in the journal. */
export interface UnitEnd {
  /** Its exit status, where it ended by an exit. */
  readonly exit?: number;
  /** The signal that ended it, without SIG. */
  readonly signal?: string;
  readonly isOutOfMemory: boolean;
}

/** Signals that the processor and the C library send for a fault in native code. */
const FAULTS: ReadonlySet<string> = new Set(['SEGV', 'ABRT', 'BUS', 'ILL', 'FPE', 'SYS']);

/** Whether native code ended it. */
export function isFault(end: UnitEnd | undefined): boolean {
  return end?.signal !== undefined && FAULTS.has(end.signal);
}

/** The end that systemd tells of last. Source: systemd, unit_log_process_exit, unit_log_success, unit_log_result. */
export function readUnitEnd(told: string): UnitEnd | undefined {
  const ends = told.matchAll(
    /process exited, code=(?<code>\w+), status=(?<status>\d+)(?:\/(?<name>\w+))?|: Deactivated successfully/gi,
  );
  const last = [...ends].at(-1);
  if (last === undefined) return undefined;
  const { code = 'exited', status = '0', name = status } = last.groups ?? {};
  const isOutOfMemory = /by the OOM killer|result 'oom-kill'/.test(told);
  return code === 'exited' ? { exit: Number(status), isOutOfMemory } : { signal: name, isOutOfMemory };
}

/** The end in words, behind the name of the unit. */
export function endWords(end: UnitEnd): string {
  if (end.isOutOfMemory) return 'the kernel ended it: it used more memory than its limit';
  if (end.signal !== undefined) return `SIG${end.signal} ended it`;
  return `its exit status is ${end.exit ?? 0}`;
}

/** Where to look for more. */
export function endHelp(end: UnitEnd | undefined, unit: string): string {
  const logs = `See wdev logs ${unit}, or journalctl -u ${unit} on the target.`;
  if (end?.isOutOfMemory === true)
    return `See its limit, and what the kernel says, on the target: systemctl show -p MemoryMax ${unit}; journalctl -k.`;
  if (isFault(end))
    return `To see the line, systemctl edit ${unit} on the target, with the lines [Service] and Environment=PYTHONFAULTHANDLER=1, and save again.`;
  if (end?.signal === 'KILL') return `${logs} journalctl -k there tells whether memory ran out.`;
  return logs;
}
