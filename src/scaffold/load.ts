/** Reads templates from folders into memory: the only place of scaffolding that reads them. */

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import { badTemplate } from './manifest-fields.ts';
import { extendsOf, parseLayer, type Layer } from './manifest.ts';
import type { Condition, Question } from './question.ts';
import type { Contributions, Part, Template } from './template.ts';

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
  const template = builtIn.get(ref) ?? loadFolder(templateFolder(ref), ref);
  if (isKind(ref)) builtIn.set(ref, template);
  return template;
}

/** The package's own templates do not change while it runs. */
const builtIn = new Map<string, Template>();

function loadFolder(folder: string, ref: string): Template {
  const name = path.basename(folder);
  const [base, own] = readWithBase(folder, name, 'template.yml', {});
  const parts = readParts(folder, name, folderConditions(own));
  const layers = [base, own, ...parts.map(({ layer }) => layer)];
  return {
    name: ref,
    title: own.title,
    summary: own.summary,
    kind: own.kind || name,
    version: own.version,
    questions: mergeQuestions(
      base.questions,
      own,
      parts.map(({ part }) => part),
    ),
    samples: Object.assign({}, ...layers.map((layer) => layer.samples)) as Layer['samples'],
    lookups: Object.assign({}, ...layers.map((layer) => layer.lookups)) as Layer['lookups'],
    checks: layers.flatMap((layer) => layer.checks),
    files: [...base.files, ...own.files],
    adds: joinContributions(base.adds, own.adds),
    parts: parts.map(({ part }) => part),
  };
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

/** What a layer extends, all of it as one layer, and the layer itself. */
function readWithBase(
  folder: string,
  label: string,
  manifest: string,
  inherited: Layer['conditions'],
): readonly [Layer, Layer] {
  const names = extendsOf(readFileSync(path.join(folder, manifest), 'utf8'), `${label}/${manifest}`);
  const base = names.map((name) => readBase(name, inherited)).reduce(joinLayers, emptyLayer());
  return [base, readLayer(folder, label, manifest, { ...inherited, ...folderConditions(base) })];
}

function emptyLayer(): Layer {
  return parseLayer({ folder: '', manifestName: '', manifest: "title: ''\nsummary: ''", files: [] });
}

function readBase(name: string, inherited: Layer['conditions']): Layer {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw badTemplate(`extends ${name}: not a name`);
  return readLayer(path.join(packageRoot(), 'templates', name), name, 'template.yml', inherited);
}

function joinLayers(first: Layer, second: Layer): Layer {
  return {
    ...second,
    questions: [...first.questions, ...second.questions],
    samples: { ...first.samples, ...second.samples },
    lookups: { ...first.lookups, ...second.lookups },
    checks: [...first.checks, ...second.checks],
    files: [...first.files, ...second.files],
    conditions: { ...first.conditions, ...second.conditions },
    adds: joinContributions(first.adds, second.adds),
  };
}

function joinContributions(first: Contributions, second: Contributions): Contributions {
  const keys = Object.keys(first) as (keyof Contributions)[];
  return Object.fromEntries(
    keys.map((key) => [key, [...first[key], ...second[key]]]),
  ) as unknown as Contributions;
}

/** A condition on a folder holds for the same folder of every layer above. */
function folderConditions(layer: Layer): Readonly<Record<string, Condition>> {
  return Object.fromEntries(Object.entries(layer.conditions).filter(([key]) => key.endsWith('/')));
}

/** A template's question takes the place of one of the same name that it extends. */
function mergeQuestions(base: readonly Question[], own: Layer, parts: readonly Part[]): readonly Question[] {
  const merged = base.map((question) => own.questions.find(({ name }) => name === question.name) ?? question);
  const added = own.questions.filter(({ name }) => !base.some((question) => question.name === name));
  const choice: Question[] = parts.length === 0 ? [] : [partsQuestion(own, parts)];
  return [...merged, ...choice, ...added, ...mergeSame(parts.flatMap((part) => part.questions))];
}

/** Parts that ask the same question share one, asked when any of them is chosen. */
function mergeSame(questions: readonly Question[]): readonly Question[] {
  const merged = new Map<string, Question>();
  for (const question of questions) {
    const before = merged.get(question.name);
    const parts = [...partsOf(before), ...partsOf(question)];
    merged.set(question.name, { ...question, ...before, when: { ...question.when, parts } });
  }
  return [...merged.values()];
}

function partsOf(question: Question | undefined): readonly string[] {
  const parts = question?.when?.['parts'];
  return Array.isArray(parts) ? (parts as readonly string[]) : [];
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
  readonly layer: Layer;
}

function readParts(folder: string, template: string, inherited: Layer['conditions']): readonly LoadedPart[] {
  const parts = path.join(folder, 'parts');
  if (!existsSync(parts)) return [];
  return readdirSync(parts)
    .filter((name) => existsSync(path.join(parts, name, 'part.yml')))
    .sort()
    .map((name) => {
      const [base, own] = readWithBase(
        path.join(parts, name),
        `${template}/parts/${name}`,
        'part.yml',
        inherited,
      );
      const layer = joinLayers(base, own);
      const { title, summary, files, adds } = layer;
      const questions = layer.questions.map((question) => ({
        ...question,
        when: { ...question.when, parts: [name] },
      }));
      return { part: { name, title, summary, questions, files, adds }, layer };
    });
}

function readLayer(folder: string, label: string, manifest: string, inherited: Layer['conditions']): Layer {
  const source = {
    folder: label,
    manifestName: `${label}/${manifest}`,
    manifest: readFileSync(path.join(folder, manifest), 'utf8'),
    files: readFiles(path.join(folder, 'files')),
  };
  return parseLayer(source, inherited);
}

function readFiles(folder: string): { path: string; content: string | Uint8Array }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/(^|\/)(__pycache__|\.pytest_cache)(\/|$)/.test(file))
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .sort()
    .map((file) => ({
      path: file.split(path.sep).join('/'),
      content: textOrBytes(readFileSync(path.join(folder, file))),
    }));
}

function textOrBytes(bytes: Buffer): string | Uint8Array {
  return bytes.includes(0) ? new Uint8Array(bytes) : bytes.toString('utf8');
}
