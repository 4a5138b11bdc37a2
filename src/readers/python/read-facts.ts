import path from 'node:path';
import { packageRoot } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import { textOf, type CheckedFiles } from '../source-text.ts';
import type { PythonFacts, PythonFile } from './facts.ts';

/** Python of each Debian release: what its syntax may be. */
const PYTHON_OF_DEBIAN: Readonly<Record<number, readonly [number, number]>> = {
  10: [3, 7],
  11: [3, 9],
  12: [3, 11],
  13: [3, 13],
};

/** Facts of plugins, by their folder. */
export type FactsByFolder = ReadonlyMap<string, PythonFacts>;

interface PluginFiles {
  readonly plugin: { readonly dir: string };
  readonly sources: CheckedFiles;
}

/**
 * Reads the Python files of all plugins of a run in one Python process, without running any of them; plugins
 * without Python files cost nothing. Undefined when the machine has no Python 3.
 */
export async function readPythonFacts(
  plugins: readonly PluginFiles[],
  debian: number,
  // Debian's own Python is the one that a server has
  pythons: readonly string[] = ['/usr/bin/python3', 'python3'],
): Promise<FactsByFolder | undefined> {
  const files = plugins.flatMap(({ plugin, sources }) =>
    [...sources.values()]
      .filter((file) => isPythonText(file.path) && file.link === undefined)
      .map((file) => [JSON.stringify([plugin.dir, file.path]), file.path, textOf(file)]),
  );
  const folders = plugins.map(({ plugin }) => plugin.dir);
  if (files.length === 0) return byPlugin({ version: '', files: {} }, folders);
  const input = JSON.stringify({ version: PYTHON_OF_DEBIAN[debian] ?? [3, 13], files });
  const script = path.join(packageRoot(), 'src/readers/python/facts.py');
  for (const python of pythons) {
    const result = await run([python, '-I', '-S', script], { input });
    if (result.status === 127) continue;
    if (result.status !== 0) throw new Error(`facts.py ended with ${result.status}: ${result.stderr}`);
    return byPlugin(JSON.parse(result.stdout) as Answer, folders);
  }
  return undefined;
}

/** Files that the helper reads. */
function isPythonText(file: string): boolean {
  return file.endsWith('.py') || file === 'setup.cfg' || file === 'pyproject.toml';
}

interface Answer {
  readonly version: string;
  readonly files: Readonly<Record<string, PythonFile>>;
}

function byPlugin({ version, files }: Answer, folders: readonly string[]): FactsByFolder {
  const found = new Map<string, Record<string, PythonFile>>(folders.map((folder) => [folder, {}]));
  for (const [key, facts] of Object.entries(files)) {
    const [plugin, file] = JSON.parse(key) as [string, string];
    const own = found.get(plugin);
    if (own !== undefined) own[file] = facts;
  }
  return new Map([...found].map(([plugin, own]) => [plugin, { version, files: own }]));
}
