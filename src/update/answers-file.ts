/** The answers file of a plugin: which template made it, and from which answers. */

import { ANSWERS_FILE, ANSWERS_KEY, type RenderedFile } from '../templates/render.ts';
import type { Answers } from '../answers/question.ts';
import type { TemplatePin } from '../templates/reference.ts';
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
 * The record in the text of an answers file; undefined when another generator's is the only one.
 * @throws UserError `bad-answers-file`
 */
export function parseAnswersFile(text: string): AnswersRecord | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw badFile('it is not JSON');
  }
  if (typeof content !== 'object' || content === null) throw badFile('it is not an object');
  const record = (content as Record<string, unknown>)[ANSWERS_KEY];
  if (record === undefined) return undefined;
  const { template, version, answers } = record as Partial<AnswersRecord>;
  if (typeof template !== 'string' || typeof version !== 'number' || typeof answers !== 'object')
    throw badFile(`${ANSWERS_KEY} needs template, version and answers`);
  return record as AnswersRecord;
}

function badFile(why: string): UserError {
  return new UserError('bad-answers-file', `${ANSWERS_FILE} cannot be used: ${why}`, {
    help: `Put it right, or take it back from git: git checkout -- ${ANSWERS_FILE}`,
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
    return { ...file, path: file.path.replace(word, name), content };
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
