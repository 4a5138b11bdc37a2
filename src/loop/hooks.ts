import type { Finding } from '../findings/finding.ts';
import type { Settings } from '../settings/settings.ts';
import { run } from '../support/run.ts';
import type { Pending } from './pending.ts';

/** Milliseconds until what a program wrote has been heard of. */
const ECHO = 60;

const HELP = {
  before: 'Nothing was installed on the target; the next save tries again.',
  after: 'What was installed on the target stays there.',
} as const;

/** The programs that wdev.yml names around a batch. */
export class Hooks {
  readonly #hooks: NonNullable<Settings['hooks']>;
  readonly #folder: string;
  readonly #signal: AbortSignal;

  /** They run in `folder`. */
  constructor(hooks: Settings['hooks'], folder: string, signal: AbortSignal) {
    this.#hooks = hooks ?? {};
    this.#folder = folder;
    this.#signal = signal;
  }

  /**
   * Runs those before a batch. What they wrote is part of it, and no reason for another one: `take` gives what
   * changed meanwhile.
   */
  async before(
    changed: readonly Pending[],
    take: () => readonly Pending[],
  ): Promise<{ readonly pending: readonly Pending[]; readonly failed: Finding | undefined }> {
    if (this.#hooks.before === undefined) return { pending: changed, failed: undefined };
    const failed = await this.#run('before');
    await new Promise((resolve) => setTimeout(resolve, ECHO));
    return { pending: withLate(changed, take()), failed };
  }

  /** Runs those after a batch. */
  async after(): Promise<Finding | undefined> {
    return await this.#run('after');
  }

  /** The output of the first one that failed; the others are not run. */
  async #run(when: 'before' | 'after'): Promise<Finding | undefined> {
    const signal = this.#signal;
    for (const argv of this.#hooks[when] ?? []) {
      const { status, stdout, stderr } = await run(argv, { cwd: this.#folder, signal });
      if (signal.aborted) return undefined;
      if (status === 0) continue;
      const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
      return {
        code: 'hook-failed',
        level: 'error',
        message: `${argv.join(' ')} ended with status ${status}${said === '' ? '' : `: ${said}`}`,
        help: `It is in hooks.${when} of wdev.yml. ${HELP[when]}`,
      };
    }
    return undefined;
  }
}

/** A batch with what the programs before it wrote: that is part of it, and no reason for another one. */
function withLate(pending: readonly Pending[], late: readonly Pending[]): readonly Pending[] {
  const of = new Map(late.map((one) => [one.state, one]));
  const joined = pending.map((one) => {
    const more = of.get(one.state);
    of.delete(one.state);
    // without files it is all of them
    if (more === undefined || one.files.length === 0) return one;
    return { ...one, files: [...new Set([...one.files, ...more.files])] };
  });
  return [...joined, ...of.values()];
}
