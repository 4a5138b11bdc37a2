import { namespaceProblem, pluginNameProblem } from '../plugin/names.ts';
import { readPyYaml, type PyMap, type PyScalar, type PyValue, type TextPlace } from '../plugin/pyyaml.ts';
import type { Finding } from '../support/finding.ts';

export const PLUGIN_YML = 'wazo/plugin.yml';

/** What wazo-plugind takes from plugin.yml to make the package. */
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
  const document = readPyYaml(text);
  if (!document.ok) {
    const { message, line, column } = document;
    return refuse([
      problem('plugin-yml-unreadable', `It is not YAML: ${message}`, { line, column }, EXTRACTING),
    ]);
  }
  if (document.value.kind !== 'map') {
    const what = document.value.kind === 'null' ? 'It is empty' : 'It is not a list of keys and values';
    return refuse([problem('plugin-yml-unreadable', `${what}.`, document.value, EXTRACTING)]);
  }
  const reader = new Reader(document.value);
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

function problem(
  code: string,
  message: string,
  { line, column }: TextPlace,
  source: string,
  help?: string,
  level: Finding['level'] = 'error',
): Finding {
  const base = { code, level, message, file: PLUGIN_YML, line, column, source };
  return help === undefined ? base : { ...base, help };
}

class Reader {
  readonly findings: Finding[] = [];
  readonly #map: PyMap;

  constructor(map: PyMap) {
    this.#map = map;
  }

