import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { KINDS } from '../truth/kinds.ts';
import { ROWS } from '../truth/rows.ts';

const ROW_NAMES = new Set(ROWS.map(({ name }) => name));
const TEXTS = new Map<string, string>();

function textOf(file: string): string {
  const full = path.join(packageRoot(), 'test', file);
  const text = TEXTS.get(full) ?? (existsSync(full) ? readFileSync(full, 'utf8') : '');
  TEXTS.set(full, text);
  return text;
}

/** Whether there is a row of this name, or a test with this title: as a text in quotes, or a function of Python. */
function isThere(name: string): boolean {
  const [, file, title] = /^(\S+\.(?:ts|py)) (.+)$/.exec(name) ?? [];
  if (file === undefined || title === undefined) return ROW_NAMES.has(name);
  const text = textOf(file);
  if (file.endsWith('.py')) return text.includes(`def ${title}(`);
  const quoted = title.startsWith("'") ? [title] : [`'${title}'`, `"${title}"`, `\`${title}\``];
  return quoted.some((one) => text.includes(one));
}

describe('the kinds of wrong verdicts', () => {
  it('are those of the list, each with what was named and with a neighbour', () => {
    expect(Object.keys(KINDS).map(Number)).toEqual(Array.from({ length: 37 }, (_, at) => at + 1));
  });

  it.each(Object.entries(KINDS))('%s: its rows and tests are there', (_number, { named, neighbours }) => {
    expect([named.length, neighbours.length].filter((count) => count === 0)).toEqual([]);
    expect([...named, ...neighbours].filter((name) => !isThere(name))).toEqual([]);
    expect(neighbours.filter((name) => named.includes(name))).toEqual([]);
  });
});
