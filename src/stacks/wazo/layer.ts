import { createHash } from 'node:crypto';
import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, UserError } from '../../support/errors.ts';
import { withLock } from '../../support/lock.ts';
import { isAlive, markOf, type ProcessMark } from '../../support/process.ts';
import { runLines } from '../../support/run-lines.ts';
import { run } from '../../support/run.ts';
import { findLeader, mountRoot, startMachine } from '../real/boot.ts';
import { CLEARING, clearStack } from '../real/clear.ts';
import { enterCommand } from '../real/enter.ts';
import { connectNetwork } from '../real/network.ts';
import { hostProxies, proxySettings, writeProxies, PROXY_SETTINGS, type OwnProxy } from '../real/proxies.ts';
import { recipeKey } from '../real/recipe.ts';
import { AptFailures, type FailedPackage } from '../real/apt-failure.ts';
import { AptProgress } from '../real/apt-progress.ts';
import { closeArchives, openArchives } from '../real/archives.ts';
import { interrupted } from '../real/debstrap.ts';
import { prune } from '../real/cache.ts';
import { ensureBase, onlyOnce, type Progress } from '../real/root.ts';
import { removeTree } from '../real/mounts.ts';
import { rootsFolder } from '../real/root-folder.ts';
import { lockOf, stackFolder, writeState } from '../real/run-folder.ts';
import { demandAnswer, readKey, type Repository } from './repository.ts';
import type { Selection } from './services.ts';
import { makeFolders } from '../../support/make-folders.ts';

/** Changes when the steps below do. */
const STEPS = 1;

