import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { closeSession, openSession } from '../../src/targets/session.ts';
import { restoreTarget } from '../../src/targets/restore.ts';
import type { Target } from '../../src/targets/target.ts';
import { bring, digest, hidePerl, shellTarget, snapshot, tree } from './target.ts';

/** Programs that the far end of a target starts. Each becomes a point where it can be killed. */
const PROGRAMS =
  'cp mv rm mkdir rmdir tar sha256sum cat head tail sed tac wc stat chmod grep ln readlink sleep tr asterisk'.split(
    ' ',
  );

/** `all`: shell and everything it started. `shell`: only the shell, so that its script runs on as an orphan. */
export const KILLS = ['all, before', 'all, after', 'all, halfway', 'shell, before'] as const;
export type Kill = (typeof KILLS)[number];

/** Who does the work at the far end: a program for each step, or helper.pl, whose steps are counted by KillAt.pm. */
export type Worker = 'programs' | 'helper';

/**
 * A folder of programs that count their calls, and kill at the one whose number stands in the file `limit`.
 * Asterisk is one that notes, at a reload, what the files were then: what it serves.
 */
function faultyPrograms(folder: string, root: string, worker: Worker): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  if (worker === 'programs') hidePerl(bin);
  const asterisk = path.join(folder, 'asterisk');
  writeFileSync(
    asterisk,
    `#!/bin/sh\ncase $2 in *reload*) cd '${root}/srv' && find . -type f ! -path '*/.wdev-*' -exec sha256sum {} + | LC_ALL=C sort >'${folder}/served' ;; esac\n`,
    { mode: 0o755 },
  );
  for (const program of PROGRAMS) {
    const real =
      program === 'asterisk' ? asterisk : execFileSync('which', [program], { encoding: 'utf8' }).trim();
    writeFileSync(path.join(bin, program), shim(folder, real), { mode: 0o755 });
  }
  return bin;
}

function shim(folder: string, real: string): string {
  return `#!/bin/sh
# programs of a pipe start at once: each takes the next number that nobody has
read -r count 2>/dev/null <'${folder}/count' || count=0
set -C
until command : >"${folder}/calls/$((count = count + 1))"; do :; done 2>/dev/null
set +C
echo "$count" >'${folder}/count'
read -r limit 2>/dev/null <'${folder}/limit' || exec ${real} "$@"
[ "$count" = "$limit" ] || exec ${real} "$@"
read -r who when <'${folder}/how'
end() {
  read -r line </proc/$$/stat
  set -- \${line##*) }
  if [ "$who" = all, ]; then kill -9 0; else kill -9 "$4"; fi
}
case $when in
  before) end ;;
  after) ${real} "$@"; end ;;
  halfway) ${real} "$@" & sleep_until=$!; end ;;
esac
exec ${real} "$@"
`;
}

const BEFORE = {
  'srv/kept': 'an administrator’s\n',
  'srv/replaced.conf': 'the original\n',
  'srv/folder/inside.conf': 'original too\n',
};

const FIRST = tree(
  {
    '/srv/replaced.conf': 'first\n',
    '/srv/new/a.conf': 'first a\n',
    '/srv/new/b.conf': 'first b\n',
    '/srv/gone/c.conf': 'first c\n',
    '/srv/link': { link: 'replaced.conf' },
    '/srv/turns': 'a file\n',
    '/srv/with space/d.py': 'print(1)\n',
  },
  { '/srv/new/a.conf': 0o755 },
);

const SECOND = tree({
  '/srv/replaced.conf': 'second\n',
  '/srv/new/a.conf': 'second a\n',
  '/srv/new/b.conf': 'first b\n',
  '/srv/link': { link: 'new/a.conf' },
  '/srv/turns/into/folder': 'deep\n',
  '/srv/folder/inside.conf': 'second inside\n',
  '/srv/with space/d.py': 'print(2)\n',
  '/srv/with space/e.py': 'print(3)\n',
  '/srv/empty': { folder: 0o755 },
});

export type Scenario = 'apply' | 'undo' | 'restore';

export interface FaultWorld {
  readonly worker: Worker;
  readonly folder: string;
  readonly root: string;
  readonly bin: string;
}

export function makeWorld(folder: string, worker: Worker): FaultWorld {
  const root = path.join(folder, 'root');
  mkdirSync(root);
  return { worker, folder, root, bin: faultyPrograms(folder, root, worker) };
}

/** The root before wdev was ever there. */
function untouched({ root }: FaultWorld): void {
  rmSync(root, { recursive: true, force: true, maxRetries: 10 });
  mkdirSync(path.join(root, 'srv/folder'), { recursive: true });
  mkdirSync(path.join(root, 'var/lib'), { recursive: true });
  for (const [name, text] of Object.entries(BEFORE)) writeFileSync(path.join(root, name), text);
  chmodSync(path.join(root, 'srv/kept'), 0o600);
  symlinkSync('kept', path.join(root, 'srv/old link'));
}

