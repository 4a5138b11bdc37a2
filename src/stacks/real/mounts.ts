import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../support/errors.ts';
import { run } from '../../support/run.ts';
import { readText } from '../../support/read-file.ts';

/** Milliseconds that a mount may stay in use after its processes were ended. */
const PATIENCE = 3000;

/** Unmounts everything at and below a folder, and removes it. Never removes into something that is mounted. */
export async function removeTree(folder: string): Promise<void> {
  const until = performance.now() + PATIENCE;
  for (let left = mountsBelow(folder); left.length > 0; left = mountsBelow(folder)) {
    const late = performance.now() > until;
    for (const mount of left) await run(['umount', ...(late ? ['--lazy'] : []), mount]);
    if (late && mountsBelow(folder).length > 0) {
      throw new UserError(
        'umount-failed',
        `${left[0]} could not be unmounted, so ${folder} was left as it is`,
      );
    }
    if (mountsBelow(folder).length > 0) await sleep(30);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Mount points at and below a folder, the deepest first. */
export function mountsBelow(folder: string): string[] {
  return mounts()
    .map(({ at }) => at)
    .filter((mount) => mount === folder || mount.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
}

/** Everything that is mounted: what, as the one who did it named it, and where. */
export function mounts(): { readonly source: string; readonly at: string }[] {
  const lines = readText('/proc/self/mounts').split('\n');
  return lines.map((line) => {
    const [source = '', at = ''] = line.split(' ').map(unescape);
    return { source, at };
  });
}

/** The kernel writes blanks and backslashes in octal. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 8)),
  );
}
