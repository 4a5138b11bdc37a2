import * as fc from '../support/fast-check.ts';
import { expect, test } from 'vitest';
import { PHASES, parseState, type Phase, type StackState } from '../../src/stacks/real/run-folder.ts';
import { standingOf, type Sight, type Standing } from '../../src/stacks/real/standing.ts';

const PORTS = { sshPort: 1, confgendPort: 2, iaxPort: 3 };
const mark = (pid: number) => ({ pid, start: `boot:${pid}` });

function stateOf(phase: Phase, what: StackState['what'], owner: number | undefined): StackState {
  const base = { name: 'a', phase, startedAt: 0, ...(owner === undefined ? {} : { owner: mark(owner) }) };
  return what === 'tools' ? { ...base, what } : { ...base, what, ...PORTS, nspawn: mark(9) };
}

const sights: fc.Arbitrary<Sight> = fc.record({
  state: fc.option(
    fc
      .tuple(
        fc.constantFrom(...PHASES),
        fc.constantFrom('machine' as const, 'tools' as const),
        fc.option(fc.constant(7), { nil: undefined }),
      )
      .map((parts) => stateOf(...parts)),
    { nil: undefined },
  ),
  worker: fc.option(fc.constant(8), { nil: undefined }),
  ownerLives: fc.boolean(),
  machineLives: fc.boolean(),
  remains: fc.boolean(),
});

test('whatever is seen: only what ran and lives is handed out, and only what is nobody’s is cleared', () => {
  fc.assert(
    fc.property(sights, (sight) => {
      const { state, worker, ownerLives, machineLives, remains } = sight;
      const { is } = standingOf(sight);
      const owned = state?.owner !== undefined;
      if (is === 'running')
        expect([state?.phase, machineLives, owned && !ownerLives]).toEqual(['running', true, false]);
      if (is === 'busy') expect(worker !== undefined || (owned && ownerLives)).toBe(true);
      if (is === 'left') expect([worker, owned && ownerLives]).toEqual([undefined, false]);
      if (is === 'ended') expect([worker, state?.phase, machineLives]).toEqual([undefined, 'running', false]);
      expect(is === 'nothing').toBe(state === undefined && worker === undefined && !remains);
    }),
    { numRuns: 1000 },
  );
});

/** The machine as it is, and what of it can be seen. */
interface World {
  state: StackState | undefined;
  folder: boolean;
  lock: number | undefined;
  nspawn: boolean;
  ready: boolean;
  living: Set<number>;
}

type Step = (world: World, me: number) => void;

/** The steps of src/stacks/real.ts, in their order. */
const CLEAR: readonly Step[] = [
  (world, me) => world.folder && (world.state = stateOf('ending', 'machine', me)),
  (world) => ((world.nspawn = false), (world.ready = false)),
  (world) => (world.state = undefined),
  (world) => (world.folder = false),
];
const upSteps = (forUs: boolean): readonly Step[] => [
  (world) => (world.folder = true),
  (world, me) => (world.state = stateOf('making', 'machine', me)),
  (world, me) => (world.state = stateOf('booting', 'machine', me)),
  (world) => (world.nspawn = true),
  (world) => (world.ready = true),
  (world, me) => (world.state = stateOf('running', 'machine', forUs ? me : undefined)),
];

function see({ state, folder, lock, nspawn, living }: World): Standing {
  return standingOf({
    state,
    worker: lock !== undefined && living.has(lock) ? lock : undefined,
    ownerLives: state?.owner !== undefined && living.has(state.owner.pid),
    machineLives: nspawn,
    remains: folder || nspawn,
  });
}

/** Plays steps under the lock until they are through, or the process is killed before one of them. */
function play(world: World, me: number, steps: readonly Step[], killedAt: number): void {
  world.living.add(me);
  world.lock = me;
  for (const [index, step] of steps.entries()) {
    if (index === killedAt) return void world.living.delete(me);
    step(world, me);
    const standing = see(world);
    if (standing.is === 'running') expect(world.ready).toBe(true);
    expect(['running', 'busy']).toContain(standing.is);
  }
  world.lock = undefined;
}

const commands = fc.array(
  fc.record({
    do: fc.constantFrom('up', 'rehearse', 'down', 'crash'),
    killedAt: fc.integer({ min: 0, max: 12 }),
    dies: fc.boolean(),
  }),
  { maxLength: 8 },
);

test('commands killed anywhere, one after the other: a running stack is ready, and down leaves nothing', () => {
  fc.assert(
    fc.property(commands, (list) => {
      const world: World = {
        state: undefined,
        folder: false,
        lock: undefined,
        nspawn: false,
        ready: false,
        living: new Set(),
      };
      for (const [index, { do: what, killedAt, dies }] of list.entries()) {
        const me = index + 1;
        if (what === 'crash') {
          world.nspawn = false;
          world.ready = false;
          continue;
        }
        // what every command does first
        if (see(world).is === 'left') play(world, me, CLEAR, Infinity);
        expect(['nothing', 'running', 'ended']).toContain(see(world).is);
        if (what === 'down') play(world, me, CLEAR, killedAt);
        else if (see(world).is !== 'running')
          play(world, me, [...CLEAR, ...upSteps(what === 'rehearse')], killedAt);
        if (dies) world.living.delete(me);
        if (see(world).is === 'running') expect(world.ready).toBe(true);
      }
      world.living.clear();
      play(world, 99, CLEAR, Infinity);
      expect([see(world).is, world.nspawn, world.folder]).toEqual(['nothing', false, false]);
    }),
    { numRuns: 1000 },
  );
});

test('a record of an earlier wdev is read; a damaged one is none', () => {
  const earlier = { name: 'a', startedAt: 1, ...PORTS, nspawn: mark(1) };
  expect(parseState('a', JSON.stringify(earlier))?.phase).toBe('making');
  expect(parseState('a', JSON.stringify({ ...earlier, leader: mark(2) }))?.phase).toBe('running');
  for (const text of ['', 'null', '[]', '{"name":"a"}', '{"name":"b","startedAt":1}', '{"phase":"x"}'])
    expect(parseState('a', text)).toBeUndefined();
});
