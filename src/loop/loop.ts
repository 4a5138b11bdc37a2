import { EXIT, UserError, type ExitCode } from '../support/errors.ts';
import { effectLabel } from '../plan/effect.ts';
import { discoverPlugins } from '../plugin/discover.ts';
import type { Plugin } from '../plugin/plugin.ts';
import type { Finding } from '../support/finding.ts';
import { readSettings, type Settings } from '../settings/settings.ts';
import type { Stage } from '../stage/stage.ts';
import { diffTrees } from '../stage/tree.ts';
import { restoreTarget } from '../target/restore.ts';
import { closeSession, type Session } from '../target/session.ts';
import { runBatch, type BatchEntry, type BatchOptions } from './batch.ts';
import { connect, reconnect, type ConnectOptions } from './connection.ts';
import type { LoopCommand, LoopControl } from './control.ts';
import { recentLogs } from './recent-logs.ts';
import type { Emit, LoopEvent } from './events.ts';
import { gitFolder } from './git-hold.ts';
import { runHooks } from './hooks.ts';
import { OfflineLook } from './offline-look.ts';
import { newState, signature, takeChanges, type Pending, type PluginState } from './plugin-state.ts';
import { readiness } from './readiness.ts';
import { Rest } from './rest.ts';
import { Review } from './review.ts';
import { proveStage, realChange, refuse, stageChange } from './staging.ts';
import { watchPlugins } from './watcher.ts';

export interface LoopOptions {
  readonly paths: readonly string[];
  readonly target: string;
  /** Project folder that holds the embedded stack; the current folder by default. */
  readonly folder?: string;
  /** What the project's wdev.yml says; nothing by default. */
  readonly settings?: Settings;
  /** Bring the plugins to the target once and end. */
  readonly once: boolean;
  /** Take the plugins off the target again at the end. */
  readonly clean: boolean;
  /** Leave what failed verification on the target. */
  readonly keepBroken: boolean;
  /** Look at the files at intervals instead of waiting for the system's events. */
  readonly poll: boolean;
  /** Stage and plan, but leave the target as it is; false by default. */
  readonly dryRun?: boolean;
  /** Commands of the person at the keyboard. */
  readonly control?: LoopControl;
}

/** Quiet time after a save before it is looked at more closely, in milliseconds. */
const QUIET = 400;

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
  return await new Loop(plugins, options, emit, signal).run();
}

class Loop {
  readonly #options: LoopOptions;
  readonly #settings: Settings;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #states: readonly PluginState[];
  readonly #failing = new Set<string>();
  readonly #gitFolders = new Set<string>();
  readonly #commands: LoopCommand[] = [];
  readonly #rest: Rest;
  readonly #offline = new OfflineLook((event) => this.#emit(event));
  readonly #review = new Review((plugin, finding) => this.#emit({ event: 'finding', plugin, ...finding }));
  #session: Session | undefined;
  #batch = 0;
  #paused = false;
  #held = '';

