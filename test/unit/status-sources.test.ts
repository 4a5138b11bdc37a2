import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import * as fc from '../support/fast-check.ts';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { discoverPlugins } from '../../src/kinds/discover.ts';
import { setPolicy } from '../../src/sandbox/policy.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import { readSourceStates, type SourceState } from '../../src/status/source-state.ts';
import type { InstalledPlugin, Session } from '../../src/targets/session.ts';
import { tempFolder } from '../support/temp.ts';

const RULES = `#!/bin/sh
set -e
echo "$1" >>RAN
case "$1" in
  build) cat parts/* >all.conf 2>/dev/null || : ;;
  package)
    mkdir -p "$pkgdir/etc/acme"
    cp -dR parts all.conf "$pkgdir/etc/acme/"
    ;;
esac
`;

let base = '';
let ran = '';

beforeEach(() => {
  base = tempFolder();
  ran = path.join(base, 'ran');
  useCache('cache');
  // the rules count their runs beside the plugin
  setPolicy({ choice: 'off' });
});

afterAll(() => setPolicy({ choice: 'best' }));

function useCache(name: string): void {
  process.env['XDG_CACHE_HOME'] = path.join(base, name);
}

function makePlugin(name: string): string {
  const dir = path.join(base, 'plugins', name);
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  mkdirSync(path.join(dir, 'parts'));
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), `name: ${name}\nnamespace: demo\nversion: '1'\n`);
  writeFileSync(path.join(dir, 'wazo/rules'), RULES.replace('RAN', ran), { mode: 0o755 });
  writeFileSync(path.join(dir, '.gitignore'), 'ignored\n');
  for (const part of PARTS.slice(0, 2)) writeFileSync(path.join(dir, 'parts', part), part);
  return dir;
}

/** A target on which these plugins stand as their sources make them now. */
async function installed(): Promise<Session> {
  const found = new Map<string, InstalledPlugin>();
  for (const plugin of discoverPlugins([base])) {
    const result = await stagePlugin(plugin);
    if (result.ok) found.set(plugin.id, { id: plugin.id, version: '', files: result.stage.tree });
  }
  return { installed: found } as unknown as Session;
}

async function statesOf(session: Session): Promise<readonly SourceState[]> {
  return [...(await readSourceStates(session, discoverPlugins([base]))).values()];
}

/** The same without anything remembered: every plugin is staged. */
async function staged(session: Session): Promise<readonly SourceState[]> {
  useCache('none');
  rmSync(path.join(base, 'none'), { recursive: true, force: true });
  const states = await statesOf(session);
  useCache('cache');
  return states;
}

function runs(): number {
  return existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n').length : 0;
}

const PARTS = ['a', 'b', 'c'] as const;
type Edit = (dir: string) => void;

const part = fc.constantFrom(...PARTS.map((name) => `parts/${name}`));
const text = fc.constantFrom('one', 'two', 'a', '');
const there = (dir: string, name: string): boolean => existsSync(path.join(dir, name));

/** Other bytes with the size, the time and the name of those before. */
function forge(file: string): void {
  const { atime, mtime, size } = statSync(file);
  writeFileSync(`${file}~`, 'x'.repeat(size));
  copyFileSync(`${file}~`, file);
  rmSync(`${file}~`);
  utimesSync(file, atime, mtime);
}

const EDITS: readonly fc.Arbitrary<Edit>[] = [
  fc.tuple(part, text).map(([name, content]) => (dir) => {
    rmSync(path.join(dir, name), { force: true });
    writeFileSync(path.join(dir, name), content);
  }),
  part.map((name) => (dir) => rmSync(path.join(dir, name), { force: true })),
  part.map((name) => (dir) => {
    if (there(dir, name)) forge(path.join(dir, name));
  }),
  fc.tuple(part, fc.constantFrom(0o644, 0o755)).map(([name, mode]) => (dir) => {
    if (there(dir, name)) chmodSync(path.join(dir, name), mode);
  }),
  fc.tuple(part, part).map(([from, to]) => (dir) => {
    if (there(dir, from)) renameSync(path.join(dir, from), path.join(dir, to));
  }),
  fc.tuple(part, text).map(([name, target]) => (dir) => {
    rmSync(path.join(dir, name), { force: true });
    symlinkSync(target === '' ? 'a' : target, path.join(dir, name));
  }),
  fc.constant((dir) => writeFileSync(path.join(dir, 'ignored'), 'not handed out')),
  fc.constant((dir) => chmodSync(path.join(dir, 'wazo/rules'), 0o644)),
  fc.constant((dir) => chmodSync(path.join(dir, 'wazo/rules'), 0o755)),
  fc.constant((dir) => writeFileSync(path.join(dir, '.gitignore'), 'ignored\nparts/b\n')),
  fc.constant((dir) => appendFileSync(path.join(dir, 'wazo/rules'), ': more\n')),
];

describe('how sources compare with what is installed', () => {
  it('is told without running rules that have run for these sources', async () => {
    for (const name of ['one', 'two', 'three']) makePlugin(name);
    const session = await installed();
    const before = runs();
    expect((await statesOf(session)).map(({ state }) => state)).toEqual(['current', 'current', 'current']);
    expect(runs() - before).toBe(0);
    appendFileSync(path.join(base, 'plugins/two/parts/a'), 'more');
    expect((await statesOf(session)).map(({ state }) => state)).toEqual(['current', 'current', 'stale']);
    expect(runs() - before).toBe(2);
    expect((await statesOf(session)).map(({ state }) => state)).toEqual(['current', 'current', 'stale']);
    expect(runs() - before).toBe(2);
  });

  it('is told of other bytes with the size and the time of those before', async () => {
    const dir = makePlugin('one');
    const session = await installed();
    const file = path.join(dir, 'parts/a');
    const { mtimeMs } = statSync(file);
    writeFileSync(`${file}~`, 'z');
    execFileSync('touch', ['-r', file, `${file}~`]);
    execFileSync('cp', ['-p', `${file}~`, file]);
    expect([statSync(file).size, statSync(file).mtimeMs]).toEqual([1, mtimeMs]);
    expect(await statesOf(session)).toMatchObject([
      { state: 'stale', differs: ['/etc/acme/all.conf', '/etc/acme/parts/a'] },
    ]);
  });

  it('is what staging each of them tells, after any edits', async () => {
    const dirs = ['one', 'two'].map(makePlugin);
    const session = await installed();
    const edits = fc.array(fc.tuple(fc.nat(1), fc.oneof(...EDITS)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(edits, async (script) => {
        for (const [at, edit] of script) edit(dirs[at] ?? '');
        const quick = await statesOf(session);
        expect(quick).toEqual(await staged(session));
        // now all of it is remembered
        expect(await statesOf(session)).toEqual(quick);
      }),
      { numRuns: 40 },
    );
  });

  it('stages again when what is remembered cannot be read', async () => {
    const dir = makePlugin('one');
    const session = await installed();
    const folder = path.join(base, 'cache/wdev/stages');
    for (const name of readdirSync(folder)) writeFileSync(path.join(folder, name), '{"madeOf":');
    const before = runs();
    expect(await statesOf(session)).toMatchObject([{ dir, state: 'current' }]);
    expect(runs() - before).toBe(2);
  });
});
