import { met, row } from './row.ts';

const PACKAGES = 'dpkg, package database';

/** Conflicts of Debian packages on a target with files of a plugin. */
export const TARGET_PACKAGES = met({
  'package-replaced': row(
    'info',
    'The plugin stands on the target as a Debian package',
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
    'What the package brought is what wdev gives back from then on; what it took away does not come back.',
    'Nothing is to do; the next save brings all of the plugin again.',
    PACKAGES,
    'POST /plugins (wazo-plugind), between two saves\n$ wdev watch',
  ),
  'package-unlike': row(
    'warning',
    'A file is not as its Debian package brought it',
    'dpkg --verify tells so, after wdev gave back what it had replaced; an error where wdev had its hands on it.',
    'Install that version again: wdev deploy, or wazo-plugind with reinstall=true.',
    PACKAGES,
    'a file that an administrator edited before wdev came\n$ wdev restore',
  ),
});
