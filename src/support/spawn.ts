import { spawn, type ChildProcess } from 'node:child_process';
import { messageOf } from './errors.ts';
import { decodeName } from './file-name.ts';
import { secondsOf } from './processor-time.ts';

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `env` is the whole environment, and not added to ours. */
  readonly only?: boolean;
  readonly input?: string | Uint8Array;
  /** Ends the program, and all that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the program is ended. */
  readonly timeout?: number | undefined;
  /** Seconds of processor time after which the program is ended, with all that it started; on Linux. */
  readonly processorSeconds?: number | undefined;
  /** Ends, with the program, what it started; it has no terminal. */
  readonly group?: boolean;
  /** Bytes of its output that are kept, the first and the last; all of it by default. */
  readonly most?: number;
}

export interface Spawned {
  readonly status: number;
  /** As file-name.ts decodes names: programs print those. */
  readonly stdout: string;
  readonly stderr: string;
  /** The time was up; the status is 124 then. */
  readonly isLate?: true;
  /** It took the processor for longer than it may; the status is 124 then. */
  readonly isSpent?: true;
  /** Seconds of processor time that it was last seen to have taken; only where they are bounded. */
  readonly seconds?: number;
}

/** Milliseconds between two looks at the processor time of a program. */
const LOOK = 100;

/** Bytes that a program with a bound of processor time may write: to read more takes too much of ours. */
const FLOOD = 16 * 2 ** 20;

/** Bytes that any other program may write where all of its output is kept: a far end may have made it endless. */
const DELUGE = 128 * 2 ** 20;

/** Milliseconds that a program has to end by itself. */
const GRACE = 2000;

/** Milliseconds for which what a program wrote is waited for, once it and its group have ended. */
const DRAIN = 500;

/** How to end each program that still runs; they end with this process. */
const LIVE = new Map<ChildProcess, () => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program to its end and keeps what it wrote. Status 127 when it can't be started, 124 when its time was up, 1
 * when a signal ended it. Does what execa does for such a call, without the 80 ms that loading execa takes.
 */
