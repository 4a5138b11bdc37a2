import { rowOf } from '../findings/catalogue.ts';
import type { Finding } from '../findings/finding.ts';
import { raisedFinding, recordFindings } from './records.ts';
import type { SimulationEvent } from './events.ts';
import type { Subject } from './subject.ts';

type EventOf<Name extends SimulationEvent['event']> = Extract<SimulationEvent, { event: Name }>;

/** The outcome of a whole simulation. */
export interface Outcome {
  readonly package: 'real' | 'stand-in';
  readonly records: readonly EventOf<'record'>[];
  /** Lines that no record was made of. */
  readonly passedOver: readonly EventOf<'none'>[];
  readonly findings: readonly Finding[];
  readonly port: EventOf<'port'> | undefined;
  /** Lines that reached the plugin. */
  readonly fed: number;
}

/** Sums events up. */
export function outcomeOf(subject: Subject, events: readonly SimulationEvent[]): Outcome {
  const of = <Name extends SimulationEvent['event']>(name: Name): readonly EventOf<Name>[] =>
    events.filter((event): event is EventOf<Name> => event.event === name);
  const [port] = of('port');
  const records = of('record');
  return {
    package: of('ready')[0]?.package ?? 'stand-in',
    records,
    passedOver: of('none'),
    findings: [
      ...firstOf(of('raised').map((event) => raisedFinding(event, subject))),
      ...firstOf(records.flatMap((record) => recordFindings(record, subject))),
      ...of('unended').map(({ lines }) => unendedFinding(lines)),
      ...portFindings(port, subject),
    ],
    port,
    fed: of('end')[0]?.fed ?? 0,
  };
}

/** Findings of one code that are listed; nobody reads as many. */
const MOST = 1000;

/** The first findings of each code; the last of them says how many more there are. */
function firstOf(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  const seen = new Map<string, number>();
  return findings.flatMap((finding) => {
    const { code, message } = finding;
    const at = (seen.get(code) ?? 0) + 1;
    seen.set(code, at);
    const left = (counts.get(code) ?? 0) - MOST;
    if (at > MOST) return [];
    if (at < MOST || left <= 0) return [finding];
    return [{ ...finding, message: `${message} (and ${left} more like it, not listed)` }];
  });
}

function unendedFinding(lines: number): Finding {
  const { level, fix, source } = rowOf('serial-lines-unended');
  const what = lines === 1 ? 'A line ends' : `${lines} lines end`;
  return {
    code: 'serial-lines-unended',
    level,
    message: `${what} in CR without LF: the call logger waits for LF, so the plugin never gets ${lines === 1 ? 'it' : 'them'}`,
    help: fix,
    source,
  };
}

function portFindings(port: EventOf<'port'> | undefined, subject: Subject): readonly Finding[] {
  if (port === undefined) return [];
  const findings: Finding[] = [];
  if (port.read < port.written) {
    findings.push({
      code: 'serial-lines-lost',
      level: 'error',
      message: `${port.written - port.read} of the ${port.written} lines sent never reached decode()`,
    });
  }
  const rate = subject.settings['rate'] ?? subject.settings['baudrate'];
  if (port.rate !== null && rate !== undefined && Number(rate) !== port.rate) {
    findings.push({
      code: 'serial-rate',
      level: 'warning',
      message: `The port was opened at ${port.rate} baud, but the settings say ${JSON.stringify(rate)}`,
      ...(subject.settingsFile === undefined ? {} : { file: subject.settingsFile }),
    });
  }
  return findings;
}

/** The records as golden files hold them: one JSON object a line, in the order of the calls. */
export function recordLines(outcome: Outcome): string {
  return outcome.records
    .map(({ fields }) => {
      const names = Object.keys(fields).sort();
      return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, fields[name]])))}\n`;
    })
    .join('');
}
