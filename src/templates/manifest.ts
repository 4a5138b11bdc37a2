/** Reads the manifests of templates (template.yml) and parts (part.yml). Pure. */

import {
  badTemplate,
  list,
  mapping,
  optionalText,
  text,
  textMapping,
  texts,
  type Fields,
} from './manifest-fields.ts';
import type { ManifestText } from './manifest-text.ts';
import type { Check, Lookup } from '../answers/form.ts';
import { kebabFlag, type Answer, type Choice, type Condition, type Question } from '../answers/question.ts';
import type { Contributions, TemplateFile } from './template.ts';
import { VALIDATORS } from '../answers/validators.ts';

/** One folder: its manifest, and its files by their path below `files/`. */
export interface LayerSource {
  /** Name of the folder, for messages. */
  readonly folder: string;
  readonly manifest: ManifestText;
  readonly files: readonly { readonly path: string; readonly content: string | Uint8Array }[];
}

/** A template, a part, or what a template extends, as it stands in one folder. */
export interface Layer {
  readonly title: string;
  readonly summary: string;
  readonly kind: string;
  readonly version: number;
  readonly changes: Readonly<Record<string, readonly string[]>>;
  /** Answers that it gives itself. */
  readonly answers: Readonly<Record<string, Answer>>;
  readonly run: readonly (readonly string[])[];
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
  /** Their keys in this very manifest. */
  readonly ownConditions: readonly string[];
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
  'try',
  'traits',
] as const satisfies readonly (keyof Contributions)[];

/** Names of the layers that a manifest builds on: they are read before its own conditions can be. */
export function extendsOf({ fields, at }: ManifestText): readonly string[] {
  return texts(fields['extends'], `${at('extends')}: extends`);
}

/** Throws UserError `bad-template` that names the line of the manifest. */
export function parseLayer(source: LayerSource, inherited: Readonly<Record<string, Condition>> = {}): Layer {
  const { fields, name: where, at } = source.manifest;
  const questions = list(fields['questions'], where).map((entry, index) =>
    parseQuestion(mapping(entry, where), (...keys) => at('questions', index, ...keys)),
  );
  const own = mapping(fields['conditions'], where) as Readonly<Record<string, Condition>>;
  const conditions = { ...inherited, ...own };
  const changes = Object.entries(mapping(fields['changes'], where));
  return {
    title: text(fields['title'], where),
    summary: text(fields['summary'], where),
    kind: optionalText(fields['kind'], where),
    version: typeof fields['version'] === 'number' ? fields['version'] : 1,
    changes: Object.fromEntries(changes.map(([version, entries]) => [version, texts(entries, where)])),
    answers: mapping(fields['answers'], where) as Readonly<Record<string, Answer>>,
    run: list(fields['run'], where).map((command) => texts(command, where)),
    partsMessage: optionalText(fields['partsMessage'], where),
    partsDefault: texts(fields['partsDefault'], where),
    questions: questions.map(({ question }) => question),
    samples: Object.assign(
      { ...textMapping(fields['samples'], where) },
      ...questions.map(({ sample, question }) => (sample === '' ? {} : { [sample]: `{${question.name}}` })),
    ) as Record<string, string>,
    lookups: parseLookups(mapping(fields['lookups'], where), where),
    checks: list(fields['checks'], where).map((entry) => mapping(entry, where) as unknown as Check),
    files: parseFiles(source, fields, conditions),
    adds: Object.fromEntries(
      CONTRIBUTIONS.map((key) => [key, texts(fields[key], where)]),
    ) as unknown as Contributions,
    conditions,
    ownConditions: Object.keys(own),
  };
}

