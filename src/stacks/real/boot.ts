import { spawn } from 'node:child_process';
import { closeSync, openSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../support/errors.ts';
import { runLines } from '../../support/run-lines.ts';
import { run, type RunResult } from '../../support/run.ts';
import { markOf, startTimeOf, type ProcessMark } from '../../support/process.ts';
import { makeCgroup } from './cgroup.ts';
import { interrupted } from './debstrap.ts';
import { enterCommand } from './enter.ts';
import { speaksSsh } from './ports.ts';
import { machineName, stackFolder } from './run-folder.ts';
import { readText } from '../../support/read-file.ts';
import { serviceOf } from '../../wazo/services.ts';
import { makeFolders } from '../../support/make-folders.ts';

/** Milliseconds that a stack may take until Asterisk is fully booted. */
const BOOT_LIMIT = 240_000;

/**
 * Lays an empty folder over the cached ones, so that nothing is copied and nothing of the cache changes. A stack does not
 * outlive this machine, so nothing that it writes waits for the disk; whoever keeps it for longer syncs it.
 * @param own where what the stack writes is kept; its folder by default
 */
export async function mountRoot(
  name: string,
  lowers: readonly string[],
  own = stackFolder(name),
): Promise<void> {
  const folder = stackFolder(name);
  for (const part of ['upper', 'work']) makeFolders(path.join(own, part));
  makeFolders(path.join(folder, 'root'));
  const lower = lowers.map((lower) => escapeOption(lower)).join(':');
  const options = `lowerdir=${lower},upperdir=${escapeOption(own)}/upper,workdir=${escapeOption(own)}/work`;
  const mount = async (more: string): Promise<RunResult> =>
    await run(['mount', '-t', 'overlay', machineName(name), '-o', `${options}${more}`, `${folder}/root`]);
  let result = await mount(',volatile');
  // before Linux 5.10
  if (result.status !== 0) result = await mount('');
  if (result.status !== 0) {
    throw new UserError(
      'mount-failed',
      `the overlay of the stack could not be mounted: ${result.stderr.trim()}`,
      {
        help: 'Real stacks need root and a kernel with overlay file systems; `wdev doctor` looks at both.',
      },
    );
  }
}

function escapeOption(folder: string): string {
  return folder.replaceAll(/[\\:,]/g, String.raw`\$&`);
}

/** In a group of its own. With this status nspawn asks to be started again, as the machine in it restarts. */
const HOLD = `[ -z "$1" ] || echo $$ >"$1/cgroup.procs"
shift
until "$@" || { status=$?; [ "$status" -ne 133 ]; }; do :; done
exit "\${status:-0}"`;

/** Starts the process that holds the machine, in a network of its own, which leads nowhere at first. */
export function startMachine(name: string, hostname: string): ProcessMark {
  const folder = stackFolder(name);
  const cgroup = makeCgroup(name);
  const log = openSync(path.join(folder, 'console.log'), 'a', 0o600);
  const flags = ['--register=no', '--keep-unit', '-q', '--boot', '--private-users=no', '--console=pipe'];
  const own = ['--private-network', `--hostname=${hostname}`];
  const nspawn = [
    'systemd-nspawn',
    ...flags,
    ...own,
    '-D',
    path.join(folder, 'root'),
    '-M',
    machineName(name),
  ];
  const child = spawn('sh', ['-c', HOLD, 'sh', cgroup ?? '', ...nspawn], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'] ?? '', SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
  });
  closeSync(log);
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw bootError(name, 'systemd-nspawn could not be started');
  return markOf(pid);
}

/** Process 1 of the stack, once it is the stack's own init and no longer a fork of nspawn. */
export async function findLeader(name: string, nspawn: number): Promise<ProcessMark> {
  const until = performance.now() + BOOT_LIMIT;
  while (performance.now() < until) {
    if (startTimeOf(nspawn) === undefined) throw bootError(name, 'systemd-nspawn ended before the stack ran');
    const leader = leaderOf(nspawn);
    if (leader !== undefined) return leader;
    await sleep(10);
  }
  throw bootError(name, 'the init of the stack did not start');
}

/** Process 1 of the stack, if it runs now; `nspawn` is the process that startMachine gave. */
export function leaderOf(nspawn: number): ProcessMark | undefined {
  const pid = childrenOf(nspawn).flatMap(childrenOf).find(isInit);
  return pid === undefined ? undefined : markOf(pid);
}

