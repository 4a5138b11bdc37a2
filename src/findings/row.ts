export type Level = 'error' | 'warning' | 'info';

/** The entry of the catalogue for one code. */
export interface Row {
  /** The level that it has unless a place gives it another. */
  readonly level: Level;
  /** The fault, in one sentence without its full stop; `{name}` stands for a part that varies. */
  readonly title: string;
  /** The consequence, and when it is no harm. */
  readonly why: string;
  /** How to fix it. */
  readonly fix: string;
  /** The contract that it breaks, and whose it is. */
  readonly source: string;
  /** How many of the 126 public plugins surveyed in July 2026 have it; absent when it was not counted. */
  readonly seen?: number;
}

/** A row of a finding that no rule of `wdev check` makes: a command meets it while it works. */
export interface MetRow extends Row {
  /** How it comes about, and the command that reports it. A test makes it happen. */
  readonly example: string;
}

/** A table whose keys are the codes. */
export function rows<const Code extends string>(table: Readonly<Record<Code, Row>>): typeof table {
  return table;
}

/** A table of findings that commands meet. */
export function met<const Code extends string>(table: Readonly<Record<Code, MetRow>>): typeof table {
  return table;
}

/** A row of such a table. */
export function row(
  level: Level,
  title: string,
  why: string,
  fix: string,
  source: string,
  example: string,
): MetRow {
  return { level, title, why, fix, source, example };
}
