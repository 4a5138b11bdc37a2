import type { Row } from './row.ts';

const PLUGIN = 'demo_py/calld/plugin.py';
const HTTP = 'demo_py/calld/http.py';
const WANTS = ['demo_py.calld.plugin:Plugin'];

/** Name, what is written at the end of a module, and the code where Python refuses it. */
const TEXTS: readonly (readonly [name: string, text: string, code?: string])[] = [
  ['a function more', '\n\ndef more():\n    return 1\n'],
  ['a word of a type', '\n\nmore: int = 1\n'],
  ['a match', '\n\ndef more(x):\n    match x:\n        case 1:\n            return 2\n'],
  ['a walrus', '\n\nif (more := 1):\n    pass\n'],
  ['a decorator', '\n\n@staticmethod\ndef more():\n    pass\n'],
  ['an f-string', "\n\nmore = f'{1 + 1!r:>10}'\n"],
  ['a group of exceptions', '\n\ntry:\n    pass\nexcept* ValueError:\n    pass\n'],
  ['a coroutine', '\n\nasync def more():\n    await more()\n'],
  ['a bracket that is not closed', '\n\nmore = (1,\n', 'python-syntax'],
  ['a quote that is not closed', "\n\nmore = 'a\n", 'python-syntax'],
  ['a missing colon', '\n\ndef more()\n    pass\n', 'python-syntax'],
  ['a body that is not there', '\n\ndef more():\n', 'python-syntax'],
  ['a body that is not further in', '\n\ndef more():\npass\n', 'python-syntax'],
  ['a print of Python 2', '\n\nprint "hello"\n', 'python-syntax'],
  ['an exception of Python 2', '\n\ntry:\n    pass\nexcept ValueError, error:\n    pass\n', 'python-syntax'],
  ['a return outside of a function', '\n\nreturn 1\n', 'python-syntax'],
  ['an assignment to a call', '\n\nmore() = 1\n', 'python-syntax'],
  ['a word that is reserved', '\n\nasync = 1\n', 'python-syntax'],
  ['marks of a merge', '\n<<<<<<< HEAD\n', 'python-syntax'],
  ['a tab among blanks', '\n\ndef more():\n    if 1:\n\tpass\n', 'python-syntax'],
  ['an await outside of a coroutine', '\n\ndef more():\n    await other\n', 'python-syntax'],
  ['a break outside of a loop', '\n\nbreak\n', 'python-syntax'],
  ['an argument twice', '\n\ndef more(a, a):\n    pass\n', 'python-syntax'],
  ['an octal number of Python 2', '\n\nmore = 0777\n', 'python-syntax'],
];

function rows([name, text, code]: (typeof TEXTS)[number]): readonly Row[] {
  return [PLUGIN, HTTP].map((file) => ({
    name: `Python: ${name}, in ${file.slice(14)}`,
    plugin: 'py',
    files: { [file]: { from: 'END', to: text } },
    asks: 'python',
    wants: WANTS,
    ...(code === undefined ? {} : { says: { code, file } }),
    unknownTo: ['build'],
  }));
}

function other(
  name: string,
  files: Row['files'],
  says?: Row['says'],
  unknownTo: Row['unknownTo'] = ['build'],
): Row {
  return {
    name: `Python: ${name}`,
    plugin: 'py',
    files,
    asks: 'python',
    wants: WANTS,
    unknownTo,
    ...(says === undefined ? {} : { says }),
  };
}

