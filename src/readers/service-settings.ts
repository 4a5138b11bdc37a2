import { SourceText } from './source-text.ts';
import { plainValue } from './yaml/plain-value.ts';
import { readYaml } from './yaml/read.ts';

/** A settings file of a service, as it stands on a target. */
export interface SettingsFile {
  readonly path: string;
  readonly text: string;
}

/** The value of a key in settings. */
export type Setting =
  | { readonly state: 'set'; readonly value: unknown; readonly path: string }
  | { readonly state: 'absent' }
  /** A key above it holds no mapping: that hides every later file. */
  | { readonly state: 'hidden'; readonly key: string; readonly path: string };

/**
 * Looks a key up as services do: the first file that sets it wins, and mappings are merged over all files.
 * Files that are no YAML are skipped, as services skip them.
 */
export function settingOf(files: readonly SettingsFile[], keys: readonly string[]): Setting {
  for (const { path, text } of files) {
    const read = readSettings(text);
    let value: unknown = read.ok ? read.value : undefined;
    for (const [index, key] of keys.entries()) {
      if (value === undefined) break;
      if (value === null || typeof value !== 'object' || Array.isArray(value)) {
        if (index === 0) break;
        return { state: 'hidden', key: keys.slice(0, index).join('.'), path };
      }
      value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      if (value === undefined) break;
      if (index === keys.length - 1) return { state: 'set', value, path };
    }
  }
  return { state: 'absent' };
}

export type SettingsText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string; readonly line: number };

/** Reads settings as PyYAML does; a value that a program would give (`!exec`) stays unknown. */
export function readSettings(text: string): SettingsText {
  const { root, problem } = readYaml(text, { tags: ['!exec'] });
  if (problem === undefined) return { ok: true, value: plainValue(root) };
  return { ok: false, reason: problem.message, line: new SourceText('', text).at(problem.offset).line };
}
