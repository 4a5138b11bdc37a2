import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { downReal, realCommand, upReal, type RealStack } from '../../src/stacks/real.ts';
import { Teller, type Contender } from './contender.ts';
import { WDEV } from './contenders.ts';
import { ROUNDS, medianOf, race, stopAll } from './race.ts';
import type { Table } from './report.ts';

const OURS = 'wdev watch, verified';
const PLAIN = 'systemctl restart, until the port answers';
/** Milliseconds that a save may take beyond the restart. */
const ALLOWANCE = 100;

/** A save of Python code that a service must be restarted for, against the restart and its port alone. */
export async function serviceRestart(folder: string): Promise<Table> {
  const name = `bench-service-${process.pid}`;
  const stack = await upReal(name, { forUs: true });
  const contenders: Contender[] = [];
  try {
    contenders.push(await driverWatch(folder, name), plainRestart(stack));
    const samples = await race(contenders, ROUNDS);
    const over = medianOf(samples, OURS) - medianOf(samples, PLAIN);
    return {
      title: 'A Python edit to a service of the real stack (wazo-confgend)',
      samples,
      bars: [
        { what: 'save to verified, beyond the restart itself', value: over, unit: 'ms', atMost: ALLOWANCE },
      ],
    };
  } finally {
    await stopAll(contenders);
    await downReal(name);
  }
}

async function driverWatch(folder: string, stack: string): Promise<Contender> {
  const made = spawnSync(WDEV[0], [WDEV[1], 'new', 'confgend', 'hello', '--namespace', 'demo', '--yes'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`wdev new: ${made.stderr}`);
  const file = path.join(folder, 'hello/demo_hello_confgend/driver.py');
  const teller = new Teller(
    'wdev watch',
    [...WDEV, 'watch', 'hello', '--target', `stack:${stack}`, '--json'],
    { cwd: folder },
  );
  await teller.until(/"event":"verified"/);
  const text = readFileSync(file, 'utf8');
  let number = 0;
  return {
    name: OURS,
    save: async () => {
      number += 1;
      const line = await teller.until(/"event":"(verified|failed)"/, () =>
        writeFileSync(file, `${text}\n# ${number}\n`),
      );
      if (!line.includes('"verified"')) throw new Error(`wdev watch did not verify: ${line}`);
    },
    stop: async () => await teller.stop('SIGINT'),
  };
}

function plainRestart(stack: RealStack): Contender {
  // the limit of starts in a row is for services that fail
  const script = `port=$(sed -n 's/^port *= *//p' /etc/wazo-confgend-client/config.conf)
systemctl reset-failed wazo-confgend; systemctl restart wazo-confgend || exit
for try in {1..5000}; do (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && exit; sleep 0.002; done
exit 1`;
  const [program, ...args] = realCommand(stack, ['bash', '-c', script]);
  return {
    name: PLAIN,
    save: () => {
      const done = spawnSync(program, args, { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`the restart failed: ${done.stderr}`);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
}
