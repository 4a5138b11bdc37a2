import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { Desk } from '../support/readme.ts';
import { save } from '../support/save.ts';
import { tempFolder } from '../support/temp.ts';

const FILE = 'hello/etc/asterisk/extensions_extra.d/demo-hello.conf';
const SHOW = "asterisk -rx 'dialplan show xivo-extrafeatures'";

describe.skipIf(lacks('real'))('README.md on a real stack', () => {
  it('leads from stack up to stack down', async () => {
    // as in README.md, but for the stack's name: the default one may be in use by a person
    const name = `readme-${process.pid}`;
    const desk = new Desk(tempFolder());
    expect(await desk.type('wdev new stack hello --namespace demo --part dialplan --yes')).toMatchObject({
      status: 0,
    });
    const type = async (line: string): Promise<string> => {
      const named = line.replace(/^wdev stack (up|down|exec)/, `wdev stack $1 --name ${name}`);
      const { status, stdout, stderr } = await desk.type(named);
      expect(status, stderr).toBe(0);
      return stdout;
    };
    try {
      expect(await type('wdev stack up')).toContain(`stack:${name}`);
      const watch = desk.leaveRunning('wdev watch hello --target stack'.replace('stack', `stack:${name}`));
      await watch.says('xivo-extrafeatures: ***42');
      const file = path.join(desk.folder, FILE);
      save(file, readFileSync(file, 'utf8').replace('***42', '***43'));
      await watch.says('xivo-extrafeatures: ***43');
      expect(await type(`wdev stack exec -- ${SHOW}`)).toContain("'***43' =>");
      expect(await watch.interrupt()).toBe(130);
    } finally {
      expect(await type('wdev stack down')).toContain(`real stack ${name}`);
    }
  });
});
