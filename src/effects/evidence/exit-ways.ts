import { isFault, type UnitEnd } from './unit-end.ts';

/** A way in which a line of Python ends its process. */
interface Way {
  readonly pattern: RegExp;
  /** Whether the process ends so by it: undefined where the line does not tell. */
  readonly makes: (match: RegExpExecArray, end: UnitEnd, rest: string) => boolean | undefined;
}

/** Signals that a service catches, and ends by itself after. */
const CAUGHT: ReadonlySet<string> = new Set(['TERM', 'INT', 'HUP']);

const NUMBERS: Readonly<Record<string, string>> = { 2: 'INT', 6: 'ABRT', 9: 'KILL', 11: 'SEGV', 15: 'TERM' };

const WAYS: readonly Way[] = [
  {
    pattern:
      /\braise[ \t]+SystemExit\b(?:[ \t]*\(([^()]*)\))?|(?<![\w.])(?:sys\.)?exit[ \t]*\(([^()]*)|(?<![\w.])quit[ \t]*\(([^()]*)/,
    makes: ([, ...words], end) => isExitOf(end, statusOf(words.find((one) => one !== undefined) ?? '')),
  },
  {
    // a thread is often given it as what it runs: Timer(3, os._exit, [1])
    pattern: /\b_exit\b(?:[ \t]*\(([^()]*))?/,
    makes: ([, word], end, rest) =>
      isExitOf(
        end,
        word === undefined
          ? statusOf(/[[(]\s*(-?\d+)\s*(?:,\s*)?[\])]/.exec(rest)?.[1] ?? '?')
          : statusOf(word),
      ),
  },
  { pattern: /\bos\.abort\b/, makes: (_match, end) => end.signal === 'ABRT' },
  {
    pattern: /\b(?:os\.kill(?:pg)?|(?:signal\.)?raise_signal|signal\.pthread_kill)\b[ \t]*\((.*)/,
    makes: ([, words = ''], end) => {
      const name = /\bSIG([A-Z]+)\b/.exec(words)?.[1] ?? NUMBERS[/(?<!\d)(\d+)\s*\)/.exec(words)?.[1] ?? ''];
      if (name === undefined) return /\b0\s*\)/.test(words) ? false : undefined;
      if (end.signal === name) return true;
      return CAUGHT.has(name) && end.exit !== undefined ? undefined : false;
    },
  },
  {
    pattern: /\binterrupt_main\b/,
    makes: (_match, end) => (end.signal === 'INT' || end.exit !== undefined ? undefined : false),
  },
];

/** Python that may fault in native code. */
const NATIVE = /\bctypes\.(?!util\b)\w+|^[ \t]*from[ \t]+(?:_?ctypes|cffi)\b|\bsetrecursionlimit[ \t]*\(/;

/**
 * Whether a line ends its process as it ended: undefined where it may. A line that ends none in any way is `false` too.
 * @param end absent where nobody told how the process ended
 */
export function endsBy(line: string, end: UnitEnd | undefined): boolean | undefined {
  const code = line.replace(/^[ \t]*(?:from|import)[ \t][^;]*/, '');
  const found = WAYS.flatMap(({ pattern, makes }) => {
    const match = pattern.exec(code);
    if (match === null) return [];
    return [end === undefined ? undefined : makes(match, end, code.slice(match.index + match[0].length))];
  });
  if (found.includes(true)) return true;
  if (found.includes(undefined)) return undefined;
  return isFault(end) && NATIVE.test(line) ? undefined : false;
}

/** Whether nothing stands before it: no condition on its line. */
export function endsAtOnce(line: string): boolean {
  const code = line.trimStart();
  return WAYS.some(({ pattern }) => {
    const match = pattern.exec(code);
    return match !== null && /^(?:\w+\.)*$/.test(code.slice(0, match.index));
  });
}

function isExitOf({ exit }: UnitEnd, status: number | undefined): boolean | undefined {
  if (exit === undefined) return false;
  return status === undefined ? undefined : status === exit;
}

/** The exit status that Python makes of an argument; undefined where it is no literal. Source: Python, sys.exit. */
function statusOf(word: string): number | undefined {
  const text = word.trim().replace(/^(?:code|status)\s*=\s*/, '');
  if (text === '' || text === 'None' || text === 'False') return 0;
  if (text === 'True' || /^[bfru]{0,2}['"]/i.test(text)) return 1;
  return /^-?\d+$/.test(text) ? ((Number(text) % 256) + 256) % 256 : undefined;
}
