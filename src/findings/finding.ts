/** What every part of the tool that judges a plugin speaks in: check, reload verification, rehearsal. */

export type Level = 'error' | 'warning' | 'info';

export interface Finding {
  /** Stable identifier of the rule, e.g. `rules-not-executable`. */
  readonly code: string;
  readonly level: Level;
  /** One sentence that a telephony engineer understands. */
  readonly message: string;
  /** Source file, relative to the plugin's folder when it lies in it. */
  readonly file?: string;
  /** 1-based line in `file`. */
  readonly line?: number;
  /** 1-based column in `line`. */
  readonly column?: number;
  /** The next thing to try. */
  readonly help?: string;
  readonly fixable?: boolean;
  /** The contract that it breaks, e.g. "wazo-plugind, building step". */
  readonly source?: string;
}

export function isError(finding: Finding): boolean {
  return finding.level === 'error';
}