export const PYTHON_ROWS: readonly Row[] = [
  ...TEXTS.flatMap(rows),
  other(
    'a class of another name',
    { [PLUGIN]: { from: 'class Plugin', to: 'class Plugins' } },
    { code: 'entry-point-class-missing' },
  ),
  other('a module that is gone', { [PLUGIN]: null }, { code: 'entry-point-module-missing' }),
  other(
    'a class that is imported',
    {
      [PLUGIN]: { from: 'class Plugin:', to: 'class Other:' },
      'demo_py/calld/more.py': 'class Plugin:\n    pass\n',
      [HTTP]: { from: 'END', to: '\nfrom .more import Plugin\n' },
    },
    { code: 'entry-point-class-missing' },
  ),
  other('an import of a module of its own', {
    [PLUGIN]: { from: 'END', to: '\nfrom . import more\n' },
    'demo_py/calld/more.py': '',
  }),
  other(
    'an import of a module that is not there',
    { [PLUGIN]: { from: 'END', to: '\nfrom . import nowhere\n' } },
    { code: 'python-own-import-missing', file: PLUGIN },
  ),
  other(
    'D24 an import with a dot too many',
    { [PLUGIN]: { from: 'from .http import', to: 'from ..http import' } },
    { code: 'python-own-import-missing', file: PLUGIN },
  ),
  other(
    'D24 an import of a class that was renamed',
    { [HTTP]: { from: 'class LabelsResource(', to: 'class LabelResource(' } },
    { code: 'python-own-import-missing', file: PLUGIN },
  ),
  other(
    'D24 an import of a module by its whole name, misspelt',
    { [PLUGIN]: { from: 'END', to: '\nimport demo_py.cald.http\n' } },
    { code: 'python-own-import-missing', file: PLUGIN },
  ),
  other('D24 an import of its own that may fail', {
    [PLUGIN]: {
      from: 'END',
      to: '\ntry:\n    from . import nowhere\nexcept ImportError:\n    nowhere = None\n',
    },
  }),
  other('D24 an import of a name that a module takes from another', {
    [HTTP]: { from: 'END', to: '\nfrom json import *\n' },
    [PLUGIN]: { from: 'END', to: '\nfrom .http import dumps\n' },
  }),
  other('D24 an import of what a loop, an if or a with makes', {
    [HTTP]: {
      from: 'END',
      to: "\nif True:\n    ODD = 1\nfor EVEN in range(2):\n    pass\nwith open('/dev/null') as NULL:\n    BOTH = (ODD, EVEN)\n",
    },
    [PLUGIN]: { from: 'END', to: '\nfrom .http import BOTH, EVEN, NULL, ODD\n' },
  }),
  other(
    'an import of a package that nobody has',
    { [PLUGIN]: { from: 'END', to: '\nimport no_such_package\n' } },
    undefined,
    ['check', 'build', 'watch'],
  ),
  other('a module that raises', { [PLUGIN]: { from: 'END', to: "\nraise ValueError('x')\n" } }, undefined, [
    'check',
    'build',
    'watch',
  ]),
  other('a module that divides by zero', { [HTTP]: { from: 'END', to: '\n1 / 0\n' } }, undefined, [
    'check',
    'build',
    'watch',
  ]),
  other(
    'letters in Latin-1',
    { [HTTP]: { latin1: '# gr\u00FC\u00DFe\n' } },
    { code: 'python-syntax', file: HTTP },
  ),
  other(
    'a blank that does not break',
    { [PLUGIN]: { from: 'END', to: '\n\ndef more():\n\u00A0\u00A0\u00A0\u00A0return 1\n' } },
    { code: 'python-syntax', file: PLUGIN },
  ),
  other(
    'curly quotes',
    { [PLUGIN]: { from: 'END', to: '\nMORE = “hello”\n' } },
    { code: 'python-syntax', file: PLUGIN },
  ),
  other('Windows line ends', { [HTTP]: { from: '\n', to: '\r\n' } }),
  other('the mark of UTF-8 at the beginning', { [HTTP]: { from: '# SPDX', to: '\uFEFF# SPDX' } }),
  {
    ...other(
      'the entry point of another module',
      { 'setup.py': { from: 'demo_py.calld.plugin:Plugin', to: 'demo_py.calld.plug:Plugin' } },
      { code: 'entry-point-module-missing' },
    ),
    wants: ['demo_py.calld.plug:Plugin'],
  },
  other(
    'two modules that import each other',
    {
      [HTTP]: { from: 'END', to: '\nfrom .plugin import Plugin\n' },
    },
    undefined,
    ['check', 'build', 'watch'],
  ),
  other('an import that left the standard library', {
    [PLUGIN]: { from: 'END', to: '\nfrom collections import Mapping\n' },
  }),
];
