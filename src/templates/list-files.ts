/** The paths and modes of the files that a template makes of answers, without their contents. Pure. */

import { nameForms } from '../wazo/names.ts';
import { withConsequences } from '../answers/consequences.ts';
import { fillDefault, holds, type Answers } from '../answers/question.ts';
import { clash, pathProblem, unsafeTemplate } from './safe-paths.ts';
import type { Part, Template, TemplateFile } from './template.ts';

export interface ListedFile {
  /** Relative to the plugin's folder, with `/`. */
  readonly path: string;
  /** Permission bits, e.g. 0o755. */
  readonly mode: number;
}

/** Name of the file in the plugin's folder that holds template, version and answers (Yeoman's convention). */
export const ANSWERS_FILE = '.yo-rc.json';
export const ANSWERS_MODE = 0o644;

/** The files of a template that answers choose, and what their contents are made with. */
export interface ChosenFiles {
  readonly parts: readonly Part[];
  /** Answers and what follows from them. */
  readonly values: Answers;
  /** Replaces the sample's names in a text. */
  readonly replace: (text: string) => string;
  /** By the path that each will have. */
  readonly files: ReadonlyMap<string, TemplateFile>;
}

/**
 * The files that complete, checked answers choose of a template.
 * @throws UserError `unsafe-template` for a path that leaves the folder, or two that are one
 */
export function chosenFiles(template: Template, answers: Answers): ChosenFiles {
  const parts = chosenParts(template, answers);
  const values = withConsequences(template, answers);
  const replace = sampleReplacer(template, values);
  const files = new Map<string, TemplateFile>();
  for (const file of [...template.files, ...parts.flatMap((part) => part.files)]) {
    if (!file.when.every((condition) => holds(condition, values))) continue;
    files.set(replace(file.path), file);
  }
  refuseUnsafe(files);
  return { parts, values, replace, files };
}

/** The files that `render` makes, sorted by path. Throws as chosenFiles. */
export function listFiles(template: Template, answers: Answers): readonly ListedFile[] {
  const files = [...chosenFiles(template, answers).files].map(([path, { mode }]) => ({ path, mode }));
  return byPath([...files, { path: ANSWERS_FILE, mode: ANSWERS_MODE }]);
}

export function byPath<File extends ListedFile>(files: readonly File[]): readonly File[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The programs that the template wants to run in the new folder, in the plugin's own names. */
export function commandsOf(template: Template, answers: Answers): readonly (readonly string[])[] {
  if (template.run.length === 0) return [];
  const replace = sampleReplacer(template, withConsequences(template, answers));
  return template.run.map((command) => command.map(replace));
}

/** Checked here, because answers make a part of the paths. */
function refuseUnsafe(files: ReadonlyMap<string, TemplateFile>): void {
  for (const [path, { source }] of files) {
    const problem = pathProblem(path);
    if (problem !== undefined)
      throw unsafeTemplate(`${source} would become ${JSON.stringify(path)}, which ${problem}`);
  }
  const pair = clash([...files.keys()]);
  if (pair !== undefined)
    throw unsafeTemplate(`${pair[0]} and ${pair[1]} are one file where case does not count`);
}

function chosenParts(template: Template, answers: Answers): readonly Part[] {
  const chosen = answers['parts'];
  return template.parts.filter((part) => Array.isArray(chosen) && chosen.includes(part.name));
}

/**
 * Names are never EJS: a template is a working sample called "acme example", and each of its names is replaced
 * by the same name of the plugin in the same case, all in one pass.
 */
function sampleReplacer(template: Template, values: Answers): (text: string) => string {
  const forms = nameForms(String(values['namespace']), String(values['name']));
  const samples = new Map<string, string>([
    ['acme-example', forms.kebab],
    ['acme_example', forms.snake],
    ['AcmeExample', forms.pascal],
    ['ACME_EXAMPLE', forms.upper],
  ]);
  for (const [sample, pattern] of Object.entries(template.samples))
    if (isAnswered(pattern, values)) samples.set(sample, fillDefault(pattern, values));
  const longestFirst = [...samples.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escapeRegExp).join('|'), 'g');
  return (text) => text.replace(pattern, (sample) => samples.get(sample) ?? sample);
}

/** A sample of a question that was not asked, as of a part that was not chosen, is a text like any other. */
function isAnswered(pattern: string, values: Answers): boolean {
  return [...pattern.matchAll(/\{([A-Za-z|]+)\}/g)].every(([, names = '']) =>
    names.split('|').some((name) => values[name] !== undefined),
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`);
}