/** The beginning of each trial, and the digests that its end is measured by. */
interface Beginning {
  readonly start: string;
  readonly startTree: string;
  /** With the first version installed. */
  readonly old: string;
  /** With the second one. */
  readonly wanted: string;
  /** A copy of the root with the first version. */
  readonly copy: string;
}

const beginnings = new WeakMap<FaultWorld, Promise<Beginning>>();

async function begin(world: FaultWorld): Promise<Beginning> {
  const copy = path.join(world.folder, 'copy');
  untouched(world);
  const start = digest(snapshot(world.root));
  const startTree = now(world);
  await within(world, async (session) => await bring(session, FIRST));
  const old = now(world);
  execFileSync('cp', ['-a', world.root, copy]);
  await within(world, async (session) => await bring(session, SECOND));
  return { start, startTree, old, wanted: now(world), copy };
}

function reset({ root, folder }: FaultWorld, copy: string): void {
  rmSync(root, { recursive: true, force: true, maxRetries: 10 });
  for (const name of ['limit', 'served']) rmSync(path.join(folder, name), { force: true });
  execFileSync('cp', ['-a', copy, root]);
  // Asterisk serves the first version
  execFileSync(path.join(folder, 'asterisk'), ['-rx', 'dialplan reload']);
}

function clearCount({ folder }: FaultWorld): void {
  rmSync(path.join(folder, 'count'), { force: true });
  rmSync(path.join(folder, 'calls'), { recursive: true, force: true, maxRetries: 10 });
  mkdirSync(path.join(folder, 'calls'));
}

async function open({ worker, folder, root, bin }: FaultWorld, withFaults: boolean): Promise<Target> {
  const clean = path.join(bin, '../clean');
  if (!existsSync(clean)) {
    mkdirSync(clean);
    symlinkSync(path.join(bin, '../asterisk'), path.join(clean, 'asterisk'));
    if (worker === 'programs') hidePerl(clean);
  }
  const PATH = `${withFaults ? bin : clean}:${process.env['PATH']}`;
  const isCounted = withFaults && worker === 'helper';
  const faults = { PERL5OPT: `-I${import.meta.dirname} -MKillAt`, WDEV_FAULTS: folder };
  return await shellTarget({ argv: ['sh'], env: { PATH, ...(isCounted ? faults : {}) } }, root);
}

const now = ({ root }: FaultWorld): string => digest(snapshot(root, ['/var']));

export interface Trial {
  /** The tree before, and as it must be after; digests. */
  readonly old: string;
  readonly wanted: string;
  readonly start: string;
  /** How many programs the scenario started. */
  readonly calls: number;
  /** Whether the kill came before the end. */
  readonly killed: boolean;
  /** The tree after the next session opened. */
  readonly found: string;
  /** The tree after `wdev restore`, the state folder included. */
  readonly restored: string;
  /** Whether Asterisk was told of the files that stand there. */
  readonly served: boolean;
}

/** Runs a scenario, killed at the `limit`th program; then what the next session finds, and what restore gives. */
export async function attempt(
  world: FaultWorld,
  scenario: Scenario,
  limit: number | undefined,
  how: Kill,
): Promise<Trial> {
  let beginning = beginnings.get(world);
  if (beginning === undefined) beginnings.set(world, (beginning = begin(world)));
  const { start, startTree, old, wanted: second, copy } = await beginning;
  reset(world, copy);
  clearCount(world);
  const target = await open(world, true);
  const session = await openSession(target);
  clearCount(world);
  writeFileSync(path.join(world.folder, 'how'), `${how}\n`);
  if (limit !== undefined) writeFileSync(path.join(world.folder, 'limit'), `${limit}\n`);
  let killed = false;
  try {
    if (scenario === 'restore') await restoreTarget(session);
    else await bring(session, SECOND, scenario === 'undo' ? 'undo' : 'commit');
    await target.run(':');
  } catch (error) {
    if (limit === undefined) throw error;
    killed = true;
  }
  rmSync(path.join(world.folder, 'limit'), { force: true });
  const calls = readdirSync(path.join(world.folder, 'calls')).length;
  await closeSession(session);
  const wanted = { restore: startTree, undo: old, apply: second }[scenario];
  return await within(world, async (next) => {
    const found = now(world);
    const served = asteriskServes(world);
    await restoreTarget(next);
    await next.target.run('wdev_unlock');
    return { old, wanted, start, calls, killed, found, restored: digest(snapshot(world.root)), served };
  });
}

async function within<T>(
  world: FaultWorld,
  use: (session: Awaited<ReturnType<typeof openSession>>) => Promise<T>,
): Promise<T> {
  const target = await open(world, false);
  const session = await openSession(target);
  try {
    return await use(session);
  } finally {
    await closeSession(session);
  }
}

function asteriskServes({ root, folder }: FaultWorld): boolean {
  const now = execFileSync(
    'sh',
    ['-c', "cd srv && find . -type f ! -path '*/.wdev-*' -exec sha256sum {} + | LC_ALL=C sort"],
    { cwd: root, encoding: 'utf8' },
  );
  return readFileSync(path.join(folder, 'served'), 'utf8') === now;
}
