import { setImmediate as soon } from 'node:timers/promises';
import type { TestServer } from '../own-tests/server.ts';
import type { Tested } from '../own-tests/tested.ts';
import { messageOf } from '../support/errors.ts';
import type { LoopEvent } from './events.ts';
import type { PluginState } from './state.ts';

export interface TestRunsOptions {
  readonly target: string;
  readonly folder?: string;
  readonly tokenCommand?: string;
  readonly states: () => readonly PluginState[];
  readonly emit: (event: LoopEvent) => void;
}

/**
 * Runs the own tests of a plugin after each verified batch of it, those of a server against the target. A save does not
 * wait for them: the next one of the plugin ends them. What they find is told, and rolls nothing back.
 */
export class TestRuns {
  readonly #options: TestRunsOptions;
  /** Plugin → what ends its run, as long as it is wanted. */
  readonly #wanted = new Map<string, AbortController>();
  #work = Promise.resolve();
  #server: TestServer | undefined;

  constructor(options: TestRunsOptions) {
    this.#options = options;
  }

  hear(event: LoopEvent): void {
    if (event.event === 'batch' || event.event === 'failed') this.#end(event.plugin);
    if (event.event !== 'verified') return;
    const { id, plugin } = event;
    this.#end(plugin);
    const run = new AbortController();
    this.#wanted.set(plugin, run);
    this.#work = this.#work.then(async () => await this.#run(id, plugin, run.signal));
  }

  /** Waits until none is wanted. */
  async done(): Promise<void> {
    await this.#work;
  }

  /** Ends those that run. */
  async close(): Promise<void> {
    for (const plugin of this.#wanted.keys()) this.#end(plugin);
    await this.#work;
    await this.#server?.close();
  }

  #end(plugin: string): void {
    this.#wanted.get(plugin)?.abort();
    this.#wanted.delete(plugin);
  }

  async #run(id: number, plugin: string, signal: AbortSignal): Promise<void> {
    // the batch is noted when all have heard of it
    await soon();
    const state = this.#options.states().find((one) => one.plugin.id === plugin);
    const stage = state?.stage;
    if (signal.aborted || state === undefined || stage === undefined) return;
    try {
      const [{ testPlugin }, { hasTests }] = await Promise.all([
        import('../own-tests/tested.ts'),
        import('../own-tests/run.ts'),
      ]);
      const { sources } = stage;
      this.#tell(id, signal, await testPlugin(state.plugin, { sources, signal }));
      if (signal.aborted || !hasTests(sources, true)) return;
      const server = await this.#open();
      this.#tell(id, signal, await testPlugin(state.plugin, { sources, signal, server }));
    } catch (error) {
      if (signal.aborted) return;
      // a lost server is looked for anew
      await this.#server?.close();
      this.#server = undefined;
      const message = `The tests of ${plugin} did not run: ${messageOf(error)}`;
      this.#options.emit({ event: 'finding', plugin, code: 'tests-not-run', level: 'warning', message });
    }
  }

  async #open(): Promise<TestServer> {
    const { target, folder, tokenCommand } = this.#options;
    const { openTestServer } = await import('../own-tests/server.ts');
    const project = folder === undefined ? {} : { folder };
    this.#server ??= await openTestServer(target, { ...project, tokenCommand });
    return this.#server;
  }

  #tell(id: number, signal: AbortSignal, tested: Tested | undefined): void {
    if (signal.aborted || tested === undefined) return;
    const { tests: _tests, ...told } = tested;
    const { passed, failed, skipped, target } = told;
    // a target may have nothing of what the tests ask
    const isOfNone = target !== undefined && passed + failed === 0 && skipped > 0;
    this.#options.emit({ event: 'tested', id, ...told, ...(isOfNone ? { ok: true, findings: [] } : {}) });
  }
}
