import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import type { MendedFile } from './mend.ts';

/**
 * Writes mended files: each beside its place first, then renamed. A file that changed since it was read is
 * left alone.
 * @throws UserError `changed-meanwhile`, `cannot-write`
 */
export async function writeMended(files: readonly MendedFile[]): Promise<void> {
  for (const { dir, file, before, text, mode, modeBefore } of files) {
    const full = path.join(dir, file);
    if ((await readFile(full, 'utf8')) !== before) {
      throw new UserError('changed-meanwhile', `${full} was changed while it was checked`, {
        help: 'Run wdev check --fix again.',
      });
    }
    const beside = path.join(path.dirname(full), `.${path.basename(full)}.wdev-${process.pid}`);
    try {
      if (text !== before) {
        await writeFile(beside, text, { mode });
        await chmod(beside, mode);
        await rename(beside, full);
      } else if (mode !== modeBefore) await chmod(full, mode);
    } catch (error) {
      await rm(beside, { force: true });
      throw new UserError('cannot-write', `${full} cannot be written: ${messageOf(error)}`);
    }
  }
}
