import os from 'node:os';
import path from 'node:path';
import { during } from '../../support/doing.ts';
import { run } from '../../support/run.ts';
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

/** Complaints by folder of a plugin. */
export type ShellComplaints = ReadonlyMap<string, readonly ShellComplaint[]>;

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
 * The complaints of shellcheck about the scripts that Debian's sh runs, all plugins of a run together; it reads the files
 * on disk. Nothing when it is not installed: the rules have findings of their own then.
 * Source: shellcheck, SC3000 to SC3999 (portability).
 */
export async function readShellComplaints(plugins: readonly PluginFiles[]): Promise<ShellComplaints> {
  // those that have one text are read once: a script is often that of the template
  const files = new Map<string, [string, string][]>();
  const byText = new Map<string, [string, string][]>();
  for (const { plugin, sources } of plugins) {
    let left = LARGEST;
    for (const file of sources.values()) {
      if (file.link !== undefined || file.bytes.length > left) continue;
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
      files.set(path.join(plugin.dir, file.path), places);
    }
  }
  const found = new Map<string, ShellComplaint[]>();
  if (files.size === 0) return found;
  const parts = inParts([...files.keys()]);
  const comments = await during('asking shellcheck', async (say) => {
    let read = 0;
    const answers = severalAtOnce(parts, os.availableParallelism(), async (part) => {
      const answer = await askShellcheck(part);
      read += part.length;
      say([read, files.size]);
      return answer;
    });
    return await Promise.all(answers);
  });
  for (const { file: full, line, column, code, message } of comments.flat()) {
    if (code < 3000 || code > 3999) continue;
    for (const [dir, file] of files.get(full) ?? []) {
      const complaint = { file, line, column, code: `SC${code}`, message: message.replace(/\.$/, '') };
      const known = found.get(dir);
      if (known === undefined) found.set(dir, [complaint]);
      else known.push(complaint);
    }
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

/** Scripts of one shellcheck at most, so that it can be told how far it is. */
const MOST = 40;

function inParts(files: readonly string[]): readonly (readonly string[])[] {
  const few = Math.min(os.availableParallelism(), Math.floor(files.length / ENOUGH));
  const parts = Math.max(1, few, Math.ceil(files.length / MOST));
  const size = Math.ceil(files.length / parts);
  const all = Array.from({ length: parts }, (_, part) => files.slice(part * size, (part + 1) * size));
  return all.filter((part) => part.length > 0);
}

async function askShellcheck(files: readonly string[]): Promise<readonly Comment[]> {
  const { stdout } = await run(['shellcheck', '--norc', '-s', 'dash', '-f', 'json1', '--', ...files]);
  return readComments(stdout);
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
