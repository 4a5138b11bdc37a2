/**
 * npm run matrix:real -- [--exec COMMAND]
 * Installs every part on a real stack (Debian with Asterisk and systemd), sees it working, upgrades, removes and
 * purges it, and looks for what is left. COMMAND runs a shell command given as its last argument on the stack;
 * without it a stack is made by `wdev stack up`, and taken down again.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadTemplate } from '../../src/scaffold/load.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { messageOf } from '../../src/support/errors.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import type { Case } from './cases.ts';
import { build, make } from './steps.ts';

const { values } = parseArgs({ options: { exec: { type: 'string' }, only: { type: 'string' } } });

const WDEV: readonly [string, ...string[]] = [
  process.execPath,
  '--import',
  path.join(packageRoot(), 'node_modules/tsx/dist/esm/index.mjs'),
  path.join(packageRoot(), 'src/bin.ts'),
];
const NAME = 'matrix';

/** What shows, once installed, that a part works; every command must succeed and print the text. */
const SEEN: Readonly<Record<string, readonly (readonly [command: string, shows: string])[]>> = {
  dialplan: [["asterisk -rx 'dialplan show ***42@xivo-extrafeatures'", 'Gosub(demo-hello,s,1)']],
  subroutine: [["asterisk -rx 'dialplan show demo-hello-subroutine'", 'Return()']],
  agi: [["asterisk -rx 'dialplan show demo-hello-agi'", 'AGI(agi://']],
  'asterisk-conf': [["asterisk -rx 'queue show rules'", 'demo-hello']],
  'systemd-unit': [
    ['systemctl is-active demo-hello.timer', 'active'],
    ['systemctl start demo-hello && journalctl --unit demo-hello --no-pager', 'demo-hello ran'],
  ],
  sounds: [["asterisk -rx 'file convert demo-hello/greeting.wav /tmp/greeting.ulaw'", 'Converted']],
  confgend: [['cat /etc/wazo-confgend/conf.d/50-demo-hello.yml', 'asterisk.hello.conf: demo_hello']],
};

/** Where the part has entry points: Python finds them, as stevedore does. */
function entryPointChecks(part: string): readonly (readonly [string, string])[] {
  const adds = loadTemplate('stack').parts.find(({ name }) => name === part)?.adds;
  return (adds?.entryPoints ?? []).map((line) => {
    const group = (line.split(' = ')[0] ?? '').replace('asterisk.example.conf', 'asterisk.hello.conf');
    const code = `from importlib.metadata import entry_points; print([e.value for e in entry_points(group="${group}")])`;
    return [`python3 -c '${code}'`, 'demo_hello.'] as const;
  });
}

interface Outcome {
  readonly part: string;
  readonly problem: string | undefined;
}

async function onStack(command: string): Promise<RunResult> {
  const [program = 'sh', ...rest] = values.exec?.split(' ') ?? [
    ...WDEV,
    'stack',
    'exec',
    '--name',
    NAME,
    '--',
    'sh',
    '-c',
  ];
  return run([program, ...rest, command], { timeout: 120_000 });
}

async function must(command: string, shows = ''): Promise<string> {
  const done = await onStack(command);
  const text = done.stdout + done.stderr;
  if (done.status !== 0 || !text.includes(shows)) throw new Error(`${command}\n${text}(exit ${done.status})`);
  return text;
}

/** Files of the stack that a package could have left, with what they hold. */
const SNAPSHOT =
  'find /etc /usr /var/lib /lib/systemd -xdev \\( -type f -o -type l \\) ' +
  '! -path "/var/lib/dpkg/*" ! -path "/var/lib/systemd/*" ! -path "/var/lib/asterisk/*" ! -name "*.pyc" ' +
  '! -path "/var/lib/private/*" -printf "%p %s %l\\n" | sort';

async function packageOf(part: string, version: string, work: string): Promise<string> {
  const answers = {
    parts: [part],
    pluginVersion: version,
    ...(part === 'debian-depends' ? { debianDepends: 'git' } : {}),
  };
  const entry: Case = { title: part, kind: 'stack', answers, part };
  const folder = mkdtempSync(path.join(work, 'build-'));
  const problem = await build(await make(entry, folder));
  if (problem !== undefined) throw new Error(problem);
  return path.join(folder, 'plugin.deb');
}

async function send(file: string, target: string): Promise<void> {
  await must(`echo ${readFileSync(file).toString('base64')} | base64 -d > ${target}`);
}

async function tryPart(part: string, work: string): Promise<void> {
  const before = await must(SNAPSHOT);
  const checks = [...(SEEN[part] ?? []), ...entryPointChecks(part)];
  await send(await packageOf(part, '0.1.0', work), '/tmp/one.deb');
  await send(await packageOf(part, '0.2.0', work), '/tmp/two.deb');
  await must('dpkg --install /tmp/one.deb');
  for (const [command, shows] of checks) await must(command, shows);
  await must('dpkg --install /tmp/one.deb');
  await must('dpkg --install /tmp/two.deb');
  for (const [command, shows] of checks) await must(command, shows);
  await must('dpkg --remove wazo-plugind-hello-demo');
  await must('! asterisk -rx "dialplan show" | grep demo-hello');
  await must('dpkg --purge wazo-plugind-hello-demo 2>&1 || :');
  const after = await must(SNAPSHOT);
  if (after !== before) throw new Error(`left behind or changed:\n${difference(before, after)}`);
}

function difference(before: string, after: string): string {
  const [old, now] = [new Set(before.split('\n')), new Set(after.split('\n'))];
  const gone = [...old].filter((line) => !now.has(line)).map((line) => `- ${line}`);
  return [...gone, ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line}`)].join('\n');
}

async function main(): Promise<readonly Outcome[]> {
  const work = mkdtempSync(path.join(tmpdir(), 'wdev-matrix-real-'));
  const outcomes: Outcome[] = [];
  try {
    // a folder that a globbed #include finds empty would keep Asterisk from loading any dialplan
    await must(
      'touch /etc/asterisk/extensions_extra.d/.keep; echo "; empty" > /etc/asterisk/extensions_extra.d/00-empty.conf',
    );
    for (const part of loadTemplate('stack').parts.map(({ name }) => name)) {
      if (values.only !== undefined && values.only !== part) continue;
      const problem = await tryPart(part, work).then(() => undefined, messageOf);
      outcomes.push({ part, problem });
      console.log(
        `${problem === undefined ? 'ok    ' : 'FAILED'} ${part}${problem === undefined ? '' : `\n${problem}`}`,
      );
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return outcomes;
}

if (values.exec === undefined) {
  const up = await run([...WDEV, 'stack', 'up', '--kind', 'real', '--name', NAME], {
    inherit: true,
  });
  if (up.status !== 0) throw new Error('wdev stack up failed');
}
try {
  const outcomes = await main();
  const failed = outcomes.filter(({ problem }) => problem !== undefined).length;
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  if (values.exec === undefined) await run([...WDEV, 'stack', 'down', '--name', NAME]);
}
