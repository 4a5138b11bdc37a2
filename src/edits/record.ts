/** The record of a folder's edits. */

import type { ReleaseMark } from '../git/release-commit.ts';
import type { FileState } from './file-tree.ts';

/** A file as an edit left it, to be recognised by. */
export interface FilePrint {
  /** SHA-256 of its bytes; of a link, of `link:` and where it leads. */
  readonly content: string;
  readonly mode: number;
}

export interface RecordedFile {
  readonly path: string;
  readonly before?: FileState;
  readonly after?: FilePrint;
}

/** One edit of a folder, with all that is needed to roll it back. */
export interface EditRecord {
  /** The command that made it: `new`, `add calld`, `check --fix`. */
  readonly did: string;
  /** When, as ISO 8601. */
  readonly at: string;
  readonly files: readonly RecordedFile[];
  /** Folders that it made, outermost first. */
  readonly folders: readonly string[];
  /** Modes of the folders from which it removed files, since they may go with their last file. */
  readonly modes: Readonly<Record<string, number>>;
  /** It made the folder itself, and in it a repository with this first commit (empty: without one yet). */
  readonly whole?: {
    readonly commit?: string;
    /** The folder was there, and empty. */ readonly stood?: true;
  };
  /** It was committed and tagged. */
  readonly release?: ReleaseMark;
}

/** An edit that is under way; as long as this is written down, it counts as not done. */
export interface Pending {
  readonly record: EditRecord;
  /** It is a `wdev undo`. */
  readonly undoes: boolean;
  /** Folder of its work, below the edited one. */
  readonly work: string;
  /** Somebody else writes the files, and not by renaming: one that is cut off may be left empty. */
  readonly inPlace?: true;
}

export interface Ledger {
  /** Newest last. */
  readonly records: readonly EditRecord[];
  readonly pending?: Pending;
}
