import { describe, expect, it } from 'vitest';
import { untilQuiet, type PendingPath } from '../../src/loop/settle.ts';

const path = (part: Partial<PendingPath>): PendingPath => ({
  lastEvent: 0,
  modified: 0,
  size: 10,
  sizeBefore: 10,
  ...part,
});

describe('when a batch may start', () => {
  it.each<[string, readonly PendingPath[], number, number]>([
    ['a save that rests', [path({ lastEvent: 100, modified: 100 })], 103, 0],
    ['a save that was just written', [path({ lastEvent: 100, modified: 104.4 })], 105, 1],
    ['a file that may be in the middle of its pieces', [path({ lastEvent: 100, size: 8192 })], 103, 7],
    ['a file that is longer than its last piece', [path({ lastEvent: 100, size: 8193 })], 101, 0],
    ['several files: a burst may have gaps', [path({ lastEvent: 100 }), path({ lastEvent: 110 })], 120, 20],
    ['a file that vanished in a save by rename', [path({ lastEvent: 100, modified: undefined })], 110, 290],
    ['a file that was truncated first', [path({ lastEvent: 100, modified: 100, size: 0 })], 110, 990],
    [
      'a file that was empty before',
      [path({ lastEvent: 100, modified: 100, size: 0, sizeBefore: 0 })],
      110,
      0,
    ],
    ['a new file', [path({ lastEvent: 100, modified: 100, sizeBefore: undefined })], 110, 20],
    [
      'a temporary file that is gone, before the file that it became',
      [path({ lastEvent: 100, modified: undefined, sizeBefore: undefined })],
      102,
      28,
    ],
    [
      'a save by rename, whose temporary file is gone',
      [path({ lastEvent: 100, modified: undefined, sizeBefore: undefined }), path({ lastEvent: 101 })],
      102,
      0,
    ],
    ['a clock that runs ahead', [path({ lastEvent: 100, modified: 99_999 })], 106, 0],
  ])('%s', (_name, pending, now, wait) => {
    expect(untilQuiet(pending, now)).toBe(wait);
  });

  it('the quiet time of wdev.yml holds for each file, and a longer one for a suspect one, too', () => {
    expect(untilQuiet([path({ lastEvent: 100 })], 110, 50)).toBe(40);
    expect(untilQuiet([path({ lastEvent: 100, size: 0 })], 110, 50)).toBe(990);
    expect(untilQuiet([path({ lastEvent: 100, size: 0 })], 110, 2000)).toBe(1990);
  });
});
