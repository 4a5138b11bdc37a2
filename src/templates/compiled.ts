/**
 * The built-in templates as the build leaves them: one file with everything but the contents of their files, which are
 * read when they are rendered. Each line is a JSON value that others name by its number, so that a start parses what it
 * needs; equal parts, questions and files of several templates are one line.
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

/** The first line: the line of each template, by its name. */
export type CompiledIndex = Readonly<Record<string, number>>;

/** Lists are numbers of lines. */
export type CompiledTemplate = Omit<Template, 'pin' | 'parts' | 'questions' | 'files'> & Lists;
export type CompiledPart = Omit<Part, 'questions' | 'files'> & Omit<Lists, 'parts'>;
export type CompiledFile = Omit<TemplateFile, 'read'>;

interface Lists {
  readonly parts: readonly number[];
  readonly questions: readonly number[];
  readonly files: readonly number[];
}

export const COMPILED_FILE = path.join(packageRoot(), 'dist/src/templates/built-ins.jsonl');

/** The templates of the compiled file. */
export function readCompiled(): BuiltIns {
  const lines = readFileSync(COMPILED_FILE, 'utf8').split('\n');
  const parsed = new Map<number, unknown>();
  const line: Lines = (number) => {
    const value = parsed.get(number) ?? JSON.parse(lines[number] ?? '');
    parsed.set(number, value);
    return value;
  };
  const index = line(0) as CompiledIndex;
  return {
    names: () => Object.keys(index),
    template: (name) => {
      const number = index[name];
      if (number === undefined) throw new Error(`${COMPILED_FILE} has no template ${name}`);
      const found = line(number) as CompiledTemplate;
      const pin = { wdev: packageVersion() };
      const parts = found.parts.map((part) => withLists(line(part) as CompiledPart, line));
      return { ...withLists(found, line), parts, pin };
    },
  };
}

type Lines = (number: number) => unknown;

/** With its questions, and the files once somebody asks for them. */
function withLists<Of extends Omit<Lists, 'parts'>>(
  of: Of,
  line: Lines,
): Omit<Of, 'questions' | 'files'> & Pick<Part, 'questions' | 'files'> {
  let files: readonly TemplateFile[] | undefined;
  return {
    ...of,
    questions: of.questions.map((number) => line(number) as Question),
    get files() {
      return (files ??= of.files.map((number) => storedFile(line(number) as CompiledFile)));
    },
  };
}

function storedFile(file: CompiledFile): TemplateFile {
  return { read: () => storedContent(file.source), ...file };
}

function storedContent(source: string): string | Uint8Array {
  return textOrBytes(readFileSync(path.join(packageRoot(), 'templates', source)));
}
