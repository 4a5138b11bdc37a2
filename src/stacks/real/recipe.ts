import { createHash } from 'node:crypto';

/** The recipe of a real stack's root. A change here makes a new root at the next `up`. */
const RECIPE = {
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
} as const;

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Name of the cached root that the recipe gives. */
export function recipeKey(): string {
  return createHash('sha256').update(JSON.stringify(RECIPE)).digest('hex').slice(0, 16);
}

/** The command that makes the root in an empty folder. */
export function mmdebstrapCommand(folder: string, mirror: string): [string, ...string[]] {
  return [
    'mmdebstrap',
    '--variant=minbase',
    `--include=${RECIPE.packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    // the Release file of sid can be past its date on a mirror that stands still
    '--aptopt=Acquire::Check-Valid-Until "false"',
    ...RECIPE.hooks.map((hook) => `--customize-hook=${hook}`),
    RECIPE.suite,
    folder,
    `deb [signed-by=${KEYRING}] ${mirror} ${RECIPE.suite} main`,
  ];
}
