import { expect, it } from 'vitest';
import { loadTemplate } from '../../src/templates/load.ts';
import { sampledPairs } from '../matrix/cases.ts';

const PARTS = loadTemplate('stack').parts.map(({ name }) => name);

it.each(['aaa', 'made-up', 'zzz'])(
  'the part %s leaves the other sampled pairs of the matrix as they are',
  (name) => {
    const more = sampledPairs([...PARTS, name].sort());
    expect(more.filter((pair) => !pair.includes(name))).toEqual(sampledPairs(PARTS));
  },
);

it('each part is in a sampled pair, and the sample is a small one', () => {
  const pairs = sampledPairs(PARTS);
  expect(PARTS.filter((name) => !pairs.flat().includes(name))).toEqual([]);
  expect(pairs.length).toBeLessThan((PARTS.length * PARTS.length) / 12);
});
