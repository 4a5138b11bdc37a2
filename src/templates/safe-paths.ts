/** Paths that a template may write: inside the folder, on every system, each its own file. Pure. */

import { UserError } from '../support/errors.ts';
import { visible } from '../support/visible.ts';

export function unsafeTemplate(reason: string): UserError {
  return new UserError('unsafe-template', `the template is refused: ${reason}`, {
    help: 'Nothing was written.',
  });
}

/** The fault of one path, as the end of a sentence; undefined when there is none. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (/^([A-Za-z]:|[/\\])/.test(path)) return 'is an absolute path';
  if (path.includes('\\')) return 'has a backslash';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leaves the folder';
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty step';
  if (path.length > 200) return 'is longer than 200 characters';
  return parts.map(partProblem).find((problem) => problem !== undefined);
}

const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

function partProblem(part: string): string | undefined {
  if (/[\u0000-\u001f\u007f<>:"|?*]/.test(part)) return 'has a character that Windows has no file with';
  if (visible(part) !== part) return 'has a character that a terminal hides or obeys';
  if (/[. ]$/.test(part)) return 'ends in a dot or a space, which Windows drops';
  if (DEVICE.test(part)) return `names ${part}, which is a device on Windows`;
  if (/^(\.git|git~\d+)$/i.test(part))
    return 'is inside .git, which no template may write: git runs programs that it finds there';
  return /^\.(wdev|yo-rc\.json)$/i.test(part) ? `is ${part}, which wdev writes itself` : undefined;
}

/** The first two paths that a file system without cases (or with composed letters) takes for one. */
export function clash(paths: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const path of [...paths].sort()) {
    const key = folded(path);
    const other = seen.get(key) ?? folders.get(key);
    if (other !== undefined) return [other, path];
    seen.set(key, path);
    const steps = path.split('/');
    for (let depth = 1; depth < steps.length; depth += 1) {
      const folder = steps.slice(0, depth).join('/');
      const before = folders.get(folded(folder)) ?? folder;
      if (before !== folder || seen.has(folded(folder))) return [seen.get(folded(folder)) ?? before, path];
      folders.set(folded(folder), folder);
    }
  }
  return undefined;
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Most that a template may hold: it is a plugin's sources, not a data set. */
export const LIMITS = { files: 2000, bytesOfFile: 2 * 1024 * 1024, bytes: 20 * 1024 * 1024 } as const;
