import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPlugin } from '../../src/kinds/discover.ts';
import type { LoopEvent } from '../../src/loop/events.ts';
import { OfflineLook } from '../../src/loop/offline-look.ts';
import { stageGrowing } from '../../src/loop/stage-growing.ts';
import { PluginState } from '../../src/loop/state.ts';
import { tempFolder } from '../support/temp.ts';

function plugin(): PluginState {
  const dir = tempFolder();
  mkdirSync(path.join(dir, 'wazo'));
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), "name: hello\nnamespace: demo\nversion: '1'\n");
  writeFileSync(path.join(dir, 'wazo/rules'), '#!/bin/sh\n[ "$1" = build ] || mkdir "$pkgdir/etc"\n', {
    mode: 0o755,
  });
  const found = readPlugin(dir);
  if (found === undefined) throw new Error('no plugin');
  return new PluginState(found);
}

describe('a batch', () => {
  /** A batch of `a` whose staging has lasted for `lasted`, with `b` changed so long after `a`. */
  async function stage(lasted: number, later: number) {
    const state = plugin();
    const since = performance.now() - lasted;
    state.report({ happened: 'changed', files: ['b'], at: since + later });
    const told: LoopEvent[] = [];
    const emit = (event: LoopEvent): void => void told.push(event);
    const entries = await stageGrowing([{ state, files: ['a'], since, force: false }], [state], {
      id: 1,
      emit,
      signal: new AbortController().signal,
      offline: new OfflineLook(emit),
      refuses: false,
    });
    return { entries, told, state, since };
  }

  it('takes in what changed soon after its first change, however long it took to stage', async () => {
    const { entries, told, state, since } = await stage(60_000, 900);
    expect(entries).toBeUndefined();
    expect(told).toEqual([]);
    expect([...state.changes.waiting.keys()].toSorted()).toEqual(['a', 'b']);
    expect(state.changes.since).toBe(since);
  });

  it('leaves what changed later to the next one', async () => {
    const { entries, told, state } = await stage(60_000, 1100);
    expect(entries).toHaveLength(1);
    expect(told.map(({ event }) => event)).toEqual(['batch', 'staged']);
    expect([...state.changes.waiting.keys()]).toEqual(['b']);
  });
});
