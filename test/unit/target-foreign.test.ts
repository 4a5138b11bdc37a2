import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { PlannedEffect } from '../../src/effects/change.ts';
import { sha256 } from '../../src/git/sources.ts';
import type { StagedTree } from '../../src/stage/tree.ts';
import { applyBatch, commitBatch } from '../../src/targets/apply.ts';
import { undoBatch } from '../../src/targets/roll-back.ts';
import { restoreTarget } from '../../src/targets/restore.ts';
import { closeSession, openSession, type Session } from '../../src/targets/session.ts';
import { save } from '../support/save.ts';
import { tempFolder } from '../support/temp.ts';
import { PLUGIN, bring, planFor, shellTarget, tree } from '../support/target.ts';
import { makePlugin, onConsole, project, Watch, wdevNow } from '../support/watch.ts';

describe('files that someone else changed on a target', () => {
  let root = '';
  let session: Session;
  const at = (name: string): string => path.join(root, name);
  const text = (name: string): string => readFileSync(at(name), 'utf8');

  beforeEach(async () => {
    root = tempFolder();
    mkdirSync(at('etc'));
    session = await openSession(await shellTarget({ argv: ['sh'] }, root));
  });

  afterEach(async () => await closeSession(session));

  it('are named, and nothing of the batch is done', async () => {
    await bring(session, tree({ '/etc/a': '1', '/etc/b': '1', '/etc/gone': '1' }));
    writeFileSync(at('etc/a'), 'of an administrator');
    writeFileSync(at('etc/gone'), 'of another one');
    const result = await bring(session, tree({ '/etc/a': '2', '/etc/b': '2' }));
    expect([...result.foreign].sort()).toEqual(['/etc/a', '/etc/gone']);
    expect([text('etc/a'), text('etc/b'), text('etc/gone')]).toEqual([
      'of an administrator',
      '1',
      'of another one',
    ]);
  });

  it('are no hindrance once they are gone, or what the batch brings', async () => {
    await bring(session, tree({ '/etc/a': '1', '/etc/b': '1' }));
    rmSync(at('etc/a'));
    writeFileSync(at('etc/b'), '2');
    expect((await bring(session, tree({ '/etc/a': '2', '/etc/b': '2' }))).foreign).toEqual([]);
    expect([text('etc/a'), text('etc/b')]).toEqual(['2', '2']);
  });

  it('are seen where wdev had removed its own', async () => {
    await bring(session, tree({ '/etc/a': '1', '/etc/b': '1' }));
    await bring(session, tree({ '/etc/b': '1' }));
    writeFileSync(at('etc/a'), 'made since');
    expect((await bring(session, tree({ '/etc/a': '2', '/etc/b': '2' }))).foreign).toEqual(['/etc/a']);
    expect(text('etc/a')).toBe('made since');
  });

  it('stay at a restore, and so does what is kept of what they replaced', async () => {
    writeFileSync(at('etc/a'), 'the original');
    await bring(session, tree({ '/etc/a': '1', '/etc/b': '1' }));
    writeFileSync(at('etc/a'), 'of an administrator');
    const restored = await restoreTarget(session);
    expect(restored).toMatchObject({ paths: ['/etc/b'], foreign: ['/etc/a'] });
    expect([text('etc/a'), existsSync(at('etc/b'))]).toEqual(['of an administrator', false]);
    rmSync(at('etc/a'));
    expect(await restoreTarget(session)).toMatchObject({ paths: ['/etc/a'], foreign: [] });
    expect(text('etc/a')).toBe('the original');
  });

  it('are originals where wdev never was: kept, and given back', async () => {
    writeFileSync(at('etc/a'), 'the original', { mode: 0o640 });
    expect((await bring(session, tree({ '/etc/a': '1' }))).foreign).toEqual([]);
    // a batch that is rolled back leaves no trace, so a later change there is an original again
    await bring(session, tree({ '/etc/a': '1', '/etc/b': '2' }), 'undo');
    writeFileSync(at('etc/b'), 'made since');
    expect((await bring(session, tree({ '/etc/a': '1', '/etc/b': '3' }))).foreign).toEqual([]);
    await restoreTarget(session);
    expect([text('etc/a'), text('etc/b')]).toEqual(['the original', 'made since']);
  });

  it('are left where a batch is rolled back, and the rest is as before', async () => {
    writeFileSync(at('etc/b'), 'the original');
    await bring(session, tree({ '/etc/a': '1' }));
    const staged = tree({ '/etc/a': '2', '/etc/b': '2', '/etc/c': '2', '/etc/link': { link: 'a' } });
    const plan = planFor(session, staged);
    const before = new Map([[PLUGIN.id, session.installed.get(PLUGIN.id)]]);
    const result = await applyBatch(session, { plan, contexts: [] });
    writeFileSync(at('etc/b'), 'edited');
    rmSync(at('etc/link'));
    symlinkSync('b', at('etc/link'));
    const { left } = await undoBatch(session, plan, before, result);
    expect([...left].sort()).toEqual(['/etc/b', '/etc/link']);
    expect([text('etc/a'), text('etc/b'), existsSync(at('etc/c'))]).toEqual(['1', 'edited', false]);
    const again = await bring(session, staged);
    expect([...again.foreign].sort()).toEqual(['/etc/b', '/etc/link']);
    // a new session knows the same
    await closeSession(session);
    session = await openSession(await shellTarget({ argv: ['sh'] }, root));
    expect([...(await bring(session, staged)).foreign].sort()).toEqual(['/etc/b', '/etc/link']);
    rmSync(at('etc/b'));
    rmSync(at('etc/link'));
    await restoreTarget(session);
    expect([text('etc/b'), existsSync(at('etc/a')), existsSync(at('etc/link'))]).toEqual([
      'the original',
      false,
      false,
    ]);
  });

  it('are not what the plugin’s own rules made of its files, batches and sessions later', async () => {
    const rulesPath = '/usr/lib/wazo-plugind/plugins/demo/hello/wazo/rules';
    const rules = `#!/bin/sh\necho filled in >>'${at('etc/a')}'\n`;
    const staged = (a: string, b: string): StagedTree =>
      tree({ '/etc/a': a, '/etc/b': b, [rulesPath]: rules }, { [rulesPath]: 0o755 });
    const install: PlannedEffect = {
      effect: { do: 'rules' },
      plugins: [PLUGIN.id],
      because: 'a test',
    };
    const plan = planFor(session, staged('1', '1'), PLUGIN, [install]);
    expect((await applyBatch(session, { plan, contexts: [] })).foreign).toEqual([]);
    await commitBatch(session);
    expect(text('etc/a')).toBe('1filled in\n');
    // a batch without it
    expect((await bring(session, staged('1', '2'))).foreign).toEqual([]);
    await closeSession(session);
    session = await openSession(await shellTarget({ argv: ['sh'] }, root));
    expect((await bring(session, staged('2', '2'))).foreign).toEqual([]);
    expect(text('etc/a')).toBe('2');
    // now it stands as it was put, so that an edit is seen again
    writeFileSync(at('etc/a'), '1filled in\n');
    expect((await bring(session, staged('3', '2'))).foreign).toEqual(['/etc/a']);
  });

  it('do not count as such when the session is a new one', async () => {
    await bring(session, tree({ '/etc/a': '1' }));
    await closeSession(session);
    session = await openSession(await shellTarget({ argv: ['sh'] }, root));
    expect((await bring(session, tree({ '/etc/a': '2' }))).foreign).toEqual([]);
    expect(sha256(text('etc/a'))).toBe(sha256('2'));
  });
});

