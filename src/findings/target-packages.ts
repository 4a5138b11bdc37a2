import { met, row } from './row.ts';

const PACKAGES = 'dpkg, package database';

/** Conflicts of Debian packages on a target with files of a plugin. */
export const TARGET_PACKAGES = met({
  'package-replaced': row(
    'info',
    'The plugin is already installed on the target as a Debian package',
    'wazo-plugind installed it; what a save replaces of it is kept.',
    'Run wdev restore or wdev uninstall to go back to that version.',
    PACKAGES,
    'POST /plugins (wazo-plugind) with a version of the plugin\n$ wdev watch',
  ),
  'file-of-package': row(
    'warning',
    'A file of the plugin belongs to another Debian package',
    'A save replaces it; wazo-plugind cannot, since dpkg refuses to overwrite a file of another package.',
    'Ship it under another name in a folder that the package reads, or edit the file in wazo/rules install.',
    PACKAGES,
    'etc/wazo-calld/config.yml\n$ wdev watch',
  ),
  'package-changed': row(
    'info',
    "A Debian package changed on the target while wdev's files replaced its own",
    'From then on wdev restores the files of that package; a file that the package removed stays removed.',
    'You need not do anything: wdev watch installs all of the plugin again at the next save.',
    PACKAGES,
    'POST /plugins (wazo-plugind), between two saves\n$ wdev watch',
  ),
  'package-unlike': row(
    'warning',
    'A file differs from its Debian package',
    'dpkg --verify says so after wdev restored what it had replaced; an error where wdev wrote the file.',
    'Reinstall the package: apt-get install --reinstall PACKAGE (a plugin: wdev deploy --reinstall).',
    PACKAGES,
    'a file that an administrator edited before wdev came\n$ wdev restore',
  ),
});
