/** A template and answers become files. Pure but for the chosen files of the template, which it reads. */

import ejs from 'ejs';
import { nameForms } from '../wazo/names.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { withConsequences } from '../answers/consequences.ts';
import { Raw, contextOf, type Context } from './context.ts';
import { DELIMITER, languageOf, yamlScalar } from './languages.ts';
import { fillDefault, holds, type Answers } from '../answers/question.ts';
import { clash, pathProblem, unsafeTemplate } from './safe-paths.ts';
import { checkTags, hasTags } from './tags.ts';
import type { Part, Template, TemplateFile } from './template.ts';

export interface RenderedFile {
  /** Relative to the plugin's folder, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, e.g. 0o755. */
  readonly mode: number;
  /** The template's file; the answers file has none. */
  readonly source?: string;
  /** Its content stands in the template as it is. */
  readonly verbatim?: boolean;
}

/** Name of the file in the plugin's folder that holds template, version and answers (Yeoman's convention). */
export const ANSWERS_FILE = '.yo-rc.json';
/** The key in it (Yeoman's convention: the generator's name). */
export const ANSWERS_KEY = 'generator-wazo-plugin';

/**
 * Renders a template with complete, checked answers (see answers.ts).
 * Sorted by path; the same input gives the same bytes. Throws UserError `bad-template` naming the template file.
 */
export function render(template: Template, answers: Answers): readonly RenderedFile[] {
  const parts = chosenParts(template, answers);
  const values = withConsequences(template, answers);
  const replace = sampleReplacer(template, values);
  const files = new Map<string, TemplateFile>();
  for (const file of [...template.files, ...parts.flatMap((part) => part.files)]) {
    if (!file.when.every((condition) => holds(condition, values))) continue;
    files.set(replace(file.path), file);
  }
  refuseUnsafe(files);
  const context = contextOf({ template, parts, values, replace, paths: [...files.keys()].sort() });
  const rendered = [...files].map(([path, file]) => {
    const content = file.read();
    return {
      path,
      content:
        typeof content === 'string' && file.verbatim !== true
          ? renderText(file, replace(content), context)
          : content,
      mode: file.mode,
      source: file.source,
      ...(file.verbatim === true ? { verbatim: true } : {}),
    };
  });
  return [...rendered, answersFile(template, answers)].sort((a, b) => (a.path < b.path ? -1 : 1));
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

/** The programs that the template wants to run in the new folder, in the plugin's own names. */
export function commandsOf(template: Template, answers: Answers): readonly (readonly string[])[] {
  const replace = sampleReplacer(template, withConsequences(template, answers));
  return template.run.map((command) => command.map(replace));
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

function renderText(file: TemplateFile, text: string, context: Context): string {
  const language = languageOf(file.path);
  if (!hasTags(text, language)) return text;
  const scope = { ...context, yaml: (value: unknown) => new Raw(yamlScalar(String(value))) };
  checkTags(text, language, Object.keys(scope), file.source);
  try {
    return ejs.render(text, scope, {
      openDelimiter: language.open,
      closeDelimiter: language.close,
      delimiter: DELIMITER,
      escape: (value: unknown) => {
        if (value instanceof Raw) return value.text;
        if (typeof value === 'string') return language.escape(value);
        throw new Error('a tag has no text to print');
      },
    });
  } catch (error) {
    throw new UserError('bad-template', `template ${file.source}: ${messageOf(error)}`, { cause: error });
  }
}

function answersFile(template: Template, answers: Answers): RenderedFile {
  const { name, version, pin } = template;
  const record = { [ANSWERS_KEY]: { template: name, version, pin, answers } };
  return { path: ANSWERS_FILE, content: `${JSON.stringify(record, undefined, 2)}\n`, mode: 0o644 };
}
