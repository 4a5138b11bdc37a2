/** A template in memory, and how its manifests (template.yml, part.yml) are read. Pure. */

import { load, YAMLException } from 'js-yaml';
import { UserError, messageOf } from '../support/errors.ts';
import { kebabFlag, type Choice, type Condition, type Question } from './question.ts';
import { VALIDATORS } from './validators.ts';

export interface TemplateFile {
  /** Where it goes, before samples are replaced; always with `/`. */
  readonly path: string;
  readonly text: string;
  /** Where it stands in the template, for messages. */
  readonly source: string;
  readonly mode: number;
  readonly when?: Condition;
}

/** What a part adds to the files that all parts share: `wazo/rules`, README, packaging. */
export interface Contributions {
  /** Asterisk commands that make it read the part's files, e.g. `dialplan reload`. */
  readonly reloads: readonly string[];
  /** systemd units to restart, e.g. `wazo-calld`. */
  readonly restarts: readonly string[];
  /** Lines of README's section on use. */
  readonly usage: readonly string[];
}

export interface Part {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly questions: readonly Question[];
  readonly files: readonly TemplateFile[];
  readonly adds: Contributions;
}

export interface Template {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Plugin kind that it makes. */
  readonly kind: string;
  readonly version: number;
  /** All questions in the order of asking, those of parts at the end. */
  readonly questions: readonly Question[];
  /** Texts of the template's files that stand for answers, e.g. `***42` → `{extension}`. */
  readonly samples: Readonly<Record<string, string>>;
  readonly files: readonly TemplateFile[];
  readonly parts: readonly Part[];
}

