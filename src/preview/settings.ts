import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { UserError, messageOf } from '../support/errors.ts';

/** The `preview` part of a plugin's `wdev.yml`. */
export interface PreviewSettings {
  /** Settings file that wins over those of the plugin, relative to its folder. */
  readonly config: string | undefined;
  /** Answers of DAO functions: `asterisk_conf_dao.find_features_settings: [...]`. */
  readonly dao: Readonly<Record<string, unknown>>;
  /** Texts of wazo-confgend's own files, by `resource/filename`. */
  readonly stock: Readonly<Record<string, string>>;
  /** Whether `!exec` in settings may run its program. */
  readonly exec: boolean;
}

/**
 * Reads `wdev.yml`. `dao` is a mapping or the name of a YAML file with one; the values of `stock` are names of
 * files with the text.
 * @throws UserError `preview-settings` when a file cannot be read or has another shape
 */
export async function readPreviewSettings(dir: string): Promise<PreviewSettings> {
  const file = path.join(dir, 'wdev.yml');
  const all = await readYaml(file, true);
  const part = mapping(all['preview'] ?? {}, `${file}: preview`);
  const dao =
    typeof part['dao'] === 'string'
      ? await readYaml(path.join(dir, part['dao']))
      : mapping(part['dao'] ?? {}, `${file}: preview.dao`);
  const stock: Record<string, string> = {};
  for (const [name, text] of Object.entries(mapping(part['stock'] ?? {}, `${file}: preview.stock`))) {
    stock[name] = await readText(path.join(dir, String(text)));
  }
  const { config } = part;
  return { config: typeof config === 'string' ? config : undefined, dao, stock, exec: part['exec'] === true };
}

async function readYaml(file: string, mayLack = false): Promise<Record<string, unknown>> {
  const text = await readText(file, mayLack);
  try {
    return mapping(loadAll(text)[0] ?? {}, file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('preview-settings', `${file} is not YAML: ${messageOf(error)}`);
  }
}

async function readText(file: string, mayLack = false): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (mayLack && (error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new UserError('preview-settings', `${file} cannot be read: ${messageOf(error)}`);
  }
}

function mapping(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError('preview-settings', `${what} is not a mapping`);
  }
  return value as Record<string, unknown>;
}
