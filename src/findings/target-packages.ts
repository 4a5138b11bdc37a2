import { met, row } from './row.ts';

const PACKAGES = 'dpkg, package database';

/** Conflicts of Debian packages on a target with files of a plugin. */
export const TARGET_PACKAGES = met({
  'package-replaced': row(
    'info',
    'The plugin is installed on the target as a Debian package',
    'wazo-plugind installed it; what a save replaces of it is kept.',
    'wdev restore and wdev uninstall give that version back, and let it install itself again.',
    PACKAGES,
    'POST /plugins (wazo-plugind) with a version of the plugin\n$ wdev watch',
  ),
  'file-of-package': row(
    'warning',
    'A file of the plugin belongs to another Debian package',
    'A save replaces it; wazo-plugind cannot, since dpkg refuses to overwrite a file of another package.',
    'Use the folder that the package reads settings of others from, or edit the file in wazo/rules install.',
    PACKAGES,
    'etc/wazo-calld/config.yml\n$ wdev watch',
  ),
  'package-changed': row(
    'info',
    'A Debian package was installed, upgraded or removed on the target while wdev had files over its own',
    'From then on wdev restores the files of that package; a file that the package removed stays removed.',
    'You need not do anything: the next save installs the whole plugin again.',
    PACKAGES,
    'POST /plugins (wazo-plugind), between two saves\n$ wdev watch',
  ),
  'package-unlike': row(
    'warning',
    'A file differs from its Debian package',
    'dpkg --verify says so after wdev restored what it had replaced; an error where wdev wrote the file.',
    'Install that version again: wdev deploy, or wazo-plugind with reinstall=true.',
    PACKAGES,
    'a file that an administrator edited before wdev came\n$ wdev restore',
  ),
});
