import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../src/support/run.ts';
import { WDEV } from './contenders.ts';
import type { Table } from './report.ts';

const SIZES = [5, 20, 50];

/**
 * The control side of a roll-out to many servers, which answer at once: connections are local, and in the place of each
 * server's Python stands a program that answers as a server does which has the version already. All tasks run, and what
 * is measured is what Ansible does here.
 */
export async function fleet(folder: string): Promise<Table> {
  const python = path.join(folder, 'server.py');
  writeFileSync(python, SERVER, { mode: 0o755 });
  const found: (Cost & { readonly servers: number })[] = [];
  for (const servers of SIZES) {
    const dir = path.join(folder, String(servers));
    mkdirSync(dir);
    const hosts = Array.from(
      { length: servers },
      (_, at) =>
        `pbx${at} ansible_connection=local ansible_become=false ansible_python_interpreter=${python}`,
    );
    writeFileSync(path.join(dir, 'hosts'), `[uc_engine]\n${hosts.join('\n')}\n`);
    const made = await run([WDEV[0], WDEV[1], 'fleet', 'init', '--inventory', 'hosts'], { cwd: dir });
    if (made.status !== 0) throw new Error(made.stderr);
    found.push({ servers, ...(await rollOut(path.join(dir, 'fleet'))) });
  }
  const [few, , many] = found;
  if (few === undefined || many === undefined) throw new Error('nothing was measured');
  const growth = (pick: keyof Cost): number => many[pick] / few[pick];
  return {
    title: 'a roll-out seen from the control side',
    samples: [],
    bars: [
      ...found.flatMap(({ servers, seconds, busy, megabytes }) => [
        { what: `${servers} servers, all waves`, value: seconds, unit: 's' },
        { what: `${servers} servers, processor time of Ansible`, value: busy, unit: 's' },
        { what: `${servers} servers, memory of Ansible at its peak`, value: megabytes, unit: 'MB' },
      ]),
      {
        what: `processor time of ${many.servers} servers beside ${few.servers}, ten times as many`,
        value: growth('busy'),
        atMost: 10,
      },
      {
        what: `memory of ${many.servers} servers beside ${few.servers}; 20 forks at most`,
        value: growth('megabytes'),
        atMost: 10,
      },
    ],
  };
}

/** The price of a roll-out here: a busy machine lengthens the first, and not the second. */
interface Cost {
  readonly seconds: number;
  readonly busy: number;
  readonly megabytes: number;
}

async function rollOut(dir: string): Promise<Cost> {
  const started = performance.now();
  const words = ['roll.yml', '-e', 'wazo_plugin_name=acme/hello', '-e', 'wazo_plugin_version=0.2.0'];
  const timed = 'ansible-playbook "$@"; status=$?; times; exit $status';
  const child = spawn('sh', ['-c', timed, 'sh', ...words], {
    cwd: dir,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, megabytesOf(child.pid ?? 0))), 100);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (status !== 0) throw new Error(said.slice(-3000));
  return { seconds: (performance.now() - started) / 1000, busy: secondsOf(said), megabytes: peak };
}

/** Processor time of the children of a shell, of what its `times` printed last. */
function secondsOf(said: string): number {
  const [user, system] = [...(said.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return (user ?? 0) + (system ?? 0);
}

/** The memory of a process group, what its processes share counted once. */
function megabytesOf(group: number): number {
  let kilobytes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) !== group) continue;
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // it ended meanwhile
    }
  }
  return kilobytes / 1024;
}

/** Answers each module of Ansible as a server that has the version. */
const SERVER = `#!/usr/bin/python3
import json, re, sys
text = open(sys.argv[1]).read() if len(sys.argv) > 1 and sys.argv[1] != '-' else sys.stdin.read()
module = (re.search(r"ansible\\.modules\\.(\\w+)", text) or [None, ''])[1]
answer = {'changed': False}
if module == 'ping':
    answer['ping'] = 'pong'
elif module == 'command':
    said = '[]' if 'gate.py' in text else json.dumps({'before': '0.2.0', 'way_back': True})
    answer.update(rc=0, stdout=said, stdout_lines=[said], stderr='')
elif module == 'stat':
    is_folder = '"path": "/var/lib"' in text
    answer['stat'] = {'exists': is_folder, 'isdir': is_folder}
print(json.dumps(answer))
`;
