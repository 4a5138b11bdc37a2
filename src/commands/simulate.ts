import { runsPrograms } from '../cli/programs.ts';
import { jsonOption } from '../cli/options.ts';
import { print, printJson } from '../terminal/output.ts';
import { InvalidArgumentError, type Command } from '../cli/commander.ts';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { CallLoggerGeneration } from '../kinds/call-logger-manifest.ts';
import type { Answer, Collector } from '../simulate/collector.ts';
import type { Outcome } from '../simulate/outcome.ts';
import type { SimulationEvent } from '../simulate/events.ts';
import type { SerialOptions } from '../simulate/simulation.ts';
import type { Subject } from '../simulate/subject.ts';
import type { Comparison } from '../support/comparison.ts';
import { during } from '../support/doing.ts';
import { EXIT, messageOf, usageError } from '../support/errors.ts';
import { isError } from '../findings/finding.ts';
import { dialogueFiles, recordDialogue, replayFiles, type AgiFlags } from './simulate-agi.ts';
import { readBytes, readGiven } from '../support/read-file.ts';

interface Flags extends AgiFlags {
  input?: string;
  serial?: true;
  baud?: number;
  partial?: true;
  noise?: number;
  disconnect?: number;
  seed?: number;
  pace?: number;
  collector?: true;
  statuses?: readonly Answer[];
  golden?: string;
  accept?: true;
  class?: string;
  generation?: CallLoggerGeneration;
  callLogger?: 'real' | 'stand-in';
}

const DETAILS = `
Runs a call-logger plugin on the lines of --input, and shows the call records;
replays a recorded AGI dialogue, or all of agi/*.txt in a plugin folder, and
compares; with --record, records one:
  wdev simulate my-logger --input lines.txt
  wdev simulate agi/hello.agi --record agi/hello.txt
  wdev simulate agi/hello.txt`;

