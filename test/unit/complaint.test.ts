import { describe, expect, it } from 'vitest';
import { wdev } from '../support/wdev.ts';

const WRONG: readonly (readonly [string, string, string])[] = [
  ['compat', 'wdev compat needs --engine <version>', 'wdev compat --help shows how.'],
  ['check --strictt', 'wdev check has no option --strictt', 'Did you mean --strict?'],
  [
    'check --format jsn',
    '--format <format>: unknown value jsn; choose from text, json',
    'Did you mean json?',
  ],
  ['stack foo', 'action: unknown value foo; choose from up, down', 'wdev stack --help shows how.'],
  ['dialplan grap', 'wdev dialplan has no command grap', 'Did you mean graph?'],
  ['dialplan show', 'wdev dialplan show needs <path>', 'wdev dialplan show --help shows how.'],
  ['watch --target', '--target <target> needs a value', 'wdev watch --help shows how.'],
  ['new stack hi --parrt dialplan', 'wdev new has no option --parrt', 'Did you mean --part?'],
  ['migrate a b', 'wdev migrate takes 1 argument, not 2', 'wdev migrate --help shows how.'],
  ['wach', 'wdev has no command wach', 'Did you mean wdev watch?'],
];

describe('a wrong command line', () => {
  it.each(WRONG)('wdev %s says what is wrong and what to try', async (line, message, help) => {
    const { status, stdout, stderr } = await wdev(line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`wdev: ${message}`);
    expect(stderr.trimEnd().split('\n').at(-1)?.trim()).toBe(help);
  });
});
