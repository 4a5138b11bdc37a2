import { describe, expect, it } from 'vitest';
import { BDIST_PLUGIN, COPY_PLUGIN } from '../support/foreign-plugins.ts';
import { lacks } from '../support/needs.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

interface Event extends Record<string, unknown> {
  readonly event: string;
}

/** The findings of a rehearsal, as `code: message`, and how it ends. */
async function rehearse(dir: string): Promise<{ findings: readonly string[]; last: Event | undefined }> {
  const { stdout, stderr } = await wdev(['rehearse', dir, '--json']);
  expect(stderr).toBe('');
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  const findings = events.filter(({ event }) => event === 'finding');
  return {
    findings: findings.map((event) => `${String(event['code'])}: ${String(event['message'])}`),
    last: events.at(-1),
  };
}

describe.skipIf(lacks('real'))('wdev add to a plugin of others, rehearsed', () => {
  it.each([
    ['bdist archive', BDIST_PLUGIN, 'confd'],
    ['bdist archive', BDIST_PLUGIN, 'dialplan'],
    ['plain copies', COPY_PLUGIN, 'calld'],
  ] as const)('%s: installs, upgrades and goes as before', async (_title, plugin, part) => {
    const dir = tempFolder();
    writeFiles(dir, plugin);
    const before = await rehearse(dir);
    expect((await wdev(['add', part, dir, '--yes'])).status).toBe(0);
    const after = await rehearse(dir);
    expect(after.findings.filter((finding) => !before.findings.includes(finding))).toEqual([]);
    expect(after.last?.event).toBe(before.last?.event);
    expect(after.last?.event).toBe('verified');
  });
});
