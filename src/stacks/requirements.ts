import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { SET_IDENTITY, knowsWhoCommits } from '../git/identity.ts';
import { hasModules } from '../readers/python/interpreters.ts';
import { duringAll } from '../support/doing.ts';
import { readText } from '../support/read-file.ts';

/** The things a person may want to do, each with its requirements. */
export type Ability =
  | 'stage'
  | 'build'
  | 'python-tests'
  | 'embedded'
  | 'real'
  | 'wazo'
  | 'lint'
  | 'ssh'
  | 'commit';

/** How it is found out whether the machine has it. */
export type Probe =
  | { readonly program: string }
  /** Modules that one of the machine's python3 can import. */
  | { readonly python: readonly string[] }
  | { readonly root: true }
  | { readonly committer: true }
  | { readonly file: string }
  | { readonly filesystem: string };

export interface Requirement {
  readonly ability: Ability;
  /** As a person would name it. */
  readonly what: string;
  readonly probe: Probe;
  /** The package of Debian that has it. */
  readonly debian?: string;
  /** The remedy where no package helps. */
  readonly remedy?: string;
  /** The ability is there without it, only poorer: the reason why one wants it. */
  readonly better?: string;
}

export const ABILITIES: Readonly<Record<Ability, string>> = {
  stage: 'stage and check plugins',
  build: 'build packages',
  embedded: 'the embedded stack',
  'python-tests': "plugins' own tests",
  lint: 'linting of scripts and YAML',
  commit: 'first commits and releases',
  ssh: 'targets over ssh',
  real: 'real stacks (Asterisk 22)',
  wazo: "stacks with Wazo's services",
};

/** systemd's own: hands connections on from one network to another. */
export const PROXY = '/usr/lib/systemd/systemd-socket-proxyd';

/** Everything that the tool uses of a machine. The test runner installs the packages of this list. */
export const REQUIREMENTS: readonly Requirement[] = [
  { ability: 'stage', what: 'git', probe: { program: 'git' }, debian: 'git' },
  { ability: 'stage', what: 'sh', probe: { program: 'sh' }, debian: 'dash' },
  {
    ability: 'stage',
    what: 'bubblewrap',
    probe: { program: 'bwrap' },
    debian: 'bubblewrap',
    better: 'programs of plugins run in a sandbox wherever the machine allows one',
  },
  { ability: 'build', what: 'fakeroot', probe: { program: 'fakeroot' }, debian: 'fakeroot' },
  { ability: 'build', what: 'dpkg-deb', probe: { program: 'dpkg-deb' }, debian: 'dpkg' },
  { ability: 'embedded', what: 'python3', probe: { program: 'python3' }, debian: 'python3' },
  {
    ability: 'embedded',
    what: 'stevedore',
    probe: { python: ['stevedore'] },
    debian: 'python3-stevedore',
    better: 'drivers are found exactly as wazo-confgend finds them',
  },
  {
    ability: 'embedded',
    what: 'PyYAML',
    probe: { python: ['yaml'] },
    debian: 'python3-yaml',
    better: 'settings of confgend drivers are read',
  },
  { ability: 'python-tests', what: 'pytest', probe: { python: ['pytest'] }, debian: 'python3-pytest' },
  {
    ability: 'python-tests',
    what: 'setuptools',
    probe: { python: ['setuptools'] },
    debian: 'python3-setuptools',
  },
  { ability: 'lint', what: 'shellcheck', probe: { program: 'shellcheck' }, debian: 'shellcheck' },
  { ability: 'lint', what: 'yamllint', probe: { program: 'yamllint' }, debian: 'yamllint' },
  {
    ability: 'commit',
    what: 'git user.name and user.email',
    probe: { committer: true },
    remedy: SET_IDENTITY,
  },
  { ability: 'ssh', what: 'ssh', probe: { program: 'ssh' }, debian: 'openssh-client' },
  {
    ability: 'real',
    what: 'root',
    probe: { root: true },
    remedy: 'Run it as root (sudo), on a machine or container that may mount.',
  },
  { ability: 'real', what: 'mmdebstrap', probe: { program: 'mmdebstrap' }, debian: 'mmdebstrap' },
  {
    ability: 'real',
    what: 'systemd-nspawn',
    probe: { program: 'systemd-nspawn' },
    debian: 'systemd-container',
  },
  { ability: 'real', what: 'systemd-socket-proxyd', probe: { file: PROXY }, debian: 'systemd' },
  { ability: 'real', what: 'ip', probe: { program: 'ip' }, debian: 'iproute2' },
  { ability: 'real', what: 'nsenter', probe: { program: 'nsenter' }, debian: 'util-linux' },
  { ability: 'real', what: 'ssh-keygen', probe: { program: 'ssh-keygen' }, debian: 'openssh-client' },
  {
    ability: 'real',
    what: "Debian's archive keys",
    probe: { file: '/usr/share/keyrings/debian-archive-keyring.gpg' },
    debian: 'debian-archive-keyring',
  },
  {
    ability: 'real',
    what: 'overlay file systems',
    probe: { filesystem: 'overlay' },
    remedy: 'Load the kernel module: modprobe overlay',
  },
  { ability: 'wazo', what: 'slirp4netns', probe: { program: 'slirp4netns' }, debian: 'slirp4netns' },
  {
    ability: 'wazo',
    what: '/dev/net/tun',
    probe: { file: '/dev/net/tun' },
    remedy: 'Load the kernel module: modprobe tun',
  },
];

