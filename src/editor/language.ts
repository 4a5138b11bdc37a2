import type { Lines, Position, Span } from './span.ts';

/** A text of a plugin: as an editor shows it, or as it lies on the disk. */
export interface EditorText {
  readonly uri: string;
  /** Its path in the plugin. */
  readonly name: string;
  readonly text: string;
}

/** A place that a person asks about. */
export interface Asked {
  readonly file: EditorText;
  readonly lines: Lines;
  readonly position: Position;
  readonly offset: number;
  readonly line: string;
  /** The line up to the place. */
  readonly before: string;
  /** Every text of the plugin, this one among them. */
  readonly files: readonly EditorText[];
}

/** A part of a text of the plugin. */
export interface Place extends Span {
  readonly uri: string;
}

/** A word that can be written at a place. */
export interface Word {
  readonly label: string;
  readonly kind: 'application' | 'function' | 'context' | 'extension' | 'label' | 'field' | 'value';
  readonly detail?: string;
}

/** A name that can be another one, and every place where it is written. */
export interface Renamed {
  readonly at: Span;
  readonly name: string;
  /** As a person calls such a name. */
  readonly kind: string;
  readonly places: readonly Place[];
}

/** A part of the outline of a file. */
export interface OutlinePart {
  readonly name: string;
  readonly kind: 'module' | 'method' | 'key' | 'function';
  readonly at: Span;
  readonly whole: Span;
  readonly parts: readonly OutlinePart[];
}

/** One kind of files, and what an editor can be told of them; what is absent is not known of such files. */
export interface Language {
  readonly name: string;
  /** Whether a file, by its path or address, is of that kind. */
  readonly takes: (file: string) => boolean;
  /** An explanation of what stands there, as Markdown. */
  readonly hover?: (asked: Asked) => string | undefined;
  readonly words?: (asked: Asked) => readonly Word[];
  readonly definitions?: (asked: Asked) => readonly Place[];
  readonly references?: (asked: Asked) => readonly Place[];
  readonly rename?: (asked: Asked) => Renamed | undefined;
  readonly outline?: (file: EditorText) => readonly OutlinePart[];
}

/** A text as Markdown shows it unchanged. */
export function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** Whether an offset lies in a part of a text, its end included. */
export function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** Where a person finds a place: `setup.py:37`. */
export function lineOf({ name, text }: EditorText, { start }: Span): string {
  return `${name}:${text.slice(0, start).split('\n').length}`;
}
