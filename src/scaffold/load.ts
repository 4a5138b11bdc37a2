/** Reads templates from folders into memory: the only place of scaffolding that reads them. */

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import { parseLayer, type Layer, type Part, type Template } from './template.ts';
import type { Question } from './question.ts';

/** The templates that come with the package, in the order of `wdev templates`. */
export const KINDS = ['stack', 'confgend', 'call-logger'] as const;

export type Kind = (typeof KINDS)[number];

export function isKind(value: string): value is Kind {
  return (KINDS as readonly string[]).includes(value);
}

/**
 * Loads a template. `ref` is the name of a built-in one (`stack`) or the path of a folder with a template.yml.
 * Throws UserError `unknown-template` or `bad-template`.
 */
export function loadTemplate(ref: string): Template {
  return loadTemplateFolder(templateFolder(ref), ref);
}

function templateFolder(ref: string): string {
  const builtIn = path.join(packageRoot(), 'templates', ref);
  if (/^[a-z][a-z0-9-]*$/.test(ref) && existsSync(path.join(builtIn, 'template.yml'))) return builtIn;
  const folder = path.resolve(ref);
  if (existsSync(path.join(folder, 'template.yml'))) return folder;
  throw new UserError('unknown-template', `there is no template ${ref}`, {
    exit: 2,
    help: `Built-in templates are ${KINDS.join(', ')}; a folder needs a template.yml.`,
  });
}

function loadTemplateFolder(folder: string, ref: string): Template {
  const name = path.basename(folder);
  const own = readLayer(folder, name, 'template.yml');
  const base = own.extends === undefined ? undefined : readBase(own.extends);
  const parts = readParts(folder, name);
  const partSamples = parts.map(({ samples }) => samples);
  return {
    name: ref,
    title: own.title,
    summary: own.summary,
    kind: own.kind || name,
    version: own.version,
    questions: mergeQuestions(
      base?.questions ?? [],
      own,
      parts.map(({ part }) => part),
    ),
    samples: Object.assign({}, base?.samples, own.samples, ...partSamples) as Record<string, string>,
    files: [...(base?.files ?? []), ...own.files],
    parts: parts.map(({ part }) => part),
  };
}

function readBase(name: string): Layer {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw new UserError('bad-template', `template extends ${name}: not a name`);
  return readLayer(path.join(packageRoot(), 'templates', name), name, 'template.yml');
}

/** A template's question takes the place of one of the same name that it extends. */
function mergeQuestions(base: readonly Question[], own: Layer, parts: readonly Part[]): readonly Question[] {
  const merged = base.map((question) => own.questions.find(({ name }) => name === question.name) ?? question);
  const added = own.questions.filter(({ name }) => !base.some((question) => question.name === name));
  const choice: Question[] = parts.length === 0 ? [] : [partsQuestion(own, parts)];
  return [...merged, ...choice, ...added, ...parts.flatMap((part) => part.questions)];
}

function partsQuestion(own: Layer, parts: readonly Part[]): Question {
  return {
    name: 'parts',
    type: 'checkbox',
    message: own.partsMessage,
    default: own.partsDefault,
    choices: parts.map((part) => ({ value: part.name, name: `${part.name}: ${part.summary}` })),
    flag: 'part',
    ask: true,
  };
}

interface LoadedPart {
  readonly part: Part;
  readonly samples: Readonly<Record<string, string>>;
}

function readParts(folder: string, template: string): readonly LoadedPart[] {
  const parts = path.join(folder, 'parts');
  if (!existsSync(parts)) return [];
  return readdirSync(parts)
    .filter((name) => existsSync(path.join(parts, name, 'part.yml')))
    .sort()
    .map((name) => readPart(path.join(parts, name), `${template}/parts/${name}`, name));
}

function readPart(folder: string, label: string, name: string): LoadedPart {
  const layer = readLayer(folder, label, 'part.yml');
  const questions = layer.questions.map((question) => ({
    ...question,
    when: { parts: [name], ...question.when },
  }));
  const { title, summary, files, adds } = layer;
  return { part: { name, title, summary, questions, files, adds }, samples: layer.samples };
}

function readLayer(folder: string, label: string, manifest: string): Layer {
  return parseLayer({
    folder: label,
    manifestName: `${label}/${manifest}`,
    manifest: readFileSync(path.join(folder, manifest), 'utf8'),
    files: readFiles(path.join(folder, 'files')),
  });
}

function readFiles(folder: string): { path: string; text: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/(^|\/)(__pycache__|\.pytest_cache)(\/|$)/.test(file))
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .sort()
    .map((file) => ({
      path: file.split(path.sep).join('/'),
      text: readFileSync(path.join(folder, file), 'utf8'),
    }));
}
