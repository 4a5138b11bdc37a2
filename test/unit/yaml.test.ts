import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readYaml, readYamlStream } from '../../src/readers/yaml/read.ts';
import { repeatedKeys, valueOf } from '../../src/readers/yaml/node.ts';
import { SourceText } from '../../src/readers/source-text.ts';
import { compareWithPyYaml, type Comparison } from '../support/pyyaml.ts';
import { YamlDocuments } from '../support/yaml-documents.ts';

const PICKED = path.join(import.meta.dirname, '../fixtures/yaml');

function picked(name: string): string {
  return readFileSync(path.join(PICKED, name), 'utf8');
}

/** Where a document is refused, as a person sees it. */
function refusal(text: string): string {
  const { problem } = readYaml(text);
  if (problem === undefined) return 'read';
  const { line, column } = new SourceText('x', text).at(problem.offset);
  return `${line}:${column} ${problem.message}`;
}

function print({ documents, accepted, different }: Comparison): void {
  console.log(`${documents} documents, ${accepted} accepted by PyYAML, ${different.length} differences`);
}

describe('YAML as PyYAML reads it', () => {
  it('reads and refuses what people pick to trip a reader', async () => {
    const texts = readdirSync(PICKED).map(picked);
    expect(texts.length).toBeGreaterThan(200);
    const compared = await compareWithPyYaml(texts);
    print(compared);
    expect(compared.different).toEqual([]);
  });

  it('reads and refuses thousands of generated documents', async () => {
    // WDEV_TEST_SEED=7 WDEV_TEST_DOCUMENTS=100000 tries others, and more
    const documents = new YamlDocuments(Number(process.env['WDEV_TEST_SEED'] ?? 1));
    const count = Number(process.env['WDEV_TEST_DOCUMENTS'] ?? 5000);
    const compared = await compareWithPyYaml(Array.from({ length: count }, () => documents.next()));
    print(compared);
    expect(compared.different.slice(0, 5)).toEqual([]);
    expect(compared.accepted).toBeGreaterThan(count * 0.35);
    expect(compared.accepted).toBeLessThan(count * 0.65);
  });

  it.each([
    ['quote-open', '2:9 the double quote is not closed'],
    ['quote-open-then-quotes', '2:9 the double quote is not closed'],
    ['quote-open-then-empty', '1:9 the double quote is not closed'],
    ['quote-open-single', '1:9 the single quote is not closed'],
    ['quote-open-in-list', '1:11 the double quote is not closed'],
    ['bracket-open', '2:10 the bracket [ is not closed'],
    ['bracket-open-at-end', '1:4 the bracket [ is not closed'],
    ['bracket-open-literal', '1:4 the bracket [ is not closed'],
    ['brace-open', '1:4 the bracket { is not closed'],
    ['key-no-colon', "2:1 could not find expected ':'"],
    ['bracket-comma-missing', "3:3 expected ',' or ']', but got '<scalar>'"],
    ['quote-then-text', "1:8 expected <block end>, but found '<scalar>'"],
    ['tab-indent', "2:1 found character '\\t' that cannot start any token"],
    ['two-documents', '2:1 expected a single document in the stream, but found another document'],
    ['date-of-no-month', '1:4 "2024-13-01" is not a timestamp'],
    ['bracket-at-key-column', 'read'],
  ])('names the place where %s goes wrong', (name, expected) => {
    expect(refusal(picked(`${name}.yml`))).toBe(expected);
  });

  it('refuses what would take memory without bound', () => {
    const lists = 'abcdefgh'.replaceAll(/./g, (one, at: number, all: string) => {
      const before = all[at - 1];
      return `${one}: &${one} [${Array.from({ length: 10 }, () => (before === undefined ? 'x' : `*${before}`)).join(',')}]\n`;
    });
    const merges = lists
      .replaceAll('[x,x,x,x,x,x,x,x,x,x]', '{x: 1}')
      .replaceAll(/&(\w) \[(.*)\]/g, '&$1 {<<: [$2]}');
    expect(refusal(lists)).toBe('1:1 its aliases make over 1000000 values of it');
    expect(refusal(merges)).toMatch(/<< copies more than 100000 pairs$/);
    expect(refusal('a: &a [*a]\n')).toBe('1:7 a value holds itself, by an alias');
    expect(refusal(`a: ${'x'.repeat(5_000_000)}`)).toBe('1:1 it has more than 500000 characters');
  });

  it('knows line and column of a value, behind its tag', () => {
    const text = 'name: hello\nlist:\n  - é: !!str &a 1.10\n';
    const list = valueOf(readYaml(text).root, 'list');
    const item = list?.kind === 'list' ? list.items[0] : undefined;
    const value = valueOf(item, 'é');
    expect(value).toMatchObject({ kind: 'string', text: '1.10', python: '1.10' });
    expect(new SourceText('plugin.yml', text).at(value?.start ?? 0)).toMatchObject({ line: 3, column: 17 });
  });

  it('knows the keys that stand twice, at any depth, and not those that << brings', () => {
    const text = 'a: &a {x: 1}\nb:\n  c: 1\n  d: [{e: 1, e: 2}]\n  c: 2\nf: {<<: *a, x: 2}\n1: y\ntrue: z\n';
    expect(repeatedKeys(readYaml(text).root).map(({ text: key }) => key)).toEqual(['e', 'c', 'true']);
  });

  it('reads a stream of documents up to the first that is wrong', () => {
    const found = readYamlStream('a: 1\n---\n- b\n---\nc: [\n');
    expect(found.map(({ root, problem }) => root?.kind ?? problem?.message)).toEqual([
      'map',
      'list',
      'the bracket [ is not closed',
    ]);
  });
});
