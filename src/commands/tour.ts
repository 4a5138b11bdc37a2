import { mkdtempSync, realpathSync } from 'node:fs';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { Argument, type Command } from '../cli/commander.ts';
import { runsPrograms } from '../cli/programs.ts';
import { EXIT, usageError } from '../support/errors.ts';
import { columnsOf, isTerminal, print } from '../terminal/output.ts';
import type { LineReader } from '../terminal/finding-text.ts';
import type { TourView } from '../tour/tour-view.ts';
import type { TourResult, Wish } from '../tour/play.ts';
import type { TourStep } from '../tour/step.ts';
import type { TourStack, Workbench } from '../tour/workbench.ts';
import { makeFolders } from '../support/make-folders.ts';

interface TourFlags {
  readonly auto?: true;
  readonly restart?: true;
  readonly dir: string;
  readonly stack: string;
}

interface Stage {
  readonly bench: Workbench;
  readonly view: TourView;
  readonly steps: readonly TourStep[];
  readonly signal: AbortSignal;
}

const DETAILS = `
You work in your editor and in a second terminal; the tour checks the result and
continues by itself. Keys: s does a step for you, h gives a hint, q quits. Run
wdev tour again to continue where you left off. With --auto the tour does every
step itself, in a temporary folder that it removes at the end.`;

const NEXT = [
  '',
  'Next, make your own plugin:',
  '  wdev new                            asks for kind, name and parts',
  '  wdev watch hello                    on the embedded stack',
  '  wdev watch hello --target stack     on a real Asterisk 22 (as root)',
  '  wdev stack up --kind wazo           with the real services of Wazo (as root), for parts such as calld',
  '  wdev guide                          everything, offline, in your browser',
];

/** The commands for what comes after; a first commit needs a name, which the tour itself does without. */
async function next(): Promise<readonly string[]> {
  const { SET_IDENTITY, knowsWhoCommits } = await import('../git/identity.ts');
  if (await knowsWhoCommits()) return NEXT;
  const set = SET_IDENTITY.split('\n').map((line) => `  ${line}`);
  return [
    ...NEXT,
    '',
    'wdev new commits what it makes, and git does not know your name yet. Set both:',
    ...set,
  ];
}

export function configure(command: Command): void {
  command
    .addArgument(new Argument('[kind]', 'kind of plugin').choices(['stack']).default('stack'))
    .option('--auto', 'run without input, in a temporary folder')
    .option('--restart', 'start over; remove what the tour made before')
    .option('--dir <dir>', 'folder for the plugin of the tour', 'wdev-tour')
    .option('--stack <kind>', 'stack to use: embedded, or real (as root)', 'embedded')
    .addHelpText('after', DETAILS)
    .action(async (_kind: string, flags: TourFlags) => {
      const kind = stackOf(flags.stack);
      process.exitCode = flags.auto === true ? await playItself(kind) : await guide(kind, flags);
    });
  runsPrograms(command);
}

function stackOf(text: string): TourStack {
  if (text === 'embedded' || text === 'real') return text;
  throw usageError(`--stack: unknown value "${text}"; choose from embedded, real`);
}

async function playItself(kind: TourStack): Promise<number> {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'wdev-tour-')));
  const stage = await setStage(folder, kind, true);
  const { playTour } = await import('../tour/play.ts');
  const { bench, steps, signal } = stage;
  const started = performance.now();
  try {
    const result = await playTour({ steps, bench, voice: stage.view, progress: bench.progress, signal });
    if (result.end === 'left') return EXIT.interrupted;
    if (result.end === 'failed') {
      print(['', 'The tour was stopped. What it made is removed.']);
      return EXIT.failed;
    }
    const gone = 'The stack and the folder of the tour are removed.';
    print(['', ...summary(result, kind, started), gone, ...(await next())]);
    return EXIT.done;
  } finally {
    await bench.clear();
  }
}

