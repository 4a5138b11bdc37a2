// Makes an edit of a folder, or rolls the last one back, in a process that can be killed.
import { editFiles } from '../../dist/src/edits/edit-files.js';
import { undoLast } from '../../dist/src/edits/undo.js';

const [folder, edits] = process.argv.slice(2);
if (edits === 'undo') await undoLast(folder);
else await editFiles(folder, JSON.parse(edits), 'second');
