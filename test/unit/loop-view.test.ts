import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { LoopEvent } from '../../src/loop/events.ts';
import { LoopView } from '../../src/terminal/loop-view.ts';

function view(): LoopView {
  return new LoopView({ readLine: () => () => undefined, clock: () => '12:00:00', once: false, keys: true });
}

const plain = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => stripVTControlCharacters(line));

const verified = (plugin: string): LoopEvent => {
  return { event: 'verified', id: 1, plugin, ms: 5, loaded: [], evidence: { verified: 1, placed: 0 } };
};

const failed = (plugin: string): LoopEvent => {
  return {
    event: 'failed',
    id: 2,
    plugin,
    findings: [{ code: 'stage-build-failed', level: 'error', message: 'rules build failed' }],
  };
};

it('begins with what is watched, where, and how to see the keys', () => {
  const ready = (plugins: readonly string[]): LoopEvent => ({ event: 'ready', plugins, target: 'ssh://pbx' });
  expect(plain(view().lines(ready(['demo/a', 'demo/b'])))).toEqual([
    'Watching demo/a, demo/b on target ssh://pbx. Press ? for keys.',
  ]);
  const many = Array.from({ length: 30 }, (_, at) => `demo/p${at}`);
  expect(plain(view().lines(ready(many)))).toEqual([
    'Watching 30 plugins on target ssh://pbx. Press ? for keys.',
  ]);
});

it('goes on to say not verified of a plugin whose next save changes nothing', () => {
  const shown = view();
  const batch = (files: number, evidence: { verified: number; placed: number }): readonly string[] => {
    shown.lines({ event: 'batch', id: files, plugin: 'demo/a', files: ['a.conf'] });
    const parts = files === 0 ? [] : [{ plugin: 'demo/a', files, actions: ['restart wazo-calld'] }];
    shown.lines({ event: 'plan', id: files, actions: [], because: [], skipped: [], parts });
    const output = 'not restarted: it does not run in the embedded stack';
    if (files > 0)
      shown.lines({ event: 'action', id: files, do: 'restart wazo-calld', ok: true, ms: 1, output });
    return plain(
      shown.lines({ event: 'verified', id: files, plugin: 'demo/a', ms: 5, loaded: [], evidence }),
    );
  };
  // a restart that nothing received is not told as done
  expect(batch(2, { verified: 0, placed: 2 })).toEqual([
    '12:00:00 • demo/a  a.conf → 2 files (installed, not verified)  5 ms',
  ]);
  expect(batch(0, { verified: 0, placed: 0 })).toEqual([
    '12:00:00 • demo/a  a.conf → already up to date, not verified  5 ms',
  ]);
  expect(plain(shown.states())).toEqual(['  demo/a  live: installed at 12:00:00, not verified']);
  expect(batch(0, { verified: 1, placed: 0 })).toEqual([
    '12:00:00 ✓ demo/a  a.conf → already up to date  5 ms',
  ]);
  expect(plain(shown.states())).toEqual(['  demo/a  live: verified at 12:00:00']);
});

it('keeps the time of an install over a save that brings nothing, and counts open warnings', () => {
  let now = '12:00:00';
  const shown = new LoopView({ readLine: () => () => undefined, clock: () => now, once: false, keys: true });
  const save = (id: number, files: number): void => {
    shown.lines({ event: 'batch', id, plugin: 'demo/a', files: ['a.conf'] });
    const parts = files === 0 ? [] : [{ plugin: 'demo/a', files, actions: [] }];
    shown.lines({ event: 'plan', id, actions: [], because: [], skipped: [], parts });
    const evidence = { verified: files, placed: 0 };
    shown.lines({ event: 'verified', id, plugin: 'demo/a', version: '1.0', ms: 5, loaded: [], evidence });
  };
  save(1, 1);
  now = '12:00:07';
  save(2, 0);
  expect(plain(shown.states())).toEqual(['  demo/a  live: 1.0, verified at 12:00:00']);
  const warning = { code: 'rules-no-set-e', level: 'warning', message: 'm' } as const;
  shown.lines({ event: 'warnings', plugin: 'demo/a', findings: [warning] });
  expect(plain(shown.states())).toEqual([
    '  demo/a  live: 1.0, verified at 12:00:00; 1 open warning (press w)',
  ]);
  save(3, 1);
  expect(plain(shown.states())[0]).toContain('verified at 12:00:07');
});

it('shows one plugin alone, of the others only that they failed, and all of them again', () => {
  const shown = view();
  shown.lines({ event: 'ready', plugins: ['demo/b', 'demo/a'], target: 'embedded' });
  expect(plain(shown.showNext())).toEqual(['  Showing demo/a. The others appear only when they fail.']);
  expect(shown.lines(verified('demo/a'))).toHaveLength(1);
  expect(shown.lines(verified('demo/b'))).toEqual([]);
  expect(plain(shown.lines(failed('demo/b')))).toEqual(['12:00:00 ✗ demo/b  failed']);
  // hidden lines count for the list of states
  expect(plain(shown.states()).join('\n')).toMatch(/demo\/b {2}failed at 12:00:00/);
  expect(plain(shown.showNext())).toEqual(['  Showing demo/b. The others appear only when they fail.']);
  expect(shown.lines(failed('demo/b')).length).toBeGreaterThan(1);
  expect(plain(shown.showNext())).toEqual(['  Showing all plugins.']);
  expect(shown.lines(verified('demo/b'))).toHaveLength(1);
});

it('tells what was skipped below the plugin that asked for it, once', () => {
  const shown = view();
  const part = { files: 1, actions: [], skipped: [] };
  const skipped = ['wazo/rules install: never run here'];
  const parts = [
    { ...part, plugin: 'demo/a' },
    { ...part, plugin: 'demo/b', skipped },
  ];
  shown.lines({ event: 'plan', id: 1, actions: ['x'], because: [], skipped, parts });
  expect(shown.lines(verified('demo/a'))).toHaveLength(1);
  expect(plain(shown.lines(verified('demo/b')))[1]).toBe(`    skipped: ${skipped[0]}`);
  expect(shown.lines(verified('demo/b'))).toHaveLength(1);
});
