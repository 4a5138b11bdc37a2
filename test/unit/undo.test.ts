import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wdev } from '../support/wdev.ts';

const MAKEFILE = `.PHONY: install uninstall

install:
\tcp hello.conf /etc/asterisk/extensions_extra.d/
\tasterisk -x 'dialplan reload'

uninstall:
\trm -f /etc/asterisk/extensions_extra.d/hello.conf
\tasterisk -x 'dialplan reload'
`;

let dir = '';

function tree(): readonly (readonly [string, string])[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.wdev'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => [path.relative(dir, file), readFileSync(file, 'utf8')]);
}

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'package.yml'), 'name: hello\ndescription: greets\nversion: 0.0.1\n');
  writeFileSync(path.join(dir, 'Makefile'), MAKEFILE);
  writeFileSync(path.join(dir, 'hello.conf'), '[xivo-extrafeatures]\nexten = ***42,1,Hangup()\n');
});

afterEach(() => rmSync(dir, { recursive: true }));

describe('wdev undo', () => {
  it('takes a migration back, exactly and once', async () => {
    const before = tree();
    expect((await wdev(['migrate', dir, '--namespace', 'demo', '--yes'])).status).toBe(0);
    expect(tree()).not.toEqual(before);
    const undone = await wdev(['undo', dir]);
    expect([undone.status, undone.stderr]).toEqual([0, '']);
    expect(tree()).toEqual(before);
    const again = await wdev(['undo', dir]);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('Nothing that wdev wrote in');
  });

  it('writes nothing when a file was changed since, and names it', async () => {
    await wdev(['migrate', dir, '--namespace', 'demo', '--yes']);
    appendFileSync(path.join(dir, 'wazo/rules'), '# mine\n');
    const edited = tree();
    const refused = await wdev(['undo', dir]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('changed since wdev migrate, so nothing was taken back:');
    expect(refused.stderr).toContain('wazo/rules: was edited');
    expect(tree()).toEqual(edited);
  });
});