/** Texts of one folder: its manifest, and its files by their path below `files/`. */
export interface LayerSource {
  /** Name of the folder, for messages. */
  readonly folder: string;
  readonly manifestName: string;
  readonly manifest: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export interface Layer {
  readonly title: string;
  readonly summary: string;
  readonly kind: string;
  readonly version: number;
  readonly extends: string | undefined;
  readonly partsMessage: string;
  readonly partsDefault: readonly string[];
  readonly questions: readonly Question[];
  readonly samples: Readonly<Record<string, string>>;
  readonly files: readonly TemplateFile[];
  readonly adds: Contributions;
}

type Fields = Readonly<Record<string, unknown>>;

const KEYS = (
  'title summary kind version extends questions samples paths modes conditions reloads restarts usage ' +
  'partsMessage partsDefault'
).split(' ');

/** Reads one layer (a template, a part, or what a template extends). Throws UserError `bad-template`. */
export function parseLayer(source: LayerSource): Layer {
  const where = source.manifestName;
  const fields = parseMapping(source.manifest, where);
  refuseUnknown(fields, KEYS, where);
  const modes = mapping(fields['modes'], `${where}: modes`);
  const conditions = mapping(fields['conditions'], `${where}: conditions`);
  const paths = mapping(fields['paths'], `${where}: paths`);
  const raw = list(fields['questions'], `${where}: questions`);
  const samples = patterns(fields['samples'], `${where}: samples`);
  const questions = raw.map((entry) => parseQuestion(mapping(entry, `${where}: question`), where, samples));
  return {
    title: text(fields['title'], `${where}: title`),
    summary: text(fields['summary'], `${where}: summary`),
    kind: fields['kind'] === undefined ? '' : text(fields['kind'], `${where}: kind`),
    version: typeof fields['version'] === 'number' ? fields['version'] : 1,
    extends: fields['extends'] === undefined ? undefined : text(fields['extends'], `${where}: extends`),
    partsMessage: fields['partsMessage'] === undefined ? '' : text(fields['partsMessage'], where),
    partsDefault: texts(fields['partsDefault'], `${where}: partsDefault`),
    questions,
    samples,
    files: source.files.map((file) => {
      const when = conditions[file.path];
      return {
        path:
          paths[file.path] === undefined ? visiblePath(file.path) : text(paths[file.path], `${where}: paths`),
        text: file.text,
        source: `${source.folder}/files/${file.path}`,
        mode: modes[file.path] === undefined ? 0o644 : parseMode(modes[file.path], where),
        ...(when === undefined ? {} : { when: parseCondition(when, where) }),
      };
    }),
    adds: {
      reloads: texts(fields['reloads'], `${where}: reloads`),
      restarts: texts(fields['restarts'], `${where}: restarts`),
      usage: texts(fields['usage'], `${where}: usage`),
    },
  };
}

/** npm leaves files of these names out of a package, so templates store them under another. */
const STORED_NAMES: Readonly<Record<string, string>> = { _gitignore: '.gitignore', _npmrc: '.npmrc' };

function visiblePath(path: string): string {
  const parts = path.split('/');
  const base = parts.pop() ?? '';
  return [...parts, STORED_NAMES[base] ?? base].join('/');
}

const QUESTION_KEYS = [
  'name',
  'type',
  'message',
  'default',
  'choices',
  'valid',
  'when',
  'flag',
  'ask',
  'sample',
];
const TYPES = ['input', 'list', 'checkbox', 'confirm'] as const;

function parseQuestion(fields: Fields, where: string, samples: Record<string, string>): Question {
  const name = text(fields['name'], `${where}: name of a question`);
  const at = `${where}: question ${name}`;
  refuseUnknown(fields, QUESTION_KEYS, at);
  const type = TYPES.find((known) => known === fields['type']);
  if (type === undefined) throw bad(`${at}: type must be one of ${TYPES.join(', ')}`);
  const valid = fields['valid'] === undefined ? undefined : text(fields['valid'], `${at}: valid`);
  if (valid !== undefined && VALIDATORS[valid] === undefined)
    throw bad(`${at}: there is no validator ${valid}`);
  if (fields['sample'] !== undefined) samples[text(fields['sample'], `${at}: sample`)] = `{${name}}`;
  const fallback = fields['default'];
  if (fallback !== undefined && !isAnswer(fallback))
    throw bad(`${at}: default must be text, yes/no or a list`);
  return {
    name,
    type,
    message: text(fields['message'], `${at}: message`),
    flag: fields['flag'] === undefined ? kebabFlag(name) : text(fields['flag'], `${at}: flag`),
    ask: fields['ask'] !== false,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(fields['choices'] === undefined ? {} : { choices: parseChoices(fields['choices'], at) }),
    ...(valid === undefined ? {} : { valid }),
    ...(fields['when'] === undefined ? {} : { when: parseCondition(fields['when'], at) }),
  };
}

function parseChoices(value: unknown, at: string): readonly Choice[] {
  return Object.entries(mapping(value, `${at}: choices`)).map(([key, name]) => ({
    value: key,
    name: text(name, `${at}: choice ${key}`),
  }));
}

function parseCondition(value: unknown, at: string): Condition {
  const condition = mapping(value, `${at}: when`);
  for (const [name, wanted] of Object.entries(condition)) {
    if (!isAnswer(wanted)) throw bad(`${at}: when ${name} must be text, yes/no or a list of texts`);
  }
  return condition as Condition;
}

function parseMode(value: unknown, at: string): number {
  if (typeof value === 'string' && /^0[0-7]{3}$/.test(value)) return Number.parseInt(value, 8);
  throw bad(`${at}: a mode is four octal digits in quotes, like "0755"`);
}

function parseMapping(source: string, where: string): Fields {
  try {
    return mapping(load(source), where);
  } catch (error) {
    if (error instanceof YAMLException) throw bad(`${where}: ${messageOf(error)}`);
    throw error;
  }
}

function refuseUnknown(fields: Fields, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown !== undefined) throw bad(`${where}: unknown key ${unknown} (known are ${known.join(', ')})`);
}

function mapping(value: unknown, where: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  throw bad(`${where} must be a mapping`);
}

function patterns(value: unknown, where: string): Record<string, string> {
  const entries = Object.entries(mapping(value, where));
  return Object.fromEntries(entries.map(([sample, pattern]) => [sample, text(pattern, where)]));
}

function list(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw bad(`${where} must be a list`);
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw bad(`${where} must be a text`);
}

function texts(value: unknown, where: string): readonly string[] {
  return list(value, where).map((entry) => text(entry, where));
}

function isAnswer(value: unknown): value is string | boolean | readonly string[] {
  if (Array.isArray(value)) return value.every((entry) => typeof entry === 'string');
  return typeof value === 'string' || typeof value === 'boolean';
}

function bad(message: string): UserError {
  return new UserError('bad-template', `template ${message}`);
}
