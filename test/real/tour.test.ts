import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heldStacks } from '../../src/stacks/real/clear.ts';
import { lacks } from '../support/needs.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

describe.skipIf(lacks('real'))('wdev tour on a real stack', () => {
  it('plays the main job, and leaves neither stack nor folder', async () => {
    const TMPDIR = tempFolder();
    const before = heldStacks()
      .map(({ name }) => name)
      .filter((name) => name.startsWith('tour-'));
    const { status, stdout } = await wdev(['tour', '--auto', '--stack', 'real'], {
      env: { TMPDIR },
      cwd: TMPDIR,
    });
    expect(stdout).toMatch(/All \d+ steps passed on the real stack/);
    expect(stdout).toMatch(/passed: install,\s+reinstall,\s+upgrade,\s+remove/);
    expect(stdout).toContain("demo-hello.conf:4:1: error: Asterisk: No '='");
    expect(status).toBe(0);
    expect(readdirSync(TMPDIR).filter((name) => name.startsWith('wdev-'))).toEqual([]);
    const after = heldStacks()
      .map(({ name }) => name)
      .filter((name) => name.startsWith('tour-'));
    expect(after).toEqual(before);
  });
});
