import type { Place } from './place.ts';

/** A place from which on a dialplan was not read to its end. */
export interface GivenUp {
  readonly place: Place | undefined;
  /** The reason, as the end of a sentence: `it includes more than 5000 files`. */
  readonly why: string;
}

/**
 * Bounds of one reading: includes within includes and templates of templates multiply. The largest dialplans that are
 * known have a fifth of it.
 */
const FILES = 5_000;
const PATTERNS = 5_000;
const LINES = 120_000;
const ENTRIES = 120_000;
const STEPS = 30_000_000;

/** Counts what a reading takes, and says once why it stops. */
export class ReadingBudget {
  givenUp: GivenUp | undefined;
  private files = 0;
  private patterns = 0;
  private lines = 0;
  private entries = 0;
  private steps = 0;

  get isSpent(): boolean {
    return this.givenUp !== undefined;
  }

  /** Whether so many entries may be searched. */
  search(steps: number, place: Place | undefined): boolean {
    this.steps += steps;
    return this.count(this.steps, STEPS, 'its lines refer to too many others', place);
  }

  /** Whether one more file may be read. */
  file(place: Place | undefined): boolean {
    return this.count(++this.files, FILES, `it includes more than ${FILES} files`, place);
  }

  pattern(place: Place | undefined): boolean {
    return this.count(++this.patterns, PATTERNS, `it has more than ${PATTERNS} includes`, place);
  }

  line(place: Place): boolean {
    return this.count(++this.lines, LINES, `it has more than ${LINES} lines`, place);
  }

  /** Whether so many entries more may stand in its sections. */
  entry(place: Place, more = 1): boolean {
    this.entries += more;
    return this.count(this.entries, ENTRIES, `its templates make more than ${ENTRIES} lines of it`, place);
  }

  giveUp(why: string, place: Place | undefined): void {
    this.givenUp ??= { place, why };
  }

  private count(used: number, most: number, why: string, place: Place | undefined): boolean {
    if (used > most) this.giveUp(why, place);
    return !this.isSpent;
  }
}
