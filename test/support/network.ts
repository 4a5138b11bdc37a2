import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RealStack } from '../../src/stacks/real.ts';

const SERVER = '10.99.2.2';

/**
 * A network of namespaces of its own: a client, a router, and a server where the sshd of a stack listens too. When
 * the router forwards no more, packets are lost without a word to anybody.
 */
export class CutNetwork {
  readonly #names: readonly string[];
  readonly #sshd: ChildProcess;
  /** Settings of ssh that name the stack `pbx`, for the client. */
  readonly sshConfig: string;

  /** `folder` takes the settings of ssh. */
  constructor(stack: RealStack, folder: string) {
    const [client, router, server] = ['c', 'r', 's'].map((letter) => `wdev-${process.pid}-${letter}`) as [
      string,
      string,
      string,
    ];
    this.#names = [client, router, server];
    for (const name of this.#names) ip('netns', 'add', name);
    join(client, router, '10.99.1');
    join(server, router, '10.99.2');
    this.forward(true);
    this.#sshd = startSshd(stack, server);
    // it listens a moment later
    const listens = `until (exec 3<>/dev/tcp/${SERVER}/22) 2>/dev/null; do sleep 0.1; done`;
    ip('netns', 'exec', client, 'timeout', '600', 'bash', '-c', listens);
    this.sshConfig = path.join(folder, 'ssh_config');
    const knownHosts = path.join(folder, 'known_hosts');
    const key = readFileSync(stack.knownHosts, 'utf8').replace(/^\S+/, SERVER);
    writeFileSync(knownHosts, key);
    writeFileSync(
      this.sshConfig,
      `Host pbx\n  HostName ${SERVER}\n  User root\n  IdentityFile ${stack.keyFile}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${knownHosts}\n`,
    );
  }

  /** The words that start a program where the client is. */
  get client(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#names[0] ?? ''];
  }

  /** Whether packets come through. */
  forward(comeThrough: boolean): void {
    const script = `echo ${comeThrough ? 1 : 0} >/proc/sys/net/ipv4/ip_forward`;
    ip('netns', 'exec', this.#names[1] ?? '', 'sh', '-c', script);
  }

  /** Processes of sshd that each serve one connection. */
  sessions(): readonly number[] {
    const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' });
    const processes = [...rows.matchAll(/^\s*(\d+)\s+(\d+) (.*)$/gm)].map(([, pid, parent, name]) => ({
      pid: Number(pid),
      parent: Number(parent),
      name,
    }));
    const below = (pid: number): readonly number[] =>
      processes.filter(({ parent }) => parent === pid).flatMap((one) => [one.pid, ...below(one.pid)]);
    const ours = new Set(below(this.#sshd.pid ?? 0));
    return processes
      .filter(({ pid, name }) => ours.has(pid) && name?.startsWith('sshd-session'))
      .map(({ pid }) => pid);
  }

  async remove(): Promise<void> {
    const ended = new Promise((resolve) => this.#sshd.once('exit', resolve));
    this.#sshd.kill();
    await ended;
    for (const name of this.#names) ip('netns', 'del', name);
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A cable from a namespace to the router, which is its way to everywhere. */
function join(name: string, router: string, network: string): void {
  const end = `to-${name.slice(-1)}`;
  ip('-n', router, 'link', 'add', end, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', name);
  ip('-n', router, 'addr', 'add', `${network}.1/24`, 'dev', end);
  ip('-n', name, 'addr', 'add', `${network}.2/24`, 'dev', 'uplink');
  ip('-n', router, 'link', 'set', end, 'up');
  for (const link of ['lo', 'uplink']) ip('-n', name, 'link', 'set', link, 'up');
  ip('-n', name, 'route', 'add', 'default', 'via', `${network}.1`);
}

/** The sshd of a stack once more, in another network. */
function startSshd(stack: RealStack, network: string): ChildProcess {
  const config = '/etc/ssh/sshd_cut.conf';
  writeFileSync(
    path.join(stack.rootfs, config),
    `ListenAddress ${SERVER}\nHostKey /etc/ssh/ssh_host_ed25519_key\nPidFile none\nUseDNS no\nMaxStartups 100\n`,
  );
  const spaces = ['--mount', '--uts', '--ipc', '--pid', '--cgroup', `--net=/run/netns/${network}`];
  const words = ['--target', String(stack.pid), ...spaces, '--', '/usr/sbin/sshd', '-D', '-f', config];
  return spawn('nsenter', words, { stdio: 'ignore' });
}
