import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { findProgram } from '../../src/stacks/requirements.ts';
import { contract } from '../support/contract.ts';
import { hidePerl, shellTarget } from '../support/target.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  mkdirSync(path.join(root, 'srv'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each<[string, readonly [string, ...string[]], boolean]>([
  ['sh', ['sh'], true],
  ['bash', ['bash', '--posix'], false],
])('the contract of targets, over %s', (_name, argv, many) => {
  contract(() => ({ root, open: async () => await shellTarget({ argv }, root) }), '/srv', { many });
});

describe('the contract of targets, over sh without perl', () => {
  let bin = '';

  beforeAll(() => {
    bin = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
    hidePerl(bin);
  });

  afterAll(() => rmSync(bin, { recursive: true, force: true }));

  const env = (): Record<string, string> => ({ PATH: `${bin}:${process.env['PATH']}` });
  const open = async () => await shellTarget({ argv: ['sh'], env: env() }, root);
  contract(() => ({ root, open }), '/srv', { many: false });
});

describe.skipIf(findProgram('busybox') === undefined)(
  'the contract of targets, over busybox and its own programs',
  () => {
    let bin = '';

    beforeAll(() => {
      bin = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
      execFileSync(findProgram('busybox') ?? 'busybox', ['--install', '-s', bin]);
    });

    afterAll(() => rmSync(bin, { recursive: true, force: true }));

    const open = async () => await shellTarget({ argv: [path.join(bin, 'sh')], env: { PATH: bin } }, root);
    contract(() => ({ root, open }), '/srv', { many: false });
  },
);
