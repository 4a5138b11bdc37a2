/** Shows an author what a template would make: each file with its origin, or one file's text. */

import { usageError } from '../support/errors.ts';
import type { Description } from './describe.ts';
import { loadTemplate } from './load.ts';
import { commandsOf } from './list-files.ts';
import { render, type RenderedFile } from './render.ts';
import { sampleAnswers } from './sample-answers.ts';
import { commandText } from './trust.ts';

/**
 * @param file path of a made file whose text is wanted; all of them as a list without it
 * @throws UserError `usage` for answers that the template does not take, or a file that they do not make
 */
export async function previewTemplate(
  reference: string,
  given: Readonly<Record<string, unknown>>,
  file?: string,
): Promise<Description> {
  const template = loadTemplate(reference);
  const answers = await sampleAnswers(template, given);
  const files = render(template, answers);
  if (file !== undefined) return oneFile(files, file);
  const width = Math.max(...files.map(({ path }) => path.length)) + 2;
  const commands = commandsOf(template, answers);
  return {
    lines: [
      ...files.map(({ path, mode, source }) => {
        const star = (mode & 0o111) === 0 ? '' : '*';
        return `${(path + star).padEnd(width)}${source ?? 'the answers'}`;
      }),
      ...commands.map((command) => `runs, if trusted: ${commandText(command)}`),
    ],
    data: {
      answers,
      files: files.map(({ path, mode, source }) => ({ path, mode: `0${mode.toString(8)}`, source })),
      run: commands,
    },
  };
}

function oneFile(files: readonly RenderedFile[], wanted: string): Description {
  const found = files.find(({ path }) => path === wanted);
  if (found === undefined) {
    throw usageError(
      `these answers make no file ${wanted}`,
      `They make ${files.map(({ path }) => path).join(', ')}.`,
    );
  }
  if (typeof found.content !== 'string') throw usageError(`${wanted} is not text`);
  return {
    lines: found.content.replace(/\n$/, '').split('\n'),
    data: { path: found.path, content: found.content, source: found.source },
  };
}
