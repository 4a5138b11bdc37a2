import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../src/support/paths.ts';
import { Teller, nextSave, type Contender } from './contender.ts';

export const WDEV = [process.execPath, path.join(packageRoot(), 'dist/src/bin.cjs')] as const;
const FILE = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const EXTRA = '/etc/asterisk/extensions_extra.d';

/** A real stack as the contenders reach it over ssh. */
export interface SshStack {
  readonly url: string;
  readonly sshConfig: string;
  /** Its file system as this machine sees it. */
  readonly rootfs: string;
  /** Socket of an open connection (ControlMaster). */
  readonly socket: string;
}

/** `wdev watch` on a generated plugin; done is its `verified` event. */
export async function wdevWatch(folder: string, target: string, env: object = {}): Promise<Contender> {
  const args = ['new', 'stack', 'hello', '--namespace', 'demo', '--part', 'dialplan', '--yes'];
  mkdirSync(folder, { recursive: true });
  const made = spawnSync(WDEV[0], [WDEV[1], ...args], { cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`wdev new: ${made.stderr}`);
  const teller = new Teller(
    'wdev watch',
    [...WDEV, 'watch', 'hello', '--target', target, '--clean', '--json'],
    {
      cwd: folder,
      env,
    },
  );
  await teller.until(/"event":"verified"/);
  const save = nextSave(path.join(folder, 'hello', FILE));
  return {
    name: 'wdev watch, verified',
    save: async () => {
      const line = await teller.until(/"event":"(verified|failed)"/, save);
      if (!line.includes('xivo-extrafeatures: ***')) throw new Error(`wdev watch did not verify: ${line}`);
    },
    stop: async () => await teller.stop('SIGINT'),
  };
}

/** A shell loop behind `inotifywait -m`; `work` finds the saved file in $1. */
async function inotify(name: string, folder: string, work: string): Promise<Contender> {
  const file = copyDialplan(folder);
  const loop = `inotifywait -m -e close_write --format %w%f "$0" 2>&1 | while IFS= read -r line; do
    case $line in
      /*) set -- "$line"; ${work} >/dev/null && echo done ;;
      *established*) echo ready ;;
    esac
  done`;
  const teller = new Teller(name, ['sh', '-c', loop, path.dirname(file)]);
  await teller.until(/^ready$/);
  const save = nextSave(file);
  return {
    name,
    save: async () => void (await teller.until(/^done$/, save)),
    stop: async () => await teller.stop(),
  };
}

export async function inotifyCopy(folder: string): Promise<Contender> {
  const to = path.join(folder, 'target');
  mkdirSync(to, { recursive: true });
  return await inotify('inotifywait -m + cp', folder, `cp "$1" '${to}/'`);
}

/** Sends and reloads over the open connection, without a look at what came of it. */
export async function inotifySsh(folder: string, stack: SshStack, show: boolean): Promise<Contender> {
  const shown = show ? " && asterisk -rx 'dialplan show xivo-extrafeatures'" : '';
  const remote = `cat >${EXTRA}/peer.conf && asterisk -rx 'dialplan reload'${shown}`;
  const name = `inotifywait -m + ssh -S, cat, reload${show ? ', show' : ''}`;
  return await inotify(
    name,
    folder,
    `ssh -F '${stack.sshConfig}' -S '${stack.socket}' stack "${remote}" <"$1"`,
  );
}

/** lsyncd with delay 1 to the stack over ssh, and a reload as soon as the file is there. */
export async function lsyncdReload(folder: string, stack: SshStack): Promise<Contender> {
  const file = copyDialplan(folder);
  const config = path.join(folder, 'lsyncd.lua');
  const rsh = `/usr/bin/ssh -F ${stack.sshConfig} -S ${stack.socket}`;
  writeFileSync(
    config,
    `settings { nodaemon = true, logfile = "/dev/null" }
sync { default.rsync, source = "${path.dirname(file)}", target = "stack:${EXTRA}/", delay = 1, delete = false,
  rsync = { rsh = "${rsh}" } }
`,
  );
  const teller = new Teller('lsyncd', ['lsyncd', config]);
  const arrived = path.join(stack.rootfs, EXTRA, path.basename(file));
  const same = (): boolean =>
    existsSync(arrived) && readFileSync(arrived, 'utf8') === readFileSync(file, 'utf8');
  await until('lsyncd', same);
  const change = nextSave(file);
  return {
    name: 'lsyncd delay 1 + reload',
    save: async () => {
      change();
      await until('lsyncd', same);
      const reload = ['-F', stack.sshConfig, '-S', stack.socket, 'stack', "asterisk -rx 'dialplan reload'"];
      if (spawnSync('ssh', reload).status !== 0) throw new Error('the reload after lsyncd failed');
    },
    stop: async () => await teller.stop(),
  };
}

async function until(name: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${name}: the file did not arrive`);
    await sleep(1);
  }
}

function copyDialplan(folder: string): string {
  const file = path.join(folder, 'source/peer.conf');
  mkdirSync(path.dirname(file), { recursive: true });
  const template = 'templates/stack/parts/dialplan/files/etc/asterisk/extensions_extra.d/acme-example.conf';
  cpSync(path.join(packageRoot(), template), file);
  // the contexts of two contenders on one stack must not collide
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('acme-example', path.basename(folder)));
  return file;
}
