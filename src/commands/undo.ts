import path from 'node:path';
import type { Command } from '../cli/commander.ts';
import type { EditRecord } from '../edits/record.ts';
import { EXIT } from '../support/errors.ts';
import { jsonOption } from '../cli/options.ts';
import { print, printJson } from '../terminal/output.ts';

interface Flags {
  readonly list?: true;
  readonly json?: true;
}

const DETAILS = `
Restores the files that the last wdev new, add, update, migrate, check --fix or
release changed, and removes those that it made: after wdev new, the whole
folder. Does not ask; says which command it rolled back. Run it again to roll
back the command before. Removes the commit and the tag of a release too, if
they are not pushed. Rolls back a command that was interrupted, as far as it
got. If you edited one of the files since, says which and changes nothing:
revert your edit, or roll back with git.`;

export function configure(command: Command): void {
  command
    .argument('[path]', 'plugin folder (default: this folder)')
    .option('--list', 'list what can be rolled back, newest first; change nothing')
    .addOption(jsonOption())
    .addHelpText('after', DETAILS)
    .action(async (given: string | undefined, flags: Flags) => {
      const folder = path.resolve(given ?? '.');
      process.exitCode = flags.list === true ? await list(folder, flags) : await undo(folder, flags);
    });
}

async function list(folder: string, flags: Flags): Promise<number> {
  const { readLedger } = await import('../edits/ledger.ts');
  const { records, pending } = readLedger(folder);
  const newest = records.toReversed();
  if (flags.json === true) {
    const data = newest.map((record) => ({ did: record.did, at: record.at, files: filesOf(record) }));
    const interrupted = pending === undefined ? {} : { interrupted: pending.record.did };
    printJson({ ...interrupted, records: data });
    return EXIT.done;
  }
  const lines = newest.map((record) => `${timeOf(record)}  ${record.did} (${countOf(record)})`);
  if (pending !== undefined) lines.unshift(`${timeOf(pending.record)}  ${pending.record.did}, interrupted`);
  print(lines.length === 0 ? ['wdev has recorded no change here.'] : lines);
  return EXIT.done;
}

async function undo(folder: string, flags: Flags): Promise<number> {
  const [{ undoLast }, { tellInterrupted }] = await Promise.all([
    import('../edits/undo.ts'),
    import('../terminal/merge-text.ts'),
  ]);
  const { record, folderRemoved, interrupted } = await undoLast(folder);
  const wasCutOff = interrupted?.undoes === false;
  const left = interrupted?.left ?? [];
  if (interrupted?.undoes === true) tellInterrupted(interrupted);
  if (flags.json === true) {
    const data = { undone: record.did, at: record.at, files: filesOf(record), folderRemoved };
    printJson({ ...data, interrupted: wasCutOff, left });
  } else {
    const removed = folderRemoved ? '; removed the folder' : '';
    const cut = wasCutOff ? `, which was interrupted` : '';
    const kept = left.length === 0 ? '' : `; changed since, so left as they are: ${left.join(', ')}`;
    const untagged = record.release === undefined ? '' : `; removed its commit and tag ${record.release.tag}`;
    print([`Rolled back wdev ${record.did} (${countOf(record)})${cut}${removed}${untagged}${kept}`]);
  }
  return left.length === 0 ? EXIT.done : EXIT.failed;
}

function filesOf({ files }: EditRecord): readonly string[] {
  return files.map((file) => file.path);
}

function countOf({ files }: EditRecord): string {
  return `${files.length} file${files.length === 1 ? '' : 's'}`;
}

/** As the clock on the wall says, since that is what a person remembers. */
function timeOf({ at }: EditRecord): string {
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
