import type { LintCode } from '../../findings/catalogue.ts';
import type { Level } from '../../findings/finding.ts';
import type { Place } from '../read/place.ts';

/** A dialplan file of a plugin. */
export interface DialplanFile {
  /** As a person knows it: the `file` of findings. */
  readonly name: string;
  /** Where it is installed; files are read in the byte order of these. */
  readonly installed: string;
  readonly content: string | Uint8Array;
}

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
