import { EXIT } from './errors.ts';

export interface LinesResult {
  readonly status: number;
  /** The last lines that `onLine` did not take. */
  readonly tail: readonly string[];
}

/** Lines that are kept of what a program says. */
const KEPT = 200;

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
  for await (const line of child.iterable({ from: 'all' })) {
    if (onLine(line)) continue;
    tail.push(line);
    if (tail.length > 2 * KEPT) tail.splice(0, KEPT);
  }
  const { exitCode, code } = await child;
  if (signal?.aborted === true) return { status: EXIT.interrupted, tail };
  return { status: exitCode ?? (code === 'ENOENT' ? 127 : 1), tail };
}
