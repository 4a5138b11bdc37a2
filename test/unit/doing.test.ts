import { expect, it } from 'vitest';
import { during, duringAll, duringEach, hearDoing } from '../../src/support/doing.ts';

/** All that is told while work is done. */
async function told(work: () => Promise<unknown>): Promise<readonly string[]> {
  const texts: string[] = [];
  hearDoing(({ text }) => texts.push(text));
  await work();
  hearDoing(() => undefined);
  return texts.filter((text) => text !== '');
}

it('a step says how far the work is that it belongs to', async () => {
  const stage = async (name: string): Promise<void> => await during(`staging ${name}`, async () => undefined);
  expect(await told(async () => await duringEach('installing', ['a/p', 'a/q'], stage))).toEqual([
    'installing',
    'installing: 1 of 2',
    'staging a/p, 1 of 2',
    'installing: 1 of 2',
    'installing: 2 of 2',
    'staging a/q, 2 of 2',
    'installing: 2 of 2',
  ]);
});

it('one of one says nothing of how far it is', async () => {
  expect(await told(async () => await duringEach('installing', ['a/p'], async () => undefined))).toEqual([
    'installing',
  ]);
});

it('works at once are counted as they are done', async () => {
  const works = [1, 2, 3].map(async (one) => await Promise.resolve(one));
  expect(await told(async () => await duringAll('asking', works))).toEqual([
    'asking',
    'asking: 1 of 3',
    'asking: 2 of 3',
    'asking: 3 of 3',
  ]);
});
