/** Reads the manifests of templates (template.yml) and parts (part.yml). Pure. */

import { load, YAMLException } from 'js-yaml';
import { messageOf } from '../support/errors.ts';
import {
  badTemplate,
  list,
  mapping,
  optionalText,
  refuseUnknown,
  text,
  textMapping,
  texts,
  type Fields,
} from './manifest-fields.ts';
import { kebabFlag, type Choice, type Condition, type Question } from './question.ts';
import type { Check, Contributions, Lookup, TemplateFile } from './template.ts';
import { VALIDATORS } from './validators.ts';

/** One folder: its manifest, and its files by their path below `files/`. */
export interface LayerSource {
  /** Name of the folder, for messages. */
  readonly folder: string;
  readonly manifestName: string;
  readonly manifest: string;
  readonly files: readonly { readonly path: string; readonly content: string | Uint8Array }[];
}

/** A template, a part, or what a template extends, as it stands in one folder. */
export interface Layer {
  readonly title: string;
  readonly summary: string;
  readonly kind: string;
  readonly version: number;
  readonly partsMessage: string;
  readonly partsDefault: readonly string[];
  readonly questions: readonly Question[];
  readonly samples: Readonly<Record<string, string>>;
  readonly lookups: Readonly<Record<string, Lookup>>;
  readonly checks: readonly Check[];
  readonly files: readonly TemplateFile[];
  readonly adds: Contributions;
  /** Conditions for files, also of layers that build on this one; a key that ends in `/` is a folder. */
  readonly conditions: Readonly<Record<string, Condition>>;
}

const CONTRIBUTIONS = [
  'reloads',
  'restarts',
  'package',
  'apply',
  'beforeReload',
  'install',
  'uninstall',
  'removed',
  'entryPoints',
  'debianDepends',
  'usage',
  'traits',
] as const satisfies readonly (keyof Contributions)[];

const KEYS = [
  ...'title summary kind version extends questions samples paths modes conditions'.split(' '),
  ...'partsMessage partsDefault lookups checks'.split(' '),
  ...CONTRIBUTIONS,
];

/** Names of the layers that a manifest builds on: they are read before its own conditions can be. */
export function extendsOf(manifest: string, where: string): readonly string[] {
  return texts(parseYaml(manifest, where)['extends'], `${where}: extends`);
}

/** Throws UserError `bad-template` that names the manifest and the field. */
export function parseLayer(source: LayerSource, inherited: Readonly<Record<string, Condition>> = {}): Layer {
  const where = source.manifestName;
  const fields = parseYaml(source.manifest, where);
  refuseUnknown(fields, KEYS, where);
  const questions = list(fields['questions'], `${where}: questions`).map((entry) =>
    parseQuestion(mapping(entry, `${where}: question`), where),
  );
  const own = Object.entries(mapping(fields['conditions'], `${where}: conditions`));
  const conditions = {
    ...inherited,
    ...Object.fromEntries(own.map(([key, value]) => [key, parseCondition(value, `${where}: ${key}`)])),
  };
  return {
    title: text(fields['title'], `${where}: title`),
    summary: text(fields['summary'], `${where}: summary`),
    kind: optionalText(fields['kind'], `${where}: kind`),
    version: typeof fields['version'] === 'number' ? fields['version'] : 1,
    partsMessage: optionalText(fields['partsMessage'], `${where}: partsMessage`),
    partsDefault: texts(fields['partsDefault'], `${where}: partsDefault`),
    questions: questions.map(({ question }) => question),
    samples: Object.assign(
      { ...textMapping(fields['samples'], `${where}: samples`) },
      ...questions.map(({ sample, question }) => (sample === '' ? {} : { [sample]: `{${question.name}}` })),
    ) as Record<string, string>,
    lookups: parseLookups(mapping(fields['lookups'], `${where}: lookups`), where),
    checks: list(fields['checks'], `${where}: checks`).map((entry) =>
      parseCheck(mapping(entry, where), where),
    ),
    files: parseFiles(source, fields, conditions),
    adds: Object.fromEntries(
      CONTRIBUTIONS.map((key) => [key, texts(fields[key], `${where}: ${key}`)]),
    ) as unknown as Contributions,
    conditions,
  };
}

function parseFiles(
  source: LayerSource,
  fields: Fields,
  conditions: Readonly<Record<string, Condition>>,
): readonly TemplateFile[] {
  const where = source.manifestName;
  const modes = textMapping(fields['modes'], `${where}: modes`);
  const paths = textMapping(fields['paths'], `${where}: paths`);
  for (const key of [...Object.keys(modes), ...Object.keys(paths)]) {
    if (!source.files.some((file) => file.path === key))
      throw badTemplate(`${where}: there is no file ${key}`);
  }
  return source.files.map((file) => ({
    path: paths[file.path] ?? visiblePath(file.path),
    content: file.content,
    source: `${source.folder}/files/${file.path}`,
    mode: parseMode(modes[file.path] ?? '0644', where),
    when: Object.entries(conditions)
      .filter(([key]) => key === file.path || (key.endsWith('/') && file.path.startsWith(key)))
      .map(([, condition]) => condition),
  }));
}

