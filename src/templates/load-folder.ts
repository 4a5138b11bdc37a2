/** Reads templates from folders into memory, those of this package and those of others alike. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { badTemplate } from './manifest-fields.ts';
import { parseManifest } from './manifest-text.ts';
import { extendsOf, parseLayer, type Layer } from './manifest.ts';
import type { Condition, Question } from '../answers/question.ts';
import { readTemplateFiles, type StoredFile } from './template-files.ts';
import type { TemplatePin } from './reference.ts';
import { textOrBytes, type Contributions, type Part, type Template } from './template.ts';

/** A folder that was found for a reference (fetch-elsewhere.ts). */
interface Located {
  readonly reference: string;
  readonly folder: string;
  /** Holds what `extends` names. */
  readonly layers: string;
  readonly pin: TemplatePin;
}

/**
 * The template in a folder.
 * @throws UserError `unsafe-template` or `bad-template` (with `file:line`)
 */
export function loadFolder({ reference, folder, layers, pin }: Located): Template {
  const { base, own, parts } = readTemplate({ folder, layers, within: [] });
  const all = [base, own, ...parts.map(({ layer }) => layer)];
  const kind = own.kind || base.kind;
  if (kind === '') throw badTemplate(`${path.basename(folder)}/template.yml:1: kind is missing`);
  const answers = { ...base.answers, ...own.answers };
  const questions = mergeQuestions(
    base,
    own,
    parts.map(({ part }) => part),
  );
  demandQuestions(Object.keys(answers), questions, folder);
  return {
    name: reference,
    title: own.title,
    summary: own.summary,
    kind,
    version: own.version,
    changes: own.changes,
    pin,
    run: [...base.run, ...own.run],
    questions: questions.map((question) => withFixed(question, answers[question.name])),
    samples: Object.assign({}, ...all.map((layer) => layer.samples)) as Layer['samples'],
    lookups: Object.assign({}, ...all.map((layer) => layer.lookups)) as Layer['lookups'],
    checks: all.flatMap((layer) => layer.checks),
    files: [...base.files, ...own.files],
    own: { conditions: own.ownConditions, questions: ownQuestions(own, parts, path.basename(folder)) },
    adds: joinContributions(base.adds, own.adds),
    parts: parts.map(({ part }) => part),
  };
}

/** Questions of its own manifest and of its own parts. */
function ownQuestions(own: Layer, parts: readonly LoadedPart[], label: string): readonly string[] {
  const ownParts = parts.filter(({ label: of }) => of === label).map(({ part }) => part);
  const names = [...own.questions, ...ownParts.flatMap(({ questions }) => questions)].map(({ name }) => name);
  return ownParts.length === 0 ? names : [...names, 'parts'];
}

function withFixed(question: Question, answer: Question['fixed']): Question {
  return answer === undefined ? question : { ...question, ask: false, default: answer, fixed: answer };
}

function demandQuestions(names: readonly string[], questions: readonly Question[], folder: string): void {
  const unknown = names.find((name) => !questions.some((question) => question.name === name));
  if (unknown !== undefined)
    throw badTemplate(`${path.basename(folder)}/template.yml: answers: there is no question ${unknown}`);
}

interface Place {
  readonly folder: string;
  readonly layers: string;
  /** Names of the templates that led here by `extends`. */
  readonly within: readonly string[];
}

interface ReadTemplate {
  /** The templates that it extends, as one layer. */
  readonly base: Layer;
  readonly own: Layer;
  /** Its parts, and those of what it extends. */
  readonly parts: readonly LoadedPart[];
}

interface LoadedPart {
  readonly part: Part;
  readonly layer: Layer;
  /** The template's folder that it stands in. */
  readonly label: string;
}

function readTemplate(place: Place): ReadTemplate {
  const known = place.within.length === 0 ? undefined : readLayers.get(place.folder);
  if (known !== undefined) return known;
  const stored = readTemplateFiles(place.folder);
  const label = path.basename(place.folder);
  const { base, own, baseParts } = readWithBase(stored, '', `${label}/template.yml`, label, place, {});
  const inherited = { ...folderConditions(base), ...folderConditions(own) };
  const names = [...new Set(stored.map((file) => /^parts\/([^/]+)\/part\.yml$/.exec(file.path)?.[1]))];
  const parts = names
    .filter((name) => name !== undefined)
    .map((name) => readPart(stored, name, label, place, inherited));
  const kept = baseParts.filter((entry) => !names.includes(entry.part.name));
  const result = { base, own, parts: [...kept, ...parts] };
  if (place.within.length > 0) readLayers.set(place.folder, result);
  return result;
}

/** Layers of this package that were read already: many templates extend the same. */
const readLayers = new Map<string, ReadTemplate>();

