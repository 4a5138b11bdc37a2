import { halfDoneReason } from '../edits/half-done.ts';
import type { Finding } from '../findings/finding.ts';
import { EXIT, type ExitCode } from '../support/errors.ts';
import { giveBackMemory } from '../support/memory.ts';
import type { Settings } from '../settings/settings.ts';
import { ClearLater } from '../stage/clear-later.ts';
import { QUIT, type LoopCommand, type LoopControl } from './control.ts';
import { Delivery } from './delivery.ts';
import { withRemedies, type Emit } from './events.ts';
import { Hooks } from './hooks.ts';
import { Members, markOf } from './members.ts';
import { OfflineLook } from './offline-look.ts';
import { takeChanges, type BatchEntry, type Pending } from './pending.ts';
import { proveStages } from './proof.ts';
import { Gate } from './readiness.ts';
import { Rest } from './rest.ts';
import { Review } from './review.ts';
import { SecondChance } from './second-chance.ts';
import { stageGrowing } from './stage-growing.ts';
import { isOther, refuse } from './staging.ts';
import { Tally } from './tally.ts';
import { TestRuns } from './test-runs.ts';

export interface LoopOptions {
  readonly paths: readonly string[];
  readonly target: string;
  /** A command that prints a token for the services of the target. */
  readonly tokenCommand?: string;
  /** Project folder that holds the embedded stack; the current folder by default. */
  readonly folder?: string;
  /** The project's wdev.yml; empty by default. */
  readonly settings?: Settings;
  /** Whether the person agreed to what a plugin's own wdev.yml runs on this machine; yes by default. */
  readonly mayRun?: (dir: string, settings: Settings) => boolean;
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
  /** Run the plugins' own tests after each verified batch; false by default. */
  readonly test?: boolean;
  /** Commands of the person at the keyboard. */
  readonly control?: LoopControl;
}

/** Quiet time after a save before it is looked at more closely, in milliseconds. */
const QUIET = 400;

/** The number of plugins in a batch from which on its memory is worth giving back. */
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

/** Wires the steps of a save together. What is known of plugins is in state.ts; nothing is known here. */
class Loop {
  readonly #options: LoopOptions;
  readonly #settings: Settings;
  readonly #emit: Emit;
  readonly #signal: AbortSignal;
  readonly #members: Members;
  readonly #delivery: Delivery;
  readonly #gate: Gate;
  readonly #hooks: Hooks;
  readonly #rest: Rest;
  readonly #commands: LoopCommand[] = [];
  readonly #tally = new Tally();
  readonly #clearing = new ClearLater();
  readonly #chance = new SecondChance();
  readonly #offline = new OfflineLook((event) => this.#emit(event));
  readonly #tests: TestRuns | undefined;
  readonly #review = new Review((event) => this.#emit(event));

