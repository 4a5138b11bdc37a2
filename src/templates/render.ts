/** A template and answers become files. Pure but for the chosen files of the template, which it reads. */

import ejs from 'ejs';
import { UserError, messageOf } from '../support/errors.ts';
import { Raw, contextOf, type Context } from './context.ts';
import { DELIMITER, languageOf, yamlScalar } from './languages.ts';
import type { Answers } from '../answers/question.ts';
import { ANSWERS_FILE, ANSWERS_MODE, byPath, chosenFiles, type ListedFile } from './list-files.ts';
import { checkTags, hasTags } from './tags.ts';
import type { Template, TemplateFile } from './template.ts';
import { wrapPython } from './wrap-python.ts';

export interface RenderedFile extends ListedFile {
  readonly content: string | Uint8Array;
  /** The template's file; the answers file has none. */
  readonly source?: string;
  /** Its content stands in the template as it is. */
  readonly verbatim?: boolean;
}

/** The key in the answers file (Yeoman's convention: the generator's name). */
export const ANSWERS_KEY = 'generator-wazo-plugin';

/**
 * Renders a template with complete, checked answers (see answers.ts).
 * Sorted by path; the same input gives the same bytes. Throws UserError `bad-template` naming the template file.
 */
export function render(template: Template, answers: Answers): readonly RenderedFile[] {
  const { parts, values, replace, files } = chosenFiles(template, answers);
  const contents = new Map([...files].map(([path, file]) => [path, file.read()]));
  const texts = [...contents].map(([path, read]) => [path, typeof read === 'string' ? read : ''] as const);
  const context = contextOf({ template, parts, values, replace, files: new Map(texts) });
  const rendered = [...files].map(([path, file]) => {
    const content = contents.get(path) ?? '';
    return {
      path,
      content:
        typeof content === 'string' && file.verbatim !== true
          ? inForm(path, content, renderText(file, replace(content), context))
          : content,
      mode: file.mode,
      source: file.source,
      ...(file.verbatim === true ? { verbatim: true } : {}),
    };
  });
  return byPath([...rendered, answersFile(template, answers)]);
}

/** Names may be long: Python keeps the form that it has in the template. */
function inForm(path: string, template: string, text: string): string {
  return path.endsWith('.py') ? wrapPython(template, text) : text;
}

function renderText(file: TemplateFile, text: string, context: Context): string {
  const language = languageOf(file.path);
  if (!hasTags(text, language)) return text;
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
  const { name, version, pin } = template;
  const record = { [ANSWERS_KEY]: { template: name, version, pin, answers } };
  return { path: ANSWERS_FILE, content: `${JSON.stringify(record, undefined, 2)}\n`, mode: ANSWERS_MODE };
}
