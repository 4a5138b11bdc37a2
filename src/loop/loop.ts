import type { Finding } from '../findings/finding.ts';
import { EXIT, UserError, type ExitCode } from '../support/errors.ts';
import { giveBackMemory } from '../support/memory.ts';
import { effectLabel } from '../wazo/effect.ts';
import type { Settings } from '../settings/settings.ts';
import { ClearLater } from '../stage/clear-later.ts';
import { diffTrees } from '../stage/tree.ts';
import { restoreTarget } from '../targets/restore.ts';
import { closeSession, type Session } from '../targets/session.ts';
import { runBatch, type BatchEntry } from './batch.ts';
import { batchOptions } from './batch-options.ts';
import { bringLastGood, type BringBackOptions } from './bring-back.ts';
import { connect, reconnect, type ConnectOptions } from './connection.ts';
import { QUIT, type LoopCommand, type LoopControl } from './control.ts';
import { recentLogs } from './recent-logs.ts';
import type { Emit, LoopEvent } from './events.ts';
import { Hooks } from './hooks.ts';
import { OfflineLook } from './offline-look.ts';
import { Members } from './members.ts';
import { takeChanges, type Pending } from './plugin-state.ts';
import { pausedReadiness, readiness } from './readiness.ts';
import { Rest } from './rest.ts';
import { Review } from './review.ts';
import { SecondLook } from './second-look.ts';
import { stageGrowing } from './stage-growing.ts';
import { proveStage, refuse } from './staging.ts';

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

/** What so many plugins took of memory in a batch is worth giving back. */
const MANY = 20;

/**
 * The dev loop: stages what changed, brings it to the target, verifies it, and tells each step as an event.
 * Ends when `signal` is aborted, or after the first batch with `once`.
 * @returns 0 when all was well at the end, 1 when the last word on a plugin was `failed`
 * @throws UserError for wrong use and for a target out of reach at the start
 */
export async function runLoop(options: LoopOptions, emit: Emit, signal: AbortSignal): Promise<ExitCode> {
  return await new Loop(options, emit, signal).run();
}

class Loop {
  readonly #options: LoopOptions;
  readonly #settings: Settings;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #members: Members;
  readonly #failing = new Set<string>();
  readonly #commands: LoopCommand[] = [];
  readonly #rest: Rest;
  readonly #offline = new OfflineLook((event) => this.#emit(event));
  readonly #review = new Review((plugin, finding) => this.#emit({ event: 'finding', plugin, ...finding }));
  readonly #back: BringBackOptions;
  readonly #secondLook: SecondLook;
  readonly #hooks: Hooks;
  readonly #clearing = new ClearLater();
  #session: Session | undefined;
  #batch = 0;
  #paused = false;
  #held = '';