  metadata(): Metadata {
    const name = this.#word('name', /^[a-z0-9-]+$/, pluginNameProblem);
    const namespace = this.#word('namespace', /^[a-z0-9]+$/, namespaceProblem);
    const version = this.#version();
    this.#bound('min_wazo_version');
    this.#bound('max_wazo_version');
    const callsPostrm = this.#formatVersion();
    const depends = [...this.#debianDepends(), ...this.#depends(namespace, name)];
    const lines = new Map([...this.#map.entries].map(([key, entry]) => [key, entry.key.line]));
    return { name, namespace, version, callsPostrm, depends, lines };
  }

  #value(key: string): PyValue | undefined {
    return this.#map.entries.get(key)?.value;
  }

  #add(...args: Parameters<typeof problem>): void {
    this.findings.push(problem(...args));
  }

  #missing(key: string): string {
    this.#add(
      'plugin-yml-missing',
      `The key ${key} is missing.`,
      this.#map,
      VALIDATING,
      `Add a line: ${key}: …`,
    );
    return '';
  }

  /** A required text; plugind turns no other type into text here. */
  #word(key: string, pattern: RegExp, explain: (value: string) => string | undefined): string {
    const value = this.#value(key);
    if (value === undefined) return this.#missing(key);
    if (value.kind !== 'str') {
      const help = isScalar(value) ? `Write it with quotes: ${key}: "${value.raw}"` : undefined;
      this.#add('plugin-yml-type', `${key} is ${typeName(value)}, not a text.`, value, VALIDATING, help);
      return '';
    }
    if (!pattern.test(value.text)) {
      const wrong = explain(value.text) ?? `The ${key} ${JSON.stringify(value.text)} is not valid`;
      this.#add(`plugin-yml-${key}`, `${wrong}.`, value, VALIDATING);
    }
    return value.text;
  }

  #version(): string {
    const value = this.#value('version');
    if (value === undefined) return this.#missing('version');
    return this.#versionText('version', value) ?? '';
  }

  #bound(key: string): void {
    const value = this.#value(key);
    if (value !== undefined) this.#versionText(key, value);
  }

  /** A version as plugind reads it: numbers (and so true and false) become their text. */
  #versionText(key: string, value: PyValue): string | undefined {
    if (!isScalar(value) || value.kind === 'null' || value.kind === 'date') {
      this.#add('plugin-yml-type', `${key} is ${typeName(value)}, not a version.`, value, VALIDATING);
      return undefined;
    }
    if (value.kind !== 'str' && value.text !== value.raw) {
      const help = `Write it with quotes: ${key}: "${value.raw}"`;
      const message = `${key} ${value.raw} is read as the ${typeWord(value)} ${value.text}.`;
      this.#add('plugin-yml-version-changed', message, value, VALIDATING, help, 'warning');
    }
    return value.text;
  }

  #formatVersion(): boolean {
    const value = this.#value('plugin_format_version');
    if (value === undefined) return false;
    const number = isScalar(value)
      ? Number(value.kind === 'bool' ? value.text === 'True' : value.raw)
      : Number.NaN;
    if (
      !isScalar(value) ||
      value.kind === 'null' ||
      !Number.isFinite(number) ||
      number < 0 ||
      Math.trunc(number) > 2
    ) {
      const message = `plugin_format_version is ${isScalar(value) ? value.raw || 'empty' : typeName(value)}; it must be 0, 1 or 2.`;
      this.#add('plugin-yml-format-version', message, value, VALIDATING);
      return false;
    }
    if (value.kind === 'str') {
      const message = `plugin_format_version "${value.raw}" is a text: it passes validation and then breaks the making of postrm.`;
      this.#add('plugin-yml-format-version', message, value, PACKAGING, 'Write it without quotes.');
    }
    return number > 0;
  }

  #debianDepends(): readonly string[] {
    const value = this.#value('debian_depends');
    if (value === undefined || isFalse(value)) return [];
    if (value.kind === 'str') {
      const message = `debian_depends is a text, so wazo-plugind takes each of its letters for a package.`;
      this.#add(
        'plugin-yml-depends',
        message,
        value,
        PACKAGING,
        `Make it a list: debian_depends: [${value.raw}]`,
      );
      return [];
    }
    if (value.kind !== 'list') {
      this.#add('plugin-yml-depends', `debian_depends is ${typeName(value)}, not a list.`, value, PACKAGING);
      return [];
    }
    return value.items.flatMap((item) => {
      if (isScalar(item)) return [item.text];
      this.#add(
        'plugin-yml-depends',
        'An entry of debian_depends is not the name of a package.',
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
      this.#add('plugin-yml-depends', `depends is ${typeName(value)}, not a list.`, value, VALIDATING);
      return [];
    }
    return value.items.flatMap((item) => this.#dependency(item, `${namespace}/${name}`) ?? []);
  }

  #dependency(item: PyValue, self: string): string | undefined {
    const fields = item.kind === 'map' ? item.entries : new Map<string, { value: PyValue }>();
    const [namespace, name] = [fields.get('namespace')?.value, fields.get('name')?.value];
    if (namespace?.kind !== 'str' || name?.kind !== 'str' || namespace.text === '' || name.text === '') {
      const message = 'An entry of depends must name a plugin, with namespace and name.';
      const help = 'Packages of Debian belong to debian_depends.';
      this.#add('plugin-yml-depends', message, item, VALIDATING, help);
      return undefined;
    }
    const version = fields.get('version')?.value;
    if (version !== undefined && version.kind !== 'str') {
      const message = `The version of a dependency is ${typeName(version)}, not a text.`;
      this.#add('plugin-yml-depends', message, version, VALIDATING, 'Write it with quotes.');
    }
    if (`${namespace.text}/${name.text}` === self) {
      this.#add('plugin-yml-depends-itself', 'The plugin depends on itself.', item, DEPENDENCIES);
    } else if (namespace.text === 'debian') {
      const message = `No plugin has the namespace debian, so the market does not find ${name.text}.`;
      const help = `Packages of Debian belong to debian_depends: [${name.text}]`;
      this.#add('plugin-yml-depends-debian', message, item, DEPENDENCIES, help);
    }
    return `wazo-plugind-${name.text}-${namespace.text}`;
  }
}

function isScalar(value: PyValue): value is PyScalar {
  return value.kind !== 'list' && value.kind !== 'map';
}

/** What Python's `if` takes for false. */
function isFalse(value: PyValue): boolean {
  if (value.kind === 'list') return value.items.length === 0;
  if (value.kind === 'map') return value.entries.size === 0;
  return (
    value.kind === 'null' ||
    ['False', '0', '0.0'].includes(value.text) ||
    (value.kind === 'str' && value.text === '')
  );
}

const TYPE_WORDS = {
  str: 'text',
  int: 'number',
  float: 'number',
  bool: 'truth value',
  date: 'date',
  list: 'list',
  map: 'mapping',
} as const;

function typeWord(value: PyValue): string {
  return value.kind === 'null' ? 'nothing' : TYPE_WORDS[value.kind];
}

function typeName(value: PyValue): string {
  return value.kind === 'null' ? 'empty' : `a ${typeWord(value)}`;
}
