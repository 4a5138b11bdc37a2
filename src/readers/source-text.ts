import { isUtf8 } from 'node:buffer';

/** A source file as git hands it out (git/sources.ts). */
export interface CheckedFile {
  readonly path: string;
  readonly mode: number;
  readonly link?: string;
  readonly bytes: Buffer;
  readonly disk?: { readonly onlyEnds: boolean };
  /** Only of a large file, whose bytes are on the disk: see git/content.ts. */
  readonly large?: { readonly pieces: () => Iterable<Buffer> };
}

export type CheckedFiles = ReadonlyMap<string, CheckedFile>;

/** Bytes of a text file that are read, and of all of a plugin. */
export const TEXT = 4 * 2 ** 20;
const ALL = 8 * TEXT;

/** The text of a file; empty for one with a zero byte, which is none, and for one that is larger than any text. */
export function textOf(file: CheckedFile): string {
  if (file.large !== undefined) return '';
  const { bytes } = file;
  return bytes.includes(0) ? '' : bytes.toString('utf8');
}

/** Why a file is no text in UTF-8, in which Wazo's services, its Python and PyYAML read files, and where in its text. */
interface Flaw {
  readonly message: string;
  readonly offset: number;
}

/** The flaw of a file's bytes, if they have one. */
export function flawOf(bytes: Buffer): Flaw | undefined {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'UTF-16' : undefined;
  if (utf16 !== undefined || bytes.includes(0)) {
    return {
      message: utf16 === undefined ? 'a zero byte' : 'it is saved as UTF-16, not as UTF-8',
      offset: 0,
    };
  }
  if (isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  const offset = Math.max(0, text.indexOf('\uFFFD'));
  const byte = bytes[Buffer.byteLength(text.slice(0, offset))] ?? 0;
  const hex = byte.toString(16).toUpperCase().padStart(2, '0');
  return { message: `the byte 0x${hex} is no UTF-8; was it saved as Latin-1?`, offset };
}

/** The files of a plugin as text, as far as they are read. */
export function textsOf(files: CheckedFiles): ReadonlyMap<string, SourceText> {
  const texts = new Map<string, SourceText>();
  let left = ALL;
  for (const file of files.values()) {
    const text = isMore(file, Math.min(TEXT, left)) ? undefined : textOf(file);
    left -= text?.length ?? 0;
    const flaw = file.large === undefined ? flawOf(file.bytes) : undefined;
    texts.set(
      file.path,
      new SourceText(file.path, text, file.mode, file.link, flaw, file.disk?.onlyEnds === false),
    );
  }
  return texts;
}

/** Whether it is a text of more bytes. */
function isMore(file: CheckedFile, most: number): boolean {
  // those of a large one are read from the disk when they are asked for
  if (file.large === undefined && file.bytes.length <= most) return false;
  // as git tells a text, by its beginning
  for (const piece of file.large?.pieces() ?? [file.bytes]) return !piece.includes(0);
  return false;
}

/** A text file of a plugin's source, and where in it an offset lies. */
export class SourceText {
  /** Relative to the plugin's folder. */
  readonly path: string;
  readonly text: string;
  /** 0o755, 0o644, or 0o777 for a symbolic link. */
  readonly mode: number;
  /** Text of a symbolic link. */
  readonly link: string | undefined;
  /** It has text, and more than is read. */
  readonly isUnread: boolean;
  readonly flaw: Flaw | undefined;
  /** The text is not what the author's file has, line ends aside: git converts it. */
  readonly isConverted: boolean;
  #lineStarts: number[] | undefined;
  #lines: readonly string[] | undefined;

  constructor(
    path: string,
    text: string | undefined,
    mode = 0o644,
    link?: string,
    flaw?: Flaw,
    isConverted = false,
  ) {
    this.path = path;
    this.text = text ?? '';
    this.isUnread = text === undefined;
    this.mode = mode;
    this.link = link;
    this.flaw = flaw;
    this.isConverted = isConverted;
  }

  /** 1-based line and column of an offset. */
  at(offset: number): { readonly file: string; readonly line: number; readonly column: number } {
    const starts = this.#starts();
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.path, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** Offset of a 1-based line's first character, or of the end of the text when there is no such line. */
  lineStart(line: number): number {
    return this.#starts()[line - 1] ?? this.text.length;
  }

  get lines(): readonly string[] {
    this.#lines ??= this.text.split('\n');
    return this.#lines;
  }

  #starts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      this.#lineStarts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1))
        this.#lineStarts.push(at + 1);
    }
    return this.#lineStarts;
  }
}
