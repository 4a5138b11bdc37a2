import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type RunResult } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { wdev } from '../support/wdev.ts';

describe.skipIf(lacks('lint'))('the folder of a fleet', () => {
  let folder: string;
  let fleet: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wdev-fleet-'));
    fleet = path.join(folder, 'fleet');
    writeFileSync(path.join(folder, 'hosts'), '[uc_engine]\npbx1 ansible_connection=local\n');
    const { status, stderr } = await wdev(['fleet', 'init', '--inventory', 'hosts'], { cwd: folder });
    expect(status, stderr).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const lint = (): Promise<RunResult> =>
    run(['ansible-lint', '--offline', '--nocolor', '--profile', 'production'], { cwd: fleet });

  it('has nothing that ansible-lint finds with its strictest profile', async () => {
    const { status, stdout, stderr } = await lint();
    expect(status, stdout + stderr).toBe(0);
    expect(stderr).toContain('production profile: 0 failure(s), 0 warning(s)');
  });

  it('is read by ansible-lint to its last task', async () => {
    appendFileSync(path.join(fleet, 'roles/wazo_plugin/tasks/record.yml'), '\n- shell: echo\n');
    const { status, stdout } = await lint();
    expect(status).not.toBe(0);
    expect(stdout).toContain('roles/wazo_plugin/tasks/record.yml');
  });

  it('has shell that shellcheck finds nothing in', async () => {
    const scripts = ['publish', 'pack', 'roles/wazo_plugin/files/gate/prepare.sh'];
    const { status, stdout } = await run(['shellcheck', ...scripts], { cwd: fleet });
    expect(status, stdout).toBe(0);
  });
});
