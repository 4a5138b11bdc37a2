import { dialled, isPattern, patternMatcher } from '../dialplan/read/pattern.ts';
import { listSources } from '../git/sources.ts';
import { textOf } from '../readers/source-text.ts';
import { usageError } from '../support/errors.ts';
import type { Template } from '../templates/template.ts';

/** An extension in the plugin's dialplan. */
interface Taken {
  readonly name: string;
  /** `FILE:LINE`. */
  readonly place: string;
}

/**
 * A template that proposes no extension that the plugin has already: calls would reach whichever Asterisk loads first.
 * @throws UserError `usage` when such a one was given
 */
export async function withFreeExtensions(
  template: Template,
  dir: string,
  { given = {} }: { readonly given?: Readonly<Record<string, unknown>> },
): Promise<Template> {
  if (!template.questions.some(({ valid }) => valid === 'extension')) return template;
  const all = await extensionsIn(dir);
  const questions = template.questions.map((question) => {
    const { name, valid, default: proposed } = question;
    if (valid !== 'extension' || typeof proposed !== 'string') return question;
    const asked = given[name];
    const taken = typeof asked === 'string' ? takes(all, asked) : undefined;
    if (taken !== undefined)
      throw usageError(
        `--${question.flag}: the plugin has ${String(asked)} at ${taken.place}`,
        'Choose another one.',
      );
    return { ...question, default: freeFrom(proposed, all) };
  });
  return { ...template, questions };
}

/** The first extension from one on, by its last digits, that is free; itself where none is. */
function freeFrom(first: string, all: readonly Taken[]): string {
  const [, head = '', digits = ''] = /^(.*\D)?(\d+)$/s.exec(first) ?? [];
  if (digits === '') return first;
  for (let number = Number(digits); String(number).length <= digits.length; number += 1) {
    const candidate = `${head}${String(number).padStart(digits.length, '0')}`;
    if (takes(all, candidate) === undefined) return candidate;
  }
  return first;
}

function takes(all: readonly Taken[], extension: string): Taken | undefined {
  const number = dialled(extension);
  return all.find(({ name }) => name === extension || (isPattern(name) && patternMatcher(name)(number)));
}

async function extensionsIn(dir: string): Promise<readonly Taken[]> {
  const found: Taken[] = [];
  for (const file of (await listSources(dir)).values()) {
    const { path } = file;
    if (!path.endsWith('.conf')) continue;
    for (const [index, line] of textOf(file).split('\n').entries()) {
      const name = /^\s*exten\s*=>?\s*([^,\s]+)\s*,/.exec(line)?.[1];
      // a pattern for all calls is a catch, not an extension of its own
      if (name !== undefined && !/^_[X.!]*[.!]$/i.test(name))
        found.push({ name, place: `${path}:${index + 1}` });
    }
  }
  return found;
}
