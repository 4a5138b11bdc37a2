import { describe, expect, it } from 'vitest';
import { emptyModel, heard } from '../../../src/live/hear.ts';
import type { BatchEntry, PageEvent, PageModel } from '../../../src/live/model.ts';

const FINDING = { code: 'python-syntax', level: 'error', message: 'wrong', file: 'a.py', line: 3 } as const;

function after(...events: readonly PageEvent[]): PageModel {
  return events.reduce((model, event, at) => heard(model, { at: at * 100, event }), emptyModel(0));
}
const READY: PageEvent = { event: 'ready', plugins: ['acme/b', 'acme/a'], target: 'embedded' };
const batch = (id: number, plugin: string, ...files: string[]): PageEvent => ({
  event: 'batch',
  id,
  plugin,
  files,
});
const verified = (id: number, plugin: string, version: string): PageEvent => ({
  event: 'verified',
  id,
  plugin,
  version,
  ms: 250,
  loaded: ['wazo-calld answers'],
  evidence: { verified: 1, placed: 0 },
});
const failed = (id: number, plugin: string): PageEvent => ({
  event: 'failed',
  id,
  plugin,
  findings: [FINDING],
});
const pluginIn = (model: PageModel, id: string): PageModel['plugins'][number] | undefined =>
  model.plugins.find((plugin) => plugin.id === id);
const last = (model: PageModel): BatchEntry => {
  const found = model.entries.findLast((entry) => entry.is === 'batch');
  if (found?.is !== 'batch') throw new Error('no batch');
  return found;
};

