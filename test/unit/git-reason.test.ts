import { expect, it } from 'vitest';
import { gitReason } from '../../src/git/reason.ts';

const ADVICE = 'Please make sure you have the correct access rights\nand the repository exists.';
const UNREAD = `fatal: Could not read from remote repository.\n\n${ADVICE}`;

it.each([
  [
    `fatal: '/nowhere.git' does not appear to be a git repository\n${UNREAD}`,
    "'/nowhere.git' does not appear to be",
  ],
  [
    `git@example.org: Permission denied (publickey).\n${UNREAD}`,
    'git@example.org: Permission denied (publickey).',
  ],
  [`ERROR: Repository not found.\n${UNREAD}`, 'Repository not found.'],
  [
    `Warning: Permanently added 'x' to the list of known hosts.\n${UNREAD}`,
    'Could not read from remote repository.',
  ],
  ["remote: Not Found\nfatal: repository 'https://example.org/a/' not found", 'Not Found'],
  [
    "To x\n ! [rejected]        main -> main (fetch first)\nerror: failed to push some refs to 'x'\nhint: Updates were rejected",
    '! [rejected]        main -> main (fetch first)',
  ],
  ['something else', 'something else'],
  ['', ''],
])('of %j is %j', (output, reason) => {
  expect(gitReason(output).slice(0, Math.max(reason.length, 1))).toBe(reason);
});
