/** The columns style and mypy: what the tools of Wazo's house style say of all plugins together. */

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { run } from '../../src/support/run.ts';

/** The questions to the tools, once for all plugins. */
export const STYLE_COLUMNS = ['style', 'mypy'] as const;

export type StyleColumn = (typeof STYLE_COLUMNS)[number];

/** The complaints about each plugin, by its folder. */
export type StyleVerdict = Readonly<Record<string, Readonly<Record<StyleColumn, readonly string[]>>>>;

const WANTED = path.join(import.meta.dirname, 'style.txt');

/** Keeps of a plugin what the tools read: `folder` is a name below `root`. */
export function keepForStyle(plugin: string, root: string, folder: string): void {
  const keep = (source: string): boolean => !/\/(\.git|_pkg|build)$|\.(pyc|wav)$/.test(source);
  cpSync(plugin, path.join(root, folder), { recursive: true, filter: keep });
}

/**
 * The complaints of the tools about the plugins below `root`; a text where there are no tools, which says why. They come from PyPI,
 * once, into a folder of the user's cache.
 */
export async function judgeStyle(root: string): Promise<StyleVerdict | string> {
  const python = await toolsPython();
  if (typeof python !== 'string') return python.missing;
  const told = await run([python, path.join(import.meta.dirname, 'style.py'), root]);
  if (told.status !== 0) throw new Error(`test/matrix/style.py: ${told.stdout}${told.stderr}`);
  return JSON.parse(told.stdout) as StyleVerdict;
}

/** The Python that has the tools. */
async function toolsPython(): Promise<string | { readonly missing: string }> {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const key = createHash('sha256').update(readFileSync(WANTED)).digest('hex').slice(0, 12);
  const folder = path.join(cache, 'generator-wazo-plugin', `style-${key}`);
  const python = path.join(folder, 'bin/python');
  if (existsSync(path.join(folder, 'complete'))) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  const steps: readonly [string, ...string[]][] = [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', WANTED],
  ];
  for (const step of steps) {
    const done = await run(step);
    if (done.status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    return { missing: (done.stderr || done.stdout).trim().split('\n').at(-1) ?? step.join(' ') };
  }
  mkdirSync(path.join(folder, 'complete'));
  return python;
}