function readPart(
  stored: readonly StoredFile[],
  name: string,
  label: string,
  place: Place,
  inherited: Layer['conditions'],
): LoadedPart {
  const within = `parts/${name}/`;
  const at = `${label}/parts/${name}`;
  const { base, own } = readWithBase(stored, within, `${at}/part.yml`, at, place, inherited);
  const layer = joinLayers(base, own);
  const { title, summary, files, adds } = layer;
  const questions = layer.questions.map((question) => ({
    ...question,
    when: { ...question.when, parts: [name] },
  }));
  return { part: { name, title, summary, questions, files, adds }, layer, label };
}

/** The templates that a manifest extends, as one layer, and its own layer. */
function readWithBase(
  stored: readonly StoredFile[],
  within: string,
  name: string,
  label: string,
  place: Place,
  inherited: Layer['conditions'],
): { readonly base: Layer; readonly own: Layer; readonly baseParts: readonly LoadedPart[] } {
  const manifestPath = `${within}${path.posix.basename(name)}`;
  const text = stored.find((file) => file.path === manifestPath)?.content ?? new Uint8Array();
  const manifest = parseManifest(Buffer.from(text).toString('utf8'), name);
  const bases = extendsOf(manifest).map((wanted) => readBase(wanted, place, manifest.at('extends')));
  const joined = bases.map((read) => joinLayers(read.base, read.own)).reduce(joinLayers, emptyLayer());
  const base = withConditions(joined, { ...inherited, ...folderConditions(joined) });
  const files = stored
    .filter((file) => file.path.startsWith(`${within}files/`))
    .map((file) => ({
      path: file.path.slice(within.length + 'files/'.length),
      content: textOrBytes(Buffer.from(file.content)),
    }));
  const own = parseLayer({ folder: label, manifest, files }, { ...inherited, ...folderConditions(base) });
  return { base, own, baseParts: bases.flatMap(({ parts }) => parts) };
}

/** A condition of a folder holds also for files that another layer puts into it. */
function withConditions(layer: Layer, conditions: Layer['conditions']): Layer {
  const files = layer.files.map((file) => {
    const more = Object.entries(conditions).filter(([key]) => key.endsWith('/') && file.path.startsWith(key));
    return { ...file, when: [...file.when, ...more.map(([, condition]) => condition)] };
  });
  return { ...layer, files };
}

function readBase(name: string, { layers, within }: Place, at: string): ReadTemplate {
  const folder = path.join(layers, name);
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(path.join(folder, 'template.yml')))
    throw badTemplate(`${at}: extends: this package has no template ${name}`);
  if (within.includes(name)) throw badTemplate(`${at}: extends: ${[...within, name].join(' extends ')}`);
  return readTemplate({ folder, layers, within: [...within, name] });
}

let empty: Layer | undefined;

function emptyLayer(): Layer {
  empty ??= parseLayer({ folder: '', manifest: parseManifest("title: ''\nsummary: ''", ''), files: [] });
  return empty;
}

function joinLayers(first: Layer, second: Layer): Layer {
  return {
    ...second,
    kind: second.kind || first.kind,
    partsMessage: second.partsMessage || first.partsMessage,
    answers: { ...first.answers, ...second.answers },
    run: [...first.run, ...second.run],
    questions: mergeOver(first.questions, second.questions),
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

/** A question takes the place of one of the same name that its template extends. */
function mergeOver(base: readonly Question[], own: readonly Question[]): readonly Question[] {
  const merged = base.map((question) => own.find(({ name }) => name === question.name) ?? question);
  return [...merged, ...own.filter(({ name }) => !base.some((question) => question.name === name))];
}

function mergeQuestions(base: Layer, own: Layer, parts: readonly Part[]): readonly Question[] {
  const merged = mergeOver(base.questions, own.questions);
  const choice: Question[] = parts.length === 0 ? [] : [partsQuestion(base, own, parts)];
  const [inherited, added] = [merged.slice(0, base.questions.length), merged.slice(base.questions.length)];
  const asked = mergeSame(parts.flatMap((part) => part.questions));
  // what the template asks always is not asked once more for a part
  const ofParts = asked.filter(({ name }) => !merged.some((question) => question.name === name));
  return [...inherited, ...choice, ...added, ...ofParts];
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

/** A template that has the parts of another one can take them, and asks for none unless it says so. */
function partsQuestion(base: Layer, own: Layer, parts: readonly Part[]): Question {
  return {
    name: 'parts',
    type: 'checkbox',
    message: own.partsMessage || base.partsMessage,
    default: own.partsDefault,
    choices: parts.map((part) => ({ value: part.name, name: `${part.name}: ${part.summary}` })),
    flag: 'part',
    ask: own.partsMessage !== '',
  };
}
