import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { createPlugin } from '../../src/create/create.ts';
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

const START = 'dist/src/parts/start.cjs';

/** The sources whose code a built file holds. */
function sourcesIn(built: string): readonly string[] {
  const text = readFileSync(path.join(packageRoot(), built), 'utf8');
  return [...text.matchAll(/^\/\/ ((?:src|node_modules)\/.*)$/gm)].map(([, name = '']) => name);
}

// each file costs a start about a millisecond; npm run bench -- start measures it
it.each(['', '--help', 'help', '--version', 'completion bash'])(
  'wdev %s prints what the build wrote down, and loads nothing',
  async (line) => {
    const words = line.split(' ').filter(Boolean);
    expect(await modulesOf(...words)).toEqual(['dist/src/bin.cjs']);
    // an option more, and the command itself says it
    const [written, said] = await Promise.all([wdev(words), wdev([...words, '--no-color'])]);
    expect(written).toMatchObject({ status: 0, stderr: '', stdout: said.stdout });
  },
);

it('wdev new makes an option only for a flag that stands in a command line of known ones', async () => {
  const options = async (...words: readonly string[]): Promise<readonly string[]> => {
    const program = await buildProgram(COMMANDS, 'new', words);
    const command = program.commands.find((one) => one.name() === 'new');
    return (command?.options ?? []).map(({ long }) => long ?? '');
  };
  const all = await options('new', '--help');
  expect(all).toContain('--license');
  expect(await options('new', 'stack', 'hi', '--no-such')).toEqual(all);
  const few = await options('new', 'stack', 'hi', '--license=MIT', '--part', 'dialplan', '--yes');
  expect(few).toEqual(all.filter((flag) => few.includes(flag)));
  expect(few).toContain('--license');
  expect(few).toContain('--part');
  expect(few).not.toContain('--description');
});

it('wdev new --dry-run loads one file beside Rolldown’s own, without what renders, reads YAML, asks, fetches or writes', async () => {
  const modules = await modulesOf('new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--dry-run');
  expect(modules.toSorted()).toEqual(['dist/src/bin.cjs', 'dist/src/parts/rolldown-runtime.cjs', START]);
  const sources = sourcesIn(START);
  expect(sources).toContain('src/templates/list-files.ts');
  expect(
    sources.filter((name) => /manifest|render|load-folder|fetch-|prompt|write|undo|trust|git\//.test(name)),
  ).toEqual([]);
  // what it makes others find out, too: commander, the SPDX names, and 30 small modules of ours
  expect(sources.filter((name) => !name.startsWith('node_modules/')).length).toBeLessThanOrEqual(44);
});

it('wdev new --dry-run loads of Node, beside what standard output needs, nothing that takes long', async () => {
  const log = path.join(tempFolder(), 'modules');
  const preload = path.join(packageRoot(), 'test/support/log-builtins.cjs');
  const words = ['new', 'stack', 'hi', '--namespace', 'demo', '--yes', '--dry-run'];
  const done = await run([process.execPath, '--require', preload, BIN, ...words], {
    cwd: tempFolder(),
    env: { WDEV_MODULES: log },
  });
  expect(done.status).toBe(0);
  const loaded = readFileSync(log, 'utf8').split('\n');
  expect(loaded).toContain('stream');
  expect(
    loaded.filter((name) =>
      /^(module|os|crypto|url|util|child_process|fs\/promises|internal\/modules\/esm\/.*)$/.test(name),
    ),
  ).toEqual([]);
});

it('wdev check loads few files, and no package beside them', async () => {
  const dir = path.join(tempFolder(), 'hi');
  await createPlugin({ template: 'stack', dir, git: false, answers: { name: 'hi', namespace: 'demo' } });
  const modules = await modulesOf('check', dir);
  expect(modules.filter((name) => name.startsWith('node_modules/'))).toEqual([]);
  expect(modules.length).toBeLessThanOrEqual(48);
});
