import type { InstalledFile } from '../stage/tree.ts';
import { isListOf, isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';

/** Where wdev keeps what it knows about a target, on that target. */
export const STATE_FOLDER = '/var/lib/wdev';

/** The files that wdev put on a target for one plugin. */
export interface InstalledPlugin {
  readonly id: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, InstalledFile>;
}

/** The file that tells what of a plugin is installed. */
export function manifestPath(pluginId: string): string {
  return `${STATE_FOLDER}/plugins/${encodeURIComponent(pluginId)}.json`;
}

export function manifestText(plugin: InstalledPlugin): string {
  const files = [...plugin.files].map(([path, { hash, mode, partOf, stands, found }]) => {
    const last = found === true ? 3 : stands !== undefined ? 2 : partOf === undefined ? 0 : 1;
    return [path, hash, mode, ...[partOf ?? null, stands ?? null, 'found'].slice(0, last)];
  });
  return `${JSON.stringify({ id: plugin.id, version: plugin.version, files })}\n`;
}

type Entry = readonly [string, string, number, (string | null)?, (string | null)?, string?];

const isEntry: Shape<Entry> = (value): value is Entry =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  typeof value[1] === 'string' &&
  typeof value[2] === 'number' &&
  value.slice(3).every((one) => one === null || typeof one === 'string');

const isManifest = isRecord({
  id: isText,
  version: isText,
  files: isListOf(isEntry),
}) as unknown as Shape<{ readonly id: string; readonly version: string; readonly files: readonly Entry[] }>;

/** Throws where the text is none of manifestText. */
export function readManifestText(text: string): InstalledPlugin {
  const content = parsedJson(text);
  if (!isManifest(content)) throw new Error('it is no record of a plugin');
  const { id, version, files } = content;
  return {
    id,
    version,
    files: new Map(
      files.map(([path, hash, mode, partOf, stands, found]) => [
        path,
        {
          hash,
          mode,
          ...(typeof partOf === 'string' ? { partOf } : {}),
          ...(typeof stands === 'string' ? { stands } : {}),
          ...(found === undefined ? {} : { found: true }),
        },
      ]),
    ),
  };
}
