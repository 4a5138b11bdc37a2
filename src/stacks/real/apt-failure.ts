/** Reads which packages could not be set up, and what their own scripts said, of what apt-get prints, a line at a time. */

/** A package that dpkg gave up. */
export interface FailedPackage {
  readonly name: string;
  /** The last lines of its script. */
  readonly words: readonly string[];
  /** Why, in dpkg's words. */
  readonly reason: string;
}

/** Lines of a script that are kept. */
const MOST_WORDS = 20;

/** Takes lines of apt-get's output (LC_ALL=C), with its errors among them. */
export class AptFailures {
  #words: string[] = [];
  #failed: { name: string; words: readonly string[]; reason: string }[] = [];
  #isReason = false;

  /** The packages that could not be set up, but for those that only wait for another one. */
  get found(): readonly FailedPackage[] {
    return this.#failed.filter(({ reason }) => !reason.startsWith('dependency problems'));
  }

  take(line: string): void {
    if (/^(?:pm|dl)\w+:/.test(line)) return;
    const name = /^dpkg: error processing package ([^\s:]+)(?::\S*)? \(/.exec(line)?.[1];
    if (name !== undefined) {
      this.#failed.push({ name, words: this.#words.slice(-MOST_WORDS), reason: '' });
      this.#words = [];
      this.#isReason = true;
    } else if (this.#isReason) {
      const last = this.#failed.at(-1);
      if (last !== undefined) last.reason = line.trim();
      this.#isReason = false;
    } else if (/^(?:Setting up|Unpacking|Preparing to unpack|Processing triggers for) /.test(line))
      this.#words = [];
    else if (line.trim() !== '') this.#words.push(line);
  }
}
