import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run, type RunResult } from '../../src/support/run.ts';
import { pause } from './watch.ts';
import { BIN, GIT_IDENTITY } from './wdev.ts';

const PRELOAD = path.resolve(import.meta.dirname, 'kill-at.mjs');

/** Variable by which what a killed command started is known. */
const MARK = 'WDEV_KILLED_BY';

/** A command of wdev that is played again and again, killed at another point each time. */
export interface KilledCommand {
  readonly words: readonly string[];
  /** The program that Node runs; wdev by default. */
  readonly program?: string;
  /** Changes of the disk below these folders are the points, */
  readonly below: readonly string[];
  /** and, if set, starts of programs. */
  readonly spawns?: true;
  /** With `spawns`: and, if set, what is said to them, and what they answer. */
  readonly pipes?: true;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command and kills it right before its Nth point. */
export async function killedAt(command: KilledCommand, at: number, count = ''): Promise<RunResult> {
  return await run([process.execPath, '--import', PRELOAD, command.program ?? BIN, ...command.words], {
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: {
      NO_COLOR: '1',
      ...GIT_IDENTITY,
      ...command.env,
      [MARK]: String(process.pid),
      WDEV_KILL_AT: String(at),
      WDEV_KILL_SIGNAL: 'SIGKILL',
      WDEV_KILL_BELOW: command.below.join(':'),
      WDEV_KILL_SPAWNS: command.spawns === undefined ? '' : '1',
      WDEV_KILL_PIPES: command.pipes === undefined ? '' : '1',
      WDEV_KILL_COUNT: count,
    },
  });
}

/** Runs the command undisturbed and counts its points. */
export async function countPoints(command: KilledCommand): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wdev-count-'));
  const file = path.join(folder, 'count');
  const { status, stdout, stderr } = await killedAt(command, 0, file);
  if (status !== 0) throw new Error(`wdev ${command.words.join(' ')}: ${stdout}${stderr}`);
  const count = Number(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  return count;
}

/** Points from the first to the last, evenly spread; `WDEV_PROMISES=long` asks for 30 of them. */
export function spread(points: number, short: number): readonly number[] {
  const wanted = Math.min(points, process.env['WDEV_PROMISES'] === 'long' ? 30 : short);
  const at = (index: number): number => 1 + Math.round((index * (points - 1)) / Math.max(1, wanted - 1));
  return Array.from({ length: wanted }, (_, index) => at(index));
}

/** Ends the shells that a killed command left on a target of this machine: the connection was cut, too. */
export async function endItsShells(): Promise<void> {
  for (;;) {
    const left = itsShells();
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended
      }
    }
    await pause(20);
  }
}

function itsShells(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [program] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`;
        return (
          environment.includes(`\0${MARK}=${process.pid}\0`) && /^(?:.*\/)?(?:sh|perl)$/.test(program ?? '')
        );
      } catch {
        // it ended, or is somebody else's
        return false;
      }
    })
    .map(Number);
}
