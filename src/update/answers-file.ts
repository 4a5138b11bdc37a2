/** The answers file of a plugin: which template made it, and from which answers. */

import { ANSWERS_FILE } from '../templates/list-files.ts';
import { ANSWERS_KEY, type RenderedFile } from '../templates/render.ts';
import type { Answers } from '../answers/question.ts';
import { readOwnYaml } from '../readers/yaml/own.ts';
import { parseReference, pinProblem, type TemplatePin } from '../templates/reference.ts';
import { UserError } from '../support/errors.ts';

export interface AnswersRecord {
  /** As `--template` takes it. */
  readonly template: string;
  readonly version: number;
  /** The pin that fixes exactly this version of it. */
  readonly pin?: TemplatePin;
  readonly answers: Answers;
  /** Python package of a plugin that was not made by us, where it is not named after the plugin. */
  readonly package?: string;
}

/**
 * The record in the text of an answers file; undefined when another generator's is the only one. The file came with
 * the plugin: each value is held against a grammar before anything is done with it.
 * @param name how messages call the file
 * @throws UserError `bad-answers-file` with `file:line`
 */
export function parseAnswersFile(text: string, name: string = ANSWERS_FILE): AnswersRecord | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw badFile(`${name}:${readOwnYaml(text).problems[0]?.line ?? 1}`, 'it is not JSON');
  }
  const found: unknown =
    isMapping(content) && Object.hasOwn(content, ANSWERS_KEY) ? content[ANSWERS_KEY] : undefined;
  if (!isMapping(content)) throw badFile(`${name}:1`, 'it is not an object');
  if (found === undefined) return undefined;
  const problem = problemOf(found);
  if (problem === undefined) return recordOf(found as unknown as AnswersRecord);
  const { keys, must } = problem;
  const line = readOwnYaml(text).lineAt(ANSWERS_KEY, ...keys);
  throw badFile(`${name}:${line}`, `${[ANSWERS_KEY, ...keys].join('.')} ${must}`);
}

interface Problem {
  readonly keys: readonly string[];
  /** As the end of a sentence. */
  readonly must: string;
}

/** Python's grammar of a name, in ASCII as packages of Debian have it. */
const PACKAGE = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
/** Longer references are nobody's. */
const REFERENCE = 2000;

function problemOf(record: unknown): Problem | undefined {
  if (!isMapping(record)) return { keys: [], must: 'must be a mapping' };
  const { template, version, pin, answers, package: own } = record;
  if (typeof template !== 'string' || template.length > REFERENCE)
    return { keys: ['template'], must: 'must be what --template takes' };
  if (!Number.isSafeInteger(version) || Number(version) < 0)
    return { keys: ['version'], must: 'must be a whole number' };
  if (!isMapping(answers)) return { keys: ['answers'], must: 'must be a mapping' };
  const wrong = Object.entries(answers).find(([, answer]) => !isAnswer(answer));
  if (wrong !== undefined)
    return { keys: ['answers', wrong[0]], must: 'must be a text, a list of texts, true or false' };
  if (own !== undefined && !(typeof own === 'string' && PACKAGE.test(own)))
    return { keys: ['package'], must: 'must be the name of a Python package' };
  const pinned = pin === undefined ? undefined : pinProblem(pin);
  if (pinned !== undefined)
    return { keys: pinned.key === undefined ? ['pin'] : ['pin', pinned.key], must: pinned.must };
  return referenceProblem(template);
}

function referenceProblem(template: string): Problem | undefined {
  try {
    // whether there is a template of that name is for who looks for it
    parseReference(template, /^[a-z][a-z0-9-]*$/.test(template) ? [template] : [], template);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { keys: ['template'], must: `cannot be used: ${error.message}` };
  }
}

/** Only what is known of it: no other field goes further. */
function recordOf({ template, version, pin, answers, package: own }: AnswersRecord): AnswersRecord {
  return {
    template,
    version,
    answers,
    ...(pin === undefined ? {} : { pin }),
    ...(own === undefined ? {} : { package: own }),
  };
}

function isAnswer(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((entry) => typeof entry === 'string');
  return typeof value === 'string' || typeof value === 'boolean';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badFile(place: string, why: string): UserError {
  return new UserError('bad-answers-file', `${place}: ${why}`, {
    help: `Nothing was fetched and nothing was run. Correct it, or restore it from git: git checkout -- ${ANSWERS_FILE}`,
  });
}

/**
 * The rendered files with another Python package than the one that templates name after the plugin, noted in the
 * answers file.
 */
export function inPackage(
  files: readonly RenderedFile[],
  own: string,
  name: string | undefined,
): readonly RenderedFile[] {
  if (name === undefined || name === own) return files;
  const word = new RegExp(`(?<![A-Za-z0-9_])${own}(?![A-Za-z0-9_])`, 'g');
  return files.map((file) => {
    if (file.path === ANSWERS_FILE) return { ...file, content: withPackage(String(file.content), name) };
    // conf.d and settings name the entry point, which keeps the plugin's name
    const isCode = /\.(py|toml|cfg)$|^wazo\/rules$|^tests\//.test(file.path);
    const content =
      typeof file.content === 'string' && isCode ? renameIn(file.content, word, name) : file.content;
    // below its package a folder may have the plugin's name, as the pages of wazo-ui
    return { ...file, path: file.path.replace(new RegExp(word.source), name), content };
  });
}

/** Modules and paths, but not the name of an entry point or a key of settings. */
function renameIn(text: string, word: RegExp, name: string): string {
  return text.replace(word, (found, at: number) => {
    const [before, after] = [text.slice(Math.max(0, at - 12), at), text.slice(at + found.length)];
    const isModule =
      /^[./]/.test(after) || /(?:import|from|site|lib)[ /]$/.test(before) || before.endsWith('/');
    return isModule ? name : found;
  });
}

function withPackage(text: string, name: string): string {
  const content = JSON.parse(text) as Record<string, object>;
  const record = { ...content[ANSWERS_KEY], package: name };
  return `${JSON.stringify({ ...content, [ANSWERS_KEY]: record }, undefined, 2)}\n`;
}
