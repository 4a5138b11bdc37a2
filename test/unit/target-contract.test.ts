import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import { contract } from '../support/contract.ts';
import { shellTarget } from '../support/target.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  mkdirSync(path.join(root, 'srv'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each<[string, readonly [string, ...string[]]]>([
  ['sh', ['sh']],
  ['bash', ['bash', '--posix']],
])('the contract of targets, over %s', (_name, argv) => {
  contract(() => ({ root, open: async () => await shellTarget({ argv }, root) }), '/srv');
});
