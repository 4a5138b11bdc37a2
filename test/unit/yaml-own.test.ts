import * as fc from '../support/fast-check.ts';
import { describe, expect, it } from 'vitest';
import { readOwnYaml } from '../../src/readers/yaml/own.ts';
import { plainValue } from '../../src/readers/yaml/plain-value.ts';
import { readYaml } from '../../src/readers/yaml/read.ts';
import { yamlText } from '../../src/readers/yaml/write.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { YamlDocuments } from '../support/yaml-documents.ts';

describe('our own files', () => {
  it('are YAML 1.2 with the core schema', () => {
    const { value, problems } = readOwnYaml('a: yes\nb: 010\nc: 1:30\nd: 2026-11-20\ne: true\nf: ~\n');
    expect(problems).toEqual([]);
    expect(value).toEqual({ a: 'yes', b: 10, c: '1:30', d: '2026-11-20', e: true, f: null });
    expect(readOwnYaml('version: 1.10\n', { scalars: 'as written' }).value).toEqual({ version: '1.10' });
  });

  it.each([
    ['target: embedded\ntarget: local\n', /^wdev.yml:2: duplicated mapping key/],
    ['target: "embedded\ncalls: now\n', /^wdev.yml:1: the double quote is not closed$/],
    ['plugins: [a, b\ncalls: now\n', /^wdev.yml:1: the bracket \[ is not closed$/],
    ['calls: now\nquiet: long\n', /^wdev.yml:2: quiet must be a whole number$/],
    ['calls: now\nreload:\n- path: /etc/x\n  doo: []\n', /wdev.yml:4: reload\[0\].doo is an unknown key/],
    ['calls: now\nreload:\n- do: []\n', /^wdev.yml:3: reload\[0\].path is missing$/],
    ['- a\n', /^wdev.yml:1: must be a mapping$/],
    ['a: 1\n---\nb: 2\n', /more than one document/],
    [`a: &a [x]\nb: [${'*a, '.repeat(200)}]\n`, /alias/],
  ])('name the line of what is wrong: %j', (text, expected) => {
    expect(() => parseSettings(text)).toThrow(expected);
  });

  it('know the line of each value', () => {
    const { lineAt } = readOwnYaml('# c\na:\n  - x: 1\n    y: "2"\n  - &k z\n');
    expect([lineAt('a'), lineAt('a', 0, 'y'), lineAt('a', 1), lineAt('a', 0, 'none'), lineAt('b')]).toEqual([
      3, 4, 5, 3, 1,
    ]);
  });
});

describe('what we write', () => {
  it('is read by PyYAML as the same values', () => {
    const documents = new YamlDocuments(3);
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.nat(9999).map(() => documents.scalar()),
    );
    fc.assert(
      fc.property(
        fc.dictionary(text, fc.oneof(text, fc.array(text), fc.boolean(), fc.integer())),
        (values) => {
          expect(plainValue(readYaml(yamlText(values)).root)).toEqual({ ...values });
        },
      ),
      { numRuns: 500 },
    );
  });
});
