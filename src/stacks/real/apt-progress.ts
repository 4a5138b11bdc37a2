/** Reads how far apt is of what it prints, and of its status channel, a line at a time. */

/** One thing that apt does with packages. */
type Phase = 'downloading' | 'unpacking' | 'setting up';

/** How far apt is, a line at a time. */
export class AptProgress {
  #packages = 0;
  #megabytes = 0;
  #fetched = 0;
  #phase: Phase = 'downloading';
  readonly #done: Readonly<Record<Phase, Set<string>>> = {
    downloading: new Set(),
    unpacking: new Set(),
    'setting up': new Set(),
  };
  #what = '';

  /**
   * Takes a line of apt-get's output (LC_ALL=C), or of its status channel (APT::Status-Fd: `dlstatus`, `pmstatus`).
   * @returns how far it is, as a person reads it; undefined when the line does not tell
   */
  take(line: string): string | undefined {
    const isTold = this.#takes(line) && this.#packages > 0;
    // all of them were fetched before
    const isFetched = this.#phase === 'downloading' && this.#megabytes === 0;
    return isTold && !isFetched ? this.#text() : undefined;
  }

  #takes(line: string): boolean {
    const count = /^\d+ (?:packages )?upgraded, (\d+) (?:packages )?newly installed/.exec(line)?.[1];
    if (count !== undefined) {
      // another installation of the same root
      this.#packages += Number(count);
      return false;
    }
    const need = /^Need to get ([\d.,]+) (B|kB|MB|GB)/.exec(line);
    if (need !== null) {
      this.#megabytes += megabytesOf(need[1], need[2]);
      return this.#begin('downloading', '');
    }
    const got = /^Get:\d+ (.*) \[([\d.,]+) (B|kB|MB|GB)\]/.exec(line);
    // lists of packages come before it is known what is needed
    if (got !== null && this.#megabytes > 0) {
      this.#fetched += megabytesOf(got[2], got[3]);
      return this.#begin('downloading', got[1] ?? '');
    }
    const step = /^(Unpacking|Setting up) ([^\s:]+)/.exec(line);
    if (step !== null)
      return this.#begin(step[1] === 'Unpacking' ? 'unpacking' : 'setting up', step[2] ?? '');
    const status = /^pmstatus:([^:]+)(?::[\w-]+)?:[\d.]+:(Unpacking|Configuring|Installed) /.exec(line);
    if (status === null) return /^(?:dl|pm)status:/.test(line);
    return this.#begin(status[2] === 'Unpacking' ? 'unpacking' : 'setting up', status[1] ?? '');
  }

  #begin(phase: Phase, what: string): boolean {
    this.#phase = phase;
    this.#what = what;
    if (what !== '') this.#done[phase].add(what);
    return true;
  }

  #text(): string {
    if (this.#phase === 'downloading') {
      const [fetched, all] = [this.#fetched, this.#megabytes].map((size) =>
        size.toFixed(this.#megabytes < 10 ? 1 : 0),
      );
      return `downloading ${fetched} of ${all} MB for ${this.#packages} packages`;
    }
    return `${this.#phase} ${this.#done[this.#phase].size} of ${this.#packages} packages, ${this.#what}`;
  }
}

const UNITS: Readonly<Record<string, number>> = { B: 1e-6, kB: 1e-3, MB: 1, GB: 1e3 };

function megabytesOf(number: string | undefined, unit: string | undefined): number {
  return Number((number ?? '0').replaceAll(',', '')) * (UNITS[unit ?? ''] ?? 0);
}
