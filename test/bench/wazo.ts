import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { realCommand, type RealStack } from '../../src/stacks/real.ts';
import { runningStack } from '../../src/stacks/real/running.ts';
import { buildRepository } from '../wazo/repository.ts';
import { Teller, type Contender } from './contender.ts';
import { WDEV } from './contenders.ts';
import { ROUNDS, SHORT, medianOf, race, stopAll } from './race.ts';
import type { Table } from './report.ts';
import type { Sample } from './statistics.ts';

const OURS = 'wdev watch, verified by an answer';
const PLAIN = 'systemctl restart wazo-calld, until it answers';
/** Milliseconds that a save may take beyond the restart and the first answer. */
const ALLOWANCE = 300;

/** Parts in seven services that the stand-ins can load, and the services: others call the first one when they start. */
const SEVEN = 'auth-http,agentd,dird-view,calld,call-logd,webhookd-service,agi';
const SERVICES = ['auth', 'agentd', 'dird', 'calld', 'call-logd', 'webhookd', 'agid'];

/**
 * A stack with Wazo's services, from the repository of WDEV_WAZO_REPOSITORY or the stand-ins (test/wazo): how fast it comes
 * and goes back, a save beside the restart that it takes, and a first installation for seven services.
 */
export async function wazoServices(folder: string): Promise<Table> {
  const name = `bench-wazo-${process.pid}`;
  const flags = await repositoryFlags(folder);
  const up = ['stack', 'up', '--kind', 'wazo', '--name', name, '--with', SERVICES.join(','), ...flags];
  const contenders: Contender[] = [];
  const times: Record<'up' | 'reset' | 'install' | 'one by one' | 'together', number[]> = {
    up: [],
    reset: [],
    install: [],
    'one by one': [],
    together: [],
  };
  wdev(folder, ...up);
  try {
    for (let round = 0; round < (SHORT ? 2 : 4); round += 1) {
      wdev(folder, 'stack', 'down', '--name', name);
      times.up.push(timed(() => wdev(folder, ...up)));
      times.reset.push(timed(() => wdev(folder, 'stack', 'reset', '--name', name)));
    }
    wdev(folder, 'new', 'stack', 'seven', '--namespace', 'demo', '--part', SEVEN, '--yes', '--no-git');
    for (let round = 0; round < (SHORT ? 2 : 4); round += 1) {
      const stack = await standing(name);
      times['one by one'].push(
        timed(() => restart(stack, (unit) => `systemctl restart ${unit}; wait_for ${unit}`)),
      );
      times.together.push(
        timed(() => restart(stack, (unit) => `{ systemctl restart ${unit}; wait_for ${unit}; } &`)),
      );
      times.install.push(timed(() => wdev(folder, 'install', 'seven', '--target', `stack:${name}`)));
      wdev(folder, 'uninstall', 'seven', '--target', `stack:${name}`);
    }
    contenders.push(await watchRoute(folder, name), plainRestart(await standing(name)));
    const raced = await race(contenders, ROUNDS);
    const samples: readonly Sample[] = [
      ...raced,
      { name: 'wdev stack up, the layer being there', times: times.up },
      { name: 'wdev stack reset', times: times.reset },
      { name: 'seven services, one after the other', times: times['one by one'] },
      { name: 'seven services, at once', times: times.together },
      { name: 'wdev install, a part in each of seven', times: times.install },
    ];
    const seconds = (what: string): number => medianOf(samples, what) / 1000;
    return {
      title: "A stack with Wazo's services",
      samples,
      bars: [
        {
          what: 'save to verified, beyond the restart and its first answer',
          value: medianOf(samples, OURS) - medianOf(samples, PLAIN),
          unit: 'ms',
          atMost: ALLOWANCE,
        },
        { what: 'second up', value: seconds('wdev stack up, the layer being there'), unit: 's', atMost: 15 },
        { what: 'reset', value: seconds('wdev stack reset'), unit: 's', atMost: 10 },
        {
          what: 'an installation for seven services, over their restarts one after the other',
          value:
            medianOf(samples, 'wdev install, a part in each of seven') /
            medianOf(samples, 'seven services, one after the other'),
        },
      ],
    };
  } finally {
    await stopAll(contenders);
    wdev(folder, 'stack', 'down', '--name', name);
  }
}

function wdev(cwd: string, ...words: readonly string[]): void {
  const done = spawnSync(WDEV[0], [WDEV[1], ...words], { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`wdev ${words.join(' ')}: ${done.stdout}${done.stderr}`);
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

async function repositoryFlags(folder: string): Promise<readonly string[]> {
  if (process.env['WDEV_WAZO_REPOSITORY'] !== undefined) return [];
  const repository = await buildRepository(path.join(folder, 'repository'));
  return ['--repository', `deb file:${repository.folder} ./`, '--key', repository.key];
}

async function standing(name: string): Promise<RealStack> {
  const stack = await runningStack(name);
  if (stack === undefined) throw new Error(`the stack ${name} does not run`);
  return stack;
}

/** Waits as generated rules do. */
const WAIT = `wait_for() {
  case $1 in wazo-auth) port=9497;; wazo-agentd) port=9493;; wazo-dird) port=9489;; wazo-calld) port=9500;; wazo-call-logd) port=9298;; wazo-webhookd) port=9300;; wazo-agid) port=4573;; esac
  for try in {1..5000}; do (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && return; sleep 0.01; done; exit 1; }
systemctl reset-failed`;

function restart(stack: RealStack, one: (unit: string) => string): void {
  const lines = SERVICES.map((name, at) => {
    const unit = `wazo-${name}`;
    // it comes before what calls it
    return at === 0 ? `systemctl restart ${unit}; wait_for ${unit}` : one(unit);
  });
  inStack(stack, `${WAIT}\n${lines.join('\n')}\nwait`);
}

function inStack(stack: RealStack, script: string): void {
  const [program, ...args] = realCommand(stack, ['bash', '-c', script]);
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${script}: ${done.stdout}${done.stderr}`);
}

/** A plugin of wazo-calld, saved at its route. */
async function watchRoute(folder: string, stack: string): Promise<Contender> {
  wdev(folder, 'new', 'stack', 'one', '--namespace', 'demo', '--part', 'calld', '--yes', '--no-git');
  const file = path.join(folder, 'one/demo_one/calld/http.py');
  const words = [...WDEV, 'watch', 'one', '--target', `stack:${stack}`, '--json'] as const;
  const teller = new Teller('wdev watch', [...words], { cwd: folder });
  await teller.until(/"event":"verified"/, undefined, 120_000);
  const text = readFileSync(file, 'utf8');
  let number = 0;
  return {
    name: OURS,
    save: async () => {
      number += 1;
      const line = await teller.until(
        /"event":"(verified|failed)"/,
        () => writeFileSync(file, `${text}\n# ${number}\n`),
        120_000,
      );
      if (!line.includes('"verified"')) throw new Error(`wdev watch did not verify: ${line}`);
      if (!line.includes('without a token')) throw new Error(`no route was asked: ${line}`);
    },
    stop: async () => await teller.stop('SIGINT'),
  };
}

function plainRestart(stack: RealStack): Contender {
  // the limit of starts in a row is for services that fail
  const script = `systemctl reset-failed wazo-calld; systemctl restart wazo-calld || exit
for try in {1..5000}; do curl -s -o /dev/null http://127.0.0.1:9500/1.0/status && exit; sleep 0.002; done
exit 1`;
  return {
    name: PLAIN,
    save: () => {
      inStack(stack, script);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}
