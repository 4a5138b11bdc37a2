import path from 'node:path';
import { listSources } from '../git/sources.ts';
import { ownPrograms } from '../sandbox/own-programs.ts';
import { timeLimit } from '../sandbox/policy.ts';
import { pythonHome } from '../sandbox/python.ts';
import { startPlugin } from '../sandbox/run.ts';
import { ownerOfPrograms } from '../sandbox/way.ts';
import { makeOwned, writeOwned } from '../stage/workspace.ts';
import { UserError } from '../support/errors.ts';
import type { LineProcess } from '../support/line-process.ts';
import { packageRoot } from '../support/paths.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { showHandler, showSources } from './sources.ts';
import { readEvent } from './event-shapes.ts';
import type { SimulationEvent } from './events.ts';
import type { Subject } from './subject.ts';

/** How the lines travel over the pseudo terminal. */
export interface SerialOptions {
  /** Bits per second; 0 sends as fast as they are read. */
  readonly baud: number;
  /** Lines arrive in pieces. */
  readonly partial: boolean;
  /** Share of lines (0 to 1) that bad bytes stand before. */
  readonly noise: number;
  /** The plug is pulled, and put back, after each so many lines; 0 never. */
  readonly disconnect: number;
  /** Of the random choices; the same seed makes the same run. */
  readonly seed: number;
}

export interface SimulationOptions {
  readonly python: string;
  /** The lines that the phone system sends. */
  readonly lines: Uint8Array;
  /** Through a pseudo terminal; the lines go straight into the plugin without it. */
  readonly serial?: SerialOptions;
  /** Seconds between two lines; 0 by default. */
  readonly pace?: number;
  /** Address of a server that takes the records; without one, none is sent. */
  readonly collector?: string;
  /** `real` needs the installed package; by default it is taken where it is there. */
  readonly package?: 'real' | 'stand-in';
  /** Seconds without a record after which a plugin with its own run() counts as done; 0.5 by default. */
  readonly settle?: number;
  /** Seconds after which the plugin is given up; as long as a step of a plugin may take by default. */
  readonly limit?: number;
}

/** Seconds without progress after which a port counts as not read, and records as not sent. */
const PATIENCE = 5;

/** Events of one run, and characters of them, that are kept: 120,000 lines of a phone system with a record each. */
const EVENTS = 150_000;
const CHARACTERS = 32 * 2 ** 20;

/** The programs of ours that run a plugin, and what they import. */
const OWN = ['simulate/python', 'readers/yaml', 'stacks/assets/call-logger'];

/**
 * Runs a plugin on lines and reports each step to `onEvent`. What the plugin itself prints is dropped.
 * @throws UserError `helper-ended` when Python could not be run, `simulation-too-much` where the plugin makes more of
 *   the lines than can be kept
 */
export async function simulate(
  subject: Subject,
  options: SimulationOptions,
  onEvent: (event: SimulationEvent) => void,
): Promise<void> {
  const folder = temporaryFolder('simulate');
  const seen = await (subject.isAlone
    ? showHandler(subject.module)
    : showSources(subject.dir, async () => await listSources(subject.dir)));
  try {
    const { program: python, readable, env } = await pythonHome(options.python);
    // its temporary files go there, too
    const own = path.join(folder, 'own');
    const owner = await ownerOfPrograms();
    makeOwned(own, owner);
    const lines = path.join(own, 'lines');
    const request = path.join(own, 'request.json');
    writeOwned(lines, options.lines, owner);
    writeOwned(request, JSON.stringify({ ...requestOf(subject, options), lines }), owner);
    const assets = path.join(packageRoot(), 'src');
    const helper = await startPlugin({
      command: [python, path.join(assets, 'simulate/python/wdev_simulate.py'), request],
      cwd: own,
      writable: [own],
      readable: [...ownPrograms(OWN, folder, owner), ...readable, ...seen.readable],
      network: true,
      env: { ...env, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
    });
    await readEvents(helper, onEvent, options.limit ?? timeLimit());
  } finally {
    seen.remove();
    removeFolder(folder);
  }
}

async function readEvents(
  helper: LineProcess,
  onEvent: (event: SimulationEvent) => void,
  limit: number,
): Promise<void> {
  let isOver = false;
  const giveUp = (): void => {
    isOver = true;
    helper.close();
  };
  const timer = setTimeout(giveUp, limit * 1000);
  let [events, characters] = [0, 0];
  try {
    for (;;) {
      const line = await helper.next();
      events += 1;
      characters += line.length;
      if (events > EVENTS || characters > CHARACTERS) throw tooMuch(events, characters);
      const event = readEvent(line);
      if (event === undefined)
        throw new UserError(
          'simulation-ended',
          `what came of the simulation is no event: ${line.slice(0, 200)}`,
          {
            help: 'The plugin runs beside the program that tells them; it must not write to its files.',
          },
        );
      onEvent(event);
      if (event.event === 'end' || (event.event === 'raised' && event.where === 'import')) return;
    }
  } catch (error) {
    if (!(error instanceof UserError) || KNOWN.has(error.code)) throw error;
    if (isOver) {
      throw new UserError('simulation-too-long', `the plugin did not come to its end within ${limit} s`, {
        help: 'See where it waits: wdev simulate. --timeout SECONDS gives it more.',
      });
    }
    throw new UserError('simulation-ended', `the simulation ended by itself: ${error.message}`, {
      help: 'The plugin may have ended its process; see what it printed above.',
    });
  } finally {
    clearTimeout(timer);
    helper.close();
  }
}

/** Errors that say by themselves what to do. */
const KNOWN: ReadonlySet<string> = new Set(['simulation-ended', 'simulation-too-much']);

function tooMuch(events: number, characters: number): UserError {
  const most = events > EVENTS ? `${EVENTS} events` : `${CHARACTERS / 2 ** 20} MB of events`;
  const size = `${Math.ceil(characters / 2 ** 20)} MB`;
  return new UserError(
    'simulation-too-much',
    `the plugin made more than ${most} of the lines (records, lines without one, exceptions): ${events} so far, ${size}`,
    { help: 'Give it fewer lines at a time, with --input FILE; no record of this run is kept.' },
  );
}

function requestOf(subject: Subject, options: SimulationOptions): Record<string, unknown> {
  const assets = path.join(packageRoot(), 'src');
  return {
    root: subject.dir,
    module: subject.module,
    class: subject.className ?? null,
    generation: subject.generation,
    settings: subject.settings,
    standIn: path.join(assets, 'stacks/assets/call-logger/usr/lib/python3/dist-packages'),
    package: options.package ?? null,
    collector: options.collector ?? null,
    pace: options.pace ?? 0,
    settle: options.settle ?? 0.5,
    drain: options.collector === undefined ? 0 : PATIENCE,
    // waits of the call logger between attempts, which are 10 s on a server
    retry: 0.05,
    serial: options.serial === undefined ? null : { ...options.serial, patience: PATIENCE, gap: 0.02 },
  };
}
