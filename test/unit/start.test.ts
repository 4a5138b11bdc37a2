import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, wdev } from '../support/wdev.ts';

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
it.each(['', '--help', 'help', '--version', 'completion bash'])(
  'wdev %s prints what the build wrote down, and loads nothing',
  async (line) => {
    const words = line.split(' ').filter(Boolean);
    expect(await modulesOf(...words)).toEqual(['dist/src/bin.js']);
    // an option more, and the command itself says it
    const [written, said] = await Promise.all([wdev(words), wdev([...words, '--no-color'])]);
    expect(written).toMatchObject({ status: 0, stderr: '', stdout: said.stdout });
  },
);

it('wdev new --dry-run loads nothing that renders, reads YAML, asks, fetches or writes', async () => {
  const modules = await modulesOf('new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--dry-run');
  expect(packagesOf(modules)).toEqual(['commander', 'spdx-license-ids']);
  const own = modules.filter((name) => name.startsWith('dist/'));
  expect(
    own.filter((name) => /manifest|render|load-folder|fetch-|prompt|write|undo|trust/.test(name)),
  ).toEqual([]);
  expect(own.length).toBeLessThanOrEqual(44);
});
