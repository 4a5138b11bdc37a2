import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Machine } from '../../src/rehearse/machine.ts';
import { addStandIns } from '../../src/rehearse/stand-ins.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';

it('makes no stand-in for a program that the machine has, be it not the first that is looked for', async () => {
  const bin = path.join(tempFolder(), 'bin');
  mkdirSync(bin);
  for (const name of ['asterisk', 'wazo-plugind-cli']) {
    writeFileSync(path.join(bin, name), '#!/bin/sh\n');
    chmodSync(path.join(bin, name), 0o755);
  }
  const made: string[] = [];
  const machine = {
    sh: async (script: string): Promise<RunResult> =>
      await run(['/bin/sh', '-c', script], { env: { PATH: bin } }),
    put: (file: string) => void made.push(file),
  } as unknown as Machine;
  const rules = "asterisk -rx 'dialplan reload'\nwazo-plugind-cli -c x\nwazo-service restart\n";
  expect(await addStandIns(machine, rules, [])).toEqual(['wazo-service']);
  expect(made).toEqual(['/usr/bin/wazo-service']);
});