/** The tour for a person at a terminal. */
async function guide(kind: TourStack, flags: TourFlags): Promise<number> {
  if (!isTerminal()) {
    throw usageError('wdev tour needs a terminal', 'Without one: wdev tour --auto');
  }
  const { isTourFolder, forgetTour } = await import('../tour/progress.ts');
  const folder = isTourFolder('.') ? process.cwd() : path.resolve(flags.dir);
  makeFolders(folder);
  if (flags.restart === true) {
    await (await setStage(folder, kind, false)).bench.end();
    forgetTour(folder);
  }
  const stage = await setStage(folder, kind, false);
  const { progress } = stage.bench;
  if (progress.finished) {
    print([`You did the tour in ${folder}.`, 'Start over: wdev tour --restart', ...(await next())]);
    return EXIT.done;
  }
  if (progress.step === '') stage.view.welcome(folder, stage.steps.length);
  else print([`Continuing the tour in ${folder}. Keys: s does a step for you, h hint, q leaves.`]);
  return await atTerminal(stage, kind);
}

async function atTerminal({ bench, view, steps, signal }: Stage, kind: TourStack): Promise<number> {
  const [{ playTour }, { listenForKeys }] = await Promise.all([
    import('../tour/play.ts'),
    import('../terminal/keys.ts'),
  ]);
  const wishes: Wish[] = [];
  let interrupted = false;
  const close = listenForKeys(process.stdin, WISH_KEYS, (action) => {
    if (action === 'interrupt') interrupted = true;
    wishes.push(action === 'interrupt' ? 'leave' : action);
    bench.wake();
  });
  const started = performance.now();
  try {
    const takeWish = (): Wish | undefined => wishes.shift();
    const { progress } = bench;
    const result = await playTour({ steps, bench, voice: view, progress, signal, takeWish });
    if (result.end === 'done') {
      await bench.end();
      const yours = `The stack is removed; the plugin stays in ${bench.path('hello')}`;
      print(['', ...summary(result, kind, started), yours, ...(await next())]);
      return EXIT.done;
    }
    const at = steps.findIndex(({ id }) => id === progress.step) + 1;
    print(['', `Left at step ${at} of ${steps.length}. Continue: wdev tour`]);
    return interrupted || signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    close();
    await bench.leave();
  }
}

const WISH_KEYS: readonly { readonly key: string; readonly action: Wish }[] = [
  { key: 's', action: 'play' },
  { key: 'h', action: 'hint' },
  { key: '?', action: 'hint' },
  { key: 'q', action: 'leave' },
];

async function setStage(folder: string, kind: TourStack, auto: boolean): Promise<Stage> {
  const [{ Workbench }, { Progress }, { TOUR_STEPS }, { TourView }, { lineReader }] = await Promise.all([
    import('../tour/workbench.ts'),
    import('../tour/progress.ts'),
    import('../tour/steps.ts'),
    import('../tour/tour-view.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  // files change from one step to the next
  const read: LineReader = (file, line) => lineReader(path.join(folder, 'hello'))(file, line);
  // named as in the second terminal, which stands in the folder of the tour
  const readLine: LineReader = Object.assign(read, { dir: 'hello' });
  const view = new TourView({ print, readLine, width: Math.min(80, columnsOf(process.stdout)), auto });
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 6);
  const bench = new Workbench({
    folder,
    kind,
    name: `tour-${id}`,
    voice: view,
    progress: new Progress(folder),
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    auto,
  });
  return { bench, view, steps: TOUR_STEPS, signal: stop.signal };
}

function summary({ seen, without }: TourResult, kind: TourStack, started: number): readonly string[] {
  const seconds = (performance.now() - started) / 1000;
  const time = seconds < 90 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
  const steps = without.length === 0 ? `All ${seen} steps` : `${seen} of ${seen + without.length} steps`;
  const rest = without.length === 0 ? [] : [`Skipped: ${without.join(', ')}.`];
  return [`${steps} passed on the ${kind} stack, in ${time}.`, ...rest];
}
