import { describe, expect, it } from 'vitest';
import { next, PluginState, type Condition, type Known, type KnownHappening } from '../../src/loop/state.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import type { Stage } from '../../src/stage/stage.ts';

const PLUGIN: Plugin = { kind: 'stack', dir: '/p', id: 'a/b', name: 'b', namespace: 'a', version: '1' };
const NEXT_PLUGIN: Plugin = { ...PLUGIN, version: '2' };
const SOURCES = new Map();

/** A stage of one file with these bytes. */
function stage(text: string): Stage {
  const bytes = Buffer.from(text);
  const file = { path: '/etc/x.conf', mode: 0o644, hash: text, bytes };
  return { plugin: PLUGIN, sources: SOURCES, tree: new Map([[file.path, file]]), findings: [] };
}

const [ONE, TWO, THREE, TWO_AGAIN] = [stage('1'), stage('2'), stage('3'), stage('2')];

const NEW: Condition = { is: 'new' };
const FAST: Condition = { is: 'live', serving: { stage: TWO, previous: ONE }, proven: false };
const LIVE: Condition = { is: 'live', serving: { stage: TWO, previous: ONE }, proven: true };
const SERVING = { stage: TWO, previous: ONE };
const REFUSED: Condition = { is: 'refused', serving: SERVING };
const NEVER: Condition = { is: 'failed', serving: undefined };

const BEHIND = ['arrived', 'asked', 'refused', 'failed', 'rolled-back'] as const;

/** The condition that follows from each happening. */
const TABLE: readonly (readonly [Condition, KnownHappening, Condition])[] = [
  ...BEHIND.flatMap((happened) => {
    const known: Condition = { is: happened, serving: SERVING };
    const unknown: Condition = { is: happened, serving: undefined };
    return [
      [NEW, { happened }, unknown],
      [FAST, { happened }, known],
      [LIVE, { happened }, known],
      [REFUSED, { happened }, known],
      [NEVER, { happened }, unknown],
    ] as const;
  }),
  ...[NEW, NEVER].flatMap((condition) =>
    [true, false].map((proven) => {
      const after: Condition = { is: 'live', serving: { stage: THREE, previous: undefined }, proven };
      return [condition, { happened: 'verified', stage: THREE, proven }, after] as const;
    }),
  ),
  ...[FAST, LIVE, REFUSED].flatMap((condition) =>
    [true, false].flatMap((proven) => {
      const newer: Condition = { is: 'live', serving: { stage: THREE, previous: TWO }, proven };
      const equal: Condition = { is: 'live', serving: { stage: TWO_AGAIN, previous: ONE }, proven };
      return [
        [condition, { happened: 'verified', stage: THREE, proven }, newer],
        [condition, { happened: 'verified', stage: TWO_AGAIN, proven }, equal],
      ] as const;
    }),
  ),
  [NEW, { happened: 'proven', stage: THREE }, NEW],
  [NEVER, { happened: 'proven', stage: THREE }, NEVER],
  [REFUSED, { happened: 'proven', stage: THREE }, REFUSED],
  ...[FAST, LIVE].map((condition) => {
    const after: Condition = { is: 'live', serving: { stage: THREE, previous: ONE }, proven: true };
    return [condition, { happened: 'proven', stage: THREE }, after] as const;
  }),
  [NEW, { happened: 'recalled', previous: THREE }, NEW],
  [NEVER, { happened: 'recalled', previous: THREE }, NEVER],
  [LIVE, { happened: 'recalled', previous: THREE }, { ...LIVE, serving: { stage: TWO, previous: THREE } }],
  [FAST, { happened: 'recalled', previous: THREE }, { ...FAST, serving: { stage: TWO, previous: THREE } }],
  [
    REFUSED,
    { happened: 'recalled', previous: undefined },
    { ...REFUSED, serving: { stage: TWO, previous: undefined } },
  ],
  ...[NEW, FAST, LIVE, REFUSED, NEVER].flatMap((condition) => [
    [condition, { happened: 'described', plugin: NEXT_PLUGIN }, condition] as const,
    [condition, { happened: 'attempted', sources: SOURCES }, condition] as const,
  ]),
];

describe('what is known of a plugin between batches', () => {
  it.each(
    TABLE.map(
      ([condition, happening, after]) =>
        [condition.is, happening.happened, condition, happening, after] as const,
    ),
  )('%s, then %s', (_is, _happened, condition, happening, after) => {
    const known: Known = { plugin: PLUGIN, condition, attempt: undefined };
    expect(next(known, happening).condition).toEqual(after);
    expect(known).toEqual({ plugin: PLUGIN, condition, attempt: undefined });
  });

  it('takes over a manifest and the sources of a batch', () => {
    const known: Known = { plugin: PLUGIN, condition: LIVE, attempt: undefined };
    expect(next(known, { happened: 'described', plugin: NEXT_PLUGIN }).plugin).toBe(NEXT_PLUGIN);
    expect(next(known, { happened: 'attempted', sources: SOURCES }).attempt).toBe(SOURCES);
  });

  it('stages in full after whatever left the target with another version', () => {
    for (const happened of BEHIND) {
      const state = new PluginState(PLUGIN);
      expect(state.isBehind).toBe(false);
      state.report({ happened: 'verified', stage: ONE, proven: false });
      expect(state).toMatchObject({ isBehind: false, isUnproven: true, stage: ONE });
      state.report({ happened });
      expect(state).toMatchObject({ isBehind: true, isUnproven: false, stage: ONE });
    }
  });

  it('lets changed files wait until a batch takes them, and drops a repeated event of one save', () => {
    const state = new PluginState(PLUGIN);
    state.report({ happened: 'changed', files: ['a'], at: 5 });
    state.report({ happened: 'changed', files: ['b', 'a'], at: 7 });
    expect([...state.changes.waiting]).toEqual([
      ['a', 7],
      ['b', 7],
    ]);
    expect(state.changes.since).toBe(5);
    state.report({
      happened: 'taken',
      signatures: new Map([
        ['a', 'x'],
        ['b', 'y'],
      ]),
    });
    expect(state.changes).toMatchObject({ waiting: new Map(), since: undefined });
    expect(state.changes.took('a', 'x')).toBe(true);
    expect(state.changes.took('a', 'z')).toBe(false);
    state.report({ happened: 'changed', files: ['a'], at: 9 });
    state.report({ happened: 'changed', files: ['a', 'b'], at: 5 });
    expect([...state.changes.waiting]).toEqual([
      ['a', 9],
      ['b', 5],
    ]);
    expect(state.changes.since).toBe(5);
  });

  it('forgets what waited when its folder comes', () => {
    const state = new PluginState(PLUGIN);
    state.report({ happened: 'taken', signatures: new Map([['a', 'x']]) });
    state.report({ happened: 'changed', files: ['a'], at: 5 });
    state.report({ happened: 'arrived' });
    expect(state.changes).toMatchObject({ waiting: new Map(), since: undefined });
    expect(state.changes.took('a', 'x')).toBe(false);
  });
});
