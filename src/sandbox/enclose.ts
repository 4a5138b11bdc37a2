/** The command lines that run a program in a sandbox. Pure, but for a look at what the system has. */

import { readlinkSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import { lstatOf } from '../support/stat.ts';
import { seccompFilter, setUpCalls } from './filter.ts';

/** A folder or a file under the name that a program sees it by. */
export interface Shown {
  readonly from: string;
  readonly to: string;
}

/** The part of the machine that a program sees beside its system. */
export interface View {
  /** Folder that it starts in: one of those that it sees. */
  readonly cwd: string;
  /** Folders that it may change. */
  readonly writable: readonly string[];
  /** Folders and files that it may read, under their own names or under others. */
  readonly readable?: readonly (string | Shown)[];
  /** Whether it has the network of the machine; without it, it only reaches itself. */
  readonly network?: boolean;
  /** Whether it has nowhere to write, no memory that processes share, and no socket: what it holds is its own then. */
  readonly readsOnly?: boolean;
  /** Folder that takes the place of `/` for the system's own folders: another Debian. */
  readonly system?: string;
}

/** The programs that a sandbox is made of, with their absolute paths. */
export type Way =
  | { readonly by: 'bubblewrap'; readonly bwrap: string; readonly perl: string }
  | {
      readonly by: 'unshare';
      readonly unshare: string;
      readonly setpriv: string;
      readonly perl: string;
    };

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** The home folder of a program in a sandbox; empty. */
export const HOME = '/tmp/home';

/** An account that owns nothing: on a server, too, plugins are built by one that may not do much. */
const NOBODY: Identity = { uid: 65_534, gid: 65_534 };

/** Who a program in a sandbox is on this machine: root does not stay root. Undefined: who we are. */
export function sandboxedAs(uid: number | undefined = process.getuid?.()): Identity | undefined {
  return uid === 0 ? NOBODY : undefined;
}

/** Folders of the system that a program sees. What people and services keep lies elsewhere. */
const SYSTEM =
  '/usr /bin /sbin /lib /lib32 /lib64 /libx32 /etc /opt /var/lib/dpkg /nix/store /gnu/store'.split(' ');

/** Whether a path lies in a folder of the system, which every program sees. */
export function isOfSystem(file: string): boolean {
  return SYSTEM.some((folder) => file === folder || file.startsWith(`${folder}/`));
}

/** Folders of its own, in memory. */
const TEMPORARY: readonly string[] = ['/tmp', '/var/tmp'];

/** Whether a folder holds what has nothing to do with a program in it: a person's home, temporary files of all. */
export function isCommon(folder: string): boolean {
  return folder === '/' || TEMPORARY.includes(folder) || `${homedir()}/`.startsWith(`${folder}/`);
}

type Seen =
  | { readonly is: 'link'; readonly target: string; readonly name: string }
  | { readonly is: 'readable' | 'writable'; readonly from: string; readonly to: string };

function seenBy({ readable = [], writable, network, system = '/' }: View): readonly Seen[] {
  const seen: Seen[] = [];
  for (const name of SYSTEM) {
    const from = path.join(system, name);
    const entry = lstatOf(from);
    if (entry?.isSymbolicLink()) seen.push({ is: 'link', target: readlinkSync(from), name });
    else if (entry !== undefined) seen.push({ is: 'readable', from, to: name });
  }
  if (network === true) seen.push(...resolver());
  for (const one of readable) {
    const { from, to } = typeof one === 'string' ? { from: one, to: one } : one;
    // what is there already is not shown twice
    if (from !== to || !isOfSystem(to) || system !== '/') seen.push({ is: 'readable', from, to });
  }
  seen.push(...writable.map((name) => ({ is: 'writable', from: name, to: name }) as const));
  return seen;
}

/** Where the file that names the machine's name servers is kept, when it is not in /etc. */
function resolver(): readonly Seen[] {
  try {
    const file = realpathSync('/etc/resolv.conf');
    return isOfSystem(file) ? [] : [{ is: 'readable', from: file, to: file }];
  } catch {
    return [];
  }
}

/** The words that run `command` in a sandbox. */
export function enclosed(
  way: Way,
  view: View,
  command: readonly [string, ...string[]],
): [string, ...string[]] {
  return way.by === 'bubblewrap' ? byBubblewrap(way, view, command) : byUnshare(way, view, command);
}

function byBubblewrap(
  { bwrap, perl }: Way & { by: 'bubblewrap' },
  view: View,
  command: readonly [string, ...string[]],
): [string, ...string[]] {
  const drop = sandboxedAs() !== undefined;
  const may = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name]);
  const words = [bwrap, '--unshare-pid', '--unshare-ipc', '--die-with-parent'];
  if (drop) words.push('--cap-drop', 'ALL', ...may);
  else words.push('--unshare-user');
  if (view.network !== true) words.push('--unshare-net');
  words.push('--proc', '/proc', '--dev', '/dev', '--perms', '0755', '--dir', '/var');
  for (const folder of [...TEMPORARY, '/dev/shm']) words.push('--perms', '1777', '--tmpfs', folder);
  words.push('--perms', '0777', '--dir', HOME, '--dir', '/run');
  for (const seen of seenBy(view)) {
    if (seen.is === 'link') words.push('--symlink', seen.target, seen.name);
    else {
      for (const folder of foldersAbove(seen.to)) words.push('--perms', '0755', '--dir', folder);
      words.push(seen.is === 'writable' ? '--bind' : '--ro-bind', seen.from, seen.to);
    }
  }
  if (view.readsOnly === true)
    for (const folder of [...TEMPORARY, '/dev/shm', '/dev']) words.push('--remount-ro', folder);
  // it is the other system's perl that is seen there
  const last = inside(view.system === undefined ? perl : '/usr/bin/perl', view, command, drop);
  return [...words, '--remount-ro', '/', '--', ...last] as [string, ...string[]];
}

