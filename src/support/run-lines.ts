import { EXIT } from './errors.ts';

export interface LinesResult {
  readonly status: number;
  /** The last lines that `onLine` did not take. */
  readonly tail: readonly string[];
}

/** Lines that are kept of what a program says. */
const KEPT = 200;

/** Milliseconds for which what a program wrote is waited for, once it was interrupted and has ended. */
const DRAIN = 500;

/** How much of a line is handed on, in bytes: a server may answer one without an end. */
const LONGEST = 2 ** 20;

/**
 * Runs a program without a shell to its end, and hands on what it says on either stream, a line at a time.
 * @param onLine true when the line was for it and need not be kept
 * @returns status 130 when `signal` ended it, 127 when it does not exist
 */
export async function runLines(
  [program, ...args]: readonly [string, ...string[]],
  onLine: (line: string) => boolean,
  signal?: AbortSignal,
  where: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<LinesResult> {
  const { execa } = await import('execa');
  const child = execa(program, args, {
    all: true,
    buffer: false,
    reject: false,
    stdin: 'ignore',
    ...where,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  const tail: string[] = [];
  const take = (line: string): void => {
    if (onLine(line)) return;
    tail.push(line);
    if (tail.length > 2 * KEPT) tail.splice(0, KEPT);
  };
  const lines = new Lines(take);
  child.once('exit', () => {
    // what it started may hold its output, in a machine where nobody ends it
    if (signal?.aborted === true) setTimeout(() => child.all.destroy(), DRAIN).unref();
  });
  try {
    for await (const chunk of child.iterable({ from: 'all', binary: true })) lines.take(chunk);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return { status: EXIT.interrupted, tail };
  }
  lines.end();
  const { exitCode, code } = await child;
  if (signal?.aborted === true) return { status: EXIT.interrupted, tail };
  return { status: exitCode ?? (code === 'ENOENT' ? 127 : 1), tail };
}

/** Bytes cut into lines, of which no more than the beginning is kept. */
class Lines {
  readonly #onLine: (line: string) => void;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(chunk: Uint8Array): void {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, at));
      this.#tell();
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  end(): void {
    if (this.#size > 0) this.#tell();
  }

  #keep(part: Uint8Array): void {
    const kept = part.subarray(0, LONGEST - this.#size);
    if (kept.length === 0) return;
    // a copy: a part of a chunk would keep all of it
    this.#parts.push(Uint8Array.from(kept));
    this.#size += kept.length;
  }

  #tell(): void {
    const line = Buffer.concat(this.#parts).toString('utf8').replace(/\r$/, '');
    [this.#parts, this.#size] = [[], 0];
    this.#onLine(line);
  }
}
