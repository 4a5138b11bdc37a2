import { EXIT, UserError } from '../support/errors.ts';
import { diffTrees } from '../stage/tree.ts';
import type { Stage } from '../stage/stage.ts';
import type { Session } from '../targets/session.ts';
import type { RestartedUnit } from '../effects/units.ts';
import { endFindings } from '../effects/evidence/unit-life.ts';
import type { BatchEntry } from './pending.ts';
import { bringBack, type BringBackOptions } from './bring-back.ts';
import { findEnded, type EndedUnit } from './ended-units.ts';
import type { PluginState } from './state.ts';

/** When units that came up are looked at again, in milliseconds; the first time once all rests. The last one settles it. */
export const LOOKS: readonly number[] = [400, 2000, 6000];

/** A unit that has to live on before its batch is believed for good. */
interface Watched {
  readonly batch: number;
  readonly restarted: RestartedUnit;
  /** performance.now() when its batch was verified. */
  readonly since: number;
  /** How many of the looks found it up. */
  seen: number;
}

/** The versions on the target before a batch. */
interface Before {
  readonly stage: Stage | undefined;
  readonly previous: Stage | undefined;
}

/**
 * A service may open its port and end a moment later, when its batch is verified and final. So units that came
 * up are looked at again; when one has ended, the plugins that asked for its restart have failed after all, and
 * the versions before are brought back.
 */
export class SecondLook {
  readonly #options: BringBackOptions;
  readonly #watched = new Map<string, Watched>();
  /** Plugin → the last version that was still up after a while. */
  readonly #before = new Map<string, Before>();
  /** Plugin → its batch that was verified, and that its units have not outlived yet. */
  readonly #settling = new Map<string, number>();

  constructor(options: BringBackOptions) {
    this.#options = options;
  }

