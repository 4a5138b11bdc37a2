import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWith } from '../../src/stacks/requirements.ts';
import { wdev } from '../support/wdev.ts';

const PACKAGES = [
  ['1', 'quartx_call_logger'],
  ['2', 'calllogger'],
] as const;

/** The same plugin over the stand-in and over the real call logger; PyPI has neither, so it must be there. */
describe.each(PACKAGES)('generation %s', async (generation, name) => {
  const python = await pythonWith([name]);
  const reason = python === undefined ? ` (left out: no Python here has ${name}, and PyPI does not)` : '';
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    const flags = ['--namespace', 'demo', '--generation', generation, '--yes'];
    expect((await wdev(['new', 'call-logger', 'pbx', ...flags], { cwd: folder })).status).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  async function records(which: string, ...words: string[]): Promise<readonly unknown[]> {
    const args = ['simulate', 'pbx', '--json', '--call-logger', which, ...words];
    const { stdout, status } = await wdev(args, { cwd: folder });
    expect(status).toBe(0);
    const outcome = JSON.parse(stdout) as { callLogger: string; records: { fields: unknown }[] };
    expect(outcome.callLogger).toBe(which);
    return outcome.records.map(({ fields }) => fields);
  }

  it('makes records of the lines with the stand-in', async () => {
    expect(await records('stand-in')).toHaveLength(3);
  });

  it.skipIf(python === undefined)(`makes the same with the real package${reason}`, async () => {
    const words = ['--python', python ?? ''];
    expect(await records('real', ...words)).toEqual(await records('stand-in', ...words));
  });
});