export interface LayerOrder {
  readonly selection: Selection;
  readonly repository: Repository;
  readonly onProgress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The folders that a stack with Wazo's services is an overlay over: what the packages wrote, and a Debian root. Both
 * are made when they are not in the cache; packages that were fetched by one that was interrupted are not fetched again,
 * and where one could not be set up, the next try continues with what was unpacked.
 * @throws UserError `no-repository`, `repository-key`, `root-failed`, `services-failed` when a package cannot be had or installed, `interrupted`
 */
export async function ensureServices(order: LayerOrder): Promise<string[]> {
  const key = keyOf(order);
  const layer = path.join(rootsFolder(), `wazo-${key}`);
  const { repository } = order;
  let signed = '';
  if (!existsSync(layer)) {
    await demandAnswer(repository);
    if (repository.key !== undefined) signed = await readKey(repository.key.from);
  }
  const base = await ensureBase('wazo', order.onProgress, order.signal);
  if (!existsSync(layer))
    await onlyOnce(layer, order.onProgress, (draft) => makeLayer(draft, base, key, signed, order));
  prune(rootsFolder(), [layer, base]);
  return [path.join(layer, 'upper'), base];
}

function keyOf({ selection, repository }: LayerOrder): string {
  return hashOf([STEPS, recipeKey('wazo'), repository.fingerprint, selection.packages]);
}

/** The folder of what was unpacked when a package could not be set up: who fixes the package makes another repository of the same line. */
function unfinishedOf({ selection, repository }: LayerOrder): string {
  const from = repository.carried?.from ?? '';
  return path.join(
    rootsFolder(),
    `part-${hashOf([STEPS, recipeKey('wazo'), repository.line, from, selection.packages])}`,
  );
}

function hashOf(what: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
}

/** The packages are installed in a machine that runs, since their scripts talk to the database. */
async function makeLayer(
  draft: string,
  base: string,
  key: string,
  signed: string,
  order: LayerOrder,
): Promise<void> {
  const name = `making-${key}`;
  await withLock(lockOf(name), async () => {
    await clearStack(name);
    const unfinished = unfinishedOf(order);
    const continues = existsSync(unfinished);
    if (continues) {
      order.onProgress('continuing with what was unpacked when a package could not be set up');
      await copyTree(unfinished, path.join(draft, 'upper'), order.signal);
    }
    let isWorthKeeping = false;
    makeFolders(stackFolder(name), 0o700);
    const owner = markOf(process.pid);
    const startedAt = Date.now();
    writeState({ name, what: 'machine', kind: 'wazo', phase: 'making', startedAt, owner, sshPort: 0 });
    try {
      await mountRoot(name, [base], draft);
      const root = path.join(stackFolder(name), 'root');
      furnish(root, order.repository, signed);
      const proxies = proxySettings(await hostProxies());
      writeProxies(root, proxies.text);
      await keepArchives(name, key);
      await install(name, order, proxies.own, {
        continues,
        onUnfinished: () => (isWorthKeeping = true),
      });
    } finally {
      if (order.signal?.aborted === true) order.onProgress(CLEARING);
      await clearStack(name);
      closeArchives(key);
      if (isWorthKeeping) {
        await removeTree(unfinished);
        renameSync(path.join(draft, 'upper'), unfinished);
      }
    }
    await removeTree(unfinished);
  });
  const { selection, repository } = order;
  const holds = { packages: selection.packages, units: selection.units, repository: repository.line };
  writeFileSync(path.join(draft, 'holds.json'), `${JSON.stringify(holds, null, 2)}\n`);
  rmSync(path.join(draft, 'work'), { recursive: true, force: true });
  // nothing of it has waited for the disk
  await run(['sync', '--file-system', draft]);
}

/** A copy of what an overlay wrote, with what it removed: who is interrupted while he writes on still has the original. */
async function copyTree(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  const { status, stderr } = await run(['cp', '-a', '--reflink=auto', from, to], { signal });
  if (signal?.aborted === true) throw interrupted();
  if (status !== 0) throw failed('cp', stderr);
}

/** While this file is there, Wazo's services do not start (wazo-2026, 5). */
const DISABLED = 'var/lib/wazo/disabled';

function furnish(root: string, { line, key, carried }: Repository, signed: string): void {
  const put = (file: string, text: string): void => {
    const full = path.join(root, file);
    makeFolders(path.dirname(full));
    writeFileSync(full, text);
  };
  put(DISABLED, '');
  put('etc/apt/sources.list.d/wazo.list', `${line}\n`);
  // mirrors that stand still have a Release file past its date
  put('etc/apt/apt.conf.d/90wdev', 'Acquire::Check-Valid-Until "false";\nAPT::Install-Recommends "false";\n');
  if (key !== undefined) put(key.to, signed);
  if (carried !== undefined) cpSync(carried.from, path.join(root, carried.to), { recursive: true });
}

/** Packages that apt fetches are kept, for the next one. */
async function keepArchives(name: string, key: string): Promise<void> {
  const there = path.join(stackFolder(name), 'root/var/cache/apt/archives');
  const bound = await run(['mount', '--bind', openArchives(key), there]);
  if (bound.status !== 0) throw new UserError('mount-failed', bound.stderr.trim());
}

interface Tries {
  /** Whether an earlier try has unpacked packages. */
  readonly continues: boolean;
  /** Told when a package could not be set up, and the machine is down, so that the next try can continue. */
  readonly onUnfinished: () => void;
}

async function install(
  name: string,
  order: LayerOrder,
  proxies: readonly OwnProxy[],
  { continues, onUnfinished }: Tries,
): Promise<void> {
  const { selection, onProgress, signal } = order;
  const nspawn = startMachine(name, 'wazo');
  const leader = await findLeader(name, nspawn.pid);
  await connectNetwork(name, leader.pid, [], proxies);
  const inside = async (what: string, script: string, words: readonly string[] = []): Promise<string> => {
    const command = [
      ...enterCommand(leader.pid),
      'sh',
      '-c',
      `exec 2>&1\n${script}`,
      'sh',
      ...words,
    ] as const;
    const { status, stdout } = await run([...command], { signal });
    if (signal?.aborted === true) throw interrupted();
    if (status === 0) return stdout;
    throw failed(what, stdout);
  };
  onProgress('starting PostgreSQL and RabbitMQ');
  await inside('PostgreSQL and RabbitMQ', BOOTED);
  onProgress('reading the lists of packages');
  await inside('apt-get update', `apt-get ${RETRY} update`);
  const apt = new AptProgress();
  const onLine = (line: string): boolean => {
    const step = apt.take(line);
    if (step !== undefined) onProgress(`services: ${step}`);
    return step !== undefined;
  };
  if (continues) await inside('dpkg --unpack', RENEWED);
  const unfinished = await aptInstall(leader, selection.packages, onLine, signal);
  if (unfinished.length > 0) {
    onProgress('keeping what was unpacked');
    await inside('umount', `rm -f /${PROXY_SETTINGS}; umount /var/cache/apt/archives; apt-get clean`);
    await powerOff(nspawn, leader);
    onUnfinished();
    throw notSetUp(unfinished);
  }
  onProgress('making the keys of the services');
  await inside('wazo-auth-keys service update', KEYS);
  onProgress('keeping the services');
  // the archives are those of all
  await inside(
    'umount',
    `rm -f /${DISABLED} /${PROXY_SETTINGS}; umount /var/cache/apt/archives; apt-get clean`,
  );
  await powerOff(nspawn, leader);
}

const RETRY = '-o Acquire::Retries=3';
const QUIET = 'DEBIAN_FRONTEND=noninteractive';
/** PostgreSQL and RabbitMQ answer to the scripts of packages. */
const BOOTED = 'until pg_isready -q && rabbitmqctl -q await_startup 2>/dev/null; do sleep 0.2; done';
const KEYS = 'wazo-auth-keys service update';
/** A package that could not be set up may be another one now, of the same version. */
const RENEWED = `cd "$(mktemp -d)" || exit
broken=$(dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' | sed -n 's/ half-\\(configured\\|installed\\)$//p')
[ -z "$broken" ] || { apt-get ${RETRY} download $broken && dpkg --unpack ./*.deb; }`;

/** Installs packages, and gives those that could not be set up. */
async function aptInstall(
  leader: ProcessMark,
  packages: readonly string[],
  onLine: (line: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<readonly FailedPackage[]> {
  // what scripts say is silenced where the status goes to standard output itself
  const script = `${QUIET} exec apt-get ${RETRY} -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 -y install "$@" 2>&1 3>&1`;
  const command = [...enterCommand(leader.pid), 'sh', '-c', script, 'sh', ...packages] as const;
  const failures = new AptFailures();
  const onEach = (line: string): boolean => {
    failures.take(line);
    return onLine(line);
  };
  const { status, tail } = await runLines([...command], onEach, signal);
  if (status === EXIT.interrupted) throw interrupted();
  if (status === 0 || failures.found.length > 0) return status === 0 ? [] : failures.found;
  throw failed('apt-get install', tail.join('\n'));
}

/** Databases are closed before their files are frozen. */
async function powerOff(nspawn: ProcessMark, leader: ProcessMark): Promise<void> {
  await run([...enterCommand(leader.pid), 'systemctl', 'poweroff', '--no-wall']);
  const until = performance.now() + 300_000;
  while (isAlive(nspawn.pid, nspawn.start)) {
    if (performance.now() > until) throw failed('systemctl poweroff', 'the machine does not end');
    await sleep(50);
  }
}

function notSetUp(packages: readonly FailedPackage[]): UserError {
  const texts = packages.map(({ name, words, reason }) =>
    [`${name}: ${reason}`, ...words.map((line) => `  ${line}`)].join('\n'),
  );
  return new UserError(
    'services-failed',
    `a package could not be set up in the stack:\n${texts.join('\n')}`,
    {
      help: 'Fix it in the repository, then run the same command again: what was unpacked is kept.',
    },
  );
}

function failed(what: string, output: string): UserError {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.slice(-12).map((line) => `  ${line}`);
  return new UserError('services-failed', `${what} failed in the stack:\n${shown.join('\n')}`, {
    help: 'Look at the repository and its key: --repository, --key. What was fetched is kept for the next try.',
  });
}
