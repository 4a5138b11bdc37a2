import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Location, TextEdit } from 'vscode-languageserver';
import { readText } from '../support/read-file.ts';
import type { DialplanText, PlacedMention } from './dialplan-places.ts';
import { Lines } from './span.ts';
import type { EditedPlugin } from './workspace.ts';

/** Whether a file, by its address or path, is one of a dialplan. */
export function isDialplan(uri: string): boolean {
  return /(?:^|\/)(?:extensions[^/]*\.conf|extensions(?:_extra)?\.d\/[^/]+)$/.test(uri);
}

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

/** Names as places that the protocol has. */
export function locations(found: readonly PlacedMention[], files: readonly DialplanText[]): Location[] {
  const lines = new Map(files.map((file) => [file.uri, new Lines(file.text)]));
  return found.flatMap(({ uri, mention }) => {
    const range = lines.get(uri)?.rangeOf(mention);
    return range === undefined ? [] : [{ uri, range }];
  });
}

/** The edits, by the address of a file, that put another name at these places. */
export function changesOf(
  found: readonly PlacedMention[],
  files: readonly DialplanText[],
  newText: string,
): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const { uri, range } of locations(found, files)) (changes[uri] ??= []).push({ range, newText });
  return changes;
}
