import type { Subject } from './subject.ts';

/** What a package will hold, told from `wazo/rules` without running it. */
export interface PackageMap {
  /** Installed path → source file; undefined for one that is made while building. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Nothing in `package` was beyond understanding: a path that is not in `files` is not installed. */
  readonly certain: boolean;
}

export function packageMap(_subject: Subject): PackageMap {
  return { files: new Map(), certain: false };
}
