import { spawn } from 'node:child_process';
import { existsSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../support/errors.ts';
import { startTimeOf } from '../../support/process.ts';
import { readText } from '../../support/read-file.ts';
import { run } from '../../support/run.ts';
import { PROXY, findProgram } from '../requirements.ts';
import { cgroupFolder } from './cgroup.ts';
import { isListening } from './ports.ts';
import { NETWORK_MARK } from './processes.ts';
import { stackFolder } from './run-folder.ts';

/** A port of 127.0.0.1 here, and the port in the stack that it leads to. */
export interface Forward {
  readonly here: number;
  readonly there: number;
}

/** A place that a stack reaches at 127.0.0.1, and nowhere else: a proxy of this machine, while its packages come. */
export interface Outward {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds until the stack's network must be there on a busy machine. */
const LIMIT = 120_000;

/** Networks for measurements (RFC 2544): no office has them, so the stack hides none. */
const NETWORK = '198.18.0.0/24';
const NAMESERVER = '198.18.0.3';

/**
 * Connects a stack, which has a network of its own: in through the given ports, out to where this machine can reach,
 * but not to this machine itself. The processes that do so end with the stack.
 * @throws UserError `network-failed`
 */
export async function connectNetwork(
  name: string,
  leader: number,
  forwards: readonly Forward[],
  outward: readonly Outward[] = [],
): Promise<void> {
  const space = `/proc/${leader}/ns/net`;
  // an earlier wdev made stacks that share the network of the machine
  if (readlinkSync(space) === readlinkSync('/proc/self/ns/net')) return;
  await Promise.all([
    ...forwards.map((forward) => letIn(name, space, forward)),
    ...outward.map((place) => letThrough(name, leader, place)),
    letOut(name, leader),
  ]);
}

/** Hands each connection to the port here on to the stack. */
async function letIn(name: string, space: string, { here, there }: Forward): Promise<void> {
  const proxy = ['nsenter', `--net=${space}`, PROXY, `127.0.0.1:${there}`];
  const listen = ['systemd-socket-activate', '-l', `127.0.0.1:${here}`, '-E', NETWORK_MARK, ...proxy];
  await started(name, listen, () => isListening(here));
}

/** Hands each connection to a port in the stack on to the same port here. */
async function letThrough(name: string, leader: number, { host, port }: Outward): Promise<void> {
  const here = ['nsenter', `--net=/proc/${process.pid}/ns/net`, PROXY, `${host}:${port}`];
  const activate = ['systemd-socket-activate', '-l', `127.0.0.1:${port}`, '-E', NETWORK_MARK];
  const listen = ['nsenter', `--net=/proc/${leader}/ns/net`, ...activate, ...here];
  await started(name, listen, () => isListening(port, leader));
}

/** Whether this machine can give stacks a way out; without it they are reached, and reach nothing. */
export function canLetOut(): boolean {
  return findProgram('slirp4netns') !== undefined && existsSync('/dev/net/tun');
}

async function letOut(name: string, leader: number): Promise<void> {
  if (!canLetOut()) return;
  await closeOwn(leader);
  const resolver = path.join(stackFolder(name), 'root/etc/resolv.conf');
  rmSync(resolver, { force: true });
  writeFileSync(resolver, `nameserver ${NAMESERVER}\n`);
  const words = [
    '--configure',
    '--mtu=65520',
    `--cidr=${NETWORK}`,
    '--disable-host-loopback',
    '--enable-sandbox',
  ];
  await started(name, ['slirp4netns', ...words, String(leader), 'tap0'], () => hasRoute(leader));
}

/** The addresses of this machine itself are none to the stack: what listens there is not meant for it. */
async function closeOwn(leader: number): Promise<void> {
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  const script = 'for address; do ip route replace prohibit "$address" || exit; done';
  const enter = ['--target', String(leader), '--net', '--'];
  const { status, stderr } = await run(['nsenter', ...enter, 'sh', '-c', script, 'sh', ...addresses]);
  if (status !== 0) throw failure(stderr);
}

/** Starts a process that stays, and waits for its effect. */
async function started(name: string, command: readonly string[], isThere: () => boolean): Promise<void> {
  const log = path.join(stackFolder(name), 'network.log');
  const child = spawn('sh', ['-c', JOIN, 'sh', cgroupFolder(name) ?? '', log, ...command], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] ?? '', [NETWORK_MARK]: name },
  });
  child.unref();
  const until = performance.now() + LIMIT;
  while (!isThere()) {
    if (child.exitCode !== null || child.signalCode !== null) throw failure(lastLine(log));
    if (performance.now() > until) throw failure(`${command[0]} does not answer in time`);
    await sleep(10);
  }
}

/**
 * It ends with the control group of the stack. The sandbox of slirp4netns unmounts what it sees, and what is shared for
 * all: in a mount space of its own that is nobody else's.
 */
const JOIN = `[ -z "$1" ] || echo $$ >"$1/cgroup.procs"
exec >>"$2" 2>&1
shift 2
exec unshare --mount --propagation private "$@"`;

function lastLine(log: string): string {
  return existsSync(log) ? (readText(log).trim().split('\n').at(-1) ?? '') : '';
}

function hasRoute(leader: number): boolean {
  if (startTimeOf(leader) === undefined) throw failure('the stack ended while it was starting');
  const rows = readText(`/proc/${leader}/net/route`).split('\n').slice(1);
  return rows.some((row) => row.split('\t')[1] === '00000000');
}

function failure(reason: string): UserError {
  return new UserError('network-failed', `the network of the stack could not be set up: ${reason.trim()}`, {
    help: '`wdev doctor` looks at what a stack needs from this machine.',
  });
}
