import { execFileSync } from 'node:child_process';
import * as fc from '../support/fast-check.ts';
import { describe, expect, it } from 'vitest';
import { decodeName, encodeName } from '../../src/support/file-name.ts';

const SOME = [0x61, 0xff, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xc0, 0xf4, 0x90];
const bytes = fc.array(fc.constantFrom(...SOME, 0xf5, 0xef, 0xbb, 0xbf), { maxLength: 12 });

describe('names of bytes', () => {
  it('are the same bytes again', () => {
    fc.assert(
      fc.property(bytes, (some) => encodeName(decodeName(Buffer.from(some))).equals(Buffer.from(some))),
    );
  });

  it('are those of Python, surrogateescape', () => {
    const samples = fc.sample(bytes, 300).map((some) => Buffer.from(some));
    const program =
      'import json, sys\nprint(json.dumps([bytes.fromhex(row).decode("utf-8", "surrogateescape") for row in json.load(sys.stdin)]))';
    const input = JSON.stringify(samples.map((some) => some.toString('hex')));
    const said = execFileSync('python3', ['-I', '-c', program], { input, encoding: 'utf8' });
    expect(samples.map((some) => decodeName(some))).toEqual(JSON.parse(said));
  });
});