  constructor(options: LoopOptions, emit: Emit, signal: AbortSignal) {
    const { paths, poll, folder, settings = {}, mayRun = () => true } = options;
    this.#options = options;
    this.#settings = settings;
    this.#signal = signal;
    this.#rest = new Rest(signal);
    this.#emit = (given) => {
      const event = withRemedies(given);
      this.#tally.hear(event);
      this.#review.hear(event);
      this.#chance.hear(event);
      emit(event);
      this.#tests?.hear(event);
    };
    const wake = (): void => this.#rest.wake();
    const states = (): Members['states'] => this.#members.states;
    const shared = { settings, emit: this.#emit, signal, rest: this.#rest };
    if (options.test === true)
      this.#tests = new TestRuns({ ...options, states, emit: (event) => this.#emit(event) });
    this.#hooks = new Hooks(settings.hooks, folder ?? process.cwd(), signal);
    this.#gate = new Gate(this.#emit, settings.quiet);
    this.#delivery = new Delivery({
      ...options,
      ...shared,
      states,
      onReached: () => this.#bringAgain(this.#chance.forTarget(), 'the target is back'),
    });
    this.#members = new Members({ paths, poll, settings, mayRun, emit: this.#emit, wake });
    options.control?.listen((command) => {
      this.#commands.push(command);
      wake();
    });
  }

  async run(): Promise<ExitCode> {
    await this.#delivery.open();
    try {
      if (!this.#options.once) this.#members.watch();
      const plugins = this.#members.states.map(({ plugin }) => plugin.id);
      this.#emit({ event: 'ready', plugins, target: this.#options.target });
      await this.#bringAll(false);
      if (this.#options.once) {
        await this.#review.run(this.#members.states, this.#delivery.contexts, () => false);
        await this.#tests?.done();
      } else await this.#serve();
    } finally {
      this.#members.close();
      await this.#tests?.close();
      await this.#offline.close();
      await this.#delivery.end(this.#options.clean);
    }
    this.#emit({ event: 'stopped', reason: this.#reason() });
    return this.#tally.isFailing ? EXIT.failed : EXIT.done;
  }

  #reason(): 'done' | 'quit' | 'interrupted' {
    if (!this.#signal.aborted) return 'done';
    return this.#signal.reason === QUIT ? 'quit' : 'interrupted';
  }

  #hold(reason: string, plugins?: readonly string[]): void {
    this.#emit({ event: 'held', reason, ...(plugins === undefined ? {} : { plugins }) });
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
      const wait = this.#gate.wait(this.#members.states, this.#members.gitFolders);
      if (wait === 0) await this.#bring(takeChanges(this.#members.states));
      else await this.#idle(wait);
    }
  }

  /**
   * Waits; when nothing happens meanwhile, restarted services are looked at again, the last saves are read, and
   * the fast path's result is proven.
   */
  async #idle(wait: number): Promise<void> {
    const { states } = this.#members;
    const unproven = states.some(({ isUnproven }) => isUnproven);
    const due = unproven || this.#review.isDue;
    const isSoon = due || this.#delivery.isLookDue || this.#chance.isUnsure(states);
    const look = isSoon ? QUIET : Math.min(this.#delivery.untilLook, this.#chance.wait);
    const idle = await this.#rest.for(wait <= QUIET ? wait : Math.min(wait, look));
    if (!idle || wait <= QUIET) return;
    await this.#delivery.look();
    await this.#giveChances();
    if (!due) return;
    await this.#read();
    if (unproven) await this.#prove();
  }

  /** Brings saves again that failed for a reason that has passed. */
  async #giveChances(): Promise<void> {
    const askUptime = async (): Promise<number | undefined> => await this.#delivery.askUptime();
    this.#bringAgain(await this.#chance.forAsterisk(askUptime), 'Asterisk answers again');
    const written = await this.#chance.forWriting(this.#members.states);
    for (const [state, files] of written) this.#members.note(state, files);
  }

  #bringAgain(ids: readonly string[], why: string): void {
    const states = this.#members.states.filter(({ plugin }) => ids.includes(plugin.id));
    if (states.length === 0) return;
    this.#hold(`${why}: installing ${states.map(({ plugin }) => plugin.id).join(', ')} again`);
    for (const state of states) this.#members.note(state, [markOf(state.plugin)]);
  }

  /** A save that comes meanwhile does not wait for what the rules say of the one before. */
  async #read(): Promise<void> {
    if (!this.#review.isDue) return;
    const isWoken = (): boolean => this.#members.states.some(({ changes }) => changes.waiting.size > 0);
    await this.#rest.unlessWoken(this.#review.run(this.#members.states, this.#delivery.contexts, isWoken));
  }

  async #prove(): Promise<void> {
    await proveStages(this.#members.states, this.#rest, async (state, stage) => {
      this.#hold(`${state.plugin.id}: the full stage differs from the fast one; installing it`);
      const entry = { state, stage, proven: true, since: performance.now(), force: false };
      await this.#delivery.apply(this.#tally.take(), [entry]);
    });
  }

  async #obey(command: LoopCommand): Promise<void> {
    switch (command) {
      case 'reload':
        return await this.#bringAll(true);
      case 'reinstall':
        await this.#delivery.empty();
        await this.#bringAll(true);
        return await this.#delivery.bringLastGood(this.#tally.take());
      case 'roll-back':
        return await this.#rollBack();
      case 'logs':
        return await this.#delivery.showLogs();
      case 'pause':
        return this.#gate.pause();
    }
  }

  /** Puts the version before the last one on the target; the next save brings the sources again. */
  async #rollBack(): Promise<void> {
    const entries = this.#members.states.flatMap((state): readonly BatchEntry[] => {
      const { previous: stage } = state;
      return stage === undefined
        ? []
        : [{ state, stage, proven: true, since: performance.now(), force: false }];
    });
    if (entries.length === 0) return this.#hold('no earlier install to go back to');
    const plugins = entries.map(({ state }) => state.plugin.id);
    this.#hold(`undoing the last install: ${plugins.join(', ')}`);
    await this.#delivery.apply(this.#tally.take(), entries);
    // of others it was told why not
    const back = entries.filter(({ state, stage }) => state.condition.is === 'live' && state.stage === stage);
    for (const { state } of back) state.report({ happened: 'rolled-back' });
    if (back.length === 0) return;
    const names = back.map(({ state }) => state.plugin.id);
    this.#hold('rolled back; the next save, or r, installs your files again', names);
  }

  /** Brings every plugin to the target; with `force` also what stands there unchanged. */
  async #bringAll(force: boolean): Promise<void> {
    const since = performance.now();
    const { states } = this.#members;
    const half = states
      .map(({ plugin }) => halfDoneReason(plugin.dir))
      .find((reason) => reason !== undefined);
    if (half !== undefined) return this.#hold(half);
    if (force) for (const state of states) state.report({ happened: 'asked' });
    await this.#bring(states.map((state) => ({ state, files: [], since, force })));
  }

  /** Stages and applies one batch. */
  async #bring(changed: readonly Pending[]): Promise<void> {
    if (this.#delivery.isLookDue) await this.#delivery.look();
    const take = (): readonly Pending[] => takeChanges(this.#members.states);
    const { pending, failed } = await this.#hooks.before(changed, take);
    if (this.#signal.aborted) return;
    const id = this.#tally.next;
    if (failed !== undefined) {
      for (const { state, files } of pending)
        this.#emit({ event: 'batch', id, plugin: state.plugin.id, files });
      return this.#refuse(id, pending, failed);
    }
    const grows = this.#settings.hooks?.before === undefined;
    const entries = await stageGrowing(pending, grows ? this.#members.states : [], {
      id,
      emit: this.#emit,
      signal: this.#signal,
      offline: this.#offline,
      refuses: this.#options.target === 'embedded',
      clearing: this.#clearing,
    });
    this.#members.watchKept(pending.map(({ state }) => state));
    if (entries === undefined) return this.#clearing.clear();
    if (entries.length > 0 && !this.#signal.aborted) {
      await this.#delivery.apply(id, entries);
      const after = await this.#hooks.after();
      if (after !== undefined) this.#refuse(id, entries, after);
    }
    this.#clearing.clear();
    this.#lookAgain(pending);
    if (pending.length > MANY) setTimeout(giveBackMemory, QUIET).unref();
  }

  #refuse(id: number, concerned: readonly Pick<Pending, 'state'>[], finding: Finding): void {
    for (const { state } of concerned) refuse(id, state, [finding], this.#emit);
  }

  /**
   * The second of two quick writes may come while the first one is staged, and leave all that a file is told apart by
   * as it was: so what was taken is compared once more, and then read.
   */
  #lookAgain(pending: readonly Pending[]): void {
    for (const { state, files } of pending)
      for (const file of files) this.#members.changed(state.plugin.dir, file);
    const read = (): void => {
      for (const { state, files } of pending) {
        const other = files.filter((file) => isOther(state, file));
        if (other.length > 0) this.#members.note(state, other);
      }
    };
    setTimeout(read, 80).unref();
  }
}
