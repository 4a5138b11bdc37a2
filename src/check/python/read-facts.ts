import path from 'node:path';
import { packageRoot } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import type { PythonFacts, PythonFile } from './facts.ts';

/** Python of each Debian release: what its syntax may be. */
const PYTHON_OF_DEBIAN: Readonly<Record<number, readonly [number, number]>> = {
  10: [3, 7],
  11: [3, 9],
  12: [3, 11],
  13: [3, 13],
};

/** What to read: by plugin, path and text. */
export type PythonTexts = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Files that the helper reads. */
export function isPythonText(file: string): boolean {
  return file.endsWith('.py') || file === 'setup.cfg' || file === 'pyproject.toml';
}

/**
 * Reads the Python files of all plugins of a run in one Python process, without running any of them.
 * Undefined when the machine has no Python 3.
 */
export async function readPythonFacts(
  texts: PythonTexts,
  debian: number,
  // Debian's own Python is the one that a server has
  pythons: readonly string[] = ['/usr/bin/python3', 'python3'],
): Promise<ReadonlyMap<string, PythonFacts> | undefined> {
  const files = [...texts].flatMap(([plugin, byPath]) =>
    [...byPath].map(([file, text]) => [JSON.stringify([plugin, file]), file, text]),
  );
  const input = JSON.stringify({ version: PYTHON_OF_DEBIAN[debian] ?? [3, 13], files });
  const script = path.join(packageRoot(), 'src/check/python/facts.py');
  for (const python of pythons) {
    const result = await run([python, '-I', '-S', script], { input });
    if (result.status === 127) continue;
    if (result.status !== 0) throw new Error(`facts.py ended with ${result.status}: ${result.stderr}`);
    return byPlugin(JSON.parse(result.stdout) as Answer, [...texts.keys()]);
  }
  return undefined;
}

interface Answer {
  readonly version: string;
  readonly files: Readonly<Record<string, PythonFile>>;
}

function byPlugin({ version, files }: Answer, plugins: readonly string[]): ReadonlyMap<string, PythonFacts> {
  const found = new Map<string, Record<string, PythonFile>>(plugins.map((plugin) => [plugin, {}]));
  for (const [key, facts] of Object.entries(files)) {
    const [plugin, file] = JSON.parse(key) as [string, string];
    const own = found.get(plugin);
    if (own !== undefined) own[file] = facts;
  }
  return new Map([...found].map(([plugin, own]) => [plugin, { version, files: own }]));
}
