/** A template and answers become files. Pure: no disk, no clock, no terminal. */

import ejs from 'ejs';
import { nameForms, pascal } from '../plugin/names.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { DELIMITER, languageOf } from './languages.ts';
import { fillDefault, holds, type Answers } from './question.ts';
import { checkTags } from './tags.ts';
import type { Contributions, Part, Template, TemplateFile } from './template.ts';
import { yamlScalar } from './yaml-scalar.ts';

export interface RenderedFile {
  /** Relative to the plugin's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Permission bits, e.g. 0o755. */
  readonly mode: number;
}

/** Name of the file in the plugin's folder that holds template, version and answers (Yeoman's convention). */
export const ANSWERS_FILE = '.yo-rc.json';
export const ANSWERS_KEY = 'generator-wazo-plugin';

/** Folders that a package installs as they stand. */
const INSTALLED = ['etc', 'lib', 'opt', 'srv', 'usr', 'var'];

/**
 * Renders a template with complete, checked answers (see answers.ts).
 * Sorted by path; the same input gives the same bytes. Throws UserError `bad-template` naming the template file.
 */
export function render(template: Template, answers: Answers): readonly RenderedFile[] {
  const parts = chosenParts(template, answers);
  const replace = sampleReplacer(template, answers);
  const files = new Map<string, TemplateFile>();
  for (const file of [...template.files, ...parts.flatMap((part) => part.files)]) {
    if (holds(file.when, answers)) files.set(replace(file.path), file);
  }
  const context = contextOf(template, answers, parts, replace, [...files.keys()]);
  const rendered = [...files].map(([path, file]) => ({
    path,
    text: renderText(file, replace(file.text), context),
    mode: file.mode,
  }));
  return [...rendered, answersFile(template, answers)].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function chosenParts(template: Template, answers: Answers): readonly Part[] {
  const chosen = answers['parts'];
  return template.parts.filter((part) => Array.isArray(chosen) && chosen.includes(part.name));
}

/**
 * Names are never EJS: a template is a working sample called "acme example", and each of its names is replaced
 * by the same name of the plugin in the same case, all in one pass.
 */
function sampleReplacer(template: Template, answers: Answers): (text: string) => string {
  const forms = nameForms(String(answers['namespace']), String(answers['name']));
  const samples = new Map<string, string>([
    ['acme-example', forms.kebab],
    ['acme_example', forms.snake],
    ['AcmeExample', forms.pascal],
    ['ACME_EXAMPLE', forms.upper],
  ]);
  for (const [sample, pattern] of Object.entries(template.samples)) {
    samples.set(sample, fillDefault(pattern, answers));
  }
  const longestFirst = [...samples.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((sample) => escapeRegExp(sample)).join('|'), 'g');
  return (text) => text.replace(pattern, (sample) => samples.get(sample) ?? sample);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`);
}

type Context = Readonly<Record<string, unknown>>;

/** What tags of a template may name: flat, made here and not in templates. */
function contextOf(
  template: Template,
  answers: Answers,
  parts: readonly Part[],
  replace: (text: string) => string,
  paths: readonly string[],
): Context {
  const description = String(answers['description'] ?? '');
  const collect = (key: keyof Contributions): string[] => [
    ...new Set(parts.flatMap((part) => part.adds[key]).map(replace)),
  ];
  // a question that was not asked is known, but printing it is an error
  const unasked = Object.fromEntries(template.questions.map((question) => [question.name, undefined]));
  return {
    ...unasked,
    ...answers,
    ...choiceFlags(template, answers),
    summary: description.split('\n')[0] ?? '',
    partTitles: parts.map((part) => part.title),
    reloads: collect('reloads'),
    restarts: collect('restarts'),
    usage: collect('usage').map((text) => new Raw(text)),
    trees: INSTALLED.filter((tree) => paths.some((path) => path.startsWith(`${tree}/`))),
  };
}

/** Every chosen value as a name that a tag can test: `isBaseSerial`, `hasDialplan`. */
function choiceFlags(template: Template, answers: Answers): Context {
  const flags: Record<string, boolean> = {};
  for (const question of template.questions) {
    const prefix = question.type === 'list' ? `is${pascal(question.name)}` : 'has';
    if (question.type !== 'list' && question.name !== 'parts') continue;
    for (const { value } of question.choices ?? []) {
      const answer = answers[question.name];
      flags[prefix + pascal(value)] = Array.isArray(answer) ? answer.includes(value) : answer === value;
    }
  }
  return flags;
}

/** A text of a manifest that is already of the language of the file it goes into. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function renderText(file: TemplateFile, text: string, context: Context): string {
  const language = languageOf(file.path);
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
  const record = { [ANSWERS_KEY]: { template: template.name, version: template.version, answers } };
  return { path: ANSWERS_FILE, text: `${JSON.stringify(record, undefined, 2)}\n`, mode: 0o644 };
}
