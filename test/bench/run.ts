/**
 * `npm run bench`: how long from a save until it is served, beside the tools that people use, in one run on one
 * machine. Medians as ratios, with the machine's noise. Options: --short (fewer rounds), --json, and
 * the names of single tables.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram, installCommand, lacking } from '../../src/stacks/requirements.ts';
import { cacheFolder, packageRoot } from '../../src/support/paths.ts';
import { breaks } from './breaks.ts';
import { fleet } from './fleet.ts';
import { large } from './large.ts';
import { printJson, printText, type Report, type Table } from './report.ts';
import { embedded, overSsh } from './saves.ts';
import { sandbox } from './sandbox.ts';
import { scale } from './scale.ts';
import { serviceRestart } from './service.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import type { Sample } from './statistics.ts';
import { wazoServices } from './wazo.ts';

// certificates that a machine adds slow each start of Node alike, and hide what is measured
delete process.env['NODE_EXTRA_CA_CERTS'];

/** The tables, each with what it needs. */
const TABLES: readonly {
  readonly title: string;
  readonly real: boolean;
  readonly tools: readonly string[];
  readonly measure: (folder: string) => Promise<Table>;
}[] = [
  { title: 'embedded', real: false, tools: ['inotifywait'], measure: embedded },
  {
    title: 'over ssh',
    real: true,
    tools: ['lsyncd', 'rsync', 'ssh', 'inotifywait'],
    measure: overSsh,
  },
  { title: 'service', real: true, tools: [], measure: serviceRestart },
  { title: 'breaks', real: true, tools: ['slirp4netns', 'gpg', 'dpkg-scanpackages'], measure: breaks },
  { title: 'wazo', real: true, tools: ['slirp4netns', 'gpg', 'dpkg-scanpackages'], measure: wazoServices },
  { title: 'scale', real: false, tools: ['git'], measure: scale },
  { title: 'large', real: false, tools: [], measure: large },
  { title: 'status', real: false, tools: [], measure: status },
  { title: 'fleet', real: false, tools: ['ansible-playbook', 'aptly', 'gpg'], measure: fleet },
  { title: 'start', real: false, tools: [], measure: start },
  { title: 'sandbox', real: false, tools: ['fakeroot'], measure: sandbox },
];

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

/** Programs that are not there, with the command that installs them. */
async function missing(real: boolean, tools: readonly string[]): Promise<readonly string[]> {
  const packages: Readonly<Record<string, string>> = {
    inotifywait: 'inotify-tools',
    ssh: 'openssh-client',
    'ansible-playbook': 'ansible-core',
    'dpkg-scanpackages': 'dpkg-dev',
    gpg: 'gnupg',
  };
  const absent = tools
    .filter((tool) => findProgram(tool) === undefined)
    .map((tool) => packages[tool] ?? tool);
  const stack = real ? (await lacking('real')).map(({ what, remedy }) => `${what}: ${remedy}`) : [];
  return [...(absent.length === 0 ? [] : [installCommand(absent)]), ...stack];
}

/** Measuring leaves nothing in the person's cache, and takes the roots of real stacks from there. */
function keepCache(folder: string): void {
  const stacks = path.join(cacheFolder(), 'stack');
  const cache = path.join(folder, 'cache');
  mkdirSync(path.join(cache, 'wdev'), { recursive: true });
  mkdirSync(stacks, { recursive: true });
  symlinkSync(stacks, path.join(cache, 'wdev/stack'));
  process.env['XDG_CACHE_HOME'] = cache;
}

async function main(): Promise<number> {
  const built = spawnSync('npm', ['run', 'build', '--silent'], { cwd: packageRoot() });
  if (built.status !== 0) throw new Error(`the package does not build:\n${built.stdout.toString()}`);
  const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const chosen = TABLES.filter(({ title }) => only.length === 0 || only.includes(title));
  if (chosen.length === 0)
    throw new Error(
      `there is no ${only.join(', ')}; there are ${TABLES.map(({ title }) => title).join(', ')}`,
    );
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-bench-'));
  keepCache(folder);
  const leftOut: string[] = [];
  const tables: Table[] = [];
  const before = noise();
  try {
    for (const { title, real, tools, measure } of chosen) {
      const lacks = await missing(real, tools);
      const own = path.join(folder, title.replaceAll(' ', '-'));
      mkdirSync(own);
      if (lacks.length === 0) tables.push(await measure(own));
      else leftOut.push(...lacks.map((lack) => `${title}: ${lack}`));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const report: Report = { tables, noise: [before, noise()], load: os.loadavg()[0] ?? 0, leftOut };
  process.stdout.write(process.argv.includes('--json') ? printJson(report) : printText(report));
  return 0;
}

process.exitCode = await main();
