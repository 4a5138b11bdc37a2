import { existsSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../support/errors.ts';
import { readText } from '../../support/read-file.ts';
import { run } from '../../support/run.ts';
import { cgroupFolder } from './cgroup.ts';
import { enterCommand } from './enter.ts';
import { stackFolder } from './run-folder.ts';

/** A port of 127.0.0.1 here, and the port in the stack that it leads to. */
export interface Forward {
  readonly here: number;
  readonly there: number;
}

/** Milliseconds until the stack's network must be there. */
const LIMIT = 10_000;

/**
 * Connects a stack that has a network of its own: out to where this machine can reach, but not to this machine itself;
 * in through the given ports. By pasta, which ends with the stack.
 * @throws UserError `network-failed`
 */
export async function connectNetwork(
  name: string,
  leader: number,
  forwards: readonly Forward[],
): Promise<void> {
  const folder = stackFolder(name);
  const space = path.join(folder, 'net');
  if (existsSync(space)) await run(['umount', space]);
  writeFileSync(space, '');
  // pasta gives up the right to look into other processes before it opens this
  const bound = await run(['mount', '--bind', `/proc/${leader}/ns/net`, space]);
  if (bound.status !== 0) throw failure(bound.stderr);
  const ports = forwards.map(({ here, there }) => `${here}:${there}`);
  const open = ports.length === 0 ? 'none' : `127.0.0.1/${ports.join(',')}`;
  const words = ['--config-net', '--no-map-gw', '--foreground', '--runas', '0', '--netns', space];
  const closed = ['--tcp-ns', 'none', '--udp-ns', 'none', '--udp-ports', 'none'];
  const pasta = ['pasta', ...words, ...closed, '--tcp-ports', open];
  const log = path.join(folder, 'network.log');
  const child = spawn('sh', ['-c', JOIN, 'sh', cgroupFolder(name) ?? '', log, ...pasta], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  const until = Date.now() + LIMIT;
  while (!(await hasRoute(leader))) {
    if (child.exitCode !== null) throw failure(lastLine(log) || `pasta ended with status ${child.exitCode}`);
    if (Date.now() > until) throw failure('pasta set up no network in the stack');
    await sleep(30);
  }
}

/** It ends with the control group of the stack. */
const JOIN = `[ -z "$1" ] || echo $$ >"$1/cgroup.procs"
exec >"$2" 2>&1
shift 2
exec "$@"`;

function lastLine(log: string): string {
  const lines = existsSync(log) ? readText(log).trim().split('\n') : [];
  return lines.findLast((line) => !line.includes('syslog')) ?? '';
}

async function hasRoute(leader: number): Promise<boolean> {
  const asked = await run([...enterCommand(leader), 'cat', '/proc/net/route']);
  return asked.stdout.trim().split('\n').length > 1;
}

function failure(reason: string): UserError {
  return new UserError('network-failed', `the network of the stack could not be set up: ${reason.trim()}`, {
    help: '`wdev doctor` looks at what a stack needs from this machine.',
  });
}
