import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { run } from '../support/run.ts';
import { embeddedStack, makeFolder, type EmbeddedStack } from './embedded/folder.ts';
import { lockOwner, withLock } from './lock.ts';
import { ended, signal, startTimeOf } from './process.ts';
import { freePort } from './real/ports.ts';
import { findProgram, pythonWith } from './requirements.ts';
import type { ShellCommand } from './shell-command.ts';

export type { EmbeddedStack } from './embedded/folder.ts';
export { embeddedStack } from './embedded/folder.ts';

/**
 * Makes the embedded stack of a project (`.wdev/stack`) if it is not there, and starts its console, which stays
 * until `downEmbedded`.
 * @throws UserError `console-failed` when the console does not start
 */
export async function upEmbedded(project: string): Promise<EmbeddedStack> {
  const stack = await ensureEmbedded(project);
  writeFileSync(path.join(stack.run, 'keep'), '');
  return stack;
}

/**
 * As upEmbedded, for who only needs it now: the console ends itself after 15 minutes without a command, and
 * wakes up at the next one.
 */
export async function ensureEmbedded(project: string): Promise<EmbeddedStack> {
  const stack = embeddedStack(project);
  if (consolePid(stack) !== undefined) return stack;
  mkdirSync(stack.folder, { recursive: true, mode: 0o700 });
  await withLock(path.join(stack.folder, 'lock'), async () => {
    await prepare(stack);
    if (consolePid(stack) === undefined) await startConsole(stack);
  });
  return stack;
}

async function prepare(stack: EmbeddedStack): Promise<void> {
  if (!existsSync(path.join(stack.run, 'services'))) {
    const confgendPort = await freePort(new Set());
    const python = (await pythonWith(['stevedore', 'yaml'])) ?? (await pythonWith(['yaml']));
    makeFolder(stack, { confgendPort, python: python ?? findProgram('python3') ?? 'python3' });
  }
  const pipe = path.join(stack.run, 'console.in');
  if (!existsSync(pipe)) await run(['mkfifo', '-m', '600', pipe]);
  writeWake(stack);
}

/** The script that starts the console, here and when `bin/asterisk` wakes one that went to sleep. */
function writeWake(stack: EmbeddedStack): void {
  const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const command = consoleCommand(stack).map((word) => quote(word));
  writeFileSync(
    path.join(stack.run, 'wake'),
    `cd / || exit 1
run=${quote(stack.run)}
reachable() {
  read -r pid <"$run/console.pid" && kill -0 "$pid"
} 2>/dev/null
if reachable; then exit 0; fi
${command.join(' ')} </dev/null >>"$run/console.out" 2>&1 &
started=$!
tries=0
while ! reachable && [ $tries -lt 1500 ]; do
  # of several that start at once, one gets the lock and the others end
  kill -0 $started 2>/dev/null || [ -e "$run/console.lock" ] || exit 1
  tries=$((tries + 1))
  sleep 0.01
done
`,
  );
}

/** From a source checkout the daemon is run as it stands there; from the package, as it was built. */
function consoleCommand(stack: EmbeddedStack): [string, ...string[]] {
  const typescript = import.meta.filename.endsWith('.ts');
  const daemon = path.join(import.meta.dirname, `embedded/daemon.${typescript ? 'ts' : 'js'}`);
  const loader = typescript ? ['--import', import.meta.resolve('tsx')] : [];
  return [process.execPath, ...loader, daemon, stack.folder];
}

/** Through a shell, so that the console's parent is not this process: a dead console is no zombie of ours. */
async function startConsole(stack: EmbeddedStack): Promise<void> {
  rmSync(path.join(stack.run, 'console.pid'), { force: true });
  await run(['sh', path.join(stack.run, 'wake')]);
  if (consolePid(stack) === undefined) throw consoleError(stack);
}

function consoleError(stack: EmbeddedStack): UserError {
  const said = readFileSync(path.join(stack.run, 'console.out'), 'utf8')
    .trim()
    .split('\n')
    .slice(-5)
    .join('\n');
  return new UserError('console-failed', `the console of the embedded stack did not start\n${said}`, {
    help: `Remove ${stack.folder} and try again.`,
  });
}

/** Process number of the console when it answers. */
export function consolePid(stack: EmbeddedStack): number | undefined {
  if (!existsSync(path.join(stack.run, 'console.pid'))) return undefined;
  return lockOwner(path.join(stack.run, 'console.lock'));
}

/** Whether the console ended itself for want of work: it wakes up at the next command. */
export function isAsleep(stack: EmbeddedStack): boolean {
  return existsSync(path.join(stack.run, 'asleep'));
}

/** The embedded stack of a project when its folder is there, whether or not the console runs. */
export function findEmbedded(project: string): EmbeddedStack | undefined {
  const stack = embeddedStack(project);
  return existsSync(path.join(stack.run, 'services')) ? stack : undefined;
}

/** Ends the processes of the stack and removes its folder. Fine when there is none. */
export async function downEmbedded(project: string): Promise<void> {
  const stack = embeddedStack(project);
  if (!existsSync(stack.folder)) return;
  await end(consolePid(stack));
  await end(pidIn(path.join(stack.run, 'confgend.pid')));
  rmSync(stack.folder, { recursive: true, force: true });
  try {
    rmdirSync(path.dirname(stack.folder));
  } catch {
    // the project keeps other things in .wdev
  }
}

function pidIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

async function end(pid: number | undefined): Promise<void> {
  const start = pid === undefined ? undefined : startTimeOf(pid);
  if (pid === undefined || start === undefined) return;
  signal(pid, start, 'SIGTERM');
  if (!(await ended(pid, start, 3000))) signal(pid, start, 'SIGKILL');
}

/** A POSIX shell in which `asterisk`, `systemctl` and `wazo-confgen` are those of the stack. */
export function embeddedShell(stack: EmbeddedStack): ShellCommand {
  return { argv: ['sh'], env: embeddedEnv(stack) };
}

/** Environment in which the programs of the stack come first. */
export function embeddedEnv(stack: EmbeddedStack): Record<string, string> {
  return { PATH: `${stack.bin}:${process.env['PATH'] ?? '/usr/bin:/bin'}`, WDEV_ROOT: stack.root };
}
