/** Where an element of a configuration was written. */
export interface Place {
  /** Installed path of the file, as Asterisk builds it: configuration folder + what `#include` says. */
  readonly file: string;
  /** 1-based line for people. */
  readonly line: number;
  /** 1-based column, in characters. */
  readonly column: number;
  /** The line that Asterisk reports: over the files of one glob it counts on (see locate.ts). */
  readonly asteriskLine: number;
}
