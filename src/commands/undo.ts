import path from 'node:path';
import type { Command } from 'commander';
import type { UndoRecord } from '../edits/undo-record.ts';

interface Flags {
  readonly list?: true;
  readonly json?: true;
}

const DETAILS = `
Rolls back what the last wdev new, add, update, migrate or check --fix wrote,
exactly; once more rolls back the one before. A file that was changed since is
named, and nothing is written.`;

export function configure(command: Command): void {
  command
    .argument('[path]', 'folder of a plugin (default: this folder)')
    .option('--list', 'show what can be rolled back, newest first, and change nothing')
    .option('--json', 'print it as JSON')
    .addHelpText('after', DETAILS)
    .action(async (given: string | undefined, flags: Flags) => {
      const folder = path.resolve(given ?? '.');
      if (flags.list === true) await list(folder, flags);
      else await undo(folder, flags);
    });
}

async function list(folder: string, flags: Flags): Promise<void> {
  const { undoRecords } = await import('../edits/undo.ts');
  const records = (await undoRecords(folder)).toReversed();
  if (flags.json === true) {
    const data = records.map((record) => ({ did: record.did, files: filesOf(record) }));
    process.stdout.write(`${JSON.stringify({ records: data })}\n`);
    return;
  }
  for (const record of records) process.stdout.write(`${record.did}, ${countOf(record)}\n`);
  if (records.length === 0) process.stdout.write('Nothing is recorded.\n');
}

async function undo(folder: string, flags: Flags): Promise<void> {
  const { undoLast } = await import('../edits/undo.ts');
  const { record, folderRemoved, recovered } = await undoLast(folder);
  if (recovered !== undefined)
    process.stderr.write(`An interrupted wdev ${recovered.did} was rolled back first.\n`);
  if (flags.json === true) {
    const files = filesOf(record);
    process.stdout.write(`${JSON.stringify({ undone: record.did, files, folderRemoved })}\n`);
    return;
  }
  const removed = folderRemoved ? '; the folder is gone' : '';
  process.stdout.write(`Rolled back wdev ${record.did} (${countOf(record)})${removed}\n`);
}

/** The author's files; what wdev notes down for itself is no news. */
function filesOf({ edits }: UndoRecord): readonly string[] {
  return edits.map((edit) => edit.path).filter((name) => !name.startsWith('.wdev/'));
}

function countOf(record: UndoRecord): string {
  const { length } = filesOf(record);
  return `${length} file${length === 1 ? '' : 's'}`;
}