export function runToEnd(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Spawned> {
  return new Promise((resolve) => {
    const { input, signal: stop, timeout, processorSeconds, most } = options;
    if (stop?.aborted === true) return resolve({ status: 1, stdout: '', stderr: 'interrupted' });
    const child = start(program, args, options);
    if (child instanceof Error) return resolve({ status: 1, stdout: '', stderr: child.message });
    const ending = new Ending(child, hasGroup(options));
    const end = (): void => ending.begin();
    const release = endsWithUs(child, () => ending.atOnce());
    stop?.addEventListener('abort', end);
    let isLate = false;
    const late = (): void => {
      isLate = true;
      end();
    };
    const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
    let isSpent = false;
    let seconds = 0;
    const look = (): void => {
      seconds = Math.max(seconds, secondsOf(child.pid ?? 0));
      isSpent ||= seconds >= (processorSeconds ?? 0);
      if (isSpent) ending.atOnce();
    };
    const looks = processorSeconds === undefined ? undefined : setInterval(look, LOOK);
    let written = 0;
    const count = (chunk: Buffer): void => {
      written += chunk.length;
      isSpent ||= written > FLOOD;
      if (isSpent) ending.atOnce();
    };
    let isDeluge = false;
    const bound = (chunk: Buffer): void => {
      written += chunk.length;
      if (written <= DELUGE || isDeluge) return;
      isDeluge = true;
      end();
      // one that does not hear the signal has nobody left to write to
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    };
    const onData = processorSeconds !== undefined ? count : most === undefined ? bound : undefined;
    if (onData !== undefined) for (const stream of [child.stdout, child.stderr]) stream?.on('data', onData);
    const [stdout, stderr] = [collect(child.stdout, decodeName, most), collect(child.stderr, asText, most)];
    let failure: NodeJS.ErrnoException | undefined;
    child.once('error', (error) => (failure = error));
    child.once('exit', () => {
      clearTimeout(timer);
      clearInterval(looks);
      ending.finish();
    });
    child.once('close', (code, signal) => {
      release();
      clearTimeout(timer);
      clearInterval(looks);
      stop?.removeEventListener('abort', end);
      const seen = processorSeconds === undefined ? {} : { seconds };
      if (isSpent)
        return resolve({ status: 124, stdout: stdout(), stderr: stderr(), isSpent: true, ...seen });
      if (isDeluge)
        return resolve({ status: 124, stdout: '', stderr: `${program} wrote more than ${DELUGE >> 20} MB` });
      if (isLate) return resolve({ status: 124, stdout: stdout(), stderr: stderr(), isLate: true });
      const missing = failure?.code === 'ENOENT';
      const why = failure === undefined ? (signal ?? '') : messageOf(failure);
      const ended = code === null || code < 0 ? undefined : code;
      const status = ended ?? (missing ? 127 : 1);
      const said = ended === undefined ? stderr() || `${program}: ${why}` : stderr();
      resolve({ status, stdout: stdout(), stderr: said, ...seen });
    });
    // a program that reads nothing may close its end first
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The end of a program and, where it has a group, of what it started. */
class Ending {
  readonly #child: ChildProcess;
  readonly #group: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, group: boolean) {
    this.#child = child;
    this.#group = group;
  }

  /** Asks it to end, and makes it after a while. */
  begin(): void {
    this.#send('SIGTERM');
    this.#timer ??= setTimeout(() => this.#send('SIGKILL'), GRACE);
  }

  /** This process ends itself: there is nobody to come back. */
  atOnce(): void {
    this.#send(this.#group ? 'SIGKILL' : 'SIGTERM');
  }

  /** The program has ended; whoever else holds its output is not waited for for ever. */
  finish(): void {
    clearTimeout(this.#timer);
    if (!this.#group) return;
    this.#send('SIGKILL');
    const { stdout, stderr } = this.#child;
    const timer = setTimeout(() => {
      stdout?.destroy();
      stderr?.destroy();
    }, DRAIN);
    this.#child.once('close', () => clearTimeout(timer));
  }

  #send(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    try {
      if (!this.#group) this.#child.kill(signal);
      else if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // all of it ended meanwhile
    }
  }
}

/** A group of its own, so that what it starts can be ended with it. */
function hasGroup({ group, signal }: SpawnOptions): boolean {
  return group === true || signal !== undefined;
}

/** An error instead of a child when the system refuses the call itself: too many arguments, a bad folder. */
function start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess | Error {
  const { cwd, env, input, only } = options;
  try {
    return spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env: only === true ? env : { ...process.env, ...env } }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: hasGroup(options),
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}

const asText = (bytes: Buffer): string => bytes.toString('utf8');

function collect(
  stream: NodeJS.ReadableStream | null,
  read: (bytes: Buffer) => string,
  most = Number.POSITIVE_INFINITY,
): () => string {
  const first: Buffer[] = [];
  const last: Buffer[] = [];
  let [held, late, left] = [0, 0, 0];
  stream?.on('data', (chunk: Buffer) => {
    if (held < most / 2) {
      held += chunk.length;
      return void first.push(chunk);
    }
    late += chunk.length;
    last.push(chunk);
    while (late - (last[0]?.length ?? 0) > most / 2) {
      const { length } = last.shift() ?? chunk;
      late -= length;
      left += length;
    }
  });
  return () => {
    const gap = left === 0 ? [] : [Buffer.from(`\n[${left} bytes left out]\n`)];
    return read(Buffer.concat([...first, ...gap, ...last]));
  };
}

/** Lets a program end when this process does; gives what lets go of it. */
export function endsWithUs(child: ChildProcess, end: () => void): () => void {
  if (LIVE.size === 0) {
    process.once('exit', endAll);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  LIVE.set(child, end);
  return () => release(child);
}

function release(child: ChildProcess): void {
  LIVE.delete(child);
  if (LIVE.size > 0) return;
  process.removeListener('exit', endAll);
  for (const signal of SIGNALS) process.removeListener(signal, onSignal);
}

function endAll(): void {
  for (const end of LIVE.values()) end();
}

/** Ends as if nobody had listened; whoever else listens to the signal decides on their own. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  for (const name of SIGNALS) process.removeListener(name, onSignal);
  process.kill(process.pid, signal);
}
