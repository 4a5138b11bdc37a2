import { Session } from 'node:inspector/promises';

/** Blocks of code that ran: of our own, and of packages that parse. */
const COUNTED = /\/(?:src|node_modules\/(?:unbash|js-yaml|diff|node-diff3|ejs|fast-wrap-ansi))\//;

/**
 * Counts work: how often blocks of code run, which is the same on every machine. What V8 does by itself (regular
 * expressions, searches in texts) is not in it. To be opened before the code is loaded that is counted.
 */
export class WorkCounter {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  static async open(): Promise<WorkCounter> {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return new WorkCounter(session);
  }

  /** The work of one call, and of what came before it since the last one. */
  async of(run: () => unknown): Promise<number> {
    await run();
    return await this.#take();
  }

  async close(): Promise<void> {
    await this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  /** The count since the last time. */
  async #take(): Promise<number> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const ranges = result
      .filter(({ url }) => COUNTED.test(url))
      .flatMap(({ functions }) => functions)
      .flatMap((one) => one.ranges);
    return ranges.reduce((sum, { count }) => sum + count, 0);
  }
}
