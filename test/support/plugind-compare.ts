import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildPackage } from '../../src/package/build.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';

/** Everything that a package holds: fields, and modes, owners, sizes and names, and the bytes of each file. */
export interface Contents {
  readonly fields: string;
  readonly listing: string;
  readonly bytes: Readonly<Record<string, string>>;
}

async function sh(command: readonly [string, ...string[]]): Promise<string> {
  const result = await run(command);
  if (result.status !== 0) throw new Error(`${command.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

async function contentsOf(deb: string, folder: string): Promise<Contents> {
  await sh(['dpkg-deb', '-x', deb, folder]);
  const bytes: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) bytes[path.relative(folder, full)] = readFileSync(full).toString('base64');
  }
  return {
    fields: await sh(['dpkg-deb', '-I', deb, 'control']),
    listing: await sh(['dpkg-deb', '-c', deb]),
    bytes,
  };
}

/** The package of a committed plugin by `wdev build`, and by a shell transcript of wazo-plugind's steps. */
export async function bothPackages(
  dir: string,
): Promise<{ readonly own: Contents; readonly theirs: Contents }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-compare-'));
  try {
    const plugin = readPlugin(dir);
    if (plugin === undefined) throw new Error('no plugin');
    const result = await buildPackage(plugin, path.join(folder, 'out'));
    if (!result.ok) throw new Error(JSON.stringify(result.findings));
    const own = await contentsOf(result.built.deb, path.join(folder, 'own'));
    const time = (await sh(['git', '-C', dir, 'log', '-1', '--format=%ct'])).trim();
    const work = path.join(folder, 'work');
    await sh(['mkdir', work]);
    await sh(['sh', path.join(packageRoot(), 'test/support/plugind-steps.sh'), dir, work, time]);
    const theirs = await contentsOf(path.join(work, 'source/_pkg.deb'), path.join(folder, 'theirs'));
    return { own, theirs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
