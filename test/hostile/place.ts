import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { GIT_IDENTITY } from '../support/wdev.ts';

/**
 * The most that a command may take on any input, a plugin's own programs aside (SECURITY.md). The processor's is 5 on a
 * quiet machine; where others share its cores and caches, the same work takes half as much again.
 */
const LIMITS = { processorSeconds: 7.5, peakMb: 500, wallSeconds: 300 } as const;

export interface WdevOptions {
  /** The folder of the place by default. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Wall time in seconds after which the run counts as hung; 300 by default. */
  readonly hangs?: number;
  /** Whether the processor time and memory of this run are those of a plugin's own program, which has `--timeout`. */
  readonly runsPlugin?: boolean;
}

export interface WdevRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly processorSeconds: number;
  readonly peakMb: number;
}

/** A folder for one attack, with a home of its own, and `wdev` in it. */
export interface Place {
  /** Where the input is made. */
  readonly folder: string;
  /** The person's home: HOME, and what XDG_* default to. Nothing of it belongs to the plugin. */
  readonly home: string;
  /** A file that does not exist; an attack makes it when it gets through. */
  readonly canary: string;
  wdev(args: readonly string[], options?: WdevOptions): Promise<WdevRun>;
  /** `yo wazo-plugin:stack` without its look-ups; options as `name=value`. */
  yo(options: readonly string[], more?: WdevOptions): Promise<WdevRun>;
}

const RUN_GENERATOR = path.resolve(import.meta.dirname, '../support/run-generator.mjs');

/** Makes a place with the `wdev` of `bin`, lets `attack` work in it, and adds what is seen without looking at the attack. */
export async function inPlace(
  bin: string,
  attack: (place: Place) => Promise<string | undefined>,
): Promise<string | undefined> {
  const root = mkdtempSync(path.join(tmpdir(), 'wdev-hostile-'));
  const folder = path.join(root, 'work');
  const home = path.join(root, 'home');
  const canary = path.join(root, 'canary');
  mkdirSync(folder);
  mkdirSync(home);
  const seen: string[] = [];
  const run = async (name: string, args: readonly string[], options: WdevOptions): Promise<WdevRun> => {
    const result = await measured(root, [process.execPath, ...args], {
      cwd: folder,
      ...options,
      env: { ...GIT_IDENTITY, NO_COLOR: '1', HOME: home, ...options.env },
    });
    seen.push(...faultsOf(name, result, options));
    return result;
  };
  const generator = path.resolve(path.dirname(bin), '../generators/stack/index.js');
  const wdev: Place['wdev'] = async (args, options = {}) =>
    await run(`wdev ${args[0] ?? ''}`, [bin, ...args], options);
  const yo: Place['yo'] = async (args, options = {}) =>
    await run('yo', [RUN_GENERATOR, generator, ...args], options);
  try {
    const through = await attack({ folder, home, canary, wdev, yo });
    if (through !== undefined) return through;
    if (existsSync(canary)) return `the canary was written: ${readFileSync(canary, 'utf8').slice(0, 200)}`;
    return seen[0];
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 10 });
  }
}

interface Measured extends WdevRun {
  readonly hung: boolean;
}

async function measured(
  root: string,
  command: readonly string[],
  options: WdevOptions & { readonly env: Readonly<Record<string, string>> },
): Promise<Measured> {
  const report = path.join(root, 'measured');
  const limit = String(options.hangs ?? LIMITS.wallSeconds);
  const result = await execa(
    'python3',
    [
      path.join(import.meta.dirname, 'measured.py'),
      report,
      limit,
      options.runsPlugin === true ? '0' : '1',
      ...command,
    ],
    {
      reject: false,
      stripFinalNewline: false,
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      env: { ...bareEnvironment(), ...options.env },
      extendEnv: false,
    },
  );
  const [status, seconds, kib, late] = readFileSync(report, 'utf8').split(' ').map(Number);
  return {
    status: status ?? -1,
    stdout: result.stdout,
    stderr: result.stderr,
    processorSeconds: seconds ?? 0,
    peakMb: (kib ?? 0) / 1024,
    hung: late === 1,
  };
}

/** Without what the developer's own shell says of homes, states and tools. */
function bareEnvironment(): Record<string, string> {
  const kept = ['PATH', 'LANG', 'LC_ALL', 'TMPDIR', 'TERM'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function faultsOf(name: string, run: Measured, options: WdevOptions): string[] {
  const faults: string[] = [];
  if (run.hung) faults.push(`${name} hung`);
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(run.stdout + run.stderr))
    faults.push(
      `${name} printed a raw control character: ${JSON.stringify((run.stdout + run.stderr).slice(0, 500))}`,
    );
  if (/unexpected error|defect of wdev/.test(run.stderr)) faults.push(`${name}: ${run.stderr.slice(0, 500)}`);
  if (options.runsPlugin === true) return faults;
  if (run.processorSeconds > LIMITS.processorSeconds)
    faults.push(`${name} took ${run.processorSeconds.toFixed(1)} s of processor time`);
  if (run.peakMb > LIMITS.peakMb) faults.push(`${name} took ${run.peakMb.toFixed(0)} MB`);
  return faults;
}
