/** The facts of one changed path that decide whether the tree is quiet. All times in milliseconds. */
export interface PendingPath {
  readonly lastEvent: number;
  /** Modification time of the file as it is now; undefined when it is gone. */
  readonly modified: number | undefined;
  readonly size: number;
  /** Size when it was last staged; undefined when it was not there. */
  readonly sizeBefore: number | undefined;
}

/** One file's save is complete when nothing happened to it for so long; the first of a burst is soon not alone. */
const QUIET_ONE = 1;
/**
 * A file may be written in pieces of a buffer, a multiple of so many bytes: until its last piece, its size is one
 * too. Editors write the pieces one right after the other, generators may compute between.
 */
const PIECE = 4096;
const QUIET_PIECES = 10;
/** Several files: a burst has gaps. A new file may be the first half of a save by rename. */
export const QUIET_MANY = 30;
/**
 * A file that vanished or was emptied is most likely in the middle of a save (backup and rename, truncate and write).
 * Emptying it takes a busy disk more than 100 ms, and it is empty before its writer goes on.
 */
export const QUIET_GONE = 300;
export const QUIET_EMPTIED = 1000;
/** A writer that has its file open for so long without writing is not in the middle of a save. */
const PATIENCE = 10_000;

/**
 * How long to wait until the changes may be staged; 0 when the tree is quiet. Editors save in several steps,
 * so a file is read only when it rests. `asked` is the quiet time of wdev.yml, if it sets one.
 */
export function untilQuiet(pending: readonly PendingPath[], now: number, asked?: number): number {
  // what came and went is an editor's own; alone, it announces a file that is renamed or written next
  const real = pending.filter((path) => !isPassing(path));
  let wait = 0;
  for (const path of real.length > 0 ? real : pending) {
    const rest = Math.max(suspectRest(path), asked ?? usual(path, real.length));
    // a clock that runs ahead on a network file system must not hold the loop for ever
    const isAhead = path.modified !== undefined && path.modified > now;
    const touched = isAhead ? path.lastEvent : Math.max(path.lastEvent, path.modified ?? 0);
    wait = Math.max(wait, touched + rest - now);
  }
  return Math.ceil(wait);
}

function isPassing({ modified, sizeBefore }: PendingPath): boolean {
  return modified === undefined && sizeBefore === undefined;
}

function suspectRest({ modified, size, sizeBefore }: PendingPath): number {
  if (sizeBefore === undefined) return 0;
  if (modified === undefined) return QUIET_GONE;
  return size === 0 && sizeBefore > 0 ? QUIET_EMPTIED : 0;
}

/** Whether a file at rest may still be written, by its size: a program may compute before it writes the next piece. */
export function mayGoOn({ lastEvent, modified, size }: PendingPath, now: number): boolean {
  return modified !== undefined && size % PIECE === 0 && now - lastEvent < PATIENCE;
}

function usual({ size, sizeBefore }: PendingPath, count: number): number {
  if (count > 1 || sizeBefore === undefined) return QUIET_MANY;
  return size > 0 && size % PIECE === 0 ? QUIET_PIECES : QUIET_ONE;
}
