import path from 'node:path';
import type { CallLoggerGeneration } from '../kinds/call-logger-manifest.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';
import type { Frame, PluginError, SimulationEvent } from './events.ts';
import type { Subject } from './subject.ts';

type RecordEvent = Extract<SimulationEvent, { event: 'record' }>;

const TYPES = ['INCOMING', 'RECEIVED', 'OUTGOING'] as const;

/** Further types that generation 2 knows. */
const LATER_TYPES: Readonly<Record<number, string>> = {
  3: 'RECEIVED_OTHER',
  4: 'OUTGOING_OTHER',
  5: 'RECEIVED_FORWARDED',
  6: 'OUTGOING_FORWARDED',
  7: 'RECEIVED_CONFERENCE',
  8: 'OUTGOING_CONFERENCE',
  9: 'OUTGOING_VIA_FORWARDED',
  35: 'RECEIVED_TRANSFERRED_INT',
  36: 'OUTGOING_TRANSFERRED_INT',
  37: 'RECEIVED_TRANSFERRED_EXT',
  38: 'OUTGOING_TRANSFERRED_EXT',
};

const SOURCE = 'QuartX call logger, records';

/** Name of a call type; undefined when the call logger has none of that number. */
export function callTypeName(type: unknown, generation: CallLoggerGeneration): string | undefined {
  if (typeof type !== 'number') return undefined;
  return TYPES[type] ?? (generation === '2' ? LATER_TYPES[type] : undefined);
}

/** The call types of a generation, by their numbers. */
function knownTypes(generation: CallLoggerGeneration): string {
  const later = generation === '2' ? Object.entries(LATER_TYPES) : [];
  return [...TYPES.entries(), ...later].map(([number, name]) => `${number} (${name})`).join(', ');
}

/** The faults of a record: values that cannot be sent, fields that its call type needs. */
export function recordFindings(record: RecordEvent, subject: Subject): readonly Finding[] {
  const place = placeOf(record.place, subject);
  const bad = (code: FindingCode, message: string, help?: string): Finding => ({
    code,
    level: 'error',
    message: `${record.line === null ? '' : `Line ${record.line}: `}${message}`,
    ...place,
    ...(help === undefined ? {} : { help }),
    source: SOURCE,
  });
  const findings = record.unserialisable.map(([name, type]) =>
    bad(
      'record-not-json',
      `field "${name}" is a ${type}, which cannot be sent as JSON`,
      type === 'datetime' ? 'Use its isoformat().' : 'Use text or a number.',
    ),
  );
  const type = record.fields['call_type'];
  if (callTypeName(type, subject.generation) === undefined) {
    findings.push(
      bad(
        'record-call-type',
        `unknown call type ${JSON.stringify(type) ?? 'None'}`,
        `Use ${knownTypes(subject.generation)}.`,
      ),
    );
    return findings;
  }
  const missing = neededFields(Number(type), subject.generation).filter(
    (name) => record.fields[name] === undefined || record.fields[name] === null,
  );
  if (missing.length > 0) {
    const name = callTypeName(type, subject.generation) ?? '';
    findings.push(bad('record-field-missing', `a record of type ${name} lacks ${missing.join(', ')}`));
  }
  return [...findings, ...wrongValues(record, bad)];
}

function neededFields(type: number, generation: CallLoggerGeneration): readonly string[] {
  const always = ['number', 'line', 'ext'];
  // generation 2 has defaults for the times
  return type === 0 || generation === '2' ? always : [...always, 'ring', 'duration'];
}

const CLOCK = /^\d{1,3}:[0-5]\d(?::[0-5]\d)?$/;

const SHAPES: Readonly<Record<string, { is: (value: unknown) => boolean; what: string }>> = {
  number: { is: (value) => typeof value === 'string', what: 'text' },
  line: { is: isWhole, what: 'a whole number' },
  ext: { is: isWhole, what: 'a whole number' },
  ring: { is: isTime, what: 'seconds, or HH:MM:SS' },
  duration: { is: isTime, what: 'seconds, or HH:MM:SS' },
  answered: {
    is: (value) => typeof value === 'boolean' || [0, 1, 2].includes(Number(value)),
    what: '0, 1 or 2',
  },
  date: {
    is: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value),
    what: 'ISO 8601, as in 2026-01-31T09:15:02+00:00',
  },
};

function isWhole(value: unknown): boolean {
  return Number.isInteger(value);
}

function isTime(value: unknown): boolean {
  return isWhole(value) || (typeof value === 'string' && CLOCK.test(value));
}

function wrongValues(
  record: RecordEvent,
  bad: (code: FindingCode, message: string) => Finding,
): readonly Finding[] {
  const told = new Set(record.unserialisable.map(([name]) => name));
  return Object.entries(record.fields).flatMap(([name, value]) => {
    const shape = SHAPES[name];
    if (shape === undefined || value === null || told.has(name) || shape.is(value)) return [];
    return [
      bad('record-field-value', `field "${name}" is ${JSON.stringify(value)}, but must be ${shape.what}`),
    ];
  });
}

/** The exception of a plugin, at its source line. */
export function raisedFinding(
  event: Extract<SimulationEvent, { event: 'raised' }>,
  subject: Subject,
): Finding {
  const { error, where, line } = event;
  const lacking = /missing \d+ required positional arguments?: (.+)/.exec(error.message)?.[1];
  if (where === 'run' && lacking !== undefined && error.frames.length === 0) {
    return {
      code: 'call-logger-settings-missing',
      level: 'error',
      message: `The constructor of ${subject.className ?? 'the plugin'} needs ${lacking}, and no setting has that name`,
      ...(subject.settingsFile === undefined ? {} : { file: subject.settingsFile }),
      help: `Add it to the settings of the plugin, or pass it: wdev simulate --set ${lacking.replaceAll("'", '').split(/,? and |, /)[0] ?? 'NAME'}=VALUE`,
      source: SOURCE,
    };
  }
  const at = line === null || line === 0 ? '' : ` on line ${line}`;
  const effect: Readonly<Record<typeof where, string>> = {
    import: 'Fix the import: the call logger does not start without it.',
    decode:
      subject.generation === '2'
        ? 'Return None for a line that the plugin does not understand; this one is lost.'
        : 'Catch it in decode(): it ends the call logger.',
    parse: 'Return None for a line that the plugin does not understand; this one is lost.',
    run: 'Catch the exception: it ends the call logger.',
  };
  return {
    code: `call-logger-${where}-raised`,
    level: 'error',
    message: `${where === 'import' ? 'The import' : `${where}()`} raised${at}: ${error.type}: ${error.message}`,
    ...errorPlace(error, subject),
    help: effect[where],
    source: SOURCE,
  };
}

function errorPlace(error: PluginError, subject: Subject): { file?: string; line?: number } {
  return placeOf(error.frames.at(-1) ?? null, subject);
}

/** A place as findings name it, relative to the plugin's folder. */
export function placeOf(frame: Frame | null, subject: Subject): { file?: string; line?: number } {
  return frame === null ? {} : { file: path.relative(subject.dir, frame.file), line: frame.line };
}
