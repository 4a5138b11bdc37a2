import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/support/nearest.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const TARGETS = 'targets:\n  lab: ssh://root@lab.example.org\n  staging: ssh://root@staging.example.org\n';

/** Words that were typed, and those that the error says were meant. */
const TYPED: readonly (readonly [string, string])[] = [
  ['new stak', 'Did you mean stack?'],
  ['new confgen', 'Did you mean confgend?'],
  ['new call-loger', 'Did you mean call-logger?'],
  ['new templat', 'Did you mean template?'],
  ['new smdr', 'Did you mean smdr-logger?'],
  ['new dialplan', 'wdev new stack hello --part dialplan'],
  ['new elephant', 'The kinds are stack, confgend, call-logger; wdev templates lists all that can be made.'],
  [
    'new --template click-to-cal --yes',
    'Did you mean click-to-call? An npm package is named npm:click-to-cal.',
  ],
  ['new stack x --namespace a --part conf --conf-service cald --yes', 'did you mean calld?'],
  ['new stack x --namespace a --part conf --conf-service wazo-dird --yes', 'did you mean dird?'],
  ['templates show dialpan', 'Did you mean dialplan?'],
  ['templates show click-to-cll', 'Did you mean click-to-call?'],
  ['templates lint hello-wrld', 'Did you mean hello-world?'],
  ['templates preview bank-holiday', 'Did you mean bank-holidays?'],
  ['templates schema confgnd', 'Did you mean confgend?'],
  ['check --explain rules-not-executabel', 'Did you mean rules-not-executable?'],
  ['logs --target stagin', 'unknown target stagin\n      Did you mean staging?'],
  ['targets test embeded', 'Did you mean embedded?'],
  ['status --target elephant', 'or an address: embedded, stack[:NAME],'],
  ['status --target sh://lab', 'Did you mean ssh://lab?'],
];

describe('a misspelt name', () => {
  it.each(TYPED)('wdev %s', async (typed, says) => {
    const dir = tempFolder();
    writeFileSync(path.join(dir, 'wdev.yml'), TARGETS);
    const { status, stdout, stderr } = await wdev(typed.split(' '), { cwd: dir });
    expect(stderr).toContain(says);
    expect([status, stdout]).toEqual([2, '']);
  });

  it('of the usual target is said with its place', async () => {
    const dir = tempFolder();
    writeFileSync(path.join(dir, 'wdev.yml'), `target: labb\n${TARGETS}`);
    const { status, stderr } = await wdev(['logs'], { cwd: dir });
    expect([status, stderr]).toEqual([
      2,
      'wdev: wdev.yml: target: unknown target labb\n      Did you mean lab?\n',
    ]);
  });
});

it('a name that is right, or that may mean several, is not taken for another', () => {
  const units = ['wazo-agid', 'wazo-amid', 'wazo-calld', 'wazo-call-logd'];
  expect(didYouMean('wazo-agid', units, 'nothing')).toBe('nothing');
  expect(didYouMean('wazo-', units, 'nothing')).toBe('nothing');
  expect(didYouMean('calld', units)).toBe('Did you mean wazo-calld?');
  expect(didYouMean('wazo-clald', units)).toBe('Did you mean wazo-calld?');
  expect(didYouMean('elephant', ['one', 'two'])).toBe('There are one, two.');
});
