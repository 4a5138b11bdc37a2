import path from 'node:path';
import { UserError, messageOf, usageError } from '../support/errors.ts';
import { readEnvironment } from '../kinds/call-logger-manifest.ts';
import { refuseHalfDone } from '../edits/half-done.ts';
import { discoverPlugins } from '../kinds/discover.ts';
import { kindOf } from '../kinds/plugin.ts';
import type { CallLoggerGeneration } from '../kinds/call-logger-manifest.ts';
import { SourceText } from '../readers/source-text.ts';
import { dictEntries, type YamlNode } from '../readers/yaml/node.ts';
import { pythonValue } from '../readers/yaml/python-value.ts';
import { readYaml } from '../readers/yaml/read.ts';
import { statOf } from '../support/stat.ts';
import { readText } from '../support/read-file.ts';

/** The plugin that a simulation runs. */
export interface Subject {
  /** Folder that findings' files are relative to. */
  readonly dir: string;
  readonly id: string;
  /** Absolute path of its module. */
  readonly module: string;
  /** Whether the module was named, and no folder of a plugin. */
  readonly isAlone: boolean;
  /** Undefined: the only plugin class of the module. */
  readonly className: string | undefined;
  /** As PyYAML reads them, for `decode` of wdev_values.py. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the settings come from, relative to `dir`. */
  readonly settingsFile: string | undefined;
  readonly generation: CallLoggerGeneration;
}

export interface SubjectOptions {
  readonly className?: string;
  readonly generation?: CallLoggerGeneration;
  /** `name=value` words that win over the settings file. */
  readonly set?: readonly string[];
}

/**
 * The call-logger plugin at a path: a folder with `call-logger-plugin.yml`, or a module alone.
 * @throws UserError for a path that is neither, for settings that cannot be read, and `half-done`
 */
export function findSubject(given: string, options: SubjectOptions = {}): Subject {
  const subject = given.endsWith('.py') ? moduleAlone(given, options) : manifested(given, options);
  return { ...subject, settings: { ...subject.settings, ...givenSettings(options.set ?? []) } };
}

function manifested(given: string, options: SubjectOptions): Subject {
  const found = discoverPlugins([given]).filter((plugin) => kindOf(plugin).can.simulate);
  const [plugin, second] = found;
  if (plugin?.callLogger === undefined || second !== undefined) {
    throw usageError(
      plugin === undefined
        ? `there is no call-logger plugin in ${given}`
        : `${given} holds ${found.length} call-logger plugins`,
      'Name the folder of one, or its module: wdev simulate path/to/plugin.py',
    );
  }
  refuseHalfDone(plugin.dir);
  const { module, className, settings, generation } = plugin.callLogger;
  const name = options.className ?? className;
  return {
    dir: plugin.dir,
    id: plugin.id,
    module: path.join(plugin.dir, module),
    isAlone: false,
    className: name,
    settings:
      generation === '2' ? environmentSettings(plugin.dir, settings) : settingsOf(plugin.dir, settings, name),
    settingsFile: settings,
    generation: options.generation ?? generation,
  };
}

function moduleAlone(given: string, options: SubjectOptions): Subject {
  const module = path.resolve(given);
  if (statOf(module)?.isFile() !== true) throw usageError(`${given} is not a file`);
  const text = readText(module);
  return {
    dir: path.dirname(module),
    id: path.basename(module, '.py'),
    module,
    isAlone: true,
    className: options.className,
    settings: {},
    settingsFile: undefined,
    generation: options.generation ?? generationIn(text),
  };
}

/** The generation of a call logger that a module is written for, by its imports. */
function generationIn(text: string): CallLoggerGeneration {
  if (/^[ \t]*(?:from|import)[ \t]+calllogger\b/m.test(text)) return '2';
  return /\bRecord\(\s*call_type\s*=/.test(text) ? '1b' : '1';
}

/** Generation 2's settings are variables: PLUGIN_PORT is `port`. */
function environmentSettings(dir: string, file: string): Readonly<Record<string, unknown>> {
  const text = statOf(path.join(dir, file))?.isFile() ? readText(path.join(dir, file)) : '';
  const own = [...readEnvironment(text)].filter(([name]) => name.startsWith('PLUGIN_'));
  return Object.fromEntries(own.map(([name, value]) => [name.slice('PLUGIN_'.length).toLowerCase(), value]));
}

/** The block under the class's name: the key must equal it to the letter. */
function settingsOf(dir: string, file: string, className: string): Readonly<Record<string, unknown>> {
  const blocks = new Map(namedValues(readSettingsFile(dir, file)));
  const block = blocks.get(className);
  if (block === undefined && blocks.size > 0) {
    throw new UserError(
      'settings-key',
      `${file} has settings for ${[...blocks.keys()].join(', ')}, and the class is ${className}`,
      { help: 'The key must be the name of the class to the letter; else the plugin gets no settings.' },
    );
  }
  return Object.fromEntries(namedValues(block).map(([name, value]) => [name, pythonValue(value)]));
}

function readSettingsFile(dir: string, file: string): YamlNode | undefined {
  const unreadable = (why: string): UserError =>
    new UserError('settings-unreadable', `${file} cannot be read: ${why}`);
  let text: string;
  try {
    text = readText(path.join(dir, file));
  } catch (error) {
    throw unreadable(messageOf(error));
  }
  const { root, problem } = readYaml(text);
  if (problem === undefined) return root;
  throw unreadable(`line ${new SourceText(file, text).at(problem.offset).line}: ${problem.message}`);
}

function namedValues(node: YamlNode | undefined): readonly (readonly [string, YamlNode])[] {
  return node?.kind === 'map' ? dictEntries(node).map(({ key, value }) => [key.python, value]) : [];
}

function givenSettings(words: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const word of words) {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) throw usageError(`--set ${word}: not NAME=VALUE`);
    const { root, problem } = readYaml(value);
    if (problem !== undefined) throw usageError(`--set ${word}: ${problem.message}`);
    settings[name] = value === '' ? '' : pythonValue(root);
  }
  return settings;
}
