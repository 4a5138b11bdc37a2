import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { downReal, realUrl, upReal } from '../../src/stacks/real.ts';
import type { Contender } from './contender.ts';
import { WDEV, inotifyCopy, inotifySsh, lsyncdReload, wdevWatch, type SshStack } from './contenders.ts';
import { ROUNDS, SLOW_ROUNDS, race, ratio, stopAll } from './race.ts';
import type { Table } from './report.ts';
import type { Bar, Sample } from './statistics.ts';

/** A dialplan file on the embedded stack, against a copy without a reload. */
export async function embedded(folder: string): Promise<Table> {
  const contenders = [
    await wdevWatch(path.join(folder, 'wdev'), 'embedded'),
    await inotifyCopy(path.join(folder, 'copy')),
  ];
  const samples = await raceAll(contenders);
  spawnSync(WDEV[0], [WDEV[1], 'stack', 'down', '--kind', 'embedded'], { cwd: path.join(folder, 'wdev') });
  const bars: Bar[] = [
    {
      what: 'save to verified, over inotifywait + cp (no reload, no look)',
      value: ratio(samples, 'wdev watch, verified', 'inotifywait -m + cp'),
      atMost: 3,
    },
  ];
  return { title: 'Embedded stack: save to served', samples, bars };
}

/** The same on the real stack over ssh. */
export async function overSsh(folder: string): Promise<Table> {
  const name = `bench-${process.pid}`;
  const real = await upReal(name, { forUs: true });
  const socket = path.join(folder, 'mux');
  const stack: SshStack = { url: realUrl(real), sshConfig: real.sshConfig, rootfs: real.rootfs, socket };
  const ssh = (...args: readonly string[]): void =>
    void spawnSync('ssh', ['-F', stack.sshConfig, '-S', socket, ...args, 'stack'], { stdio: 'ignore' });
  ssh('-M', '-f', '-N');
  const contenders: Contender[] = [];
  try {
    contenders.push(
      await wdevWatch(path.join(folder, 'wdev-ssh'), 'ssh://stack', { WDEV_SSH_CONFIG: stack.sshConfig }),
      await inotifySsh(path.join(folder, 'plain'), stack, false),
      await inotifySsh(path.join(folder, 'shown'), stack, true),
    );
    const fast = await race(contenders, ROUNDS);
    const lsyncd = await lsyncdReload(path.join(folder, 'lsyncd'), stack);
    contenders.push(lsyncd);
    const samples = [...fast, ...(await race([lsyncd], SLOW_ROUNDS))];
    return { title: 'Real Asterisk 22 over ssh: save to served', samples, bars: sshBars(samples) };
  } finally {
    await stopAll(contenders);
    ssh('-O', 'exit');
    await downReal(name);
  }
}

function sshBars(samples: readonly Sample[]): readonly Bar[] {
  const ours = 'wdev watch, verified';
  const plain = 'inotifywait -m + ssh -S, cat, reload';
  return [
    {
      what: 'save to verified, over cat + reload without any look',
      value: ratio(samples, ours, plain),
      atMost: 1,
    },
    { what: 'the same, over cat + reload + show', value: ratio(samples, ours, `${plain}, show`) },
    {
      what: 'lsyncd delay 1 + reload, over save to verified',
      value: ratio(samples, 'lsyncd delay 1 + reload', ours),
      atLeast: 30,
    },
  ];
}

async function raceAll(contenders: readonly Contender[]): Promise<readonly Sample[]> {
  try {
    return await race(contenders, ROUNDS);
  } finally {
    await stopAll(contenders);
  }
}
