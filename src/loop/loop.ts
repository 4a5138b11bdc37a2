import { lstatSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError, messageOf, type ExitCode } from '../support/errors.ts';
import { discoverPlugins } from '../plugin/discover.ts';
import type { Plugin } from '../plugin/plugin.ts';
import type { Stage } from '../stage/stage.ts';
import { diffTrees } from '../stage/tree.ts';
import { openTarget } from '../target/open.ts';
import { closeSession, openSession, type Session } from '../target/session.ts';
import { restoreTarget } from '../target/restore.ts';
import { runBatch, type BatchEntry } from './batch.ts';
import type { Emit, LoopEvent } from './events.ts';
import { gitFolder, gitInProgress } from './git-hold.ts';
import { OfflineLook } from './offline-look.ts';
import { newState, signature, type PluginState } from './plugin-state.ts';
import { untilQuiet } from './settle.ts';
import { proveStage, realChange, stageChange } from './staging.ts';
import { watchPlugins } from './watcher.ts';

export interface LoopOptions {
  readonly paths: readonly string[];
  readonly target: string;
  /** Bring the plugins to the target once and end. */
  readonly once: boolean;
  /** Take the plugins off the target again at the end. */
  readonly clean: boolean;
  /** Leave what failed verification on the target. */
  readonly keepBroken: boolean;
  /** Look at the files at intervals instead of waiting for the system's events. */
  readonly poll: boolean;
}

/** Quiet time after a fast path before a full stage proves it, in milliseconds. */
const PROVE_AFTER = 400;

/** Waits between attempts to reach a target again, in milliseconds. */
const BACK_OFF = [200, 500, 1000, 2000, 4000];

/**
 * The dev loop: stages what changed, brings it to the target, verifies it, and tells each step as an event.
 * Ends when `signal` is aborted, or after the first batch with `once`.
 * @returns 0 when all was well at the end, 1 when the last word on a plugin was `failed`
 * @throws UserError for wrong use and for a target out of reach at the start
 */
export async function runLoop(options: LoopOptions, emit: Emit, signal: AbortSignal): Promise<ExitCode> {
  const plugins = discoverPlugins(options.paths);
  if (plugins.length === 0) {
    throw new UserError('no-plugin', `There is no plugin in ${options.paths.join(', ')}.`, {
      help: 'A stack plugin has wazo/plugin.yml. Make one: wdev new stack hello --namespace demo',
      exit: EXIT.usage,
    });
  }
  const loop = new Loop(plugins, options, emit, signal);
  return await loop.run();
}

class Loop {
  readonly #options: LoopOptions;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #states: readonly PluginState[];
  readonly #failing = new Set<string>();
  readonly #gitFolders = new Set<string>();
  readonly #offline = new OfflineLook((event) => this.#emit(event));
  #session: Session | undefined;
  #batch = 0;
  #wake: () => void = () => undefined;

