import { UserError } from '../support/errors.ts';
import type { GitNames } from './listing.ts';

/** Files of a plugin: twice the sounds of a large prompt collection; plugins of services have some hundreds. */
const MOST = 10_000;

/** Megabytes of a plugin: more than any is known to have, and what is copied and packed in some seconds. */
const MOST_MEGABYTES = 1_000;

const MEGABYTE = 1_000_000;

/** How a plugin comes to less, and a package. */
const IGNORE = 'Name in .gitignore what does not belong to the plugin';
const SEE_STEPS = 'See what build and package put into it';

/** Files that a plugin, or its package, may have: as many as WDEV_FILES says, where it is set. */
function mostFiles(): number {
  return setting('WDEV_FILES') ?? MOST;
}

/** The bytes that it may have: as many megabytes as WDEV_MEGABYTES says, where it is set. */
function mostBytes(): number {
  return (setting('WDEV_MEGABYTES') ?? MOST_MEGABYTES) * MEGABYTE;
}

function setting(name: string): number | undefined {
  const asked = Number(process.env[name]);
  return Number.isInteger(asked) && asked > 0 ? asked : undefined;
}

/**
 * Holds a folder against the number of files that a plugin may have.
 * @throws UserError `too-many-files`
 */
export function refuseMany(dir: string, names: GitNames): void {
  if (names.size > mostFiles()) throw tooMany(dir, names);
}

/**
 * Holds the plugins of a run against as many files as ten of the largest have.
 * @throws UserError `too-many-files`
 */
export function refuseManyTogether(names: ReadonlyMap<string, GitNames>): void {
  const most = 10 * mostFiles();
  let count = 0;
  for (const own of names.values()) count += own.size;
  if (count <= most) return;
  for (const [dir, own] of names) refuseMany(dir, own);
  throw new UserError('too-many-files', `the plugins have ${count} files together, and ${most} are read`, {
    help: `Name fewer folders, or raise the bound: WDEV_FILES=${Math.ceil(count / 10)}`,
  });
}

/**
 * Holds a package against the number of files that it may have.
 * @throws UserError `too-many-files`
 */
export function refuseManyPackaged(files: number): void {
  const most = mostFiles();
  if (files <= most) return;
  throw new UserError('too-many-files', `the package has more than ${most} files`, {
    help: `${SEE_STEPS}, or raise the bound: WDEV_FILES=${most * 10}`,
  });
}

function tooMany(dir: string, names: GitNames): UserError {
  const counts = new Map<string, number>();
  for (const name of names.keys()) {
    const [top = ''] = name.split('/', 1);
    counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  const [[folder, count] = ['', 0]] = [...counts].sort(([, a], [, b]) => b - a);
  return new UserError(
    'too-many-files',
    `${dir} has more than ${mostFiles()} files that git would hand out`,
    {
      help: `${folder} alone has ${count}. ${IGNORE}, or raise the bound: WDEV_FILES=${names.size}`,
    },
  );
}

/** The bytes of one plugin, or of its package, counted before they are read. */
class Sizes {
  readonly #whose: string;
  readonly #advice: string;
  #bytes = 0;
  #largest = { name: '', size: -1 };

  /** `whose` the files are: the plugin's folder, or the package; `advice` says how to have fewer. */
  constructor(whose: string, advice: string) {
    this.#whose = whose;
    this.#advice = advice;
  }

  /**
   * Counts a file of `size` bytes.
   * @throws UserError `too-many-bytes`
   */
  add(name: string, size: number): void {
    this.#bytes += size;
    if (size > this.#largest.size) this.#largest = { name, size };
    if (this.#bytes <= mostBytes()) return;
    const { name: largest, size: its } = this.#largest;
    const bound = Math.ceil((2 * this.#bytes) / MEGABYTE);
    throw new UserError(
      'too-many-bytes',
      `${this.#whose} has files of more than ${mostBytes() / MEGABYTE} MB together`,
      {
        help: `${largest} alone has ${Math.ceil(its / MEGABYTE)} MB. ${this.#advice}, or raise the bound: WDEV_MEGABYTES=${bound}`,
      },
    );
  }
}

/** The sizes of the files that git would hand out of a plugin's folder. */
export function sizesOfSources(dir: string): Sizes {
  return new Sizes(dir, IGNORE);
}

/** The sizes of the files of a package. */
export function sizesOfPackage(): Sizes {
  return new Sizes('the package', SEE_STEPS);
}
