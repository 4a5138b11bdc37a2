import { expect, it } from 'vitest';
import { coverageText, missedLines } from '../../../src/dialplan/trace/trace-text.ts';

const SMALL = {
  lines: { reached: 1, all: 2 },
  extensions: [{ name: 's@acme', reached: true }],
  branches: [],
} as unknown as Parameters<typeof coverageText>[0];

it('a dialplan without branches has none to count', () => {
  expect(coverageText(SMALL)).toBe('1 of 2 lines, 1 of 1 extensions');
  expect(missedLines(SMALL, (file) => file)).toEqual(['extensions: 1 of 1']);
});