  constructor(plugins: readonly Plugin[], options: LoopOptions, emit: Emit, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#states = plugins.map(newState);
    this.#emit = (event) => {
      this.#remember(event);
      emit(event);
    };
  }

  async run(): Promise<ExitCode> {
    this.#session = await this.#connect();
    let stopWatching = async (): Promise<void> => undefined;
    try {
      if (!this.#options.once) stopWatching = await this.#watch();
      this.#emit({
        event: 'ready',
        plugins: this.#states.map(({ plugin }) => plugin.id),
        target: this.#options.target,
      });
      await this.#first();
      if (!this.#options.once) await this.#serve();
      return this.#failing.size > 0 ? EXIT.failed : EXIT.done;
    } finally {
      await stopWatching();
      await this.#offline.close();
      await this.#end();
    }
  }

  async #connect(): Promise<Session> {
    const say = (reason: string): void => this.#emit({ event: 'held', reason });
    const target = await openTarget(this.#options.target, { say });
    try {
      const session = await openSession(target);
      if (session.recovered) say('a batch that had been cut off was taken back on the target');
      return session;
    } catch (error) {
      await target.close();
      throw error;
    }
  }

  async #watch(): Promise<() => Promise<void>> {
    for (const { plugin } of this.#states) {
      const folder = await gitFolder(plugin.dir);
      if (folder !== undefined) this.#gitFolders.add(folder);
    }
    return await watchPlugins(
      this.#states.map(({ plugin }) => plugin),
      {
        poll: this.#options.poll,
        onChange: (plugin, file) => this.#changed(plugin, file),
        onProblem: (reason) => this.#emit({ event: 'held', reason }),
      },
    );
  }

  #changed(plugin: Plugin, file: string): void {
    const state = this.#states.find((entry) => entry.plugin === plugin);
    if (state === undefined || state.taken.get(file) === signature(plugin.dir, file)) return;
    state.dirty.set(file, performance.now());
    state.firstEvent ??= performance.now();
    this.#wake();
  }

  async #first(): Promise<void> {
    const since = performance.now();
    await this.#bring(this.#states.map((state) => ({ state, files: [], since })));
  }

  /** Waits for changes and brings them to the target, until the signal. */
  async #serve(): Promise<void> {
    while (!this.#signal.aborted) {
      const wait = this.#untilReady();
      if (wait === 0) {
        await this.#bring(this.#take());
        continue;
      }
      const unproven = this.#states.some((state) => state.unproven && !state.broken);
      const idle = await this.#pause(unproven ? Math.min(wait, PROVE_AFTER) : wait);
      if (idle && unproven && wait > PROVE_AFTER) await this.#prove();
    }
  }

  /** Milliseconds until the pending changes may be staged; Infinity when there are none. */
  #untilReady(): number {
    const dirty = this.#states.filter((state) => state.dirty.size > 0);
    if (dirty.length === 0) return Number.POSITIVE_INFINITY;
    const now = performance.now();
    const offset = Date.now() - now;
    const pending = dirty.flatMap((state) =>
      [...state.dirty].map(([file, lastEvent]) => {
        const stat = lstatSync(path.join(state.plugin.dir, file), { throwIfNoEntry: false });
        const modified = stat === undefined ? undefined : stat.mtimeMs - offset;
        return { lastEvent, modified, size: stat?.size ?? 0, sizeBefore: sizeBefore(state, file) };
      }),
    );
    const wait = untilQuiet(pending, now);
    return wait > 0 ? wait : this.#heldByGit();
  }

  #heldReason = '';

  #heldByGit(): number {
    const reason = [...this.#gitFolders].map(gitInProgress).find((found) => found !== undefined) ?? '';
    if (reason !== this.#heldReason && reason !== '') this.#emit({ event: 'held', reason });
    this.#heldReason = reason;
    return reason === '' ? 0 : 50;
  }

  #take(): readonly Pending[] {
    return this.#states
      .filter((state) => state.dirty.size > 0)
      .map((state) => {
        const files = [...state.dirty.keys()];
        const since = state.firstEvent ?? performance.now();
        state.dirty.clear();
        state.firstEvent = undefined;
        for (const file of files) state.taken.set(file, signature(state.plugin.dir, file));
        return { state, files, since };
      });
  }

  /** Stages and applies one batch. */
  async #bring(pending: readonly Pending[]): Promise<void> {
    const id = this.#batch + 1;
    const entries: BatchEntry[] = [];
    for (const { state, files, since } of pending) {
      const change = await realChange(state, files);
      if (change === undefined) continue;
      this.#batch = id;
      this.#emit({ event: 'batch', id, plugin: state.plugin.id, files: change.files });
      const stage = await stageChange(state, id, change, this.#emit);
      if (stage === undefined || !(await this.#looksRight(id, state, stage))) state.broken = true;
      else entries.push({ state, stage, since });
    }
    if (entries.length > 0) await this.#apply(id, entries);
    this.#lookAgain(pending);
  }

  /**
   * Shows what the change makes, before the target has it. On the embedded stack, where the same Python serves,
   * what is certain to fail there never reaches it.
   */
  async #looksRight(id: number, { plugin }: PluginState, stage: Stage): Promise<boolean> {
    const findings = await this.#offline.look(id, { plugin, tree: stage.tree });
    if (findings.length === 0) return true;
    if (this.#options.target === 'embedded') {
      this.#emit({ event: 'failed', id, plugin: plugin.id, findings });
      return false;
    }
    for (const finding of findings) this.#emit({ event: 'finding', plugin: plugin.id, ...finding });
    return true;
  }

  /** The fast path learns from the past: once all is quiet, a full stage says whether it was right. */
  async #prove(): Promise<void> {
    for (const state of this.#states.filter(({ unproven, broken }) => unproven && !broken)) {
      const stage = await this.#unlessChanged(proveStage(state));
      if (stage === undefined || state.dirty.size > 0) return;
      state.unproven = false;
      const { put, removed } = diffTrees(state.stage?.tree ?? new Map(), stage.tree);
      state.stage = stage;
      if (put.length + removed.length === 0) continue;
      this.#batch += 1;
      this.#emit({
        event: 'held',
        reason: `${state.plugin.id}: the full stage differs from the fast one; bringing it`,
      });
      await this.#apply(this.#batch, [{ state, stage, since: performance.now() }]);
    }
  }

  /** Waits for work that a new change makes worthless; undefined when one came first. */
  async #unlessChanged<T>(work: Promise<T>): Promise<T | undefined> {
    let ended = false;
    const end = (): void => {
      ended = true;
      this.#wake();
    };
    void work.then(end, end);
    while (!ended) {
      if (this.#signal.aborted || this.#states.some((state) => state.dirty.size > 0)) return undefined;
      await this.#pause(Number.POSITIVE_INFINITY);
    }
    return await work;
  }

  /** Applies one batch; a target that is lost in the middle is reached again. */
  async #apply(id: number, entries: readonly BatchEntry[]): Promise<void> {
    try {
      if (this.#session === undefined) return;
      await runBatch(this.#session, id, entries, { keepBroken: this.#options.keepBroken }, this.#emit);
    } catch (error) {
      if (!(error instanceof UserError) || error.exit !== EXIT.unreachable || this.#options.once) throw error;
      this.#emit({ event: 'held', reason: error.message });
      await this.#reconnect();
      if (this.#signal.aborted) return;
      // the target took the cut-off batch back when it was opened again, so nothing is done twice
      await this.#apply(id, entries);
    }
  }

  async #reconnect(): Promise<void> {
    await this.#session?.target.close();
    this.#session = undefined;
    for (let attempt = 0; !this.#signal.aborted; attempt += 1) {
      await this.#pause(BACK_OFF[Math.min(attempt, BACK_OFF.length - 1)] ?? 1000);
      try {
        this.#session = await this.#connect();
        return;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        this.#emit({ event: 'held', reason: messageOf(error) });
      }
    }
  }

  /** The watcher may drop the second of two quick writes, so what was taken is compared once more. */
  #lookAgain(pending: readonly Pending[]): void {
    const compare = (): void => {
      for (const { state, files } of pending) for (const file of files) this.#changed(state.plugin, file);
    };
    compare();
    setTimeout(compare, 80).unref();
  }

  /** Waits, at most `ms`, for a change or the signal. Answers whether the time passed with neither. */
  async #pause(ms: number): Promise<boolean> {
    if (this.#signal.aborted) return false;
    return await new Promise<boolean>((resolve) => {
      const end = (idle: boolean): void => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', wake);
        this.#wake = (): void => undefined;
        resolve(idle);
      };
      const wake = (): void => end(false);
      const timer = Number.isFinite(ms) ? setTimeout(() => end(true), ms) : undefined;
      this.#wake = wake;
      this.#signal.addEventListener('abort', wake);
    });
  }

  async #end(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    try {
      if (this.#options.clean) await restoreTarget(session);
    } finally {
      await closeSession(session);
    }
  }

  #remember(event: LoopEvent): void {
    if (event.event === 'failed') this.#failing.add(event.plugin);
    if (event.event === 'verified') this.#failing.delete(event.plugin);
  }
}

interface Pending {
  readonly state: PluginState;
  readonly files: readonly string[];
  readonly since: number;
}

function sizeBefore(state: PluginState, file: string): number | undefined {
  return state.stage?.sources.get(file)?.bytes.length;
}
