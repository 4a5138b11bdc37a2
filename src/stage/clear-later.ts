import { spawn } from 'node:child_process';
import { statfsSync } from 'node:fs';

/** Free bytes from which on folders may stay for a moment. */
const PLENTY = 4 * 2 ** 30;

/** A file system in memory. Source: Linux, include/uapi/linux/magic.h. */
const TMPFS = 0x01021994;

const SCRIPT = 'rm -rf -- "$@" 2>/dev/null || { chmod -R u+rwX -- "$@"; rm -rf -- "$@"; }';

/**
 * Folders that are removed once a batch is through, by a program that nobody waits for. ext4 passes over each
 * inode that was freed within five seconds when it looks for one: between removals of thousands of files, a new
 * file costs up to forty times as much.
 */
export class ClearLater {
  readonly #folders: string[] = [];
  readonly #atExit = (): void => this.clear();

  /** Answers whether the folder may stay until `clear`; else it has to go now. */
  take(folder: string): boolean {
    const { type, bavail, bsize } = statfsSync(folder);
    if (type === TMPFS || bavail * bsize < PLENTY) return false;
    if (this.#folders.length === 0) process.once('exit', this.#atExit);
    this.#folders.push(folder);
    return true;
  }

  clear(): void {
    const folders = this.#folders.splice(0);
    if (folders.length === 0) return;
    process.off('exit', this.#atExit);
    spawn('sh', ['-c', SCRIPT, 'sh', ...folders], { detached: true, stdio: 'ignore' })
      .on('error', () => undefined)
      .unref();
  }
}
