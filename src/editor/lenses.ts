import { fileURLToPath } from 'node:url';
import type { CodeLens } from 'vscode-languageserver';
import { statOf } from '../support/stat.ts';
import { textOnDisk } from './addresses.ts';
import { outlineOf } from './dialplan-outline.ts';
import { isDialplan } from './file-kinds.ts';
import type { EditorText } from './language.ts';
import { languageOf } from './languages.ts';
import { type Served, servedContext, servedTitle } from './served.ts';
import { Lines } from './span.ts';

/** The lines that an editor shows above a line of a text. */

export const TRACE_COMMAND = 'wdev.trace';
export const SERVED_COMMAND = 'wdev.served';

export function lensesOf(file: EditorText, served: readonly Served[]): readonly CodeLens[] {
  if (languageOf(file.uri) === undefined) return [];
  const lines = new Lines(file.text);
  return [...traceLenses(file, lines), ...servedLenses(file, lines, served)];
}

/** One on each extension that a number is known of. */
function traceLenses(file: EditorText, lines: Lines): readonly CodeLens[] {
  if (!isDialplan(file.uri)) return [];
  return outlineOf(file).flatMap(({ extensions }) =>
    extensions.flatMap(({ at, call }): readonly CodeLens[] => {
      if (call === undefined) return [];
      const command = { title: 'trace a call', command: TRACE_COMMAND, arguments: [file.uri, call] };
      return [{ range: lines.rangeOf(at), command }];
    }),
  );
}

/** The state of the plugin on the targets of running watches, and of each context that was read back there. */
function servedLenses(file: EditorText, lines: Lines, served: readonly Served[]): readonly CodeLens[] {
  if (served.length === 0) return [];
  const { uri } = file;
  const isSaved = textOnDisk(uri) === file.text;
  const saved = isSaved ? statOf(fileURLToPath(uri))?.mtimeMs : undefined;
  const contexts = isDialplan(uri) ? outlineOf(file) : [];
  const lens = (title: string, at: { readonly start: number; readonly end: number }): CodeLens => ({
    range: lines.rangeOf(at),
    command: { title, command: SERVED_COMMAND, arguments: [uri] },
  });
  return served.flatMap((one) => [
    lens(servedTitle(one, saved), { start: 0, end: 0 }),
    ...contexts.flatMap(({ name, at }) => {
      const title = servedContext(one, name);
      return title === undefined ? [] : [lens(title, at)];
    }),
  ]);
}
