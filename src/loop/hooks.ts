import type { Finding } from '../findings/finding.ts';
import { readSource } from '../git/sources.ts';
import type { Settings } from '../settings/settings.ts';
import { quoteAll } from '../support/quote.ts';
import { run } from '../support/run.ts';
import type { Pending } from './pending.ts';

/** Milliseconds until what a program wrote has been heard of. */
const ECHO = 60;

/** Times that the programs before a batch are run while files change under them. */
const MOST_TURNS = 5;

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
   * changed meanwhile. A file of the batch that is saved while one fails may be the remedy, so it is asked again.
   */
  async before(
    changed: readonly Pending[],
    take: () => readonly Pending[],
  ): Promise<{ readonly pending: readonly Pending[]; readonly failed: Finding | undefined }> {
    if (this.#hooks.before === undefined) return { pending: changed, failed: undefined };
    let pending = changed;
    let before = '';
    for (let turn = 1; ; turn += 1) {
      const failed = await this.#run('before');
      await new Promise((resolve) => setTimeout(resolve, ECHO));
      const late = take();
      pending = withLate(pending, late);
      const now = contentsOf(changed);
      // a program that writes the same again, or other files, is no author at work
      if (failed === undefined || !areAgain(changed, late) || now === before || turn === MOST_TURNS)
        return { pending, failed };
      before = now;
    }
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
        message: `Hook \`${quoteAll(argv)}\` failed (exit status ${status})${said === '' ? '' : `: ${said}`}`,
        help: `It is in hooks.${when} of wdev.yml. ${HELP[when]}`,
      };
    }
    return undefined;
  }
}

/** Whether files of a batch changed again. */
function areAgain(changed: readonly Pending[], late: readonly Pending[]): boolean {
  return late.some(({ state, files }) => {
    const own = changed.find((one) => one.state === state);
    return own?.files.some((file) => files.includes(file)) === true;
  });
}

/** Tells what stands in changed files from what stood there before. */
function contentsOf(changed: readonly Pending[]): string {
  const files = changed.flatMap(({ state, files }) =>
    files.map((file) => `${state.plugin.id} ${file} ${hashOf(state.plugin.dir, file)}`),
  );
  return files.sort().join('\n');
}

/** Empty for what can't be read: a batch says so. */
function hashOf(dir: string, file: string): string {
  try {
    return readSource(dir, file)?.hash ?? '';
  } catch {
    return '';
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
