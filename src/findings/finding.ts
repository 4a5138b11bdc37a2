import type { FindingCode } from './catalogue.ts';
import type { Level } from './row.ts';

export type { FindingCode } from './catalogue.ts';
export type { Level } from './row.ts';

/** The one form in which every command reports what is wrong. */
export interface Finding {
  /** A code of the catalogue. */
  readonly code: FindingCode;
  readonly level: Level;
  /** One sentence that a telephony engineer understands. */
  readonly message: string;
  /** Source file, relative to the plugin's folder when it is in it. */
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
