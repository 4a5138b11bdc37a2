import { rows } from './row.ts';

/** Faults that depend on the Wazo version (`--engine`) or on the Debian release (`--debian`). */
export const COMPAT = rows({
  'name-renamed': {
    level: 'error',
    title: 'A name that was changed in the Wazo version asked for',
    why: 'Nothing answers to the old one: units are not found, modules not imported, folders not read.',
    fix: 'Run wdev migrate.',
    source: 'Wazo Platform upgrade notes',
  },
  'name-removed': {
    level: 'error',
    title: 'A name that was removed in the Wazo version asked for',
    why: 'What used it fails there, or does nothing.',
    fix: 'Use what replaces it.',
    source: 'Wazo Platform upgrade notes; Asterisk, module deprecations',
  },
  'name-deprecated': {
    level: 'info',
    title: 'A deprecated name',
    why: 'It still works, but costs time (a copy before and after each subroutine) or will be removed.',
    fix: 'Use the new name, once the plugin needs a Wazo version that has it.',
    source: 'Wazo dialplan, subroutines',
  },
  'debian-externally-managed': {
    level: 'error',
    title: "pip installs into Debian's own Python",
    why: 'From Debian 12 on pip refuses it.',
    fix: 'A library: name it in debian_depends. The plugin itself, in the package step:\n  pip3 install --root="$pkgdir" --no-deps --no-build-isolation .',
    source: 'PEP 668; Debian 12 and later, EXTERNALLY-MANAGED',
  },
  'debian-python-path': {
    level: 'error',
    title: 'A folder or a program of another Python than that of the Debian release',
    why: 'The program is not there, or its Python never looks into the folder.',
    fix: 'Call python3; install into /usr/lib/python3/dist-packages, which every Python 3 of Debian reads.',
    source: "Debian's Python policy, supported versions and module paths",
  },
  'debian-gone-module': {
    level: 'error',
    title: 'An import of a module that the Python of the Debian release dropped',
    why: 'The import fails there.',
    fix: 'See what replaces it: https://docs.python.org/3/whatsnew/',
    source: "What's New In Python, removed modules",
  },
});
