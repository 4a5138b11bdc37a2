import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTimeOf } from '../../../src/support/process.ts';
import { STACKS } from '../../../src/stacks/real/run-folder.ts';
import type { Attack } from '../attack.ts';

const MADE_HERE = 'src/stacks/embedded/made-here.js';
/** Without it, a folder that came with a repository is a stack. */
const RECORD = { file: MADE_HERE, from: 'return existsSync(recordOf(folder));', to: 'return true;' };

function putStack(folder: string, files: Readonly<Record<string, string>>): void {
  const all = { 'run/services/.keep': '', ...files };
  for (const [name, text] of Object.entries(all)) {
    const file = path.join(folder, '.wdev/stack', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o755 });
  }
}

/** Tries something while a process of the person runs; says when that is ended. */
async function withBystander(
  work: (pid: number, start: string) => Promise<void>,
): Promise<string | undefined> {
  const child = spawn('sleep', ['infinity'], { stdio: 'ignore' });
  try {
    await work(child.pid ?? 0, startTimeOf(child.pid ?? 0) ?? '');
    await sleep(50);
    return child.signalCode === null ? undefined : 'a process of the person was ended';
  } finally {
    child.kill('SIGKILL');
  }
}

const embedded: readonly Attack[] = [
  {
    kind: 'workspace',
    name: 'an embedded stack in the repository has a program of its author for asterisk',
    guards: [RECORD],
    async run(place) {
      const { folder, canary } = place;
      putStack(folder, { 'bin/asterisk': `#!/bin/sh\ntouch ${canary}\n` });
      await place.wdev(['stack', 'exec', '--kind', 'embedded', '--', 'asterisk', '-rx', 'core show version']);
      return undefined;
    },
  },
  {
    kind: 'workspace',
    name: 'an embedded stack in the repository names a process of the person as its own',
    guards: [RECORD, { file: 'src/stacks/embedded.js', from: ' || !isOf(stack, pid)', to: '' }],
    async run(place) {
      const { folder } = place;
      return await withBystander(async (pid) => {
        putStack(folder, { 'run/confgend.pid': `${pid}\n` });
        await place.wdev(['stack', 'down', '--kind', 'embedded']);
      });
    },
  },
  {
    kind: 'workspace',
    name: '.wdev is a link to a folder of the person, which holds a folder named stack',
    guards: [{ file: MADE_HERE, from: '[path.dirname(folder), folder]', to: '[]' }],
    async run(place) {
      const { folder, home } = place;
      const mine = path.join(home, 'stack/mine');
      mkdirSync(path.dirname(mine));
      writeFileSync(mine, '');
      symlinkSync(home, path.join(folder, '.wdev'));
      await place.wdev(['stack', 'down', '--kind', 'embedded']);
      return existsSync(mine) ? undefined : 'a file of the person was removed';
    },
  },
  {
    kind: 'hang',
    name: 'the lock of the embedded stack is a named pipe',
    guards: [
      RECORD,
      { file: 'src/support/read-file.js', from: 'refuseOther(file, statSync(systemPath(file)));', to: '' },
      { file: 'src/support/read-file.js', from: '(constants.O_NONBLOCK ?? 0)', to: '0' },
    ],
    async run(place) {
      const { folder } = place;
      putStack(folder, {});
      spawnSync('sh', ['-c', 'mkfifo "$0"', path.join(folder, '.wdev/stack/lock')]);
      await place.wdev(['stack', 'up', '--kind', 'embedded']);
      await place.wdev(['stack', 'down', '--kind', 'embedded']);
      return undefined;
    },
  },
];

/** Those in which wdev would be root on this machine. */
const real: readonly Attack[] = [
  {
    kind: 'killed stack',
    name: 'a stack whose start was cut off is given out, its process numbers being those of others',
    guards: [
      { file: 'src/stacks/real/standing.js', from: " && state.phase === 'running'", to: '' },
      { file: 'src/stacks/real/standing.js', from: 'owner !== undefined && !ownerLives', to: 'false' },
    ],
    async run(place) {
      const { canary } = place;
      const name = `hostile-${process.pid}`;
      const folder = path.join(STACKS, name);
      try {
        return await withBystander(async (pid, start) => {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          const mark = { pid, start };
          const owner = { pid: 999_999_999, start: 'an earlier boot:1' };
          const ports = { sshPort: 1, confgendPort: 2, iaxPort: 3 };
          const state = { name, what: 'machine', phase: 'booting', startedAt: 1, owner, ...ports };
          writeFileSync(
            path.join(folder, 'state.json'),
            JSON.stringify({ ...state, nspawn: mark, leader: mark }),
          );
          await place.wdev(['stack', 'exec', '--name', name, '--', 'touch', canary]);
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
];

export const ATTACKS: readonly Attack[] = [...embedded, ...(process.getuid?.() === 0 ? real : [])];
