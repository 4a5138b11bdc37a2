import { describe, expect, it } from 'vitest';
import { wdev } from '../support/wdev.ts';

const BY_NUMBER = 'Like this: --debian 13';
const KNOWN_WAZO = 'Use YY.NN, from 16.16 to 27.18, like 26.07.';

const KNOWN_TARGETS =
  'Use a name that wdev targets lists, or an address: embedded, stack[:NAME], local, ssh://[user@]host[:port], container:NAME, exec:COMMAND…';

const WRONG: readonly (readonly [string, string, string])[] = [
  [
    'compat',
    'missing --engine <version> for "wdev compat"',
    'Add --engine and a Wazo version, like --engine 26.05.',
  ],
  ['check --strictt', 'unknown option --strictt for "wdev check"', 'Did you mean --strict?'],
  ['check --format jsn', '--format: unknown value "jsn"; choose from text, json', 'Did you mean json?'],
  [
    'stack foo',
    'unknown command "foo" for "wdev stack"',
    'Choose from up, down, status, exec, shell, logs, snapshot, reset, prune; see wdev stack --help',
  ],
  ['stack dwn', 'unknown command "dwn" for "wdev stack"', 'Did you mean down?'],
  ['stack down --follow', 'unknown option --follow for "wdev stack down"', 'See wdev stack down --help'],
  ['stack snapshot', 'missing <label> for "wdev stack snapshot"', 'See wdev stack snapshot --help'],
  // a command that does something without one
  ['targets lst', 'unknown command "lst" for "wdev targets"', 'Did you mean list?'],
  ['targets add lab', 'missing <address> for "wdev targets add"', 'See wdev targets add --help'],
  [
    'stack',
    'missing command for "wdev stack"',
    'Choose from up, down, status, exec, shell, logs, snapshot, reset, prune; see wdev stack --help',
  ],
  ['dialplan grap', 'unknown command "grap" for "wdev dialplan"', 'Did you mean graph?'],
  ['dialplan show', 'missing <path> for "wdev dialplan show"', 'See wdev dialplan show --help'],
  ['watch --target', '--target <target> needs a value', 'See wdev watch --help'],
  ['new stack hi --parrt dialplan', 'unknown option --parrt for "wdev new"', 'Did you mean --part?'],
  ['migrate a b', '"wdev migrate" takes 1 argument, not 2', 'See wdev migrate --help'],
  [
    'status hello',
    '"wdev status" takes no arguments',
    'For all plugins: wdev status. For one: wdev why PLUGIN',
  ],
  [
    'update --dir x',
    'unknown option --dir for "wdev update"',
    'Give the folder without a flag: wdev update PLUGIN',
  ],
  ['market', 'missing command for "wdev market"', 'Choose from build, check; see wdev market --help'],
  ['check --debian 5', '--debian: unknown Debian release 5; choose from 10, 11, 12, 13', BY_NUMBER],
  ['check --debian bookworm', '--debian: unknown Debian release bookworm; choose from', 'Did you mean 12?'],
  [
    'compat --engine 26.05 --debian 11',
    '--debian: wdev cannot build for Debian 11; choose from 12, 13',
    BY_NUMBER,
  ],
  [
    'fleet status --engine 26.05 --debian 120',
    '--debian: wdev cannot build for Debian 120; choose',
    BY_NUMBER,
  ],
  ['check --engine 26.5', '--engine: unknown Wazo version 26.5', 'Did you mean 26.05?'],
  ['compat --engine 2026.05', '--engine: unknown Wazo version 2026.05', 'Did you mean 26.05?'],
  ['fleet status --engine 2605', '--engine: unknown Wazo version 2605', 'Did you mean 26.05?'],
  ['migrate --to 26.99', '--to: unknown Wazo version 26.99', KNOWN_WAZO],
  ['check --engine 99.01', '--engine: unknown Wazo version 99.01', KNOWN_WAZO],
  ['compat --engine 12.24', '--engine: unknown Wazo version 12.24', KNOWN_WAZO],
  ['compat --engine latest', '--engine: unknown Wazo version latest', KNOWN_WAZO],
  ['--frob', 'unknown option --frob for "wdev"', 'See wdev --help'],
  ['frob', 'unknown command "frob"', 'See wdev --help'],
  ['check --cwd /nope', '--cwd /nope: there is no such folder', 'wdev: --cwd /nope: there is no such folder'],
  ['new agi', 'unknown kind agi', 'agi is a part of a stack plugin: wdev new stack hello --part agi'],
  ['templates lint src', 'src is not a template: it has no template.yml', 'Start one: wdev new template'],
  ['templates show nope', 'there is no template nope', 'List them: wdev templates'],
  [
    'new stack hi --namespace demo --part zzz --yes',
    '--part: unknown value "zzz"',
    'List them: wdev templates show stack',
  ],
  ['targets test nope', 'unknown target nope', KNOWN_TARGETS],
  [
    'dialplan check nowhere',
    'there is no file or folder nowhere',
    'wdev: there is no file or folder nowhere',
  ],
  ['undo nowhere', 'there is no folder nowhere', 'wdev: there is no folder nowhere'],
  [
    'watch --calls later',
    '--calls: unknown value "later"; choose from now, wait',
    'wdev: --calls: unknown value "later"; choose from now, wait',
  ],
  ['watch --timeout soon', '--timeout: soon is not a number of seconds', 'See wdev watch --help'],
  ['simulate --pace -1', '--pace: -1 is not a positive whole number', 'See wdev simulate --help'],
  ['logs -n x', '--lines: x is not a number of lines', 'See wdev logs --help'],
  ['new stack hi --namespace demo --yes --author', '--author <value> needs a value', 'See wdev new --help'],
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
