// Loaded before wdev: sends it a signal right before its Nth change of the disk below some folders.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.WDEV_KILL_AT);
const signal = process.env.WDEV_KILL_SIGNAL;
const folders = process.env.WDEV_KILL_BELOW.split(':');
let count = 0;

function step(name) {
  if (!folders.some((folder) => String(name).startsWith(folder))) return;
  count += 1;
  if (count === at) process.kill(process.pid, signal);
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
    step(args[0]);
    return original(...args);
  };
}
for (const name of ['rename', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'writeFile', 'chmod', 'open']) {
  const original = fs.promises[name];
  fs.promises[name] = (...args) => {
    step(args[0]);
    return original(...args);
  };
}
syncBuiltinESMExports();
