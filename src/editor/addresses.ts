import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Location, TextEdit } from 'vscode-languageserver';
import { readText } from '../support/read-file.ts';
import type { EditorText, Place } from './language.ts';
import { Lines } from './span.ts';
import type { EditedPlugin } from './workspace.ts';

/** The address of a file of a plugin. */
export function uriOf(plugin: EditedPlugin, name: string): string {
  return pathToFileURL(path.join(plugin.dir, name)).href;
}

/** The text of a file; empty where it cannot be read. */
export function textOnDisk(uri: string): string {
  try {
    return readText(fileURLToPath(uri));
  } catch {
    return '';
  }
}

/** Places as the protocol has them. */
export function locations(found: readonly Place[], files: readonly EditorText[]): Location[] {
  const lines = new Map<string, Lines>();
  return found.flatMap((place) => {
    const file = files.find(({ uri }) => uri === place.uri);
    if (file === undefined) return [];
    const known = lines.get(place.uri) ?? new Lines(file.text);
    lines.set(place.uri, known);
    return [{ uri: place.uri, range: known.rangeOf(place) }];
  });
}

/** The edits, by the address of a file, that put another name at these places. */
export function changesOf(
  found: readonly Place[],
  files: readonly EditorText[],
  newText: string,
): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const { uri, range } of locations(found, files)) (changes[uri] ??= []).push({ range, newText });
  return changes;
}
