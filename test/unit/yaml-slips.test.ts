import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { downEmbedded } from '../../src/stacks/embedded.ts';
import { wdev } from '../support/wdev.ts';

describe('a slip in plugin.yml', { timeout: 240_000 }, () => {
  let folder: string;
  let file: string;
  let sound: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    file = path.join(folder, 'hi/wazo/plugin.yml');
    const flags = ['--namespace', 'demo', '--part', 'dialplan', '--yes', '--no-git'];
    expect((await wdev(['new', 'stack', 'hi', ...flags], { cwd: folder })).status).toBe(0);
    sound = readFileSync(file, 'utf8');
    return async () => {
      await downEmbedded(path.join(folder, 'hi'));
      rmSync(folder, { recursive: true, force: true });
    };
  });

  const COMMANDS = [['check'], ['build'], ['watch', '--once']] as const;

  /** The first line of each command's finding about plugin.yml. */
  async function told(): Promise<readonly string[]> {
    const answers: string[] = [];
    for (const command of COMMANDS) {
      const { stdout, stderr } = await wdev([...command, '.'], { cwd: path.join(folder, 'hi') });
      answers.push(/wazo\/plugin\.yml:.*error.*/.exec(stdout + stderr)?.[0] ?? 'read');
    }
    return answers;
  }

  it.each([
    ['author', /^author: .*/m, 'author: "demo', 'the double quote is not closed'],
    ['debian_depends', /^debian_depends: .*/m, 'debian_depends: [sox', 'the bracket [ is not closed'],
    [
      'description',
      /^description: .*/m,
      'description: it says: hello',
      'mapping values are not allowed here',
    ],
  ])('at %s is told at its line, alike by check, build and watch', async (key, line, slip, message) => {
    const text = sound.replace(line, slip);
    writeFileSync(file, text);
    const at = text.split('\n').findIndex((one) => one.startsWith(key)) + 1;
    const expected = new RegExp(
      `plugin.yml:${at}:\\d+: error: YAML syntax error: ${escaped(message)} \\[manifest-syntax\\]`,
    );
    const answers = await told();
    expect(answers).toEqual(COMMANDS.map(() => expect.stringMatching(expected)));
    expect(new Set(answers).size).toBe(1);
  });

  it('is none where a list closes at the column of its key', async () => {
    writeFileSync(file, sound.replace(/^debian_depends: .*/m, 'debian_depends: [\n  sox,\n]'));
    expect(await told()).toEqual(['read', 'read', 'read']);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[[\]"]/g, '\\$&');
}