  constructor(plugins: readonly Plugin[], options: LoopOptions, emit: Emit, signal: AbortSignal) {
    this.#options = options;
    this.#settings = options.settings ?? {};
    this.#signal = signal;
    this.#rest = new Rest(signal);
    this.#states = plugins.map((plugin) => newState(plugin, readSettings(plugin.dir)));
    this.#emit = (event) => {
      this.#remember(event);
      emit(event);
    };
    options.control?.listen((command) => {
      this.#commands.push(command);
      this.#rest.wake();
    });
  }

  async run(): Promise<ExitCode> {
    this.#session = await connect(this.#connectOptions());
    let stopWatching = async (): Promise<void> => undefined;
    try {
      if (!this.#options.once) stopWatching = await this.#watch();
      const plugins = this.#states.map(({ plugin }) => plugin.id);
      this.#emit({ event: 'ready', plugins, target: this.#options.target });
      await this.#bringAll(false);
      if (!this.#options.once) await this.#serve();
    } finally {
      await stopWatching();
      await this.#offline.close();
      await this.#end();
    }
    this.#emit({ event: 'stopped', reason: this.#options.once ? 'done' : 'interrupted' });
    return this.#failing.size > 0 ? EXIT.failed : EXIT.done;
  }

  #connectOptions(): ConnectOptions {
    const { target, folder } = this.#options;
    return { target, say: (reason) => this.#hold(reason), ...(folder === undefined ? {} : { folder }) };
  }

  #hold(reason: string): void {
    this.#emit({ event: 'held', reason });
  }

  async #watch(): Promise<() => Promise<void>> {
    for (const { plugin } of this.#states) {
      const folder = gitFolder(plugin.dir);
      if (folder !== undefined) this.#gitFolders.add(folder);
    }
    const plugins = this.#states.map(({ plugin }) => plugin);
    return await watchPlugins(plugins, {
      poll: this.#options.poll,
      ignore: this.#settings.ignore ?? [],
      onChange: (plugin, file) => this.#changed(plugin, file),
      onProblem: (reason) => this.#hold(reason),
    });
  }

  #changed(plugin: Plugin, file: string): void {
    const state = this.#states.find((entry) => entry.plugin === plugin);
    if (state === undefined || state.taken.get(file) === signature(plugin.dir, file)) return;
    state.dirty.set(file, performance.now());
    state.firstEvent ??= performance.now();
    this.#rest.wake();
  }

  /** Brings every plugin to the target; with `force` also what stands there unchanged. */
  async #bringAll(force: boolean): Promise<void> {
    const since = performance.now();
    await this.#bring(this.#states.map((state) => ({ state, files: [], since, force })));
  }

  /** Waits for changes and commands, and brings them to the target, until the signal. */
  async #serve(): Promise<void> {
    while (!this.#signal.aborted) {
      const command = this.#commands.shift();
      if (command !== undefined) {
        await this.#obey(command);
        continue;
      }
      const { wait, held = '' } = this.#paused
        ? { wait: Number.POSITIVE_INFINITY }
        : readiness(this.#states, this.#gitFolders, this.#settings.quiet);
      if (held !== '' && held !== this.#held) this.#hold(held);
      this.#held = held;
      if (wait === 0) await this.#bring(takeChanges(this.#states));
      else await this.#idle(wait);
    }
  }

  /** Waits; when nothing happens meanwhile, the last saves are read, and the fast path's result is proven. */
  async #idle(wait: number): Promise<void> {
    const unproven = this.#states.some((state) => state.unproven && !state.broken);
    const due = unproven || this.#review.isDue;
    const idle = await this.#rest.for(due ? Math.min(wait, QUIET) : wait);
    if (!idle || !due || wait <= QUIET) return;
    await this.#read();
    if (unproven) await this.#prove();
  }

  /** A save that comes meanwhile does not wait for what the rules say of the one before. */
  async #read(): Promise<void> {
    if (!this.#review.isDue) return;
    const isWoken = (): boolean => this.#states.some(({ dirty }) => dirty.size > 0);
    await this.#rest.unlessWoken(this.#review.run(this.#states, isWoken));
  }

  async #obey(command: LoopCommand): Promise<void> {
    switch (command) {
      case 'reload':
        for (const state of this.#states) state.broken = true;
        return await this.#bringAll(true);
      case 'reinstall':
        if (this.#session !== undefined) await restoreTarget(this.#session);
        for (const state of this.#states) state.broken = true;
        return await this.#bringAll(true);
      case 'roll-back':
        return await this.#rollBack();
      case 'logs':
        if (this.#session !== undefined) this.#emit({ event: 'log', lines: await recentLogs(this.#session) });
        return;
      case 'pause':
        this.#paused = !this.#paused;
        return this.#hold(this.#paused ? 'paused: changes wait until p is pressed again' : 'going on');
    }
  }

  /** Puts the version before the last one on the target; the next save brings the sources again. */
  async #rollBack(): Promise<void> {
    const entries = this.#states.flatMap((state) =>
      state.previous === undefined
        ? []
        : [{ state, stage: state.previous, since: performance.now(), force: false }],
    );
    if (entries.length === 0) return this.#hold('there is no version before this one');
    this.#batch += 1;
    await this.#apply(this.#batch, entries);
    // the sources differ from what is live now, so the next save stages in full
    for (const { state } of entries) state.broken = true;
  }

  /** Stages and applies one batch. */
  async #bring(pending: readonly Pending[]): Promise<void> {
    const id = this.#batch + 1;
    const entries: BatchEntry[] = [];
    const refused = await this.#hooks('before');
    for (const { state, files, since, force } of pending) {
      if (this.#signal.aborted) return;
      const change = await realChange(state, files);
      if (change === undefined) continue;
      this.#batch = id;
      this.#emit({ event: 'batch', id, plugin: state.plugin.id, files: change.files });
      if (refuse(id, state, refused, this.#emit)) continue;
      const stage = await stageChange(state, id, change, this.#emit, this.#options.target === 'embedded');
      if (stage !== undefined && (await this.#looksRight(id, state, stage)))
        entries.push({ state, stage, since, force });
    }
    if (entries.length > 0) {
      await this.#apply(id, entries);
      const after = await this.#hooks('after');
      for (const { state } of entries) refuse(id, state, after, this.#emit);
    }
    this.#lookAgain(pending);
  }

  async #hooks(when: 'before' | 'after'): Promise<readonly Finding[]> {
    return await runHooks(this.#settings.hooks?.[when], when, this.#options.folder ?? process.cwd());
  }

  /**
   * Shows what the change makes, before the target has it. On the embedded stack, where the same Python serves,
   * what is certain to fail there never reaches it.
   */
  async #looksRight(id: number, state: PluginState, stage: Stage): Promise<boolean> {
    const { plugin } = state;
    const findings = await this.#offline.look(id, { plugin, tree: stage.tree });
    if (this.#options.target === 'embedded') return !refuse(id, state, findings, this.#emit);
    for (const finding of findings) this.#emit({ event: 'finding', plugin: plugin.id, ...finding });
    return true;
  }

  /**
   * The fast path learns from the past: once all is quiet, a full stage says whether it was right. A save that
   * comes meanwhile does not wait for it; there will be another proof.
   */
  async #prove(): Promise<void> {
    for (const state of this.#states.filter(({ unproven, broken }) => unproven && !broken)) {
      const stage = await this.#rest.unlessWoken(proveStage(state));
      if (stage === undefined || state.dirty.size > 0) return;
      state.unproven = false;
      const { put, removed } = diffTrees(state.stage?.tree ?? new Map(), stage.tree);
      state.stage = stage;
      if (put.length + removed.length === 0) continue;
      this.#batch += 1;
      this.#hold(`${state.plugin.id}: the full stage differs from the fast one; bringing it`);
      await this.#apply(this.#batch, [{ state, stage, since: performance.now(), force: false }]);
    }
  }

  /** Applies one batch; a target that is lost in the middle is reached again. */
  async #apply(id: number, entries: readonly BatchEntry[]): Promise<void> {
    try {
      if (this.#session !== undefined)
        await runBatch(this.#session, id, entries, this.#batchOptions(), this.#emit);
    } catch (error) {
      if (!(error instanceof UserError) || error.exit !== EXIT.unreachable || this.#options.once) throw error;
      this.#hold(error.message);
      await this.#session?.target.close();
      const over = (): boolean => this.#signal.aborted;
      this.#session = await reconnect(
        this.#connectOptions(),
        async (ms) => void (await this.#rest.for(ms)),
        over,
      );
      // the target took the cut-off batch back when it was opened again, so nothing is done twice
      if (this.#session !== undefined) await this.#apply(id, entries);
    }
  }

  #batchOptions(): BatchOptions {
    const { keepBroken, dryRun } = this.#options;
    return {
      keepBroken,
      dryRun: dryRun === true,
      calls: this.#settings.calls ?? 'now',
      reload: [
        ...this.#states.flatMap(({ settings }) => settings.reload ?? []),
        ...(this.#settings.reload ?? []),
      ],
      after: new Map(this.#states.map(({ plugin, settings }) => [plugin.id, settings.after ?? []])),
      signal: this.#signal,
    };
  }

  /** The watcher may drop the second of two quick writes, so what was taken is compared once more. */
  #lookAgain(pending: readonly Pending[]): void {
    const compare = (): void => {
      for (const { state, files } of pending) for (const file of files) this.#changed(state.plugin, file);
    };
    compare();
    setTimeout(compare, 80).unref();
  }

  async #end(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    try {
      if (!this.#options.clean) return;
      const { paths, plan, left } = await restoreTarget(session);
      for (const finding of left) this.#emit({ event: 'finding', plugin: '', ...finding });
      this.#emit({
        event: 'restored',
        paths,
        actions: plan.effects.map(({ effect }) => effectLabel(effect)),
      });
    } finally {
      await closeSession(session);
    }
  }

  #remember(event: LoopEvent): void {
    if (event.event === 'failed') this.#failing.add(event.plugin);
    if (event.event === 'verified') this.#failing.delete(event.plugin);
    this.#review.hear(event);
  }
}