export interface Lack {
  readonly ability: Ability;
  readonly what: string;
  /** The sentence or command that provides it. */
  readonly remedy: string;
  readonly debian?: string;
  readonly better?: string;
}

/** The requirements of an ability that this machine lacks, without those that only make it better. */
export async function lacking(ability: Ability): Promise<Lack[]> {
  const needed = REQUIREMENTS.filter((need) => need.ability === ability && need.better === undefined);
  return await examine(needed);
}

/** The requirements of a list that this machine lacks; all are probed at once. */
export async function examine(requirements: readonly Requirement[] = REQUIREMENTS): Promise<Lack[]> {
  const found = await duringAll(
    'looking at this machine',
    requirements.map((need) => isThere(need.probe)),
  );
  return requirements.flatMap((need, index) => (found[index] ? [] : [lackOf(need)]));
}

function lackOf(need: Requirement): Lack {
  return {
    ability: need.ability,
    what: need.what,
    remedy: need.debian === undefined ? (need.remedy ?? '') : installCommand([need.debian]),
    ...(need.debian === undefined ? {} : { debian: need.debian }),
    ...(need.better === undefined ? {} : { better: need.better }),
  };
}

/** The one command that installs these packages on Debian. */
export function installCommand(packages: readonly string[]): string {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${sudo}apt-get install --no-install-recommends ${[...new Set(packages)].sort().join(' ')}`;
}

/** The remedy for all of these: sentences, and one command for the packages. */
export function remedyOf(lacks: readonly Lack[]): string {
  const sentences = lacks.flatMap(({ debian, remedy }) => (debian === undefined ? [remedy] : []));
  const packages = lacks.flatMap(({ debian }) => debian ?? []);
  return [...sentences, ...(packages.length === 0 ? [] : [installCommand(packages)])].join(' ');
}

async function isThere(probe: Probe): Promise<boolean> {
  if ('program' in probe) return findProgram(probe.program) !== undefined;
  if ('root' in probe) return process.getuid?.() === 0;
  if ('committer' in probe) return await knowsWhoCommits();
  // what only root may read is there all the same
  if ('file' in probe) return isReadable(probe.file, constants.F_OK);
  if ('filesystem' in probe) return hasFilesystem(probe.filesystem);
  return (await pythonWith(probe.python)) !== undefined;
}

/** Path of a program on PATH, or in the folders for administrators, which a user's PATH may lack. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find((file) => isReadable(file, constants.X_OK));
}

function isReadable(file: string, mode: number = constants.R_OK): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

function hasFilesystem(name: string): boolean {
  try {
    const known = readText('/proc/filesystems').split(/\s+/).includes(name);
    const release = readText('/proc/sys/kernel/osrelease').trim();
    return (
      known || isReadable(`/lib/modules/${release}/kernel/fs/${name === 'overlay' ? 'overlayfs' : name}`)
    );
  } catch {
    return false;
  }
}

/**
 * The python3 that has the modules: the first on PATH, else the system's own, which has the modules
 * of Debian's packages. Undefined when none can.
 */
export async function pythonWith(modules: readonly string[]): Promise<string | undefined> {
  const first = findProgram('python3');
  const candidates = [...new Set([first, '/usr/bin/python3'])].filter((file) => file !== undefined);
  for (const python of candidates) {
    if (!isReadable(python, constants.X_OK)) continue;
    if (await hasModules(python, modules)) return python;
  }
  return undefined;
}
