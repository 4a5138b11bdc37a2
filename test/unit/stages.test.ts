import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { DAILY, STAGES, wordsOf } from '../stages.ts';

const files = readdirSync(path.join(packageRoot(), 'test'), { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.test.ts'),
);
const starts = Object.values(STAGES).flatMap((runs) => runs.flatMap((run) => run.files));

it('each beginning of a path in a stage is that of a file, and no file is in two stages', () => {
  expect(starts.filter((start) => !files.some((name) => name.startsWith(start)))).toEqual([]);
  expect(files.filter((name) => starts.filter((start) => name.startsWith(start)).length > 1)).toEqual([]);
});

it('what a stage has, and nothing else, is left out of npm test', () => {
  const left = DAILY.flatMap(wordsOf).flatMap((word) => /^--exclude=([^*]*)\*+$/.exec(word)?.[1] ?? []);
  const isLeft = (name: string): boolean => left.some((start) => name.startsWith(start));
  const daily = files.filter((name) => !/^(long|soak)\//.test(name) && !isLeft(name));
  const staged = files.filter((name) => starts.some((start) => name.startsWith(start)));
  expect(daily.filter((name) => staged.includes(name))).toEqual([]);
  expect([...daily, ...staged].toSorted()).toEqual(
    files.filter((name) => !/^(long|soak)\//.test(name)).toSorted(),
  );
});

it('a filter of a stage chooses no other file', () => {
  for (const start of starts) {
    const chosen = files.filter((name) => name.includes(start));
    expect(chosen.filter((name) => !name.startsWith(start))).toEqual([]);
  }
});
