import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/stacks/real/ports.ts';

const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';

export const HAS_RABBITMQ =
  existsSync(SERVER) && existsSync('/usr/lib/python3/dist-packages/kombu/__init__.py');

export interface Broker {
  readonly port: number;
  end(): Promise<void>;
}

/** Debian's RabbitMQ, with all of its files in a folder and on ports of its own. */
export async function startRabbitmq(): Promise<Broker> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  const taken = new Set<number>();
  const own = await freePort(taken);
  taken.add(own);
  const second = await freePort(taken);
  taken.add(second);
  const third = await freePort(taken);
  mkdirSync(path.join(folder, 'home'));
  writeFileSync(path.join(folder, 'plugins'), '[].\n');
  const env = {
    PATH: process.env['PATH'],
    HOME: path.join(folder, 'home'),
    RABBITMQ_NODENAME: `wdev${own}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(own),
    RABBITMQ_DIST_PORT: String(second),
    ERL_EPMD_PORT: String(third),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'plugins'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
  };
  const child = spawn(SERVER, [], { env, stdio: 'ignore', detached: true });
  await answers(own, child);
  return {
    port: own,
    end: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
      const daemon = spawn('epmd', ['-port', String(third), '-kill'], { env, stdio: 'ignore' });
      await new Promise((resolve) => daemon.once('exit', resolve).once('error', resolve));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** It greets whoever names the protocol. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 6000; tries += 1) {
    if (child.exitCode !== null) throw new Error(`rabbitmq-server ended with ${child.exitCode}`);
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => socket.write('AMQP\0\0\u0009\u0001'));
      socket.once('data', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      setTimeout(() => socket.destroy(), 10_000).unref();
    });
    if (greeted) return;
    await sleep(100);
  }
  throw new Error('RabbitMQ did not answer within ten minutes');
}
