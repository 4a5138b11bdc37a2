import { paint } from './paint.ts';
import type { Delivery } from '../simulate/collector.ts';
import type { Outcome } from '../simulate/outcome.ts';
import { callTypeName, placeOf } from '../simulate/records.ts';
import type { Subject } from '../simulate/subject.ts';

const COLUMNS = [
  ['', 5],
  ['call', 9],
  ['number', 16],
  ['line', 5],
  ['ext', 6],
  ['ring', 8],
  ['duration', 9],
] as const;

/** Each record as a row with what would be sent below it, and each line that gave none. */
export function outcomeLines(subject: Subject, outcome: Outcome): readonly string[] {
  const rows = [
    ...outcome.records.map((record) => ({ line: record.line ?? 0, text: recordRow(subject, record) })),
    ...outcome.passedOver.map((none) => ({ line: none.line ?? 0, text: passedOverRow(subject, none) })),
  ].sort((a, b) => a.line - b.line);
  const head = COLUMNS.map(([name, width]) => name.padEnd(width)).join('');
  const body = rows.flatMap(({ text }) => text);
  return outcome.records.length === 0 ? body : [paint.dim(head.trimEnd()), ...body];
}

function recordRow(subject: Subject, record: Outcome['records'][number]): readonly string[] {
  const { fields, line } = record;
  const type = callTypeName(fields['call_type'], subject.generation) ?? String(fields['call_type']);
  const values = [
    line === null ? '' : String(line),
    type.toLowerCase(),
    ...['number', 'line', 'ext', 'ring', 'duration'].map((name) => shown(fields[name])),
  ];
  const row = values.map((value, at) => value.padEnd(COLUMNS[at]?.[1] ?? 0)).join('');
  return [row.trimEnd(), paint.dim(`     ${JSON.stringify(fields)}`)];
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function passedOverRow(subject: Subject, none: Outcome['passedOver'][number]): readonly string[] {
  const { file, line } = placeOf(none.place, subject);
  const where = file === undefined ? '' : ` (${file}:${line ?? '?'})`;
  return [paint.dim(`${String(none.line ?? '').padEnd(5)}no record${where}`)];
}

/** The last line: what went in, and what came out. */
export function summaryLine(outcome: Outcome): string {
  const { records, passedOver, fed, port } = outcome;
  const parts = [
    `${fed} line${fed === 1 ? '' : 's'}`,
    `${records.length} record${records.length === 1 ? '' : 's'}`,
    ...(passedOver.length > 0 ? [`${passedOver.length} without one`] : []),
    ...(port === undefined ? [] : [`port at ${port.rate ?? '?'} baud`]),
    ...(port !== undefined && port.reconnects > 0 ? [`plugged in again ${port.reconnects} times`] : []),
  ];
  return parts.join(', ');
}

/** The requests to the recording server. */
export function deliveryLine(delivery: Delivery): string {
  const { delivered, retried, lost } = delivery;
  const again = retried > 0 ? `, ${retried} sent again` : '';
  const gone = lost.length > 0 ? `, ${lost.length} given up` : '';
  return `Collector: ${delivered} taken${again}${gone}`;
}