describe('wdev watch', () => {
  const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

  it('reports a file that was edited on the target, and takes the plugin up again', async () => {
    const place = project();
    const source = path.join(makePlugin(place.dir, 'hello'), CONF);
    const good = readFileSync(source, 'utf8');
    const watch = new Watch(['hello'], place.dir);
    try {
      await watch.next('verified');
      const installed = path.join(place.dir, '.wdev/stack/root', CONF);
      writeFileSync(installed, `${good}; edited there\n`);
      save(source, `${good}; edited here\n`);
      expect((await watch.next('failed')).findings).toEqual([
        expect.objectContaining({ code: 'foreign-edit', file: CONF, level: 'error' }),
      ]);
      expect(readFileSync(installed, 'utf8')).toBe(`${good}; edited there\n`);
      rmSync(installed);
      save(source, `${good}; edited here again\n`);
      await watch.next('verified');
      expect(readFileSync(installed, 'utf8')).toBe(`${good}; edited here again\n`);
    } finally {
      await watch.stop();
      await place.remove();
    }
  });

  it('looks at the target when it starts, though nothing changed since', async () => {
    const place = project();
    makePlugin(place.dir, 'hello');
    const installed = path.join(place.dir, '.wdev/stack/root', CONF);
    const actions = (): readonly string[] =>
      wdevNow(['install', 'hello', '--json'], place.dir)
        .stdout.split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { event: string; do?: string }]))
        .flatMap((event) => event.do ?? (event.event === 'failed' ? ['failed'] : []));
    const asterisk = (command: string): void => void onConsole(place.dir, command);
    try {
      expect(actions()).toEqual(['put 3 files', 'dialplan reload']);
      expect(actions()).toEqual([]);
      const good = readFileSync(installed, 'utf8');
      rmSync(installed);
      asterisk('dialplan reload');
      expect(actions()).toEqual(['put 1 files', 'dialplan reload']);
      expect(readFileSync(installed, 'utf8')).toBe(good);
      // the file is back, and Asterisk was not told
      rmSync(installed);
      asterisk('dialplan reload');
      writeFileSync(installed, good);
      expect(actions()).toEqual(['put 1 files', 'dialplan reload']);
      writeFileSync(installed, `${good}; edited\n`);
      expect(actions()).toEqual(['failed']);
      expect(readFileSync(installed, 'utf8')).toBe(`${good}; edited\n`);
    } finally {
      await place.remove();
    }
  });
});
