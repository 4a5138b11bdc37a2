import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/support/run.ts';
import { treeOf } from '../support/generations.ts';
import { BIN, wdev } from '../support/wdev.ts';

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
    expect(again.stderr).toContain('nothing to undo in');
  });

  it('writes nothing when a file was changed since, and names it', async () => {
    await wdev(['migrate', dir, '--namespace', 'demo', '--yes']);
    appendFileSync(path.join(dir, 'wazo/rules'), '# mine\n');
    const edited = tree();
    const refused = await wdev(['undo', dir]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('changed since wdev migrate, so nothing was rolled back:');
    expect(refused.stderr).toContain('wazo/rules: was edited');
    expect(tree()).toEqual(edited);
  });
});

describe('wdev undo after check --fix', () => {
  let hi = '';
  const manifest = (): string => readFileSync(path.join(hi, 'wazo/plugin.yml'), 'utf8');
  const slip = (): void =>
    writeFileSync(
      path.join(hi, 'wazo/plugin.yml'),
      manifest().replace(/^plugin_format_version: 1/m, 'plugin_format_version: "1"'),
    );

  beforeEach(async () => {
    hi = path.join(dir, 'hi');
    const made = await wdev(
      ['new', 'stack', 'hi', '--namespace', 'demo', '--part', 'dialplan', '--yes', '--no-git'],
      { cwd: dir },
    );
    expect(made.status).toBe(0);
  });

  it('rolls back the fix and nothing else', async () => {
    const generated = manifest();
    slip();
    const slipped = manifest();
    expect(slipped).not.toBe(generated);
    const fixed = await wdev(['check', '--fix', '.'], { cwd: hi });
    expect(fixed.stdout).toContain('-plugin_format_version: "1"');
    expect(manifest()).toBe(generated);

    expect((await wdev(['undo', '--list'], { cwd: hi })).stdout).toMatch(
      / {2}check --fix \(1 file\)\n.* {2}new \(\d+ files\)\n$/,
    );
    const undone = await wdev(['undo'], { cwd: hi });
    expect([undone.status, undone.stderr]).toEqual([0, '']);
    expect(undone.stdout).toBe('Rolled back wdev check --fix (1 file)\n');
    expect(manifest()).toBe(slipped);
  });

  it("then keeps the plugin while it holds the author's edit, and removes it when it is as it was made", async () => {
    const generated = manifest();
    slip();
    await wdev(['check', '--fix', '.'], { cwd: hi });
    await wdev(['undo'], { cwd: hi });
    const refused = await wdev(['undo'], { cwd: hi });
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('changed since wdev new, so nothing was rolled back:');
    expect(refused.stderr).toContain('wazo/plugin.yml: was edited');
    writeFileSync(path.join(hi, 'wazo/plugin.yml'), generated);
    expect((await wdev(['undo'], { cwd: hi })).stdout).toMatch(/^Rolled back wdev new /);
    expect(readdirSync(dir)).not.toContain('hi');
  });

  it('records modes that were fixed', async () => {
    const rules = path.join(hi, 'wazo/rules');
    chmodSync(rules, 0o640);
    expect((await wdev(['check', '--fix', '.'], { cwd: hi })).stdout).toContain('new mode 100755');
    expect((await wdev(['undo'], { cwd: hi })).stdout).toBe('Rolled back wdev check --fix (1 file)\n');
    expect(statSync(rules).mode & 0o777).toBe(0o640);
  });

  it('leaves a file that is no UTF-8 as it is', async () => {
    const rules = path.join(hi, 'wazo/rules');
    const bytes = Buffer.concat([readFileSync(rules), Buffer.from([0x23, 0xff, 0x0a])]);
    writeFileSync(rules, Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'));
    const before = readFileSync(rules);
    const fixed = await wdev(['check', '--fix', '.'], { cwd: hi });
    expect(fixed.stderr).not.toContain('meanwhile');
    expect(readFileSync(rules)).toEqual(before);
  });
});

const STEPS: Readonly<Record<string, readonly string[]>> = {
  'add calld': ['add', 'calld', '--yes'],
  update: ['update', '--set', 'description=Another'],
  'check --fix': ['check', '--fix', '.'],
  migrate: ['migrate', '--yes'],
  'targets add lab': ['targets', 'add', 'lab', 'ssh://root@lab'],
};

describe('wdev undo after several commands', () => {
  it.each([
    ['add calld', 'update', 'check --fix', 'migrate', 'targets add lab'],
    ['targets add lab', 'check --fix', 'migrate', 'update', 'add calld'],
    ['check --fix', 'migrate', 'add calld', 'targets add lab', 'update'],
  ])('gives back each earlier state: %s, %s, %s, %s, %s', async (...order) => {
    const cwd = path.join(dir, 'hi');
    const part = ['--part', 'dialplan', '--yes', '--no-git'];
    await wdev(['new', 'stack', 'hi', '--namespace', 'demo', ...part], { cwd: dir });
    // something to fix, and something to migrate
    chmodSync(path.join(cwd, 'wazo/rules'), 0o640);
    writeFileSync(path.join(cwd, 'mine.sh'), '#!/bin/sh\nxivo-confgen asterisk/sip.conf\n');
    const states = [treeOf(cwd)];
    for (const did of order) {
      await wdev(STEPS[did] ?? [], { cwd });
      expect(treeOf(cwd), did).not.toEqual(states.at(-1));
      states.push(treeOf(cwd));
    }
    for (const did of order.toReversed()) {
      states.pop();
      const undone = await wdev(['undo'], { cwd });
      expect(undone.stdout).toMatch(new RegExp(`^Rolled back wdev ${did} \\(\\d+ files?\\)\\n$`));
      expect(treeOf(cwd), did).toEqual(states.at(-1));
    }
  });
});

describe('a command run in a folder that is gone', () => {
  it.each([
    ['check'],
    ['new', 'stack', 'x', '--namespace', 'demo', '--yes'],
    ['undo'],
    ['watch', '--once'],
    ['targets'],
    ['update'],
  ])('says so: %s', async (...args) => {
    const gone = path.join(dir, 'gone');
    mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
    const ran = await run(['sh', '-c', script, 'sh', gone, process.execPath, BIN, ...args]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toBe(
      'wdev: the folder that you are in is gone\n      Go to one that is there: cd FOLDER, or --cwd FOLDER.\n',
    );
  });
});
