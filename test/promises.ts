/** `npm run promises`: the promises of the tool in their long form, with their figures; some need root. */
import { spawnSync } from 'node:child_process';

const FILES = [
  'target-faults',
  'target-contract',
  'promises.test',
  'unit/watch',
  'bad-changes',
  'edits-killed',
  'watch-saves',
  'stack-killed',
  'killed-stacks',
  'truth/truth',
  'server-past',
  'hostile',
  'long/breaks',
  'long/fleet.test',
];

const { status } = spawnSync('npm', ['test', '--', ...FILES, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, WDEV_PROMISES: 'long' },
});
process.exitCode = status ?? 1;
