/** A template in memory. */

import { isUtf8 } from 'node:buffer';
import type { Form } from '../answers/form.ts';
import type { Condition, Question } from '../answers/question.ts';
import type { TemplatePin } from './reference.ts';

export interface TemplateFile {
  /** Where it goes, before samples are replaced; always with `/`. */
  readonly path: string;
  /** A text to render, or the bytes of a file that is copied as it is (a sound). Read when it is wanted. */
  readonly read: () => string | Uint8Array;
  /** Where it stands in the template, for messages. */
  readonly source: string;
  readonly mode: number;
  /** All must hold. */
  readonly when: readonly Condition[];
  /** Its content is copied as it stands: no names are replaced in it, and no tags are read. */
  readonly verbatim?: boolean;
}

/** The additions of a part to files that all parts share: `wazo/rules`, `setup.py`, README. */
export interface Contributions {
  /** Asterisk commands that make it read the part's files, e.g. `dialplan reload`. */
  readonly reloads: readonly string[];
  /** systemd units to restart, e.g. `wazo-calld`. */
  readonly restarts: readonly string[];
  /** Shell lines of `wazo/rules package`, after the files are in `$pkgdir`. */
  readonly package: readonly string[];
  /** Shell lines before restarts and reloads, after installation as well as after removal. */
  readonly apply: readonly string[];
  /** Shell lines after restarts and before reloads of Asterisk. */
  readonly beforeReload: readonly string[];
  /** Shell lines at the end of `wazo/rules install`. */
  readonly install: readonly string[];
  /** Shell lines of `wazo/rules uninstall`, while all files are in place. */
  readonly uninstall: readonly string[];
  /** Shell lines of `wazo/rules postrm`, after the files are gone: what else the server wrote for the part. */
  readonly removed: readonly string[];
  /** Entry points as `group = name = module:attribute`. */
  readonly entryPoints: readonly string[];
  /** Debian packages that the part needs. */
  readonly debianDepends: readonly string[];
  /** Lines of README's section on use. */
  readonly usage: readonly string[];
  /** Shell lines of README that use the part on a server, with `$TOKEN`, and the answer as a comment. */
  readonly try: readonly string[];
  /** Words that conditions can test as `traits`, e.g. `python`. */
  readonly traits: readonly string[];
}

export interface Part {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly questions: readonly Question[];
  readonly files: readonly TemplateFile[];
  readonly adds: Contributions;
}

export interface Template extends Form {
  /** How it can be named again: a name of this package, a folder, `git+…`, `npm:…`. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Plugin kind that it makes. */
  readonly kind: string;
  readonly version: number;
  /** The changes, by version. */
  readonly changes: Readonly<Record<string, readonly string[]>>;
  /** As the answers file records where it comes from. */
  readonly pin: TemplatePin;
  /** Programs that want to run in the new folder; sample names in them are replaced. */
  readonly run: readonly (readonly string[])[];
  /** Texts of the template's files that stand for answers, e.g. `***42` → `{extension}`. */
  readonly samples: Readonly<Record<string, string>>;
  readonly files: readonly TemplateFile[];
  /** The entries of its own manifest, without those of what it extends: files with conditions, names of questions. */
  readonly own: { readonly conditions: readonly string[]; readonly questions: readonly string[] };
  readonly adds: Contributions;
  readonly parts: readonly Part[];
}

/** A file is text when it is UTF-8 without a zero byte. */
export function textOrBytes(bytes: Buffer): string | Uint8Array {
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : bytes;
}
