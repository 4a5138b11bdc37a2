/** Makes an edit of a folder, or rolls the last one back, in a process that can be killed. */
import { editFiles } from '../../src/edits/edit-files.ts';
import type { FileEdit } from '../../src/edits/file-tree.ts';
import { undoLast } from '../../src/edits/undo.ts';

const [folder = '', edits = ''] = process.argv.slice(2);
if (edits === 'undo') await undoLast(folder);
else await editFiles(folder, JSON.parse(edits) as readonly FileEdit[], 'second');
