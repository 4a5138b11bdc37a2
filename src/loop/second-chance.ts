import type { FindingCode } from '../findings/finding.ts';
import { isError } from '../findings/finding.ts';
import { listSources, type SourceListing } from '../git/sources.ts';
import { UserError } from '../support/errors.ts';
import type { LoopEvent } from './events.ts';
import type { PluginState } from './state.ts';

/** Failures that say nothing of a save, but that Asterisk could not take it just then. */
const OF_THE_MOMENT = new Set<FindingCode>(['asterisk-down', 'asterisk-hangs', 'reload-busy']);

/** The same where Asterisk has only just started: its modules come one after the other. */
const OF_THE_START = new Set<FindingCode>(['console-unknown-command', 'module-not-loaded']);

/** Seconds after which nothing is missing any more because Asterisk is starting. */
const START = 60;

/** A target that is restarting refuses saves for so long before its connection ends, in milliseconds. */
const GOING_DOWN = 60_000;

/** Milliseconds between two questions whether Asterisk is back. */
const INTERVAL = 1000;

/** How long Asterisk has been up, in seconds; undefined when it does not answer. */
export type AskUptime = () => Promise<number | undefined>;

/**
 * Saves that failed for a reason that may have passed: the target was not ready for them, or they were read while
 * their files were still being written. They are brought again, and nobody has to save them a second time.
 */
export class SecondChance {
  /** Plugin → whether it failed only because Asterisk may have been starting. */
  readonly #waiting = new Map<string, boolean>();
  /** Plugin → when the target refused its last save. */
  readonly #failed = new Map<string, number>();
  readonly #compared = new WeakSet<SourceListing | PluginState>();
  /** Plugins whose last save a hook refused: its files were not read. */
  readonly #unread = new Set<string>();

  hear(event: LoopEvent): void {
    if (event.event === 'batch' || event.event === 'verified') {
      this.#waiting.delete(event.plugin);
      this.#failed.delete(event.plugin);
      this.#unread.delete(event.plugin);
    }
    if (event.event !== 'failed') return;
    const codes = event.findings.filter(isError).map(({ code }) => code);
    if (codes.includes('hook-failed')) this.#unread.add(event.plugin);
    this.#failed.set(event.plugin, performance.now());
    if (!codes.every((code) => OF_THE_MOMENT.has(code) || OF_THE_START.has(code))) return;
    this.#waiting.set(event.plugin, !codes.some((code) => OF_THE_MOMENT.has(code)));
  }

  /** Milliseconds until the target is asked again; Infinity when nothing waits for it. */
  get wait(): number {
    return this.#waiting.size === 0 ? Number.POSITIVE_INFINITY : INTERVAL;
  }

  /** Plugins to bring again, now that Asterisk may be back. */
  async forAsterisk(askUptime: AskUptime): Promise<readonly string[]> {
    if (this.#waiting.size === 0) return [];
    const uptime = await askUptime();
    if (uptime === undefined) return [];
    const ready = [...this.#waiting].filter(([, isStart]) => !isStart || uptime < START);
    this.#waiting.clear();
    return ready.map(([plugin]) => plugin);
  }

  /** Plugins to bring again to a target that was reached again: it may have been going down when it refused them. */
  forTarget(): readonly string[] {
    const since = performance.now() - GOING_DOWN;
    const refused = [...this.#failed].filter(([, at]) => at >= since);
    this.#failed.clear();
    return refused.map(([plugin]) => plugin);
  }

  /** Whether a refused save was not compared with its files yet. */
  isUnsure(states: readonly PluginState[]): boolean {
    return states.some((state) => this.#isUnsure(state));
  }

  #isUnsure(state: PluginState): boolean {
    if (state.condition.is !== 'refused' || this.#unread.has(state.plugin.id)) return false;
    return !this.#compared.has(state.attempt ?? state);
  }

  /** The files of each refused save that are not as they were read. */
  async forWriting(states: readonly PluginState[]): Promise<ReadonlyMap<PluginState, readonly string[]>> {
    const found = new Map<PluginState, readonly string[]>();
    for (const state of states.filter((one) => this.#isUnsure(one))) {
      this.#compared.add(state.attempt ?? state);
      const files = await changedSince(state);
      if (files.length > 0) found.set(state, files);
    }
    return found;
  }
}

async function changedSince({ plugin, attempt = new Map() }: PluginState): Promise<readonly string[]> {
  try {
    const listed = await listSources(plugin.dir, attempt);
    const names = [...new Set([...attempt.keys(), ...listed.keys()])];
    return names.filter((name) => {
      const [had, has] = [attempt.get(name), listed.get(name)];
      return had?.hash !== has?.hash || had?.mode !== has?.mode;
    });
  } catch (error) {
    // what can't be read now was told then
    if (error instanceof UserError) return [];
    throw error;
  }
}
