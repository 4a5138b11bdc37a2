import { isUtf8 } from 'node:buffer';
import { judgePlugins, type CheckOptions, type PluginToCheck } from './check.ts';
import type { CheckedFile } from '../readers/source-text.ts';
import { edit, type FileEdit, type FileState } from '../edits/file-tree.ts';
import { applyEdits, type FixedFile } from './fix.ts';

/** A file that the rounds changed: before the first round and after the last. */
export interface ChangedFile extends FixedFile {
  /** Absolute folder of its plugin. */
  readonly dir: string;
}

/** One fixed finding can bring up another; no chain is longer than this. */
const ROUNDS = 10;

/** Fixes what can be fixed, in memory, until a round changes nothing. */
export async function fixRounds(
  plugins: readonly PluginToCheck[],
  options: CheckOptions,
): Promise<readonly ChangedFile[]> {
  const changed = new Map<string, ChangedFile>();
  let present = plugins;
  let judged = await judgePlugins(present, options);
  for (let round = 0; round < ROUNDS; round += 1) {
    const fixed = judged.map(({ subject, judgements }, at) =>
      applyEdits(
        subject.files,
        judgements.map(({ edits }) => edits).filter((edits) => edits.length > 0),
      ).filter(({ file }) => isUtf8(present[at]?.sources.get(file)?.bytes ?? Buffer.alloc(0))),
    );
    if (fixed.every((files) => files.length === 0)) break;
    present = present.map((plugin, at) => withFiles(plugin, fixed[at] ?? []));
    for (const [at, files] of fixed.entries()) {
      const dir = plugins[at]?.plugin.dir ?? '';
      for (const file of files) {
        const first = changed.get(`${dir}\0${file.file}`) ?? file;
        const { before, modeBefore } = first;
        changed.set(`${dir}\0${file.file}`, { ...file, before, modeBefore, dir });
      }
    }
    judged = await judgePlugins(present, options);
  }
  return [...changed.values()].filter(
    ({ before, text, mode, modeBefore }) => before !== text || mode !== modeBefore,
  );
}

/** The changes as edits, by the folder of their plugin. */
export function editsOf(files: readonly ChangedFile[]): ReadonlyMap<string, readonly FileEdit[]> {
  const found = new Map<string, FileEdit[]>();
  for (const { dir, file, before, text, mode, modeBefore } of files) {
    const [from, to] = [stateAt(before, modeBefore), stateAt(text, mode)];
    const change = edit(file, from, to);
    found.set(dir, [...(found.get(dir) ?? []), change]);
  }
  return found;
}

function stateAt(text: string | undefined, mode: number): FileState | undefined {
  return text === undefined ? undefined : { text, mode };
}

function withFiles(plugin: PluginToCheck, fixed: readonly FixedFile[]): PluginToCheck {
  const sources = new Map<string, CheckedFile>(plugin.sources);
  for (const { file, text, mode } of fixed) {
    if (text === undefined) sources.delete(file);
    else sources.set(file, { path: file, ...sources.get(file), mode, bytes: Buffer.from(text) });
  }
  return { ...plugin, sources };
}
