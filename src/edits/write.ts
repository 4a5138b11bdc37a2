/** Puts a rendered plugin on disk: all of it or nothing. */

import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { editFiles } from './edit-files.ts';
import { isEmpty, refuseOccupied } from './occupied.ts';
import { readState, stateOf } from './file-state.ts';
import type { RenderedFile } from '../templates/render.ts';
import { UNDO_FILE, WDEV_FOLDER, WDEV_IGNORE, edit, undoText, type UndoRecord } from './undo-record.ts';

/**
 * Writes the files below `folder`, with a record for undoing. A new folder is made beside its place and renamed
 * into it; in one that holds something, files that are not ours stay (edit-files.ts). Tells whether it is new.
 */
export async function writeFiles(
  folder: string,
  files: readonly RenderedFile[],
  force: boolean,
): Promise<boolean> {
  await refuseOccupied(folder, force);
  if (!(await isEmpty(folder))) {
    await writeInto(path.resolve(folder), files);
    return false;
  }
  const parent = path.dirname(path.resolve(folder));
  let work: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    work = await mkdtemp(path.join(parent, '.wdev-new-'));
    await fill(path.join(work, 'new'), [...files, ...recordOf(files)]);
    await takePlace(path.join(work, 'new'), path.resolve(folder));
    return true;
  } catch (error) {
    throw new UserError('write-failed', `${folder} was not written: ${messageOf(error)}`, {
      help: 'Nothing was changed.',
      cause: error,
    });
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

/** The files that make a new folder one that `wdev undo` removes again. */
function recordOf(files: readonly RenderedFile[], commit?: string): readonly RenderedFile[] {
  const ignore: RenderedFile = { path: WDEV_IGNORE.path, content: WDEV_IGNORE.text, mode: 0o644 };
  const record: UndoRecord = {
    did: 'new',
    edits: [...files, ignore].map((file) => edit(file.path, undefined, stateOf(file.content, file.mode))),
    folders: [],
    whole: true,
    ...(commit === undefined ? {} : { commit }),
  };
  return [ignore, { path: UNDO_FILE, content: undoText([record]) ?? '', mode: 0o644 }];
}

/** Records a new folder for undoing; with the first commit, so that its repository is known for its own. */
export async function recordWhole(
  folder: string,
  files: readonly RenderedFile[],
  commit: string | undefined,
): Promise<void> {
  await mkdir(path.join(folder, WDEV_FOLDER), { recursive: true });
  for (const file of recordOf(files, commit)) await writeFile(path.join(folder, file.path), file.content);
}

async function writeInto(folder: string, files: readonly RenderedFile[]): Promise<void> {
  const edits = await Promise.all(
    files.map(async (file) =>
      edit(file.path, await stateBefore(folder, file.path), stateOf(file.content, file.mode)),
    ),
  );
  await editFiles(folder, edits, 'new');
}

async function stateBefore(folder: string, name: string): ReturnType<typeof readState> {
  try {
    return await readState(folder, name);
  } catch (error) {
    throw new UserError('write-failed', `${folder} was not written: ${messageOf(error)}`, {
      help: 'Nothing was changed.',
      cause: error,
    });
  }
}

async function fill(folder: string, files: readonly RenderedFile[]): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  for (const file of files) {
    const target = path.join(folder, file.path);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file.content, { flag: 'wx' });
    await chmod(target, file.mode);
  }
}

/** rename(2) replaces an empty folder, so there is no moment at which half of it can be seen. */
async function takePlace(made: string, folder: string): Promise<void> {
  await rename(made, folder);
}
