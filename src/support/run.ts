import type { Options, Result } from 'execa';
import { runToEnd } from './spawn.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The standard input of the command; empty by default. */
  readonly input?: string | Uint8Array;
  /** Milliseconds; no limit by default. */
  readonly timeout?: number;
  /** Ends the program, and all that it started. */
  readonly signal?: AbortSignal | undefined;
}

export interface RunResult {
  readonly command: readonly string[];
  /** Exit status; 127 when the program does not exist, 124 when the time was up. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without a shell and waits for its end. Never throws for a failing command: the caller
 * reads `status`.
 */
export async function run(
  command: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<RunResult> {
  const [program, ...args] = command;
  if (process.platform !== 'win32') {
    const { status, stdout, stderr } = await runToEnd(program, args, options);
    return { command, status, stdout, stderr };
  }
  // finds programs as Windows does; it takes 80 ms to load
  const { execa } = await import('execa');
  const settings: Options = {
    reject: false,
    stripFinalNewline: false,
    extendEnv: true,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  };
  const result = await execa(program, args, settings);
  return {
    command,
    status: exitStatus(result),
    stdout: textOf(result.stdout),
    stderr: textOf(result.stderr) || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
  };
}

function exitStatus(result: Pick<Result, 'exitCode' | 'timedOut' | 'code'>): number {
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.timedOut) return 124;
  return result.code === 'ENOENT' ? 127 : 1;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
