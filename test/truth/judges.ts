import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readPlugin } from '../../src/kinds/discover.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import type { StagedTree } from '../../src/stage/tree.ts';
import type { Row } from './row.ts';

/** Makes the change of a row in a plugin's folder. */
export function applyRow(plugin: string, { files }: Row): void {
  for (const [name, content] of Object.entries(files)) {
    const full = path.join(plugin, name);
    const fresh = `${full}~`;
    mkdirSync(path.dirname(full), { recursive: true });
    if (content === null) rmSync(full, { force: true });
    else {
      // at once, so that nobody sees the folder without it
      if (typeof content === 'string') writeFileSync(fresh, content);
      else symlinkSync(content.link, fresh);
      renameSync(fresh, full);
    }
  }
}

/** The files that the plugin's package would install. */
export async function packaged(dir: string): Promise<StagedTree> {
  const plugin = readPlugin(dir);
  if (plugin === undefined) throw new Error(`no plugin in ${dir}`);
  const result = await stagePlugin(plugin);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.stage.tree;
}

/** Lays a package out below a root, and gives what takes it away again. */
export function layOut(tree: StagedTree, root: string): () => void {
  const made: string[] = [];
  for (const { path: installed, bytes, link, folder, mode } of tree.values()) {
    const full = root + installed;
    mkdirSync(folder === true ? full : path.dirname(full), { recursive: true });
    if (folder === true) continue;
    if (link === undefined) writeFileSync(full, bytes, { mode });
    else symlinkSync(link, full);
    made.push(full);
  }
  return () => {
    for (const full of made) if (lstatSync(full, { throwIfNoEntry: false }) !== undefined) rmSync(full);
  };
}

/** Whether `dialplan show` has all that a row wants; `show` asks Asterisk for a context. */
export function isShown({ wants }: Row, show: (context: string) => string): boolean {
  return wants.every((want) => {
    const [context = '', extension] = want.split(' ');
    const text = show(context);
    return (
      text.includes(`[ Context '${context}' `) &&
      (extension === undefined || text.includes(`'${extension}' =>`))
    );
  });
}

const LOAD = `import sys, yaml
with open(sys.argv[1]) as file: value = yaml.safe_load(file)
sys.exit(0 if isinstance(value, dict) else 1)`;

/** Whether PyYAML reads the files of a row as xivo.config_helper wants them: a mapping each. */
export function isYaml(plugin: string, { wants }: Row): boolean {
  return wants.every((name) => spawnSync('python3', ['-c', LOAD, path.join(plugin, name)]).status === 0);
}

/** Whether Python compiles the files of a row. */
export function isPython(plugin: string, { wants }: Row): boolean {
  const check = 'import sys; compile(open(sys.argv[1], "rb").read(), sys.argv[1], "exec")';
  return wants.every((name) => spawnSync('python3', ['-c', check, path.join(plugin, name)]).status === 0);
}
