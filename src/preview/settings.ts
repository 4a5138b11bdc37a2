import path from 'node:path';
import { SourceText } from '../readers/source-text.ts';
import { dictEntries } from '../readers/yaml/node.ts';
import { readOwnYaml } from '../readers/yaml/own.ts';
import { pythonValue } from '../readers/yaml/python-value.ts';
import { readYaml } from '../readers/yaml/read.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { readText } from '../support/read-file.ts';

/** The `preview` part of a plugin's `wdev.yml`. */
export interface PreviewSettings {
  /** Settings file that wins over those of the plugin, relative to its folder. */
  readonly config: string | undefined;
  /** Answers of DAO functions (`asterisk_conf_dao.find_features_settings: [...]`), for `decode` of wdev_values.py. */
  readonly dao: Readonly<Record<string, unknown>>;
  /** Texts of wazo-confgend's own files, by `resource/filename`. */
  readonly stock: Readonly<Record<string, string>>;
  /** Whether `!exec` in settings may run its program. */
  readonly exec: boolean;
}

/**
 * Reads `wdev.yml`. `dao` is a mapping or the name of a YAML file with one, that is read as PyYAML reads it; the values of `stock` are names of
 * files with the text.
 * @throws UserError `preview-settings` when a file cannot be read or has another shape
 */
export async function readPreviewSettings(dir: string): Promise<PreviewSettings> {
  const file = path.join(dir, 'wdev.yml');
  const all = readOwn(read(file, true), file);
  const part = mapping(all['preview'] ?? {}, `${file}: preview`);
  const dao =
    typeof part['dao'] === 'string'
      ? await readRows(path.join(dir, part['dao']))
      : mapping(part['dao'] ?? {}, `${file}: preview.dao`);
  const stock: Record<string, string> = {};
  for (const [name, text] of Object.entries(mapping(part['stock'] ?? {}, `${file}: preview.stock`))) {
    stock[name] = read(path.join(dir, String(text)));
  }
  const { config } = part;
  return { config: typeof config === 'string' ? config : undefined, dao, stock, exec: part['exec'] === true };
}

function readOwn(text: string, file: string): Readonly<Record<string, unknown>> {
  const { value, problems } = readOwnYaml(text);
  const [problem] = problems;
  if (problem !== undefined) throw notYaml(file, problem.line, problem.message);
  return mapping(value ?? {}, file);
}

async function readRows(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = read(file);
  const { root, problem } = readYaml(text);
  if (problem !== undefined)
    throw notYaml(file, new SourceText(file, text).at(problem.offset).line, problem.message);
  if (root === undefined || root.kind === 'null') return {};
  if (root.kind !== 'map') throw new UserError('preview-settings', `${file} is not a mapping`);
  return Object.fromEntries(dictEntries(root).map(({ key, value }) => [key.python, pythonValue(value)]));
}

function notYaml(file: string, line: number, message: string): UserError {
  return new UserError('preview-settings', `${file} is not YAML: line ${line}: ${message}`);
}

function read(file: string, mayLack = false): string {
  try {
    return readText(file);
  } catch (error) {
    if (mayLack && (error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new UserError('preview-settings', `${file} cannot be read: ${messageOf(error)}`);
  }
}

function mapping(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError('preview-settings', `${what} is not a mapping`);
  }
  return value as Readonly<Record<string, unknown>>;
}