  constructor(options: LoopOptions, emit: Emit, signal: AbortSignal) {
    this.#options = options;
    this.#settings = options.settings ?? {};
    this.#signal = signal;
    this.#rest = new Rest(signal);
    this.#hooks = new Hooks(this.#settings.hooks, options.folder ?? process.cwd(), signal);
    this.#emit = (event) => {
      this.#remember(event);
      emit(event);
    };
    const { paths, poll, keepBroken } = options;
    const apply: BringBackOptions['apply'] = async (id, entries, tell) =>
      await this.#apply(id, entries, tell);
    this.#back = { emit: this.#emit, keepBroken, apply };
    this.#secondLook = new SecondLook(this.#back);
    const wake = (): void => this.#rest.wake();
    this.#members = new Members({ paths, poll, settings: this.#settings, emit: this.#emit, wake });
    options.control?.listen((command) => {
      this.#commands.push(command);
      this.#rest.wake();
    });
  }

  async run(): Promise<ExitCode> {
    this.#session = await connect(this.#connectOptions());
    try {
      if (!this.#options.once) await this.#members.watch();
      const plugins = this.#members.states.map(({ plugin }) => plugin.id);
      this.#emit({ event: 'ready', plugins, target: this.#options.target });
      await this.#bringAll(false);
      if (!this.#options.once) await this.#serve();
    } finally {
      await this.#members.close();
      await this.#offline.close();
      await this.#end();
    }
    this.#emit({ event: 'stopped', reason: this.#reason() });
    return this.#failing.size > 0 ? EXIT.failed : EXIT.done;
  }

  #reason(): 'done' | 'quit' | 'interrupted' {
    if (!this.#signal.aborted) return 'done';
    return this.#signal.reason === QUIT ? 'quit' : 'interrupted';
  }

  #connectOptions(): ConnectOptions {
    const { target, folder } = this.#options;
    return { target, say: (reason) => this.#hold(reason), ...(folder === undefined ? {} : { folder }) };
  }

  #hold(reason: string): void {
    this.#emit({ event: 'held', reason });
  }

  /** Brings every plugin to the target; with `force` also what stands there unchanged. */
  async #bringAll(force: boolean): Promise<void> {
    const since = performance.now();
    for (const state of this.#members.states) state.broken ||= force;
    await this.#bring(this.#members.states.map((state) => ({ state, files: [], since, force })));
  }

  /** Waits for changes and commands, and brings them to the target, until the signal. */
  async #serve(): Promise<void> {
    while (!this.#signal.aborted) {
      const command = this.#commands.shift();
      if (command !== undefined) {
        await this.#obey(command);
        continue;
      }
      this.#members.meet();
      const states = this.#members.states;
      const {
        wait,
        held = '',
        waiting = [],
      } = this.#paused
        ? pausedReadiness(states)
        : readiness(states, this.#members.gitFolders, this.#settings.quiet);
      if (held !== '' && held !== this.#held) this.#emit({ event: 'held', reason: held, plugins: waiting });
      this.#held = held;
      if (wait === 0) await this.#bring(takeChanges(this.#members.states));
      else await this.#idle(wait);
    }
  }

  /**
   * Waits; when nothing happens meanwhile, restarted services are looked at again, the last saves are read, and
   * the fast path's result is proven.
   */
  async #idle(wait: number): Promise<void> {
    const unproven = this.#members.states.some((state) => state.unproven && !state.broken);
    const due = unproven || this.#review.isDue;
    const look = due || this.#secondLook.isDue ? QUIET : this.#secondLook.wait;
    const idle = await this.#rest.for(wait <= QUIET ? wait : Math.min(wait, look));
    if (!idle || wait <= QUIET) return;
    await this.#lookAtServices();
    if (!due) return;
    await this.#read();
    if (unproven) await this.#prove();
  }

  async #lookAtServices(): Promise<void> {
    if (this.#session !== undefined) await this.#secondLook.run(this.#session, this.#members.states);
  }

  /** A save that comes meanwhile does not wait for what the rules say of the one before. */
  async #read(): Promise<void> {
    if (!this.#review.isDue) return;
    const isWoken = (): boolean => this.#members.states.some(({ dirty }) => dirty.size > 0);
    await this.#rest.unlessWoken(this.#review.run(this.#members.states, isWoken));
  }

  async #obey(command: LoopCommand): Promise<void> {
    switch (command) {
      case 'reload':
        return await this.#bringAll(true);
      case 'reinstall':
        if (this.#session !== undefined) await restoreTarget(this.#session);
        await this.#bringAll(true);
        this.#batch += 1;
        return await bringLastGood(this.#batch, this.#members.states, this.#back);
      case 'roll-back':
        return await this.#rollBack();
      case 'logs':
        return await this.#showLogs();
      case 'pause':
        this.#paused = !this.#paused;
        return this.#hold(this.#paused ? 'paused: changes wait until p is pressed again' : 'going on');
    }
  }

  async #showLogs(): Promise<void> {
    const plugins = this.#members.states.map(({ plugin }) => plugin.id);
    const target = this.#session?.target;
    if (target !== undefined) this.#emit({ event: 'log', lines: await recentLogs(target, plugins) });
  }

  /** Puts the version before the last one on the target; the next save brings the sources again. */
  async #rollBack(): Promise<void> {
    const entries = this.#members.states.flatMap((state) =>
      state.previous === undefined
        ? []
        : [{ state, stage: state.previous, since: performance.now(), force: false }],
    );
    if (entries.length === 0) return this.#hold('there is no version before this one');
    const plugins = entries.map(({ state }) => state.plugin.id);
    this.#hold(`bringing back the version before this one: ${plugins.join(', ')}`);
    this.#batch += 1;
    await this.#apply(this.#batch, entries);
    // the sources differ from what is live now, so the next save stages in full
    for (const { state } of entries) state.broken = true;
    this.#emit({ event: 'held', reason: 'rolled back; the next save brings the sources again', plugins });
  }

  /** Stages and applies one batch. */
  async #bring(changed: readonly Pending[]): Promise<void> {
    if (this.#secondLook.isDue) await this.#lookAtServices();
    const take = (): readonly Pending[] => takeChanges(this.#members.states);
    const { pending, failed } = await this.#hooks.before(changed, take);
    if (this.#signal.aborted) return;
    const id = this.#batch + 1;
    if (failed !== undefined) return this.#refuse(id, pending, failed);
    const grows = this.#settings.hooks?.before === undefined;
    const states = grows ? this.#members.states : [];
    const entries = await stageGrowing(pending, states, {
      id,
      emit: this.#emit,
      signal: this.#signal,
      offline: this.#offline,
      refuses: this.#options.target === 'embedded',
      clearing: this.#clearing,
    });
    if (entries === undefined) return this.#clearing.clear();
    if (entries.length > 0 && !this.#signal.aborted) {
      await this.#apply(id, entries);
      const after = await this.#hooks.after();
      if (after !== undefined) this.#refuse(id, entries, after);
    }
    this.#clearing.clear();
    this.#lookAgain(pending);
    if (pending.length > MANY) setTimeout(giveBackMemory, QUIET).unref();
  }

  #refuse(id: number, concerned: readonly Pick<Pending, 'state'>[], finding: Finding): void {
    this.#batch = id;
    for (const { state } of concerned) refuse(id, state, [finding], this.#emit);
  }

  /**
   * The fast path learns from the past: once all is quiet, a full stage says whether it was right. A save that
   * comes meanwhile does not wait for it; there will be another proof.
   */
  async #prove(): Promise<void> {
    for (const state of this.#members.states.filter(({ unproven, broken }) => unproven && !broken)) {
      const over = new AbortController();
      const stage = await this.#rest.unlessWoken(proveStage(state, over.signal));
      over.abort();
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
  async #apply(id: number, entries: readonly BatchEntry[], emit = this.#emit): Promise<void> {
    const before = this.#secondLook.before(entries);
    try {
      if (this.#session === undefined) return;
      const options = batchOptions(this.#options, this.#settings, this.#members.states, this.#signal);
      const units = await runBatch(this.#session, id, entries, options, emit);
      this.#secondLook.keep(id, units, before);
    } catch (error) {
      if (!(error instanceof UserError) || error.exit !== EXIT.unreachable || this.#options.once) throw error;
      this.#hold(error.message);
      await this.#session?.target.close();
      this.#secondLook.forget();
      const over = (): boolean => this.#signal.aborted;
      this.#session = await reconnect(
        this.#connectOptions(),
        async (ms) => void (await this.#rest.for(ms)),
        over,
      );
      // the target took the cut-off batch back when it was opened again, so nothing is done twice
      if (this.#session !== undefined) await this.#apply(id, entries, emit);
    }
  }

  /** The watcher may drop the second of two quick writes, so what was taken is compared once more. */
  #lookAgain(pending: readonly Pending[]): void {
    const compare = (): void => {
      for (const { state, files } of pending)
        for (const file of files) this.#members.changed(state.plugin.dir, file);
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
    if (event.event === 'batch') this.#batch = event.id;
    if (event.event === 'failed') this.#failing.add(event.plugin);
    if (event.event === 'verified') this.#failing.delete(event.plugin);
    this.#review.hear(event);
  }
}
