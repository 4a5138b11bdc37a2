// Loaded before wdev: sends it a signal right before its Nth change of the disk below some folders. With
// WDEV_KILL_SPAWNS the start of a program counts too, with WDEV_KILL_PIPES what is said to a program, and what it
// answers; WDEV_KILL_COUNT names a file that takes the count.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.WDEV_KILL_AT);
const signal = process.env.WDEV_KILL_SIGNAL;
const folders = process.env.WDEV_KILL_BELOW.split(':');
const countFile = process.env.WDEV_KILL_COUNT;
const { writeFileSync } = fs;
let count = 0;

function step() {
  count += 1;
  if (count === at) process.kill(process.pid, signal);
}

function change(name) {
  if (folders.some((folder) => String(name).startsWith(folder))) step();
}

function isWritten(flags = 'r') {
  return typeof flags === 'number'
    ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0
    : flags !== 'r';
}

for (const name of [
  'renameSync',
  'mkdirSync',
  'rmSync',
  'rmdirSync',
  'unlinkSync',
  'openSync',
  'chmodSync',
]) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (name !== 'openSync' || isWritten(args[1])) change(args[0]);
    return original(...args);
  };
}
for (const name of ['rename', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'writeFile', 'chmod', 'open']) {
  const original = fs.promises[name];
  fs.promises[name] = (...args) => {
    if (name !== 'open' || isWritten(args[1])) change(args[0]);
    return original(...args);
  };
}
/** Each piece that is written to a program, before and after, and each one that comes from it. */
function countTalk({ stdin, stdout }) {
  stdout?.on('data', step);
  if (!stdin) return;
  const write = stdin.write.bind(stdin);
  stdin.write = (...args) => {
    step();
    const more = write(...args);
    step();
    return more;
  };
}

if (process.env.WDEV_KILL_SPAWNS) {
  const original = childProcess.spawn;
  childProcess.spawn = (...args) => {
    step();
    const child = original(...args);
    // a program runs, and nobody has written down that it does
    step();
    if (process.env.WDEV_KILL_PIPES) countTalk(child);
    return child;
  };
}
if (countFile) process.on('exit', () => writeFileSync(countFile, String(count)));
syncBuiltinESMExports();
