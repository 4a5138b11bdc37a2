import type { LintCode } from '../../findings/catalogue.ts';
import type { Level } from '../../findings/finding.ts';
import type { DialplanFile } from './lint.ts';
import type { Place } from '../read/place.ts';

/** Takes a finding of the linter, at a place. */
export type Add = (
  code: LintCode,
  place: Place | undefined,
  values?: Record<string, string>,
  level?: Level,
) => void;

export interface LintOptions {
  /** Wazo version of the server; the present one unless told. */
  readonly engine?: string | undefined;
  /** Files of the same package that are read only where one of the others includes them. */
  readonly included?: readonly DialplanFile[] | undefined;
  /** Contexts that the server is known to have beside those of the files. */
  readonly contexts?: ReadonlySet<string> | undefined;
}