  /** Whether a unit came up that was not looked at again yet. */
  get isDue(): boolean {
    return [...this.#watched.values()].some(({ seen }) => seen === 0);
  }

  /** Milliseconds until the next look at a unit; Infinity when there is none. */
  get wait(): number {
    const times = [...this.#watched.values()].map(({ since, seen }) => since + (LOOKS[seen] ?? 0));
    return Math.max(0, Math.min(...times) - performance.now());
  }

  /** The versions there now, for `keep` after the batch. */
  before(entries: readonly BatchEntry[]): ReadonlyMap<string, Before> {
    return new Map(entries.map(({ state: { plugin, stage, previous } }) => [plugin.id, { stage, previous }]));
  }

  /** Watches the units of a batch, of which these plugins were verified. */
  keep(
    batch: number,
    units: readonly RestartedUnit[],
    before: ReadonlyMap<string, Before>,
    verified: readonly string[],
  ): void {
    const unseen = [...this.#watched.values()].filter(({ seen }) => seen === 0);
    const unsure = new Set(unseen.flatMap(({ restarted }) => restarted.plugins));
    for (const restarted of units) {
      this.#watched.set(restarted.unit, { batch, restarted, since: performance.now(), seen: 0 });
      for (const plugin of restarted.plugins) {
        const stood = before.get(plugin);
        const isBetter = this.#before.get(plugin)?.stage === undefined || !unsure.has(plugin);
        if (stood !== undefined && isBetter) this.#before.set(plugin, stood);
      }
    }
    for (const plugin of verified) this.#settling.set(plugin, batch);
    this.#settle();
  }

  /** Tells of the verified plugins whose units have outlived all looks, or that had none. */
  #settle(): void {
    const watched = new Set([...this.#watched.values()].flatMap(({ restarted }) => restarted.plugins));
    const settled = [...this.#settling].filter(([plugin]) => !watched.has(plugin));
    for (const [plugin] of settled) this.#settling.delete(plugin);
    for (const id of new Set(settled.map(([, batch]) => batch))) {
      const plugins = settled.flatMap(([plugin, batch]) => (batch === id ? [plugin] : []));
      this.#options.emit({ event: 'settled', id, plugins });
    }
  }

  /** For a target that is another one, or was lost: what is known of its units counts no more. */
  forget(): void {
    this.#watched.clear();
    this.#before.clear();
    this.#settling.clear();
  }

  /** Looks at the units; tells of those that ended, and brings the versions before back. */
  async run(session: Session, states: readonly PluginState[]): Promise<void> {
    if (this.#watched.size === 0) return;
    const ended = await this.#look(session);
    if (ended.length > 0) await this.#fail(ended, states);
  }

  async #look(session: Session): Promise<readonly EndedUnit[]> {
    try {
      const ended = await findEnded(
        session,
        [...this.#watched.values()].map(({ restarted }) => restarted),
      );
      if (ended.length === 0) this.#believe();
      return ended;
    } catch (error) {
      // the next batch reaches the target again
      if (!(error instanceof UserError) || error.exit !== EXIT.unreachable) throw error;
      this.forget();
      return [];
    }
  }

  /** All units live: those whose time is over are believed for good. */
  #believe(): void {
    for (const [unit, watched] of this.#watched) {
      const passed = performance.now() - watched.since;
      watched.seen = LOOKS.filter((time) => passed >= time).length;
      if (watched.seen === LOOKS.length) this.#watched.delete(unit);
    }
    this.#settle();
    const plugins = [...this.#watched.values()].flatMap(({ restarted }) => restarted.plugins);
    for (const plugin of this.#before.keys()) if (!plugins.includes(plugin)) this.#before.delete(plugin);
  }

  async #fail(ended: readonly EndedUnit[], states: readonly PluginState[]): Promise<void> {
    const { emit, keepBroken } = this.#options;
    const batch = Math.max(...ended.map(({ restarted }) => this.#watched.get(restarted.unit)?.batch ?? 0));
    const guilty = states.filter(({ plugin }) =>
      ended.some(({ restarted }) => restarted.plugins.includes(plugin.id)),
    );
    for (const state of guilty) {
      const plugin = state.plugin.id;
      const findings = ended
        .filter(({ restarted }) => restarted.plugins.includes(plugin))
        .flatMap(({ restarted, log, now, end }) =>
          endFindings(state.stage?.tree ?? new Map(), restarted.unit, log, now, {
            end,
            before: this.#before.get(plugin)?.stage?.tree,
          }),
        );
      emit({ event: 'failed', id: batch, plugin, findings });
      state.report({ happened: 'failed' });
    }
    const before = new Map(this.#before);
    this.forget();
    if (!keepBroken) await this.#bringBack(batch, guilty, before);
  }

  async #bringBack(
    batch: number,
    guilty: readonly PluginState[],
    before: ReadonlyMap<string, Before>,
  ): Promise<void> {
    const { emit } = this.#options;
    const entries: BatchEntry[] = [];
    const first: string[] = [];
    for (const state of guilty) {
      const stage = before.get(state.plugin.id)?.stage;
      if (stage !== undefined && differs(state.stage, stage))
        entries.push({ state, stage, proven: true, since: performance.now(), force: false });
      else first.push(`${state.plugin.id} as it is, for there is no version before it`);
    }
    if (entries.length === 0) return emit({ event: 'held', reason: `on the target is ${first.join(', ')}` });
    const live = [...first, ...(await bringBack(batch, entries, this.#options))];
    for (const { state, stage } of entries) {
      const previous = before.get(state.plugin.id)?.previous;
      if (state.stage === stage) state.report({ happened: 'recalled', previous });
    }
    emit({ event: 'rolled-back', id: batch, live: live.join(', ') });
    // what was brought back has proven itself before
    this.forget();
  }
}

function differs(now: Stage | undefined, before: Stage): boolean {
  const { put, removed } = diffTrees(now?.tree ?? new Map(), before.tree);
  return put.length + removed.length > 0;
}
