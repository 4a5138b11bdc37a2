import type { FileState } from './file-state.ts';

/** One file before and after; undefined where there is none. */
export interface FileEdit {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly before?: FileState;
  readonly after?: FileState;
}

/** One change of a folder, with all that is needed to take it back. */
export interface UndoRecord {
  /** The command that made the edits: `new`, `add calld`, `update`, `migrate`. */
  readonly did: string;
  readonly edits: readonly FileEdit[];
  /** Folders that the edits made, outermost first. */
  readonly folders: readonly string[];
  /** The folder itself was made, with everything in it. */
  readonly whole?: true;
  /** The first commit of the repository that was made with it; empty when it has none. */
  readonly commit?: string;
}

/** Newest last. In `.wdev/undo.json` of the plugin's folder. */
export interface UndoFile {
  readonly version: 2;
  readonly records: readonly UndoRecord[];
}

export const WDEV_FOLDER = '.wdev';
export const UNDO_FILE = `${WDEV_FOLDER}/undo.json`;
/** Keeps git from what wdev notes down. */
export const WDEV_IGNORE = { path: `${WDEV_FOLDER}/.gitignore`, text: '*\n' } as const;

/** As many changes as can be taken back one after the other. */
const KEPT = 20;

/** The records of an undo file's text; none of a file that an older wdev wrote or that is damaged. */
export function parseRecords(text: string | undefined): readonly UndoRecord[] {
  try {
    const file = JSON.parse(text ?? '') as Partial<UndoFile>;
    return file.version === 2 && Array.isArray(file.records) ? file.records : [];
  } catch {
    return [];
  }
}

/** The text of an undo file; undefined when nothing is left to take back. */
export function undoText(records: readonly UndoRecord[]): string | undefined {
  if (records.length === 0) return undefined;
  const file: UndoFile = { version: 2, records: records.slice(-KEPT) };
  return `${JSON.stringify(file, undefined, 1)}\n`;
}

export function edit(path: string, before: FileState | undefined, after: FileState | undefined): FileEdit {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** The edits that take a record's edits back. */
export function reverseEdits({ edits }: UndoRecord): readonly FileEdit[] {
  return edits.toReversed().map(({ path, before, after }) => edit(path, after, before));
}
