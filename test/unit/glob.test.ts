import { describe, expect, it } from 'vitest';
import { deepMatcher, nameMatcher } from '../../src/support/glob.ts';

describe('a pattern across folders', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['*.log', ['a.log', '.log'], ['a/b.log', 'a.logs']],
    ['**/*.log', ['a.log', 'a/b.log', 'a/b/c.log'], ['a/b.txt']],
    ['**/b', ['b', 'a/b', 'a/a/b'], ['ab', 'a/ab', 'b/a']],
    ['a/**', ['a/b', 'a/b/c', 'a/'], ['a', 'b/a/c']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab']],
    ['a**b', ['ab', 'axb', 'a/x/b'], ['a/x/c']],
    [
      '/etc/*/conf.d/?.yml',
      ['/etc/wazo-calld/conf.d/a.yml'],
      ['/etc/a/b/conf.d/a.yml', '/etc/a/conf.d/ab.yml'],
    ],
    ['a.b[c](d)', ['a.b[c](d)'], ['aXb[c](d)', 'a.bc(d)']],
    ['é*', ['éa', 'é'], ['ea']],
    ['', [''], ['a']],
  ];
  it.each(cases)('%s', (pattern, taken, left) => {
    const matches = deepMatcher(pattern);
    expect([taken.filter((path) => !matches(path)), left.filter(matches)]).toEqual([[], []]);
  });

  it('with many stars comes to an end', () => {
    expect(deepMatcher(`${'**/*a'.repeat(60)}b`)('a/'.repeat(400))).toBe(false);
  });
});

describe("a pattern of Python's fnmatch", () => {
  it('takes dots and slashes', () => {
    const names = ['acme', 'acme.tests', 'tests', 'acme/tests', '.a'];
    expect(names.filter(nameMatcher('*.tests'))).toEqual(['acme.tests']);
    expect(names.filter(nameMatcher('*tests'))).toEqual(['acme.tests', 'tests', 'acme/tests']);
    expect(names.filter(nameMatcher('?[ab]'))).toEqual(['.a']);
  });
});
