/**
 * `npm run bench`: how long from a save until it is served, beside the tools that people use, in one run on one
 * machine. Medians as ratios, with the machine's noise. Options: --short (fewer rounds), --json.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { downReal, realUrl, upReal } from '../../src/stack/real.ts';
import { findProgram, installCommand, lacking } from '../../src/stack/requirements.ts';
import { packageRoot } from '../../src/support/paths.ts';
import type { Contender } from './contender.ts';
import { WDEV, inotifyCopy, inotifySsh, lsyncdReload, wdevWatch, type SshStack } from './contenders.ts';
import { printJson, printText, type Report, type Table } from './report.ts';
import { median, type Bar, type Sample } from './statistics.ts';

const short = process.argv.includes('--short');
const ROUNDS = short ? 8 : 30;
/** Rounds with lsyncd take seconds each. */
const SLOW_ROUNDS = short ? 3 : 8;
/** Milliseconds of rest after each round: a person's pace, and time for what the tools do in the background. */
const REST = 800;

/** Rounds in which every contender has its turn, so that a busy moment of the machine hits all alike. */
async function race(contenders: readonly Contender[], rounds: number): Promise<readonly Sample[]> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) await contender.save();
  for (let round = 0; round < rounds; round += 1) {
    await sleep(REST);
    for (const contender of contenders) {
      const started = performance.now();
      await contender.save();
      times.get(contender.name)?.push(performance.now() - started);
    }
  }
  return [...times].map(([name, list]) => ({ name, times: list }));
}

function ratio(samples: readonly Sample[], one: string, other: string): number {
  const of = (name: string): number => median(samples.find((sample) => sample.name === name)?.times ?? []);
  return of(one) / of(other);
}

async function raceAll(contenders: readonly Contender[]): Promise<readonly Sample[]> {
  try {
    return await race(contenders, ROUNDS);
  } finally {
    await stopAll(contenders);
  }
}

async function embedded(folder: string): Promise<Table> {
  const contenders = [
    await wdevWatch(path.join(folder, 'wdev'), 'embedded'),
    await inotifyCopy(path.join(folder, 'copy')),
  ];
  const samples = await raceAll(contenders);
  spawnSync(WDEV[0], [WDEV[1], 'stack', 'down', '--kind', 'embedded'], { cwd: path.join(folder, 'wdev') });
  const bars: Bar[] = [
    {
      what: 'save to verified, over inotifywait + cp (no reload, no look)',
      ratio: ratio(samples, 'wdev watch, verified', 'inotifywait -m + cp'),
      atMost: 3,
    },
  ];
  return { title: 'Embedded stack: save to served', samples, bars };
}

async function overSsh(folder: string): Promise<Table> {
  const name = `bench-${process.pid}`;
  const real = await upReal(name);
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
      ratio: ratio(samples, ours, plain),
      atMost: 1,
    },
    { what: 'the same, over cat + reload + show', ratio: ratio(samples, ours, `${plain}, show`) },
    {
      what: 'lsyncd delay 1 + reload, over save to verified',
      ratio: ratio(samples, 'lsyncd delay 1 + reload', ours),
      atLeast: 30,
    },
  ];
}

/** Runs commands by turns until their end. */
function startUp(): Table {
  const commands: Readonly<Record<string, readonly string[]>> = {
    'wdev --help': [WDEV[1], '--help'],
    'node -e 0': ['-e', '0'],
  };
  const samples = takeTurns(commands, ROUNDS);
  const bar = { what: 'wdev --help, over bare node', ratio: ratio(samples, 'wdev --help', 'node -e 0') };
  return { title: 'Start of the command', samples, bars: [bar] };
}

function takeTurns(commands: Readonly<Record<string, readonly string[]>>, rounds: number): readonly Sample[] {
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const started = performance.now();
      spawnSync(process.execPath, args, { stdio: 'ignore' });
      times.get(name)?.push(performance.now() - started);
    }
  }
  return [...times].map(([name, list]) => ({ name, times: list }));
}

/** How steady the machine is: the same small thing many times. */
function noise(): Sample {
  const times: number[] = [];
  for (let round = 0; round < 100; round += 1) {
    const started = performance.now();
    spawnSync('true');
    times.push(performance.now() - started);
  }
  return { name: 'noise: start of /bin/true', times };
}

async function stopAll(contenders: readonly Contender[]): Promise<void> {
  await Promise.all(contenders.map(async (contender) => await contender.stop()));
}

/** What is not there, with the command that brings it. */
async function missing(real: boolean): Promise<readonly string[]> {
  const tools = real ? ['lsyncd', 'rsync', 'ssh', 'inotifywait'] : ['inotifywait'];
  const packages: Readonly<Record<string, string>> = { inotifywait: 'inotify-tools', ssh: 'openssh-client' };
  const absent = tools
    .filter((tool) => findProgram(tool) === undefined)
    .map((tool) => packages[tool] ?? tool);
  const stack = real ? (await lacking('real')).map(({ what, remedy }) => `${what}: ${remedy}`) : [];
  return [...(absent.length === 0 ? [] : [installCommand(absent)]), ...stack];
}

async function main(): Promise<number> {
  const built = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], {
    cwd: packageRoot(),
  });
  if (built.status !== 0) throw new Error(`the package does not build:\n${built.stdout.toString()}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-bench-'));
  const leftOut: string[] = [];
  const tables: Table[] = [];
  const before = noise();
  try {
    for (const [title, real, measure] of [
      ['embedded', false, embedded],
      ['over ssh', true, overSsh],
    ] as const) {
      const lacks = await missing(real);
      if (lacks.length === 0) tables.push(await measure(folder));
      else leftOut.push(...lacks.map((lack) => `${title}: ${lack}`));
    }
    tables.push(startUp());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const report: Report = { tables, noise: [before, noise()], load: os.loadavg()[0] ?? 0, leftOut };
  process.stdout.write(process.argv.includes('--json') ? printJson(report) : printText(report));
  return 0;
}

process.exitCode = await main();