function parseFiles(
  source: LayerSource,
  fields: Fields,
  conditions: Readonly<Record<string, Condition>>,
): readonly TemplateFile[] {
  const { name: where, at } = source.manifest;
  const modes = textMapping(fields['modes'], where);
  const paths = textMapping(fields['paths'], where);
  const verbatim = texts(fields['verbatim'], where);
  const named = (key: string, path: string): boolean =>
    key === path || (key.endsWith('/') && path.startsWith(key));
  const demandFile = (key: string, ...place: readonly (string | number)[]): void => {
    if (source.files.some((file) => named(key, file.path))) return;
    throw badTemplate(`${at(...place)}: there is no file ${key} below files`);
  };
  for (const key of Object.keys(modes)) demandFile(key, 'modes', key);
  for (const key of Object.keys(paths)) demandFile(key, 'paths', key);
  for (const [index, key] of verbatim.entries()) demandFile(key, 'verbatim', index);
  return source.files.map((file) => {
    const isVerbatim = verbatim.some((key) => named(key, file.path));
    if (!isVerbatim && typeof file.content !== 'string') {
      throw badTemplate(
        `${at('verbatim')}: files/${file.path} is not text; a sound or a picture stands under verbatim`,
      );
    }
    return {
      path: paths[file.path] ?? visiblePath(file.path),
      read: () => file.content,
      source: `${source.folder}/files/${file.path}`,
      mode: Number.parseInt(modes[file.path] ?? '0644', 8),
      when: Object.entries(conditions)
        .filter(([key]) => named(key, file.path))
        .map(([, condition]) => condition),
      ...(isVerbatim ? { verbatim: true } : {}),
    };
  });
}

function parseLookups(fields: Fields, where: string): Readonly<Record<string, Lookup>> {
  const entries = Object.entries(fields).map(([name, value]) => {
    const entry = mapping(value, where);
    const values = textMapping(entry['values'], where);
    return [
      name,
      { key: text(entry['key'], where), values, otherwise: optionalText(entry['otherwise'], where) },
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** npm leaves files of these names out of a package, so templates store them under another. */
const STORED_NAMES: Readonly<Record<string, string>> = { _gitignore: '.gitignore', _npmrc: '.npmrc' };

function visiblePath(path: string): string {
  const parts = path.split('/');
  const base = parts.pop() ?? '';
  return [...parts, STORED_NAMES[base] ?? base].join('/');
}

function parseQuestion(
  fields: Fields,
  at: ManifestText['at'],
): { readonly question: Question; readonly sample: string } {
  const where = at();
  const name = text(fields['name'], where);
  const valid = optionalText(fields['valid'], where);
  if (valid !== '' && VALIDATORS[valid] === undefined) {
    const known = Object.keys(VALIDATORS).join(', ');
    throw badTemplate(`${at('valid')}: there is no check ${valid}; there are ${known}`);
  }
  const type = fields['type'] as Question['type'];
  if ((type === 'list' || type === 'checkbox') && fields['choices'] === undefined)
    throw badTemplate(`${at('type')}: question ${name} is a ${type}, and needs choices`);
  const question: Question = {
    name,
    type,
    message: text(fields['message'], where),
    flag: optionalText(fields['flag'], where) || kebabFlag(name),
    ask: fields['ask'] !== false,
    ...(fields['default'] === undefined ? {} : { default: fields['default'] as Answer }),
    ...(fields['choices'] === undefined ? {} : { choices: parseChoices(fields['choices'], where) }),
    ...(valid === '' ? {} : { valid }),
    ...(fields['when'] === undefined ? {} : { when: fields['when'] as Condition }),
    ...(fields['askWhen'] === undefined ? {} : { askWhen: fields['askWhen'] as Condition }),
    ...(fields['was'] === undefined ? {} : { was: text(fields['was'], where) }),
    ...(fields['unlessGiven'] === undefined ? {} : { unlessGiven: texts(fields['unlessGiven'], where) }),
  };
  return { question, sample: optionalText(fields['sample'], where) };
}

/** `value: text`, or `value: {name: text, …}` where the rest is what follows from the choice. */
function parseChoices(value: unknown, where: string): readonly Choice[] {
  return Object.entries(mapping(value, where)).map(([key, entry]) => {
    if (typeof entry === 'string') return { value: key, name: entry };
    const { name, ...sets } = textMapping(entry, where);
    return { value: key, name: text(name, where), sets };
  });
}
