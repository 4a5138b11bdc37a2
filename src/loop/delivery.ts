import { EXIT, UserError } from '../support/errors.ts';
import { effectLabel } from '../effects/registry.ts';
import type { Settings } from '../settings/settings.ts';
import { restoreVerified } from '../status/restored.ts';
import { restoreTarget } from '../targets/restore.ts';
import { closeSession, type Session } from '../targets/session.ts';
import { uptimeOfAsterisk } from '../targets/uptime.ts';
import { runBatch, type BatchOptions } from './batch.ts';
import type { BatchEntry } from './pending.ts';
import { batchOptions } from './batch-options.ts';
import { bringLastGood, type BringBackOptions } from './bring-back.ts';
import { connect, reconnect, type ConnectOptions } from './connection.ts';
import type { Emit } from './events.ts';
import { recentLogs } from './recent-logs.ts';
import type { Rest } from './rest.ts';
import { SecondLook } from './second-look.ts';
import type { PluginState } from './state.ts';

export interface DeliveryOptions {
  readonly target: string;
  readonly tokenCommand?: string;
  readonly folder?: string;
  readonly once: boolean;
  readonly keepBroken: boolean;
  readonly dryRun?: boolean;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly rest: Rest;
  readonly emit: Emit;
  /** All plugins of the loop. */
  readonly states: () => readonly PluginState[];
  /** Told when the target was lost, and is there again. */
  readonly onReached: () => void;
}

/** The loop's side of its target: one session, reached again when it is lost, through which batches go. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #back: BringBackOptions;
  readonly #secondLook: SecondLook;
  #session: Session | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const { emit, keepBroken } = options;
    this.#back = {
      emit,
      keepBroken,
      apply: async (id, entries, tell) => await this.apply(id, entries, tell),
    };
    this.#secondLook = new SecondLook(this.#back);
  }

  /** Contexts that the target's Asterisk was seen to have. */
  get contexts(): ReadonlySet<string> {
    return this.#session?.contexts ?? new Set();
  }

  /** @throws UserError when the target is out of reach */
  async open(): Promise<void> {
    this.#session = await connect(this.#connectOptions());
  }

  /** Lets the target go; with `clean` as it was before wdev. */
  async end(clean: boolean): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    try {
      if (clean) await this.#giveBack(session);
    } finally {
      await closeSession(session);
    }
  }

  async #giveBack(session: Session): Promise<void> {
    const { emit } = this.#options;
    const { paths, plan, findings } = await restoreVerified(session);
    for (const finding of findings) emit({ event: 'finding', plugin: '', ...finding });
    const actions = plan.effects.map(({ effect }) => effectLabel(effect));
    emit({ event: 'restored', paths, actions });
  }

  #connectOptions(): ConnectOptions {
    const { target, folder, tokenCommand, emit } = this.#options;
    const say = (reason: string): void => emit({ event: 'held', reason });
    return {
      target,
      say,
      ...(folder === undefined ? {} : { folder }),
      ...(tokenCommand === undefined ? {} : { tokenCommand }),
    };
  }

  /** Applies one batch; a target that is lost in the middle is reached again. */
  async apply(id: number, entries: readonly BatchEntry[], emit = this.#options.emit): Promise<void> {
    const { settings, signal, once, states } = this.#options;
    const before = new Map(this.#secondLook.before(entries));
    try {
      if (this.#session === undefined) return;
      const options: BatchOptions = {
        ...batchOptions(this.#options, settings, states(), signal),
        onServed: (plugin, stage) => before.set(plugin, { stage, previous: undefined }),
      };
      const verified: string[] = [];
      const units = await runBatch(this.#session, id, entries, options, (event) => {
        if (event.event === 'verified' && emit === this.#options.emit) verified.push(event.plugin);
        emit(event);
      });
      // once, the batch itself has waited
      this.#secondLook.keep(id, once ? [] : units, before, verified);
    } catch (error) {
      if (!(error instanceof UserError) || error.exit !== EXIT.unreachable || once) throw error;
      await this.#reach(error);
      // the target took the cut-off batch back when it was opened again, so nothing is done twice
      if (this.#session !== undefined) await this.apply(id, entries, emit);
    }
  }

  async #reach({ message }: UserError): Promise<void> {
    const { signal, rest, emit } = this.#options;
    emit({ event: 'held', reason: message });
    await this.#session?.target.close();
    this.#secondLook.forget();
    const pause = async (ms: number): Promise<void> => void (await rest.for(ms));
    this.#session = await reconnect(this.#connectOptions(), pause, () => signal.aborted);
    this.#options.onReached();
  }

  /** Seconds since Asterisk started, once all of it has; undefined when it does not answer. */
  async askUptime(): Promise<number | undefined> {
    if (this.#session === undefined) return undefined;
    try {
      return await uptimeOfAsterisk(this.#session.target);
    } catch (error) {
      // the next batch reaches the target again
      if (!(error instanceof UserError) || error.exit !== EXIT.unreachable) throw error;
      return undefined;
    }
  }

  /** Whether a service came up that was not looked at again yet. */
  get isLookDue(): boolean {
    return this.#secondLook.isDue;
  }

  /** Milliseconds until restarted services are looked at for the next time. */
  get untilLook(): number {
    return this.#secondLook.wait;
  }

  /** Looks at restarted services again; one that ended fails its plugins after all. */
  async look(): Promise<void> {
    if (this.#session !== undefined) await this.#secondLook.run(this.#session, this.#options.states());
  }

  /** Brings the last good versions of plugins whose sources failed. */
  async bringLastGood(id: number): Promise<void> {
    await bringLastGood(id, this.#options.states(), this.#back);
  }

  /** Takes everything off the target, so that all of it can be installed anew. */
  async empty(): Promise<void> {
    if (this.#session !== undefined) await restoreTarget(this.#session);
  }

  /** Reports the last lines that the plugins' services logged. */
  async showLogs(): Promise<void> {
    if (this.#session === undefined) return;
    const plugins = this.#options.states().map(({ plugin }) => plugin.id);
    this.#options.emit({ event: 'log', lines: await recentLogs(this.#session.target, plugins) });
  }
}
