import { quote } from '../support/quote.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import type { Target } from '../targets/target.ts';

/** A service as systemd tells of it. */
export interface ServiceState {
  readonly unit: string;
  readonly state: 'active' | 'failed' | 'inactive' | 'absent';
  /** Its main process; 0 when there is none. */
  readonly pid: number;
  /** When its process began, in seconds by the target's clock as it is now; 0 for "when the machine did". */
  readonly startedAt: number;
  /** The same by the clock as it was then, in whole seconds; absent where systemd does not tell. */
  readonly startedThen?: number;
}

/** The services of which an embedded stack has a stand-in. */
const HAVE_PROGRAMS: ReadonlySet<string> = new Set(['asterisk', 'wazo-confgend']);

/** Whether only the restarts of a service are recorded there: no process runs behind it. */
export function isRecordOnly({ root }: Pick<Target, 'root'>, unit: string): boolean {
  return root !== '' && !HAVE_PROGRAMS.has(unit);
}

/** Clocks are read one after the other and in steps of 10 ms; less than this means nothing, in seconds. */
const CLOCK_ERROR = 0.05;

/** Seconds by which a clock may have been set right since a process began. */
const SET_RIGHT = 2;

/**
 * Whether a process began before a file got its present content: then it runs what is not there any more. Where the
 * target's clock was set since the process began, the time of the file may be by either clock: unknown when they
 * disagree.
 */
export function isOlder(service: ServiceState, changed: number): boolean | 'unknown' {
  const { startedAt, startedThen = startedAt } = service;
  const isOlderNow = changed - startedAt > CLOCK_ERROR;
  if (startedAt === 0 || Math.abs(startedThen - startedAt) <= SET_RIGHT) return isOlderNow;
  return isOlderNow === changed > startedThen ? isOlderNow : 'unknown';
}

/** Asks systemd for services, in one round trip. */
export async function readServices(
  target: Target,
  units: readonly string[],
): Promise<ReadonlyMap<string, ServiceState>> {
  if (units.length === 0) return new Map();
  const properties = ['LoadState', 'ActiveState', 'MainPID', 'ExecMainStartTimestampMonotonic'];
  const show = `systemctl show ${properties.map((name) => `-p ${name}`).join(' ')}`;
  const script = [
    'wdev_section clock; date +%s.%N; cat /proc/uptime; getconf CLK_TCK 2>/dev/null || echo 100',
    ...units.map(
      (unit) =>
        // behind an embedded root there are no processes, only records of them
        `wdev_section unit:${unit}; ${show} ${quote(unit)} 2>/dev/null; date -d "$(systemctl show -p ExecMainStartTimestamp --value ${quote(unit)})" +Then=%s 2>/dev/null; [ -n "$R" ] || sed 's/.*) //' "/proc/$(systemctl show -p MainPID --value ${quote(unit)})/stat" 2>/dev/null || :`,
    ),
  ].join('; ');
  const { stdout } = await target.run(script);
  const sections = splitSections(stdout.toString('utf8'), target.mark);
  const [now = '', uptime = '', ticks = ''] = sectionText(sections, 'clock').split('\n');
  const bootedAt = Number.parseFloat(now) - Number.parseFloat(uptime);
  return new Map(
    units.map((unit) => [
      unit,
      readService(unit, sectionText(sections, `unit:${unit}`), bootedAt, Number(ticks)),
    ]),
  );
}

function readService(unit: string, text: string, bootedAt: number, ticks: number): ServiceState {
  const property = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const startTicks = /^[A-Z] (?:\S+ ){18}(\d+) /m.exec(text)?.[1];
  const monotonic = Number(property('ExecMainStartTimestampMonotonic')) / 1e6;
  const sinceBoot = startTicks === undefined ? monotonic : Number(startTicks) / ticks;
  // `date -d ''` is midnight: only what systemd knows counts
  const then = monotonic > 0 ? property('Then') : '';
  return {
    unit,
    state: stateOf(property('LoadState'), property('ActiveState')),
    pid: Number(property('MainPID')),
    startedAt: sinceBoot > 0 ? bootedAt + sinceBoot : 0,
    ...(then === '' ? {} : { startedThen: Number(then) }),
  };
}

function stateOf(load: string, active: string): ServiceState['state'] {
  if (load === 'not-found' || active === '') return 'absent';
  // a forking daemon is "activating" for a moment, a reloading one serves all the same
  if (active === 'active' || active === 'reloading' || active === 'activating') return 'active';
  return active === 'failed' ? 'failed' : 'inactive';
}
