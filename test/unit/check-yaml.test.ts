import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { YamlNode } from '../../src/readers/yaml/node.ts';
import { readYaml } from '../../src/readers/yaml/read.ts';
import { SourceText } from '../../src/readers/source-text.ts';
import { run } from '../../src/support/run.ts';

/** What PyYAML makes of documents: type and str() of every value, or that it refuses. */
const PYTHON = `
import json, sys, yaml, datetime
def show(value):
    if isinstance(value, dict):
        return ['map', [[show(k), show(v)] for k, v in value.items()]]
    if isinstance(value, list):
        return ['list', [show(v) for v in value]]
    if value is None: return ['null', 'None']
    if isinstance(value, bool): return ['boolean', str(value)]
    if isinstance(value, int): return ['integer', str(value)]
    if isinstance(value, float): return ['float', str(value)]
    if isinstance(value, (datetime.date, datetime.datetime)): return ['timestamp']
    return ['string', value]
answers = []
for text in json.load(sys.stdin):
    try: answers.append(show(yaml.safe_load(text)))
    except Exception: answers.append('refused')
json.dump(answers, sys.stdout)
`;

async function pyYaml(texts: readonly string[]): Promise<readonly unknown[]> {
  const { stdout, stderr } = await run(['/usr/bin/python3', '-c', PYTHON], { input: JSON.stringify(texts) });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as unknown[];
}

function ours(text: string): unknown {
  const { root, problem } = readYaml(text);
  if (problem !== undefined) return 'refused';
  return root === undefined ? ['null', 'None'] : show(root);
}

function show(node: YamlNode): unknown {
  switch (node.kind) {
    case 'map': {
      const last = new Map(node.entries.map(({ key, value }) => [key.python, [show(key), show(value)]]));
      return ['map', [...last.values()]];
    }
    case 'list':
      return ['list', node.items.map(show)];
    case 'timestamp':
      return ['timestamp'];
    default:
      return [node.kind, node.python];
  }
}

const TRICKY = (
  'yes no on off y n Y N true True TRUE tRue null Null ~ 1.10 24.10 20.00 1e3 1.0e3 1.0e+3 1.5E-7 017 08 0o17 0x1F ' +
  '0b101 1_000 1_0.5 -1 +1 -0 -0.0 .5 5. . .. .inf -.inf .nan 1:30 190:20:30 1:30.5 2024-01-02 2024-1-2 ' +
  '1.2.3 1.2-1 v1.0 >= = << a=b a:b 1e16 12345678901234567890.0 123456789012345678901 0.0001 0.00001 ' +
  '1.0e+16 0 00 0_ _1 0.1 100.0 1e+3'
).split(' ');

describe('YAML as PyYAML reads it', () => {
  it('types scalars as PyYAML does', async () => {
    const documents = TRICKY.flatMap((text) => [`v: ${text}`, `v: "${text}"`, `- '${text}'`, `{v: ${text}}`]);
    const theirs = await pyYaml(documents);
    expect(Object.fromEntries(documents.map((text) => [text, ours(text)]))).toEqual(
      Object.fromEntries(documents.map((text, at) => [text, theirs[at]])),
    );
  });

  it('reads structure as PyYAML does', async () => {
    const documents = [
      '',
      '# only a comment\n',
      'a: 1\na: 2\n',
      'base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  y: 3\n',
      'depends:\n- namespace: a\n  name: b\n- {namespace: c, name: d}\n',
      'text: >\n  folded\n  lines\n\nother: |\n  kept\n  lines\n',
      'a: b: c\n',
      'a: [1, 2\n',
      'a:\n\t- b\n',
      'a: *nowhere\n',
      'a: !exec {command: ls}\n',
      'a: !!str 1.10\nb: !!int "3"\n',
      'a: 1\n---\nb: 2\n',
      '? complex\n: value\n',
      'a: "unfinished\n',
      "a: 'it''s'\n",
      'a: @home\n',
      'a: %x\n',
      'a: - b\n',
      'key:\n- a\n- b\n',
      'a:\n  b\nc\n',
      '\ufeffa: 1\n',
      'a: "\\x41\\u00e9\\n"\n',
    ];
    const theirs = await pyYaml(documents);
    expect(Object.fromEntries(documents.map((text) => [text, ours(text)]))).toEqual(
      Object.fromEntries(documents.map((text, at) => [text, theirs[at]])),
    );
  });

  it('agrees with PyYAML on thousands of generated manifests', async () => {
    const scalar = fc.oneof(
      fc.constantFrom(...TRICKY.filter((text) => text !== '=' && text !== '<<')),
      fc.stringMatching(/^[0-9][0-9_.:eE+-]{0,8}$/),
      fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _.+~-]{0,12}[a-z]$/),
      fc.tuple(fc.nat(99), fc.nat(99)).map(([a, b]) => `${a}.${b}`),
    );
    const key = fc.constantFrom('name', 'namespace', 'version', 'depends', 'on', '2', 'x y');
    const quoted = scalar.map((text) => JSON.stringify(text));
    const value = fc.oneof(
      scalar,
      quoted,
      fc.array(fc.oneof(scalar, quoted), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
      fc
        .array(scalar, { minLength: 1, maxLength: 3 })
        .map((items) => items.map((item) => `\n  - ${item}`).join('')),
    );
    const document = fc
      .array(fc.tuple(key, value), { minLength: 1, maxLength: 6 })
      .map((pairs) => pairs.map(([name, text]) => `${name}: ${text}\n`).join(''));
    const documents = fc.sample(document, { numRuns: 3000, seed: 20261120 });
    const theirs = await pyYaml(documents);
    const different = documents
      .map((text, at) => ({ text, ours: ours(text), theirs: theirs[at] }))
      .filter((row) => JSON.stringify(row.ours) !== JSON.stringify(row.theirs));
    expect(different.slice(0, 5)).toEqual([]);
  });

  it('knows line and column of a value', () => {
    const text = 'name: hello\nlist:\n  - é: 1.10\n';
    const { root } = readYaml(text);
    const list = root?.kind === 'map' ? root.entries[1]?.value : undefined;
    const item = list?.kind === 'list' ? list.items[0] : undefined;
    const value = item?.kind === 'map' ? item.entries[0]?.value : undefined;
    expect(new SourceText('plugin.yml', text).at(value?.start ?? 0)).toEqual({
      file: 'plugin.yml',
      line: 3,
      column: 8,
    });
  });
});
