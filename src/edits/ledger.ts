/**
 * The record of what wdev wrote into a folder. It is kept outside the folder, so that nothing that came with a
 * folder is ever acted upon.
 */

import { hash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { UserError, messageOf } from '../support/errors.ts';
import { folderMark } from '../support/folder-mark.ts';
import { lockOwner, waitForLock } from '../support/lock.ts';
import { stateFolder } from '../support/paths.ts';
import { typedPath } from '../support/quote.ts';
import { bytesOf, type FileState } from './file-tree.ts';
import { isLedger } from './ledger-shape.ts';
import type { FilePrint, Ledger } from './record.ts';
import { parsedJson } from '../support/shape.ts';
import { readText, readTextIfPossible, readTextIfThere } from '../support/read-file.ts';
import { makeFolders } from '../support/make-folders.ts';

/** As many edits as can be rolled back one after the other. */
const KEPT = 20;
/** Days after which the record of a folder that is gone is forgotten. */
const FORGET = 90;
const VERSION = 2;
const WORK = /^\.wdev\/edit-[0-9a-f-]{36}$/;

/** The ledger of a folder, which no other wdev touches until `close`. */
export interface OpenLedger {
  readonly ledger: Ledger;
  /** Replaces it in one step, and is synchronous so that no signal comes between. */
  readonly write: (ledger: Ledger) => void;
  readonly close: () => void;
}

/** Does work on a folder's ledger. Throws as openLedger. */
export async function withLedger<T>(
  folder: string,
  work: (ledger: Ledger, write: OpenLedger['write']) => Promise<T>,
): Promise<T> {
  const { ledger, write, close } = await openLedger(folder);
  try {
    return await work(ledger, write);
  } finally {
    close();
  }
}

/** Throws UserError `no-such-folder`, `damaged-record`, `no-record` when nothing can be written there. */
export async function openLedger(folder: string): Promise<OpenLedger> {
  const real = realFolder(folder);
  const file = ledgerFile(real);
  try {
    makeFolders(path.dirname(file), 0o700);
  } catch (error) {
    throw notWritable(error);
  }
  const close = await waitForLock(lockFile(file));
  const write = (ledger: Ledger): void => {
    try {
      writeLedger(file, real, ledger);
    } catch (error) {
      throw notWritable(error);
    }
  };
  try {
    return { ledger: parse(file), write, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The ledger of a folder, to look at. Throws as withLedger. */
export function readLedger(folder: string): Ledger {
  return parse(ledgerFile(realFolder(folder)));
}

/** Process number of the wdev that is at an edit of the folder now. */
export function editorOf(folder: string): number | undefined {
  return lockOwner(lockFile(ledgerFile(realFolder(folder))));
}

export function printOf(state: FileState): FilePrint {
  const prefix = state.encoding === 'link' ? 'link:' : '';
  return { content: hash('sha256', Buffer.concat([Buffer.from(prefix), bytesOf(state)])), mode: state.mode };
}

/** Whether a file has the content that an edit left, whatever its mode. */
export function hasContent(state: FileState | undefined, print: FilePrint | undefined): boolean {
  return (state === undefined ? undefined : printOf(state).content) === print?.content;
}

/** Whether a name stays below the folder that it is relative to. */
export function isInside(name: string): boolean {
  return name
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new UserError('no-such-folder', `there is no folder ${typedPath(folder)}`, { exit: 2 });
  }
}

function lockFile(ledger: string): string {
  return `${ledger}.lock`;
}

function ledgerFile(real: string): string {
  return path.join(stateFolder(), 'edits', `${folderMark(real)}.json`);
}

/** The mark of the folder that a record is about, by its name. */
function markIn(file: string): string {
  return path.basename(file, '.json');
}

/**
 * A record is two lines: who wrote it, with the hash of the other line; and the ledger. What another machine wrote, into
 * a state folder that both have, says nothing of this one's folders, nor does the record of one folder of another.
 */
function parse(file: string): Ledger {
  try {
    // who has not its lock may come just when it is removed
    const text = readTextIfThere(file);
    if (text === undefined) return { records: [] };
    const [head = '', body = ''] = text.split('\n');
    const { version, machine, of, sum } = JSON.parse(head) as Partial<Head>;
    if (version !== VERSION) throw new Error(`it is of version ${String(version)}`);
    if (machine !== thisMachine() || of !== markIn(file)) return { records: [] };
    if (sum !== hash('sha256', body)) throw new Error('it is not as it was written');
    const ledger = parsedJson(body);
    if (!isLedger(ledger)) throw new Error('it is no record of edits');
    const outside = namesIn(ledger).find((name) => !isInside(name));
    if (outside !== undefined) throw new Error(`${outside} is outside the folder`);
    if (ledger.pending !== undefined && !WORK.test(ledger.pending.work))
      throw new Error(`${ledger.pending.work} is not a folder of its work`);
    return ledger;
  } catch (error) {
    throw new UserError('damaged-record', `the record ${file} cannot be used: ${messageOf(error)}`, {
      help: 'Nothing was changed. If you remove it, wdev undo cannot roll back what is recorded there.',
    });
  }
}

function namesIn({ records, pending }: Ledger): readonly string[] {
  const all = [...records, ...(pending === undefined ? [] : [pending.record])];
  return all.flatMap((record) => [
    ...record.files.map(({ path: name }) => name),
    ...record.folders,
    ...Object.keys(record.modes),
  ]);
}

interface Head {
  readonly version: typeof VERSION;
  readonly machine: string;
  /** The mark of the folder. */
  readonly of: string;
  /** Where the folder was then, for a person. */
  readonly folder: string;
  /** SHA-256 of the second line. */
  readonly sum: string;
}

/** The machine as systemd numbers it; empty where it does not. */
function thisMachine(): string {
  const id = readTextIfPossible('/etc/machine-id')?.trim() ?? '';
  return id === '' ? '' : hash('sha256', `wdev ${id}`).slice(0, 20);
}

function writeLedger(file: string, folder: string, { records, pending }: Ledger): void {
  if (records.length === 0 && pending === undefined) return rmSync(file, { force: true });
  if (!existsSync(file)) forgetOld(path.dirname(file));
  const kept = records.slice(-KEPT);
  const ledger: Ledger = { records: kept, ...(pending === undefined ? {} : { pending }) };
  const body = JSON.stringify(ledger);
  const [machine, sum] = [thisMachine(), hash('sha256', body)];
  const head: Head = { version: VERSION, machine, of: markIn(file), folder, sum };
  const draft = openSync(`${file}.draft`, 'w', 0o600);
  try {
    writeFileSync(draft, `${JSON.stringify(head)}\n${body}\n`);
    fsyncSync(draft);
  } finally {
    closeSync(draft);
  }
  renameSync(`${file}.draft`, file);
}

function forgetOld(ledgers: string): void {
  for (const name of readdirSync(ledgers)) {
    const file = path.join(ledgers, name);
    try {
      if (Date.now() - statSync(file).mtimeMs < FORGET * 86_400_000) continue;
      const { folder } = JSON.parse(readText(file).split('\n')[0] ?? '') as Partial<Head>;
      if (folder === undefined || !existsSync(folder)) rmSync(file);
    } catch {
      // another wdev was faster, or it is no record
    }
  }
}

function notWritable(error: unknown): UserError {
  return new UserError(
    'no-record',
    `what would be changed cannot be recorded for undo: ${messageOf(error)}`,
    {
      help: 'Nothing was changed. XDG_STATE_HOME names the folder for such records.',
      cause: error,
    },
  );
}
