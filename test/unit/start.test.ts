import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN } from '../support/wdev.ts';

/** Paths, below the package, of the modules that a command loads. */
async function modulesOf(...words: readonly string[]): Promise<readonly string[]> {
  const cwd = tempFolder();
  const log = path.join(tempFolder(), 'modules');
  const preload = path.join(packageRoot(), 'test/support/log-modules.mjs');
  const done = await run([process.execPath, '--import', preload, BIN, ...words], {
    cwd,
    env: { WDEV_MODULES: log },
  });
  expect(done.stderr).toBe('');
  expect(done.status).toBe(0);
  const below = `file://${packageRoot()}/`;
  const urls = readFileSync(log, 'utf8').split('\n');
  return [...new Set(urls)].filter((url) => url.startsWith(below)).map((url) => url.slice(below.length));
}

/** Packages among the modules. */
function packagesOf(modules: readonly string[]): readonly string[] {
  const names = modules.flatMap((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []);
  return [...new Set(names)].sort();
}

// each module costs a start about a third of a millisecond; npm run bench -- start measures it
it('wdev --help loads commander, and no command', async () => {
  const modules = await modulesOf('--help');
  expect(packagesOf(modules)).toEqual(['commander']);
  expect(modules.filter((name) => name.startsWith('dist/')).sort()).toEqual([
    'dist/src/bin.js',
    'dist/src/cli/program.js',
    'dist/src/commands/registry.js',
    'dist/src/support/errors.js',
    'dist/src/support/paths.js',
  ]);
});

it('wdev new --dry-run loads what renders, and nothing that reads YAML, asks, fetches or writes', async () => {
  const modules = await modulesOf('new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--dry-run');
  expect(packagesOf(modules)).toEqual(['commander', 'ejs', 'spdx-license-ids']);
  const own = modules.filter((name) => name.startsWith('dist/'));
  expect(own.filter((name) => /manifest|load-folder|fetch-|prompt|write|undo|trust/.test(name))).toEqual([]);
  expect(own.length).toBeLessThanOrEqual(37);
});
