import { createHash } from 'node:crypto';

/** The purpose of a root: Asterisk alone, or Wazo's services. */
export type RootKind = 'real' | 'wazo';

interface Recipe {
  readonly suite: string;
  readonly packages: readonly string[];
  /** Shell lines that end the work on a root, `$1`. */
  readonly hooks: readonly string[];
}

/** The recipe of a real stack's root. A change here makes a new root at the next `up`. */
const REAL: Recipe = {
  /** The only suite of Debian that has Asterisk 22. */
  suite: 'sid',
  packages: [
    'asterisk',
    'asterisk-config',
    'asterisk-core-sounds-en-gsm',
    'asterisk-moh-opsound-gsm',
    'ca-certificates',
    'dbus',
    'dpkg-dev',
    'fakeroot',
    'git',
    'openssh-server',
    'procps',
    // every Wazo server has it, by gdebi; Ansible installs packages through it
    'python3-apt',
    'python3-jinja2',
    'python3-setuptools',
    'python3-stevedore',
    'python3-yaml',
    'rsync',
    'sudo',
    'systemd',
    'systemd-sysv',
  ],
  hooks: [
    // Wazo's layout takes the place of Debian's sample files
    'rm -rf "$1"/etc/asterisk && mkdir "$1"/etc/asterisk',
    // each stack gets a key of its own
    'rm -f "$1"/etc/ssh/ssh_host_*',
    // nothing runs by itself in a stack that lives for minutes
    'chroot "$1" systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer',
    'chroot "$1" systemctl disable getty@tty1.service',
    'rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/locale',
  ],
};

/** A Wazo server before Wazo's own packages come (wazo-2026, 5). */
const WAZO: Recipe = {
  suite: 'bookworm',
  packages: [
    'adduser',
    'ca-certificates',
    'curl',
    'dbus',
    'debconf',
    'dpkg-dev',
    'fakeroot',
    'gdebi-core',
    'git',
    'openssh-server',
    'postgresql',
    'procps',
    'python3-setuptools',
    'python3-yaml',
    'rabbitmq-server',
    'rsync',
    'sudo',
    'systemd',
    'systemd-sysv',
  ],
  hooks: REAL.hooks.slice(1),
};

export const RECIPES: Readonly<Record<RootKind, Recipe>> = { real: REAL, wazo: WAZO };

/** Name of the cached root that the recipe gives. */
export function recipeKey(kind: RootKind = 'real'): string {
  return createHash('sha256').update(JSON.stringify(RECIPES[kind])).digest('hex').slice(0, 16);
}