describe('the model of the page', () => {
  it('has the plugins by name, and nothing of them before their first batch', () => {
    const model = after(READY);
    expect(model.plugins.map(({ id }) => id)).toEqual(['acme/a', 'acme/b']);
    expect(pluginIn(model, 'acme/a')).not.toHaveProperty('live');
  });

  it('follows a save from its files to what was read back', () => {
    const model = after(
      READY,
      batch(1, 'acme/a', 'a.py'),
      {
        event: 'saved',
        id: 1,
        plugin: 'acme/a',
        diffs: [{ file: 'a.py', lines: [{ sign: '+', text: 'x' }] }],
      },
      { event: 'staged', id: 1, plugin: 'acme/a', path: 'fast', ms: 12 },
      {
        event: 'plan',
        id: 1,
        actions: ['restart wazo-calld'],
        because: ['b', 'b'],
        skipped: ['s'],
        parts: [],
      },
      { event: 'action', id: 1, do: 'restart wazo-calld', ok: true, ms: 90, output: 'up' },
      verified(1, 'acme/a', '1.0'),
      { event: 'settled', id: 1, plugins: ['acme/a'] },
    );
    const { parts, ...entry } = last(model);
    expect(entry).toMatchObject({
      id: 1,
      at: 100,
      until: 600,
      because: ['b'],
      skipped: ['s'],
      actions: [{ does: 'restart wazo-calld', ok: true, ms: 90, output: 'up' }],
    });
    expect(parts).toEqual([
      expect.objectContaining({
        staged: { path: 'fast', ms: 12 },
        outcome: 'verified',
        version: '1.0',
        settled: true,
        diffs: [{ file: 'a.py', lines: [{ sign: '+', text: 'x' }] }],
      }),
    ]);
    expect(pluginIn(model, 'acme/a')).toMatchObject({ live: { version: '1.0', batch: 1 }, isSettled: true });
  });

  it('keeps what is live when a save fails, and forgets the failure with the next verified one', () => {
    const events = [READY, batch(1, 'acme/a'), verified(1, 'acme/a', '1.0'), batch(2, 'acme/a', 'a.py')];
    const broken = after(...events, failed(2, 'acme/a'));
    expect(pluginIn(broken, 'acme/a')).toMatchObject({
      live: { version: '1.0', batch: 1 },
      trouble: { codes: ['python-syntax'], batch: 2 },
    });
    const good = after(...events, failed(2, 'acme/a'), batch(3, 'acme/a'), verified(3, 'acme/a', '1.1'));
    expect(pluginIn(good, 'acme/a')).not.toHaveProperty('trouble');
  });

  it('serves the version before when a verified batch fails after all', () => {
    const model = after(
      READY,
      batch(1, 'acme/a'),
      verified(1, 'acme/a', '1.0'),
      batch(2, 'acme/a', 'a.py'),
      verified(2, 'acme/a', '1.1'),
      failed(2, 'acme/a'),
      { event: 'rolled-back', id: 2, live: 'acme/a 1.0' },
    );
    expect(pluginIn(model, 'acme/a')?.live).toMatchObject({ version: '1.0', batch: 1 });
    expect(last(model)).toMatchObject({ rolledBack: 'acme/a 1.0', parts: [{ outcome: 'failed' }] });
  });

  it('says how long a wait was, once for the same reason', () => {
    const held: PageEvent = { event: 'held', reason: 'git holds its lock: x', plugins: ['acme/a'] };
    const model = after(READY, held, held, batch(1, 'acme/a', 'a.py'));
    expect(model.entries[0]).toEqual({ is: 'note', at: 100, until: 300, text: held.reason, waits: true });
    expect(model.entries).toHaveLength(2);
    expect(pluginIn(after(READY, held), 'acme/a')?.waits).toBe('git holds its lock');
    expect(pluginIn(model, 'acme/a')).not.toHaveProperty('waits');
  });

  it('keeps a generated file that is told before its batch begins, and its text', () => {
    const preview = { plugin: 'acme/a', name: 'asterisk/a.conf', diff: ['+x'], ms: 5 };
    const model = after(READY, { event: 'preview', id: 7, ...preview }, batch(7, 'acme/a', 'driver.py'), {
      event: 'action',
      id: 7,
      do: 'generate asterisk/a.conf',
      ok: true,
      ms: 9,
      output: '; x',
    });
    expect(last(model).generated).toEqual([preview]);
    expect(model.early).toEqual([]);
    expect(model.generated).toEqual([{ name: 'asterisk/a.conf', text: '; x', at: 300, by: ['acme/a'] }]);
  });

  it('knows what is served after batches that read back a part of it', () => {
    const served = (id: number, ...loaded: string[]): PageEvent => ({
      ...(verified(id, 'acme/a', '1.0') as Extract<PageEvent, { event: 'verified' }>),
      loaded,
      evidence: { verified: loaded.length, placed: 0 },
    });
    const model = after(
      READY,
      batch(1, 'acme/a'),
      served(1, 'menu: 1 2', 'old: s', 'wazo-calld answers'),
      batch(2, 'acme/a', 'a.conf'),
      served(2, 'menu: 1', 'menu: 2 gone', 'old: s gone'),
      batch(3, 'acme/a', 'README.md'),
      served(3),
    );
    expect(pluginIn(model, 'acme/a')).toMatchObject({
      loaded: ['wazo-calld answers', 'menu: 1'],
      evidence: { verified: 3, placed: 0 },
    });
  });

  it('is bounded, and counts what it forgets', () => {
    const many = Array.from({ length: 450 }, (_, id) => batch(id, 'acme/a', 'a.py'));
    const lines = Array.from({ length: 5_000 }, (_, at) => `line ${at}`);
    const model = after(READY, ...many, { event: 'log', lines });
    expect(model.entries).toHaveLength(200);
    expect(model.forgotten).toBe(250);
    expect(model.log).toHaveLength(2_000);
    expect(model.log.at(-1)).toBe('line 4999');
  });

  it('passes over events that it does not know', () => {
    const model = after(READY);
    expect(heard(model, { at: 1, event: { event: 'later' } as unknown as PageEvent })).toBe(model);
  });
});
