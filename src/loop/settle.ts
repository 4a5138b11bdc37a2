/** What is known of one changed path when it is asked whether the tree is quiet. All times in milliseconds. */
export interface PendingPath {
  readonly lastEvent: number;
  /** Modification time of the file as it is now; undefined when it is gone. */
  readonly modified: number | undefined;
  readonly size: number;
  /** Size when it was last staged; undefined when it was not there. */
  readonly sizeBefore: number | undefined;
}

/** One file's save is complete when nothing happened to it for so long. */
const QUIET_ONE = 3;
/** Several files: a burst has gaps. */
const QUIET_MANY = 30;
/** A file that vanished or was emptied is most likely in the middle of a save (backup and rename, truncate and write). */
const QUIET_SUSPECT = 150;

/**
 * How long to wait until the changes may be staged; 0 when the tree is quiet. Editors save in several steps,
 * so a file is read only when it rests. `asked` is the quiet time of wdev.yml, if it sets one.
 */
export function untilQuiet(pending: readonly PendingPath[], now: number, asked?: number): number {
  const quiet = asked ?? (pending.length > 1 ? QUIET_MANY : QUIET_ONE);
  let wait = 0;
  for (const path of pending) {
    const vanished = path.modified === undefined && path.sizeBefore !== undefined;
    const emptied = path.modified !== undefined && path.size === 0 && (path.sizeBefore ?? 0) > 0;
    const rest = vanished || emptied ? QUIET_SUSPECT : quiet;
    // a clock that runs ahead on a network file system must not hold the loop for ever
    const touched = Math.max(path.lastEvent, Math.min(path.modified ?? 0, now));
    wait = Math.max(wait, touched + rest - now);
  }
  return Math.ceil(wait);
}