function parseLookups(fields: Fields, where: string): Readonly<Record<string, Lookup>> {
  const entries = Object.entries(fields).map(([name, value]) => {
    const at = `${where}: lookup ${name}`;
    const entry = mapping(value, at);
    const values = textMapping(entry['values'], `${at}: values`);
    return [
      name,
      { key: text(entry['key'], at), values, otherwise: optionalText(entry['otherwise'], at) },
    ] as const;
  });
  return Object.fromEntries(entries);
}

function parseCheck(fields: Fields, where: string): Check {
  return {
    when: parseCondition(fields['when'], `${where}: check`),
    question: text(fields['question'], `${where}: question of a check`),
    message: text(fields['message'], `${where}: message of a check`),
  };
}

/** npm leaves files of these names out of a package, so templates store them under another. */
const STORED_NAMES: Readonly<Record<string, string>> = { _gitignore: '.gitignore', _npmrc: '.npmrc' };

function visiblePath(path: string): string {
  const parts = path.split('/');
  const base = parts.pop() ?? '';
  return [...parts, STORED_NAMES[base] ?? base].join('/');
}

const QUESTION_KEYS =
  'name type message default choices valid when flag ask askWhen sample unlessGiven'.split(' ');
const TYPES = ['input', 'list', 'checkbox', 'confirm'] as const;

function parseQuestion(
  fields: Fields,
  where: string,
): { readonly question: Question; readonly sample: string } {
  const name = text(fields['name'], `${where}: name of a question`);
  const at = `${where}: question ${name}`;
  refuseUnknown(fields, QUESTION_KEYS, at);
  const type = TYPES.find((known) => known === fields['type']);
  if (type === undefined) throw badTemplate(`${at}: type must be one of ${TYPES.join(', ')}`);
  const valid = optionalText(fields['valid'], `${at}: valid`);
  if (valid !== '' && VALIDATORS[valid] === undefined)
    throw badTemplate(`${at}: there is no validator ${valid}`);
  const fallback = fields['default'];
  if (fallback !== undefined && !isAnswer(fallback)) {
    throw badTemplate(`${at}: default must be text, yes/no or a list`);
  }
  const question: Question = {
    name,
    type,
    message: text(fields['message'], `${at}: message`),
    flag: optionalText(fields['flag'], `${at}: flag`) || kebabFlag(name),
    ask: fields['ask'] !== false,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(fields['choices'] === undefined ? {} : { choices: parseChoices(fields['choices'], at) }),
    ...(valid === '' ? {} : { valid }),
    ...(fields['when'] === undefined ? {} : { when: parseCondition(fields['when'], at) }),
    ...(fields['askWhen'] === undefined ? {} : { askWhen: parseCondition(fields['askWhen'], at) }),
    ...(fields['unlessGiven'] === undefined ? {} : { unlessGiven: texts(fields['unlessGiven'], at) }),
  };
  return { question, sample: optionalText(fields['sample'], `${at}: sample`) };
}

/** `value: text`, or `value: {name: text, …}` where the rest is what follows from the choice. */
function parseChoices(value: unknown, at: string): readonly Choice[] {
  return Object.entries(mapping(value, `${at}: choices`)).map(([key, entry]) => {
    if (typeof entry === 'string') return { value: key, name: entry };
    const { name, ...sets } = textMapping(entry, `${at}: choice ${key}`);
    return { value: key, name: text(name, `${at}: choice ${key}`), sets };
  });
}

function parseCondition(value: unknown, at: string): Condition {
  const condition = mapping(value, `${at}: when`);
  for (const [name, wanted] of Object.entries(condition)) {
    if (name === 'not') parseCondition(wanted, at);
    else if (!isAnswer(wanted))
      throw badTemplate(`${at}: when ${name} must be text, yes/no or a list of texts`);
  }
  return condition as Condition;
}

function parseMode(value: string, at: string): number {
  if (/^0[0-7]{3}$/.test(value)) return Number.parseInt(value, 8);
  throw badTemplate(`${at}: a mode is four octal digits in quotes, like "0755"`);
}

function parseYaml(source: string, where: string): Fields {
  try {
    return mapping(load(source), where);
  } catch (error) {
    if (error instanceof YAMLException) throw badTemplate(`${where}: ${messageOf(error)}`);
    throw error;
  }
}

function isAnswer(value: unknown): value is string | boolean | readonly string[] {
  if (Array.isArray(value)) return value.every((entry) => typeof entry === 'string');
  return typeof value === 'string' || typeof value === 'boolean';
}
