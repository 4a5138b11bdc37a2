import * as fc from '../support/fast-check.ts';
import { expect, it } from 'vitest';
import type { SourceFile } from '../../src/git/sources.ts';
import { learnProvenance } from '../../src/stage/provenance.ts';

const sourceOf = (path: string, hash: string): SourceFile => ({
  path,
  hash,
  mode: 0o644,
  bytes: Buffer.alloc(0),
});

function listing(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  return new Map(files.map((file) => [file.path, file]));
}

/** The definition, word by word: as many steps as there are pairs. */
function slowly(sources: readonly SourceFile[], path: string, hash: string): string | undefined {
  const equal = sources.filter((source) => source.hash === hash);
  if (equal.length < 2) return equal[0]?.path;
  const common = ({ path: own }: SourceFile): number => {
    const [left, right] = [path.split('/').toReversed(), own.split('/').toReversed()];
    const differs = right.findIndex((segment, at) => segment !== left[at]);
    return differs < 0 ? right.length : differs;
  };
  const [first, second] = equal.toSorted((a, b) => common(b) - common(a));
  return first !== undefined && common(first) > (second === undefined ? 0 : common(second))
    ? first.path
    : undefined;
}

it('of a file is the equal source whose path ends most alike, and none where two do', () => {
  const segment = fc.constantFrom('a', 'b', 'ab', 'a-', '__init__.py');
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const hash = fc.constantFrom('one', 'two');
  fc.assert(
    fc.property(fc.array(fc.tuple(path, hash), { maxLength: 12 }), path, hash, (files, at, sum) => {
      const sources = [...listing(files.map(([name, content]) => sourceOf(name, content))).values()];
      const learned = learnProvenance(listing(sources), [{ path: `/${at}`, hash: sum }]);
      expect(learned.get(`/${at}`)).toBe(slowly(sources, `/${at}`, sum));
    }),
    { numRuns: 2000 },
  );
});

it('of very many equal files is found in time in their number', () => {
  const sources = Array.from({ length: 20_000 }, (_, at) => sourceOf(`doc/${at % 100}/${at}.txt`, 'same'));
  const staged = sources.map(({ path, hash }) => ({ path: `/usr/share/${path}`, hash }));
  const before = process.cpuUsage();
  const learned = learnProvenance(listing(sources), staged);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
  expect(learned.get('/usr/share/doc/7/107.txt')).toBe('doc/7/107.txt');
});
