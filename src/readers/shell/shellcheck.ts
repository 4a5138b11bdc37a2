import os from 'node:os';
import path from 'node:path';
import { during } from '../../support/doing.ts';
import { Allowance } from '../../support/allowance.ts';
import { runToEnd } from '../../support/spawn.ts';
import {
  isListOf,
  isNumber,
  isPlaceNumber,
  isRecord,
  isText,
  parsedJson,
  type Shape,
} from '../../support/shape.ts';
import { severalAtOnce } from '../../support/work.ts';
import { textOf, type CheckedFiles } from '../source-text.ts';
import { isForDash } from './shebang.ts';

/** Something in a script that dash has not, as shellcheck tells it. */
export interface ShellComplaint {
  /** Relative to the plugin's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `SC3010` */
  readonly code: string;
  /** A sentence without a full stop. */
  readonly message: string;
}

/** The answer about the scripts of a plugin. */
export interface ShellAnswer {
  readonly complaints: readonly ShellComplaint[];
  /** Scripts that it was not asked about, since all others took its time. */
  readonly unasked: readonly string[];
}

/** Answers by folder of a plugin. */
export type ShellComplaints = ReadonlyMap<string, ShellAnswer>;

interface PluginFiles {
  readonly plugin: { readonly dir: string };
  readonly sources: CheckedFiles;
}

/** Bytes of the scripts of one plugin that are given to shellcheck: it takes a second for these. */
const LARGEST = 16_000;

/** Substitutions within others in one script; shellcheck takes two seconds for twenty that are nested. */
const NESTED = 50;
const DEPTH = 4;

/**
 * The complaints of shellcheck about the scripts that Debian's sh runs, all plugins of a run together, the short ones
 * first, as long as the run may take; it reads the files on disk. Nothing when it is not installed: the rules have findings of their own then.
 * Source: shellcheck, SC3000 to SC3999 (portability).
 */
export async function readShellComplaints(
  plugins: readonly PluginFiles[],
  allowance: Allowance = new Allowance(),
): Promise<ShellComplaints> {
  // those that have one text are read once: a script is often that of the template
  const files = new Map<string, [string, string][]>();
  const byText = new Map<string, [string, string][]>();
  const sizes = new Map<string, number>();
  for (const { plugin, sources } of plugins) {
    let left = LARGEST;
    for (const file of sources.values()) {
      if (file.link !== undefined || file.large !== undefined || file.bytes.length > left) continue;
      const text = textOf(file);
      if (!isForDash(text) || !isPlain(text)) continue;
      left -= file.bytes.length;
      const same = byText.get(text);
      if (same !== undefined) {
        same.push([plugin.dir, file.path]);
        continue;
      }
      const places: [string, string][] = [[plugin.dir, file.path]];
      byText.set(text, places);
      const full = path.join(plugin.dir, file.path);
      files.set(full, places);
      sizes.set(full, file.bytes.length);
    }
  }
  const found = new Map<string, { complaints: ShellComplaint[]; unasked: string[] }>();
  const answerOf = (dir: string): { complaints: ShellComplaint[]; unasked: string[] } => {
    const answer = found.get(dir) ?? { complaints: [], unasked: [] };
    found.set(dir, answer);
    return answer;
  };
  if (files.size === 0) return found;
  const answers = await during('asking shellcheck', async (say) => {
    let read = 0;
    // of many the next one begins with what the one before has left
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const atOnce = bytes > 3 * MOST_BYTES ? 1 : os.availableParallelism();
    const asked = severalAtOnce(inParts(sizes), atOnce, async (part) => {
      const comments = await askShellcheck(part, allowance);
      read += part.length;
      say([read, files.size]);
      return { part, comments };
    });
    return await Promise.all(asked);
  });
  for (const { part, comments } of answers) {
    if (comments !== undefined) continue;
    for (const full of part)
      for (const [dir, file] of files.get(full) ?? []) answerOf(dir).unasked.push(file);
  }
  for (const { file: full, line, column, code, message } of answers.flatMap(
    ({ comments = [] }) => comments,
  )) {
    if (code < 3000 || code > 3999) continue;
    for (const [dir, file] of files.get(full) ?? [])
      answerOf(dir).complaints.push({
        file,
        line,
        column,
        code: `SC${code}`,
        message: message.replace(/\.$/, ''),
      });
  }
  return found;
}

/** Whether few substitutions of a script stand within others. */
function isPlain(text: string): boolean {
  let [depth, nested] = [0, 0];
  for (const [sign] of text.matchAll(/\$\(|\)/g)) {
    depth = sign === ')' ? Math.max(0, depth - 1) : depth + 1;
    if (sign !== ')' && depth > 1) nested += 1;
    if (depth > DEPTH || nested > NESTED) return false;
  }
  return true;
}

/** Scripts that one shellcheck is worth its start for; it works on one processor. */
const ENOUGH = 8;

/** Scripts of one shellcheck at most, so that it can be told how far it is, and their bytes: one that is cut off says nothing of any. */
const MOST = 40;
const MOST_BYTES = LARGEST;

/** The short ones first, so that a long one cannot take their time. */
function inParts(sizes: ReadonlyMap<string, number>): readonly (readonly string[])[] {
  const sorted = [...sizes].sort(([, a], [, b]) => a - b);
  const few = Math.min(os.availableParallelism(), Math.max(1, Math.floor(sorted.length / ENOUGH)));
  const most = Math.min(MOST, Math.ceil(sorted.length / few));
  const parts: string[][] = [];
  let bytes = 0;
  for (const [file, size] of sorted) {
    const last = parts.at(-1);
    bytes += size;
    if (last !== undefined && last.length < most && bytes <= MOST_BYTES) last.push(file);
    else {
      parts.push([file]);
      bytes = size;
    }
  }
  return parts;
}

/** Its comments about these files; undefined where the time was up. */
async function askShellcheck(
  files: readonly string[],
  allowance: Allowance,
): Promise<readonly Comment[] | undefined> {
  if (allowance.isSpent) return undefined;
  const words = ['--norc', '-s', 'dash', '-f', 'json1', '--', ...files];
  const {
    stdout,
    isSpent,
    seconds = 0,
  } = await runToEnd('shellcheck', words, {
    processorSeconds: allowance.left,
  });
  // what took less than a tenth of a second was not seen
  allowance.take(seconds === 0 ? 0.05 : seconds);
  return isSpent === true ? undefined : readComments(stdout);
}

interface Comment {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly message: string;
}

const isAnswer = isRecord({
  comments: isListOf(
    isRecord({ file: isText, line: isPlaceNumber, column: isPlaceNumber, code: isNumber, message: isText }),
  ),
}) as unknown as Shape<{ readonly comments: readonly Comment[] }>;

/** An answer that is none is that of a machine without shellcheck, or with one that has no JSON. */
export function readComments(stdout: string): readonly Comment[] {
  const answer = parsedJson(stdout);
  return isAnswer(answer) ? answer.comments : [];
}
