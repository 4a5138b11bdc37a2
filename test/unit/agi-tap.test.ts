import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { parseTap } from '../../src/simulate/agi/dialogue.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { tempFolder } from '../support/temp.ts';

const TAP = path.join(packageRoot(), 'src/simulate/python/wdev_agi_tap.py');

it('tells how a handler ended that never read what Asterisk sent', async () => {
  const folder = tempFolder();
  const said = path.join(folder, 'said');
  const began = path.join(folder, 'began');
  const handler = ['sh', '-c', `exec 0<&-; echo broken >&2; touch ${began}; exit 3`];
  const tap = spawn('/usr/bin/python3', [TAP, said, ...handler], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(tap, 'exit');
  while (!existsSync(began)) await pause(5);
  tap.stdin.end('agi_network: no\nagi_request: hello.agi\n\n');
  await ended;
  expect(parseTap(readFileSync(said, 'utf8'))).toMatchObject({
    environment: ['agi_network: no', 'agi_request: hello.agi'],
    errors: ['broken'],
    status: 3,
  });
});
