import { namespaceProblem, pluginNameProblem } from '../wazo/names.ts';
import { readFormatVersion } from './format-version.ts';
import { SourceText } from '../readers/source-text.ts';
import { isScalar, syntaxText, valueOf, type YamlNode } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';

export const PLUGIN_YML = 'wazo/plugin.yml';

/** The fields of plugin.yml that wazo-plugind makes the package with. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  /** The text that PyYAML and plugind make of it: `1.1` for an unquoted `1.10`. */
  readonly version: string;
  /** Whether the package's postrm calls `rules postrm`. */
  readonly callsPostrm: boolean;
  /** The control file's Depends, in order. */
  readonly depends: readonly string[];
  /** Line of each key that is there. */
  readonly lines: ReadonlyMap<string, number>;
}

export type MetadataResult =
  | { readonly ok: true; readonly metadata: Metadata; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Reads and validates plugin.yml as wazo-plugind does. Source: wazo-plugind, extracting and validating steps. */
export function readMetadata(text: string): MetadataResult {
  const source = new SourceText(PLUGIN_YML, text);
  const { root, problem } = readYaml(text);
  const unreadable = (code: FindingCode, message: string, offset = 0): MetadataResult =>
    refuse([{ code, level: 'error', message, ...source.at(offset), source: EXTRACTING }]);
  if (problem !== undefined)
    return unreadable('manifest-syntax', syntaxText('plugin.yml', problem), problem.offset);
  if (root === undefined || root.kind === 'null')
    return unreadable('manifest-not-mapping', 'plugin.yml is empty, not a mapping');
  if (root.kind !== 'map')
    return unreadable('manifest-not-mapping', `plugin.yml is ${typeName(root)}, not a mapping`, root.start);
  const reader = new Reader(source, root);
  const metadata = reader.metadata();
  const { findings } = reader;
  if (findings.some((finding) => finding.level === 'error')) return refuse(findings);
  return { ok: true, metadata, findings };
}

const EXTRACTING = 'wazo-plugind, extracting step';
const VALIDATING = 'wazo-plugind, validating step';
const DEPENDENCIES = 'wazo-plugind, installing dependencies step';
const PACKAGING = 'wazo-plugind, packaging step';

function refuse(findings: readonly Finding[]): MetadataResult {
  return { ok: false, findings };
}

type YamlMap = Extract<YamlNode, { kind: 'map' }>;

class Reader {
  readonly findings: Finding[] = [];
  readonly #source: SourceText;
  readonly #map: YamlMap;

  constructor(source: SourceText, map: YamlMap) {
    this.#source = source;
    this.#map = map;
  }

  metadata(): Metadata {
    const name = this.#word('name', /^[a-z0-9-]+$/, pluginNameProblem);
    const namespace = this.#word('namespace', /^[a-z0-9]+$/, namespaceProblem);
    const version = this.#version();
    this.#bounds();
    const callsPostrm = this.#formatVersion();
    const depends = [...this.#debianDepends(), ...this.#depends(namespace, name)];
    const lines = new Map(this.#map.entries.map(({ key }) => [key.python, this.#source.at(key.start).line]));
    return { name, namespace, version, callsPostrm, depends, lines };
  }

  #value(key: string): YamlNode | undefined {
    return valueOf(this.#map, key);
  }

  #add(
    code: FindingCode,
    message: string,
    at: YamlNode,
    source: string,
    help?: string,
    level: Finding['level'] = 'error',
  ): void {
    const base = { code, level, message, ...this.#source.at(at.start), source };
    this.findings.push(help === undefined ? base : { ...base, help });
  }

  #missing(key: string): string {
    this.#add(
      'manifest-field-missing',
      `The key ${key} is missing.`,
      this.#map,
      VALIDATING,
      `Add a line: ${key}: …`,
    );
    return '';
  }

  /** A required text; plugind turns no other type into text here. */
  #word(key: 'name' | 'namespace', pattern: RegExp, explain: (value: string) => string | undefined): string {
    const value = this.#value(key);
    if (value === undefined) return this.#missing(key);
    if (value.kind !== 'string') {
      const help = isScalar(value) ? `Write it with quotes: ${key}: "${value.text}"` : undefined;
      this.#add(
        `manifest-${key}-invalid`,
        `${key} is ${typeName(value)}, not a text.`,
        value,
        VALIDATING,
        help,
      );
      return '';
    }
    if (!pattern.test(value.text)) {
      const wrong = explain(value.text) ?? `The ${key} ${JSON.stringify(value.text)} is not valid`;
      this.#add(`manifest-${key}-invalid`, `${wrong}.`, value, VALIDATING);
    }
    return value.text;
  }

  #version(): string {
    const value = this.#value('version');
    if (value === undefined) return this.#missing('version');
    return this.#versionText('version', value) ?? '';
  }

  /** plugind compares them with its own release, as text. */
  #bounds(): void {
    const [low, high] = [this.#value('min_wazo_version'), this.#value('max_wazo_version')];
    const min = low === undefined ? undefined : this.#versionText('min_wazo_version', low);
    const max = high === undefined ? undefined : this.#versionText('max_wazo_version', high);
    if (low !== undefined && min !== undefined && min > LAST_RELEASE) {
      const message = `min_wazo_version ${JSON.stringify(min)} excludes every Wazo version (wazo-plugind compares them as text)`;
      this.#add('manifest-version-invalid', message, low, VALIDATING, 'Write it like "24.01", in quotes.');
    } else if (high !== undefined && min !== undefined && max !== undefined && min > max) {
      const message = `min_wazo_version "${min}" is above max_wazo_version "${max}" (wazo-plugind compares them as text)`;
      this.#add('manifest-bounds-crossed', message, high, VALIDATING);
    }
  }

  /** A version as plugind reads it: numbers (and so true and false) become their text. */
  #versionText(key: string, value: YamlNode): string | undefined {
    if (!isScalar(value) || value.kind === 'null' || value.kind === 'timestamp') {
      this.#add('manifest-version-invalid', `${key} is ${typeName(value)}, not a version`, value, VALIDATING);
      return undefined;
    }
    if (value.kind !== 'string' && value.python !== value.text) {
      const help = `Quote it: "${value.text}"`;
      const message = `${key}: ${value.text} becomes "${value.python}": YAML reads it as a ${typeWord(value)}`;
      this.#add('manifest-version-digits-lost', message, value, VALIDATING, help, 'warning');
    }
    return value.python;
  }

  #formatVersion(): boolean {
    const value = this.#value('plugin_format_version');
    if (value === undefined) return false;
    const number = readFormatVersion(value);
    if (number === undefined) {
      const message = `Unknown plugin_format_version ${isScalar(value) ? value.text || '(empty)' : typeName(value)}`;
      this.#add('manifest-format-version-unknown', message, value, VALIDATING);
      return false;
    }
    if (value.kind === 'string') {
      const message = `plugin_format_version is the text "${value.text}", not a number`;
      this.#add(
        'manifest-format-version-text',
        message,
        value,
        PACKAGING,
        'Write 0, 1 or 2, without quotes.',
      );
    }
    return number > 0;
  }

  #debianDepends(): readonly string[] {
    const value = this.#value('debian_depends');
    if (value === undefined) return [];
    const others = this.#value('depends');
    // what depends names is appended to it
    if (value.kind !== 'list' && others?.kind === 'list' && others.items.length > 0) {
      const message = `debian_depends is ${typeName(value)}, not a list`;
      this.#add('manifest-debian-depends-shape', message, value, PACKAGING, 'Make it a list, or remove it.');
      return [];
    }
    if (isFalse(value)) return [];
    if (value.kind === 'string') {
      const message = 'debian_depends is text, not a list: wazo-plugind takes each letter for a package';
      this.#add(
        'manifest-debian-depends-shape',
        message,
        value,
        PACKAGING,
        `Make it a list: debian_depends: [${value.text}]`,
      );
      return [];
    }
    if (value.kind !== 'list') {
      this.#add(
        'manifest-debian-depends-shape',
        `debian_depends is ${typeName(value)}, not a list`,
        value,
        PACKAGING,
      );
      return [];
    }
    return value.items.flatMap((item) => {
      if (isScalar(item)) return [item.python];
      this.#add(
        'manifest-debian-depends-shape',
        'An entry of debian_depends is not a package name',
        item,
        PACKAGING,
      );
      return [];
    });
  }

  #depends(namespace: string, name: string): readonly string[] {
    const value = this.#value('depends');
    if (value === undefined) return [];
    if (value.kind !== 'list') {
      this.#add('manifest-depends-shape', `depends is ${typeName(value)}, not a list`, value, VALIDATING);
      return [];
    }
    return value.items.flatMap((item) => this.#dependency(item, `${namespace}/${name}`) ?? []);
  }

  #dependency(item: YamlNode, self: string): string | undefined {
    const [namespace, name] = [valueOf(item, 'namespace'), valueOf(item, 'name')];
    if (
      namespace?.kind !== 'string' ||
      name?.kind !== 'string' ||
      namespace.text === '' ||
      name.text === ''
    ) {
      const message = 'An entry of depends is not {namespace: …, name: …}';
      const help = 'Write {namespace: …, name: …}, or move Debian packages to debian_depends.';
      this.#add('manifest-depends-shape', message, item, VALIDATING, help);
      return undefined;
    }
    const version = valueOf(item, 'version');
    if (version !== undefined && version.kind !== 'string') {
      const message = `The version of a dependency is ${typeName(version)}, not text`;
      this.#add('manifest-depends-shape', message, version, VALIDATING, 'Put it in quotes.');
    }
    if (`${namespace.text}/${name.text}` === self) {
      this.#add('manifest-depends-itself', 'The plugin depends on itself', item, DEPENDENCIES);
    } else if (namespace.text === 'debian') {
      const message = `"${name.text}" in depends looks like a Debian package, not a plugin`;
      const help = `Move it to debian_depends: [${name.text}]`;
      this.#add('manifest-depends-debian', message, item, DEPENDENCIES, help);
    }
    return `wazo-plugind-${name.text}-${namespace.text}`;
  }
}

/** No release of Wazo comes after it, as text. */
const LAST_RELEASE = '99.99';

/** Whether Python's `if` takes a value for false. */
function isFalse(value: YamlNode): boolean {
  if (value.kind === 'map') return value.entries.length === 0;
  if (!isScalar(value)) return value.items.length === 0;
  return (
    value.kind === 'null' ||
    (value.kind === 'string' ? value.text === '' : ['False', '0', '0.0', "b''"].includes(value.python))
  );
}

const TYPE_WORDS = {
  string: 'text',
  integer: 'number',
  float: 'number',
  boolean: 'truth value',
  timestamp: 'date',
  binary: 'binary value',
  list: 'list',
  set: 'set',
  map: 'mapping',
} as const;

function typeWord(value: YamlNode): string {
  return value.kind === 'null' ? 'nothing' : TYPE_WORDS[value.kind];
}

function typeName(value: YamlNode): string {
  return value.kind === 'null' ? 'empty' : `a ${typeWord(value)}`;
}