export function configure(command: Command): void {
  command
    .argument('[path]', 'plugin folder, Python module, or recorded AGI dialogue (default: this folder)')
    .option('--set <name=value>', 'override a setting of the plugin; repeatable', collect)
    .option('--python <program>', 'use this Python (default: the active virtualenv, else python3)')
    .addOption(jsonOption());
  runsPrograms(command);
  command
    .optionsGroup('Call logger:')
    .option(
      '--input <file>',
      'read what the phone system sends from this file; - reads standard input (default: tests/lines.txt)',
    )
    .option('--pace <milliseconds>', 'wait this long between two lines', positive)
    .option('--golden <file>', 'compare the call records with this file; exit with status 1 if they differ')
    .option(
      '--accept',
      'write the golden file (tests/golden/records.jsonl, or that of --golden) instead of comparing',
    )
    .option('--class <name>', 'use this class of the module, if it has several')
    .option(
      '--generation <number>',
      'run it as this generation of call loggers: 1, 1b or 2 (default: as the plugin declares)',
      generation,
    )
    .option(
      '--call-logger <which>',
      'run it in this call logger: real, or stand-in (default: real, if it is installed)',
      which,
    )
    .option('--collector', 'send the call records to a test server on this machine')
    .option(
      '--statuses <list>',
      'with --collector: answer requests with these statuses in turn, like 500,drop,201',
      statuses,
    )
    .optionsGroup('Serial port:')
    .option('--serial', 'send the lines through a stand-in for a serial port')
    .option('--baud <rate>', 'with --serial: send at this rate at most', positive)
    .option('--partial', 'with --serial: send lines in pieces')
    .option('--noise <share>', 'with --serial: send bad bytes before this share of the lines, 0 to 1', share)
    .option(
      '--disconnect <lines>',
      'with --serial: disconnect the port each time after this many lines',
      positive,
    )
    .option('--seed <number>', 'with --serial: use this random seed for pieces and bad bytes', positive)
    .optionsGroup('AGI handler:')
    .option(
      '--record <file>',
      'call an AGI handler from a real Asterisk, and write the dialogue to this file; --set sets variables of the call',
    )
    .option('--handler <name>', 'with --record: call this handler of a wazo-agid module')
    .option('--args <list>', 'with --record: pass these arguments to the handler, comma-separated')
    .option(
      '--target <target>',
      'with --record: use the Asterisk of this target, which cannot be embedded (see wdev targets --help; default: stack)',
    )
    .addHelpText('after', DETAILS)
    .action(async (given: string | undefined, flags: Flags) => {
      process.exitCode = await simulateCommand(given ?? '.', flags);
    });
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

async function simulateCommand(given: string, flags: Flags): Promise<number> {
  if (flags.record !== undefined) return await recordDialogue(given, flags.record, flags);
  const dialogues = dialogueFiles(given);
  if (dialogues.length > 0) return await replayFiles(dialogues, flags);
  const { findSubject } = await import('../simulate/subject.ts');
  const subject = findSubject(given, {
    ...(flags.class === undefined ? {} : { className: flags.class }),
    ...(flags.generation === undefined ? {} : { generation: flags.generation }),
    ...(flags.set === undefined ? {} : { set: flags.set }),
  });
  const collector = await openCollector(flags);
  try {
    const outcome = await runSimulation(subject, flags, collector);
    const comparison = await compareRecords(subject, outcome, flags);
    await show({ subject, outcome, comparison, collector }, flags);
    const differs =
      flags.golden !== undefined &&
      flags.accept !== true &&
      (comparison.before === undefined || comparison.diff.length > 0);
    return differs || outcome.findings.some(isError) ? EXIT.failed : EXIT.done;
  } finally {
    await collector?.close();
  }
}

async function openCollector(flags: Flags): Promise<Collector | undefined> {
  if (flags.collector !== true && flags.statuses === undefined) return undefined;
  const { Collector } = await import('../simulate/collector.ts');
  return await Collector.open(flags.statuses);
}

const NEWLINE = 10;

async function runSimulation(
  subject: Subject,
  flags: Flags,
  collector: Collector | undefined,
): Promise<Outcome> {
  const [{ simulate }, { outcomeOf }, { authorPythons }] = await Promise.all([
    import('../simulate/simulation.ts'),
    import('../simulate/outcome.ts'),
    import('../readers/python/interpreters.ts'),
  ]);
  const events: SimulationEvent[] = [];
  const lines = await readLines(subject, flags);
  const count = lines.reduce((sum, byte) => (byte === NEWLINE ? sum + 1 : sum), 0);
  const options = {
    python: authorPythons(flags.python)[0],
    lines,
    pace: (flags.pace ?? 0) / 1000,
    ...(flags.serial === true ? { serial: serialOptions(flags) } : {}),
    ...(collector === undefined ? {} : { collector: collector.url }),
    ...(flags.callLogger === undefined ? {} : { package: flags.callLogger }),
  };
  await during('giving it the lines', async (say) => {
    await simulate(subject, options, (event) => {
      events.push(event);
      if ('line' in event && event.line !== null) say([event.line, count]);
    });
  });
  return outcomeOf(subject, events);
}

function serialOptions(flags: Flags): SerialOptions {
  return {
    baud: flags.baud ?? 0,
    partial: flags.partial === true,
    noise: flags.noise ?? 0,
    disconnect: flags.disconnect ?? 0,
    seed: flags.seed ?? 1,
  };
}

async function readLines(subject: Subject, flags: Flags): Promise<Uint8Array> {
  if (flags.input === '-') return await buffer(process.stdin);
  const file = flags.input ?? path.join(subject.dir, 'tests/lines.txt');
  try {
    return flags.input === undefined ? readBytes(file) : readGiven(file);
  } catch (error) {
    throw usageError(
      flags.input === undefined ? `there is no ${file}` : `--input ${file}: ${messageOf(error)}`,
      'Name a file with what the phone system sends: --input FILE, or - for standard input.',
    );
  }
}

async function compareRecords(subject: Subject, outcome: Outcome, flags: Flags): Promise<Comparison> {
  const [{ compare, LastRun, readIfThere }, { recordLines }] = await Promise.all([
    import('../support/comparison.ts'),
    import('../simulate/outcome.ts'),
  ]);
  const text = recordLines(outcome);
  const last = new LastRun(subject.dir, 'simulate');
  const name = `${subject.id} ${path.basename(flags.input ?? 'lines.txt')}.jsonl`;
  const golden = flags.golden ?? path.join(subject.dir, 'tests/golden/records.jsonl');
  const byGolden = flags.golden !== undefined || flags.accept === true;
  const comparison = byGolden
    ? await compare(path.relative(process.cwd(), path.resolve(golden)), await readIfThere(golden), text)
    : await compare('the last run', await last.read(name), text);
  await last.keep(name, text);
  if (flags.accept === true) {
    const { writeTexts } = await import('../edits/write-texts.ts');
    await writeTexts(subject.dir, new Map([[golden, text]]), 'simulate --accept');
  }
  return comparison;
}

interface Result {
  readonly subject: Subject;
  readonly outcome: Outcome;
  readonly comparison: Comparison;
  readonly collector: Collector | undefined;
}

async function show({ subject, outcome, comparison, collector }: Result, flags: Flags): Promise<void> {
  if (flags.json === true) {
    const { package: origin, records, passedOver, findings, port, fed } = outcome;
    const compared = { against: comparison.against, diff: comparison.diff };
    const sent = collector === undefined ? {} : { arrivals: collector.arrivals };
    const about = { plugin: subject.id, generation: subject.generation, callLogger: origin, fed };
    return printJson({ ...about, records, passedOver, findings, port: port ?? null, ...compared, ...sent });
  }
  const [view, { findingLines }, { lineReader }, { diffText }, { deliveryOf }] = await Promise.all([
    import('../terminal/simulation-view.ts'),
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
    import('../terminal/generated-text.ts'),
    import('../simulate/collector.ts'),
  ]);
  const reader = lineReader(subject.dir);
  const { diff, before, against } = comparison;
  // without the module every record differs
  const isImported = outcome.findings.every(({ code }) => code !== 'call-logger-import-raised');
  const lines = [
    ...view.outcomeLines(subject, outcome),
    ...outcome.findings.flatMap((finding) => findingLines(finding, reader)),
    ...(diff.length > 0 && isImported ? [`Differs from ${against} (- old, + new):`, ...diffText(diff)] : []),
    ...(before === undefined && flags.golden !== undefined
      ? [`${against} does not exist. To write it, add --accept.`]
      : []),
    ...(flags.accept === true ? [`Wrote ${against}`] : []),
    view.summaryLine(outcome),
    ...(collector === undefined ? [] : [view.deliveryLine(deliveryOf(collector.arrivals))]),
  ];
  print(lines);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('not a positive whole number');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('not between 0 and 1');
  return value;
}

function statuses(text: string): readonly Answer[] {
  return text.split(',').map((word) => {
    if (word === 'drop') return 'drop';
    if (/^[2-5]\d\d$/.test(word)) return Number(word);
    throw usageError(`--statuses ${text}: ${word} is neither an HTTP status nor "drop"`);
  });
}

function generation(text: string): CallLoggerGeneration {
  if (text === '1' || text === '1b' || text === '2') return text;
  throw usageError(`--generation: unknown value "${text}"; choose from 1, 1b, 2`);
}

function which(text: string): 'real' | 'stand-in' {
  if (text === 'real' || text === 'stand-in') return text;
  throw usageError(`--call-logger: unknown value "${text}"; choose from real, stand-in`);
}