function childrenOf(pid: number): number[] {
  try {
    const text = readText(`/proc/${pid}/task/${pid}/children`);
    return text
      .split(' ')
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

function isInit(pid: number): boolean {
  try {
    return path.basename(readlinkSync(`/proc/${pid}/exe`)) === 'systemd';
  } catch {
    return false;
  }
}

/** Waits until Asterisk is fully booted and sshd answers. */
export async function waitUntilReady(name: string, leader: number, sshPort: number): Promise<void> {
  const wait = `n=0
until asterisk -rx 'core waitfullybooted' 2>/dev/null | grep -q 'fully booted'; do
  n=$((n + 1)); [ "$n" -lt 8000 ] || exit 1; sleep 0.03
done`;
  const asterisk = run([...enterCommand(leader), 'sh', '-c', wait], { timeout: BOOT_LIMIT });
  const until = performance.now() + BOOT_LIMIT;
  while (!(await speaksSsh(sshPort))) {
    if (performance.now() > until)
      throw bootError(name, `sshd of the stack does not answer on port ${sshPort}`);
    if (startTimeOf(leader) === undefined) throw bootError(name, 'the stack ended while it was starting');
    await sleep(20);
  }
  if ((await asterisk).status !== 0) throw bootError(name, 'Asterisk in the stack did not become ready');
}

/** Milliseconds that all services of a Wazo server may take to start on a busy machine. */
const SERVICES_LIMIT = 600_000;

/**
 * Waits until the units run and answer on their ports.
 * @throws UserError `boot-failed`, with the last lines of the journal of what does not start
 */
export async function waitForServices(
  name: string,
  leader: number,
  units: readonly string[],
  { onProgress, signal }: Waiting = {},
): Promise<void> {
  const rows = [
    ...units.map((unit) => `${unit}:${serviceOf(unit)?.port ?? ''}`),
    ...BEHIND.map((unit) => `${unit}:`),
  ];
  const late = AbortSignal.timeout(SERVICES_LIMIT);
  let up = 0;
  const onLine = (line: string): boolean => {
    const unit = /^wdev: waiting for (\S+)$/.exec(line)?.[1];
    if (unit !== undefined)
      onProgress?.(`starting services: ${up++} of ${rows.length} are up, waiting for ${unit}`);
    return unit !== undefined;
  };
  const wait = [...enterCommand(leader), 'sh', '-c', WAIT, 'sh', ...rows] as const;
  const either = signal === undefined ? late : AbortSignal.any([late, signal]);
  const { status, tail } = await runLines([...wait], onLine, either);
  if (signal?.aborted === true) throw interrupted();
  if (status === 0) return;
  const what = late.aborted ? 'the services are not up in time' : 'a service does not start';
  throw bootError(name, `${what}:\n${tail.join('\n').trim()}`);
}

/** Services of Wazo start without them, and are of little use then (wazo-2026, 5). */
const BEHIND = ['postgresql', 'rabbitmq-server'];

/** For whom it is that waits. */
export interface Waiting {
  readonly onProgress?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * For each `UNIT:PORT`, and Asterisk, which says so itself; a unit that systemd gave up is shown with the end of its
 * journal. At the end all are seen up in one look: one that ends and is started again is up for a moment.
 */
const WAIT = `until systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded|starting'; do sleep 0.1; done
is_up() {
  listens=$(printf ' [0-9A-F]*:%04X [0-9A-F]*:[0-9A-F]* 0A ' "$port")
  # systemctl takes time that those need who start
  { [ -z "$port" ] || grep -qi "$listens" /proc/net/tcp /proc/net/tcp6; } &&
    systemctl is-active --quiet "$unit" &&
    { [ "$unit" != asterisk ] || asterisk -rx 'core waitfullybooted' 2>/dev/null | grep -q 'fully booted'; }
}
told= waited=yes
while [ "$waited" = yes ]; do
  waited=
  for row; do
    unit=\${row%:*} port=\${row#*:}
    [ "$told" = yes ] || echo "wdev: waiting for $unit"
    looks=0
    until is_up; do
      waited=yes
      looks=$((looks + 1))
      if [ $((looks % 10)) = 0 ] && systemctl is-failed --quiet "$unit"; then
        journalctl --no-hostname --no-pager -n 12 -u "$unit"
        exit 1
      fi
      sleep 0.1
    done
  done
  told=yes
done`;

function bootError(name: string, message: string): UserError {
  const tail = consoleTail(name);
  return new UserError('boot-failed', tail === '' ? message : `${message}; its console said:\n${tail}`, {
    help: '`wdev doctor` looks at what a real stack needs from this machine.',
  });
}

function consoleTail(name: string): string {
  try {
    const lines = readText(path.join(stackFolder(name), 'console.log'))
      .trimEnd()
      .split('\n');
    return lines.slice(-8).join('\n');
  } catch {
    return '';
  }
}
