import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { findingLines } from '../../src/terminal/finding-text.ts';

/** The line of the source and the one below it, of a finding at the end of `text`. */
function excerptOf(text: string, column: number): readonly string[] {
  const finding = { code: 'rules-syntax', level: 'error', message: 'm', file: 'f', line: 1, column } as const;
  return findingLines(finding, () => text)
    .map(stripVTControlCharacters)
    .slice(1, 3);
}

it('shows the marked word of a long line whole, and where the line was cut', () => {
  const path = '/etc/asterisk/extensions_extra.d/';
  const text = `        cp etc/asterisk/extensions_extra.d/acme-hello.conf ${path} && echo done`;
  const [source = '', caret = ''] = excerptOf(text, text.indexOf(path) + 1);
  expect(source).toContain(`${path}…`);
  expect(source).toMatch(/^ {2}1 \| ….*…$/);
  expect(source.length).toBeLessThanOrEqual('  1 | '.length + 66);
  expect(source.indexOf(path)).toBe(caret.indexOf('^'));
  const [end = ''] = excerptOf(`short ${'x'.repeat(100)}`, 1);
  expect(end).toMatch(/ short x+…$/);
  expect(excerptOf('a short line', 3)[0]).toBe('  1 | a short line');
});
