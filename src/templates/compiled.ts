/**
 * The built-in templates as the build leaves them: one JSON file with everything but the contents of their
 * files, which are read when they are rendered. Equal parts, questions and files of several templates stand once.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot, packageVersion } from '../support/paths.ts';
import type { KINDS, PluginKind } from '../kinds/plugin.ts';
import type { Question } from '../answers/question.ts';
import { textOrBytes, type Part, type Template, type TemplateFile } from './template.ts';

/** Kinds of plugins that can be made. */
export type Kind = {
  [Name in PluginKind]: (typeof KINDS)[Name]['can']['create'] extends true ? Name : never;
}[PluginKind];

/** Where templates of this package come from. */
export interface BuiltIns {
  /** Sorted. */
  readonly names: () => readonly string[];
  readonly template: (name: string) => Template;
}

/** Templates and files are JSON in JSON: a start needs few of them, and the others are not parsed. */
export interface Compiled {
  /** By name, each a `CompiledTemplate`. */
  readonly templates: Readonly<Record<string, string>>;
  readonly parts: readonly CompiledPart[];
  readonly questions: readonly Question[];
  /** Each a `CompiledFile`. */
  readonly files: readonly string[];
}

/** Lists are indices into those of `Compiled`. */
export type CompiledTemplate = Omit<Template, 'pin' | 'parts' | 'questions' | 'files'> & Lists;
export type CompiledPart = Omit<Part, 'questions' | 'files'> & Omit<Lists, 'parts'>;
export type CompiledFile = Omit<TemplateFile, 'read'>;

interface Lists {
  readonly parts: readonly number[];
  readonly questions: readonly number[];
  readonly files: readonly number[];
}

export const COMPILED_FILE = path.join(packageRoot(), 'dist/src/templates/built-ins.json');

/** The templates of the compiled file. */
export function readCompiled(): BuiltIns {
  const compiled = JSON.parse(readFileSync(COMPILED_FILE, 'utf8')) as Compiled;
  return {
    names: () => Object.keys(compiled.templates),
    template: (name) => {
      const text = compiled.templates[name];
      if (text === undefined) throw new Error(`${COMPILED_FILE} has no template ${name}`);
      const found = JSON.parse(text) as CompiledTemplate;
      const pin = { wdev: packageVersion() };
      const parts = at(compiled.parts, found.parts).map((part) => withLists(part, compiled));
      return { ...withLists(found, compiled), parts, pin };
    },
  };
}

/** With its questions, and the files once somebody asks for them. */
function withLists<Of extends Omit<Lists, 'parts'>>(
  of: Of,
  compiled: Compiled,
): Omit<Of, 'questions' | 'files'> & Pick<Part, 'questions' | 'files'> {
  let files: readonly TemplateFile[] | undefined;
  return {
    ...of,
    questions: at(compiled.questions, of.questions),
    get files() {
      return (files ??= at(compiled.files, of.files).map(storedFile));
    },
  };
}

function storedFile(text: string): TemplateFile {
  const file = JSON.parse(text) as CompiledFile;
  return { read: () => storedContent(file.source), ...file };
}

function at<T>(pool: readonly T[], indices: readonly number[]): readonly T[] {
  return indices.flatMap((index) => pool[index] ?? []);
}

function storedContent(source: string): string | Uint8Array {
  return textOrBytes(readFileSync(path.join(packageRoot(), 'templates', source)));
}