function byUnshare(
  { unshare, setpriv, perl }: Way & { by: 'unshare' },
  view: View,
  command: readonly [string, ...string[]],
): [string, ...string[]] {
  const drop = sandboxedAs() !== undefined;
  // ends when we do, whatever ends us
  const words = [setpriv, '--pdeathsig', 'KILL', '--', unshare];
  words.push('--mount', '--pid', '--ipc', '--fork', '--kill-child');
  if (!drop) words.push('--user', '--map-root-user');
  if (view.network !== true) words.push('--net');
  const seen = seenBy(view).map((one) => {
    if (one.is === 'link') return `link=${one.target}\t${one.name}`;
    return `${one.is === 'writable' ? 'rw' : 'ro'}=${one.from}\t${one.to}`;
  });
  return [...words, '--', ...inside(perl, view, command, drop, ['enclose=1', ...seen])] as [
    string,
    ...string[],
  ];
}

/** The words of inside.pl: it needs no file in the sandbox. */
function inside(
  perl: string,
  view: View,
  command: readonly string[],
  drop: boolean,
  more: readonly string[] = [],
): readonly string[] {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const { uid, gid } = sandboxedAs() ?? own;
  const { network = false, readsOnly = false } = view;
  const filter = seccompFilter({ network, readsOnly }).toString('hex');
  const about = [
    `calls=${setUpCalls()?.join(',') ?? ''}`,
    `filter=${filter}`,
    `cwd=${view.cwd}`,
    `uid=${uid}`,
    `gid=${gid}`,
    ...(drop ? ['drop=1'] : []),
    ...(network ? ['network=1'] : []),
    ...(readsOnly ? ['still=1'] : []),
  ];
  return [perl, '-e', program(), ...about, ...more, '--', ...command];
}

let text: string | undefined;

function program(): string {
  text ??= readText(path.join(packageRoot(), 'src/sandbox/inside.pl'));
  return text;
}

/** Folders above a path, the outermost first, without those that are there. */
function foldersAbove(file: string): readonly string[] {
  const folder = path.dirname(file);
  if (folder === '/' || TEMPORARY.includes(folder) || isOfSystem(folder)) return [];
  return [...foldersAbove(folder), folder];
}
