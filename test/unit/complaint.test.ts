import { describe, expect, it } from 'vitest';
import { wdev } from '../support/wdev.ts';

const WRONG: readonly (readonly [string, string, string])[] = [
  ['compat', 'wdev compat needs --engine <version>', 'Name the release of Wazo: wdev compat --engine 26.05'],
  ['check --strictt', 'unknown option --strictt for "wdev check"', 'Did you mean --strict?'],
  [
    'check --format jsn',
    '--format <format>: unknown value jsn; choose from text, json',
    'Did you mean json?',
  ],
  ['stack foo', 'action: unknown value foo; choose from up, down', 'See wdev stack --help'],
  [
    'stack',
    'wdev stack needs <action>',
    'Choose from up, down, status, exec, shell, logs, snapshot, reset, prune; see wdev stack --help',
  ],
  ['dialplan grap', 'unknown command "grap" for "wdev dialplan"', 'Did you mean graph?'],
  ['dialplan show', 'wdev dialplan show needs <path>', 'See wdev dialplan show --help'],
  ['watch --target', '--target <target> needs a value', 'See wdev watch --help'],
  ['new stack hi --parrt dialplan', 'unknown option --parrt for "wdev new"', 'Did you mean --part?'],
  ['migrate a b', 'wdev migrate takes 1 argument, not 2', 'See wdev migrate --help'],
  ['market', 'wdev market needs a command', 'Choose from build, check; see wdev market --help'],
  ['wach', 'unknown command "wach"', 'Did you mean wdev watch?'],
];

describe('a wrong command line', () => {
  it.each(WRONG)('wdev %s says what is wrong and what to try', async (line, message, help) => {
    const { status, stdout, stderr } = await wdev(line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`wdev: ${message}`);
    expect(stderr.trimEnd().split('\n').at(-1)?.trim()).toBe(help);
  });
});
