import type { BadChange } from './bad-changes.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const RULES = 'wazo/rules';
const MANIFEST = 'wazo/plugin.yml';
const DRIVER = 'demo_acme_confgend/driver.py';
const CALLD = 'demo_py/calld/plugin.py';
const LOGGER = 'demo_siemens_call_logger/plugin/demo_siemens.py';

/** A line at the end of the dialplan, which is the line that is named. */
function dialplan(name: string, code: string, line: string, before = ''): BadChange {
  return { name, plugin: 'hello', file: CONF, edit: { append: `${before}${line}\n` }, code, at: line };
}

function replaced(
  plugin: string,
  file: string,
): (name: string, code: string, from: string, to: string, at?: string) => BadChange {
  return (name, code, from, to, at) => ({
    name,
    plugin,
    file,
    edit: { from, to },
    code,
    ...(at === undefined ? {} : { at }),
  });
}

const conf = replaced('hello', CONF);
const rules = replaced('hello', RULES);
const manifest = replaced('hello', MANIFEST);
const calld = replaced('py', CALLD);
const driver = replaced('acme', DRIVER);
const logger = replaced('siemens', LOGGER);

/** Changes that any Asterisk refuses. */
export const DIALPLAN_CHANGES: readonly BadChange[] = [
  conf('a line without =', 'dialplan-no-equals', 'same = n,Hangup', 'same n,Hangup', 'same n,Hangup'),
  conf('a priority that is none', 'dialplan-bad-priority', 's,1,Answer', 's,one,Answer', 's,one,Answer'),
  conf('a misspelt key', 'dialplan-unknown-directive', 'exten = s', 'extne = s', 'extne = s'),
  conf('an open label', 'dialplan-unclosed-label', 'n,Playback', 'n(play,Playback', 'n(play'),
  dialplan('priority 0', 'dialplan-bad-number', 'exten = s,0,NoOp()'),
  dialplan('(+) on a section that comes later', 'dialplan-unknown-addition', '[xivo-subrgbl-user](+)'),
  dialplan('an open section', 'dialplan-unclosed-section', '[oops'),
  dialplan('open options of a section', 'dialplan-unclosed-options', '[oops](!'),
  dialplan('an unknown template', 'dialplan-unknown-template', '[oops](nowhere)'),
  dialplan('a priority twice', 'dialplan-duplicate-priority', 'exten = s,2,NoOp()'),
  dialplan('a missing include', 'dialplan-missing-file', '#include nowhere.conf'),
  dialplan('an unknown directive', 'dialplan-unknown-hash', '#incldue other.conf'),
  dialplan('n as first priority', 'dialplan-first-next', 'exten = 1,n,NoOp()', '[more]\n'),
  dialplan('same as first line', 'dialplan-same-without-extension', 'same = n,NoOp()', '[more]\n'),
  {
    name: 'a line above every section',
    plugin: 'hello',
    file: CONF,
    edit: { prepend: 'exten = 1,1,NoOp()\n' },
    code: 'dialplan-no-section',
    at: 'exten = 1,1,NoOp()',
  },
  {
    name: 'a line above every section that a comment lets through',
    plugin: 'hello',
    file: CONF,
    edit: { prepend: '; wdev: ignore dialplan-no-section tried here\nexten = 1,1,NoOp()\n' },
    code: 'dialplan-not-loaded',
    at: 'exten = 1,1,NoOp()',
  },
  {
    name: 'another file that has the extension first',
    plugin: 'hello',
    file: 'etc/asterisk/extensions_extra.d/demo-early.conf',
    edit: { text: '[demo-hello]\nexten = s,1,NoOp(early)\n' },
    code: 'dialplan-duplicate-priority',
    named: CONF,
    at: 'exten = s,1',
  },
];

/** Changes that Asterisk loads with a remark, which is shown; the save is taken. */
export const DIALPLAN_REMARKS: readonly BadChange[] = [
  dialplan(
    'a last hour that is none',
    'dialplan-bad-end-time',
    'include = demo-hello,05:00-26:00,*,*,*',
    '[more]\n',
  ),
  dialplan(
    'an hour that is none',
    'dialplan-bad-start-time',
    'include = demo-hello,25:00-26:00,*,*,*',
    '[more]\n',
  ),
  dialplan('an unknown context', 'dialplan-unknown-include', 'include = nowhere'),
  dialplan('an open application', 'dialplan-unclosed-application', 'exten = s,4,NoOp(x'),
  dialplan('a pattern for everything', 'dialplan-greedy-pattern', 'exten = _.,1,NoOp()', '[more]\n'),
  dialplan(
    'a label twice',
    'dialplan-duplicate-label',
    'same = n(here),NoOp(2)',
    '[more]\nexten = 1,1(here),NoOp()\n',
  ),
  dialplan(
    'a context included twice',
    'dialplan-include-twice',
    'include = demo-hello ',
    '[more]\ninclude = demo-hello\n',
  ),
];

/** Changes that keep a package from being made, or a manifest from being taken. */
export const PACKAGE_CHANGES: readonly BadChange[] = [
  {
    name: 'rules that are not executable',
    plugin: 'hello',
    file: RULES,
    edit: { mode: 0o644 },
    code: 'rules-not-executable',
    at: '#!',
  },
  {
    name: 'rules that are gone',
    plugin: 'hello',
    file: RULES,
    edit: { removed: true },
    code: 'rules-missing',
  },
  rules('an interpreter that is not there', 'stage-build-failed', '#!/bin/sh', '#!/bin/shh', '#!'),
  rules('a syntax error in rules', 'stage-build-failed', 'case "$1" in', 'case "$1" on', 'case "$1" on'),
  rules(
    'a build that fails',
    'stage-build-failed',
    '    build)\n',
    '    build)\n        false\n',
    '        false',
  ),
  rules('a package step that fails', 'stage-package-failed', 'cp -R etc', 'cp -R ect', 'cp -R ect'),
  rules('a package step that is misspelt', 'stage-package-failed', 'chmod -R', 'chmdo -R', 'chmdo -R'),
  rules('a hollow package', 'package-hollow', 'cp -R etc', ': cp -R etc'),
  manifest(
    'a manifest that is no YAML',
    'manifest-syntax',
    'description: "The',
    'description: The: "',
    'description:',
  ),
  manifest('a manifest without a name', 'manifest-field-missing', 'name: hello\n', '', 'namespace'),
  manifest(
    'a version that is none',
    'manifest-version-invalid',
    'version: "0.1.0"',
    'version: "first"',
    'version: "first"',
  ),
  manifest('another name', 'plugin-renamed', 'name: hello', 'name: other', 'name: other'),
  manifest('another namespace', 'plugin-renamed', 'namespace: demo', 'namespace: other', 'namespace: other'),
  {
    name: 'a manifest that is gone',
    plugin: 'hello',
    file: MANIFEST,
    edit: { removed: true },
    code: 'manifest-missing',
  },
  {
    name: 'a setup.py that raises',
    plugin: 'py',
    file: 'setup.py',
    edit: { from: 'setup(\n', to: 'raise SystemError\nsetup(\n' },
    code: 'stage-build-failed',
    at: 'raise SystemError',
  },
  {
    name: 'a setup.py that imports what is not there',
    plugin: 'py',
    file: 'setup.py',
    edit: { from: 'import yaml', to: 'import yaml, nonsense' },
    code: 'stage-build-failed',
    at: 'nonsense',
  },
  {
    name: 'a setup.py of a driver that does not parse',
    plugin: 'acme',
    file: 'setup.py',
    edit: { from: 'setup(\n', to: 'setup((\n' },
    code: 'stage-python-failed',
  },
];

/** Changes that a program refuses which wdev.yml names. */
export const HOOK_CHANGES: readonly BadChange[] = [
  {
    name: 'a save that a hook refuses',
    plugin: 'hello',
    file: CONF,
    edit: { append: '; not like this\n' },
    code: 'hook-failed',
    named: null,
    says: 'Hook `sh check` failed (exit status 3): not like this',
  },
];

/** Changes that the services' own code would refuse. */
export const PYTHON_CHANGES: readonly BadChange[] = [
  calld('a syntax error', 'python-syntax', 'service = ', 'service == = ', 'service == ='),
  calld(
    'a module of Python 2',
    'python2-import',
    'from .http',
    'import urllib2\nfrom .http',
    'import urllib2',
  ),
  {
    name: 'a module that is gone',
    plugin: 'py',
    file: CALLD,
    edit: { removed: true },
    code: 'entry-point-module-missing',
    named: 'setup.py',
    at: 'demo_py.calld.plugin:Plugin',
  },
  {
    name: 'an entry point of a class that is not there',
    plugin: 'py',
    file: 'setup.py',
    edit: { from: 'plugin:Plugin', to: 'plugin:Plugni' },
    code: 'entry-point-class-missing',
    at: 'Plugni',
  },
  {
    name: 'settings that are no YAML',
    plugin: 'py',
    file: 'etc/wazo-calld/conf.d/50-demo-py.yml',
    edit: { append: 'a: b: c\n' },
    code: 'confd-syntax',
    at: 'a: b: c',
  },
  driver(
    'a generate() that raises',
    'driver-raised',
    '        lines = [',
    "        raise KeyError('x')\n        lines = [",
    "raise KeyError('x')",
  ),
  driver(
    'a driver that does not parse',
    'python-syntax',
    'def generate(self)',
    'def generate(self',
    'def generate(self',
  ),
  driver(
    'a driver that imports what is not there',
    'driver-import-failed',
    'class DemoAcmeDriver',
    'import nonsense\n\n\nclass DemoAcmeDriver',
    'import nonsense',
  ),
  driver(
    'a constructor that raises',
    'driver-init-failed',
    '        self._settings = ',
    "        raise KeyError('x')\n        self._settings = ",
    "raise KeyError('x')",
  ),
  driver(
    'a constructor with RuntimeError',
    'driver-runtime-error',
    '        self._settings = ',
    "        raise RuntimeError('x')\n        self._settings = ",
    "raise RuntimeError('x')",
  ),
  driver('an empty text', 'driver-empty', "return '\\n'.join(lines) + '\\n'", "return ''", 'def generate'),
  driver('no text', 'driver-none', "return '\\n'.join(lines) + '\\n'", 'return None', 'def generate'),
  driver('bytes', 'driver-bytes', "return '\\n'.join(lines) + '\\n'", "return b'x'", 'def generate'),
  {
    name: 'a driver that is enabled under another name',
    plugin: 'acme',
    file: 'etc/wazo-confgend/conf.d/50-demo-acme.yml',
    edit: { from: 'asterisk.acme.conf: demo_acme', to: 'asterisk.acme.conf: other' },
    code: 'entry-point-not-enabled',
    at: 'asterisk.acme.conf: other',
  },
  {
    name: 'a driver that is enabled under another name, which check lets through',
    plugin: 'acme',
    file: 'etc/wazo-confgend/conf.d/50-demo-acme.yml',
    edit: {
      from: 'asterisk.acme.conf: demo_acme',
      to: '# wdev: ignore entry-point-not-enabled a test\n  asterisk.acme.conf: other',
    },
    code: 'confgend-no-handler',
    at: 'asterisk.acme.conf: other',
  },
  {
    name: 'an entry point of a driver that is not there',
    plugin: 'acme',
    file: 'setup.py',
    edit: { from: ':DemoAcmeDriver', to: ':DemoAcmeDrvier' },
    code: 'entry-point-class-missing',
    at: 'Drvier',
  },
  logger(
    'an import of what is not there',
    'call-logger-import-failed',
    'import re\n',
    'import re\nimport nonsense\n',
    'import nonsense',
  ),
  logger(
    'a module that raises',
    'call-logger-import-failed',
    'import re\n',
    "import re\nraise OSError('x')\n",
    "raise OSError('x')",
  ),
  logger(
    'a class that another plugin has',
    'call-logger-import-failed',
    'class DemoSiemens(SerialPlugin)',
    'class SiemensHipathSerial(SerialPlugin):\n    pass\n\n\nclass DemoSiemens(SerialPlugin)',
    'class SiemensHipathSerial',
  ),
  logger(
    'another class than the settings name',
    'call-logger-import-failed',
    'class DemoSiemens',
    'class DemoSeimens',
  ),
  {
    name: 'settings of another class',
    plugin: 'siemens',
    file: 'demo_siemens_call_logger/plugin/settings.yml',
    edit: { from: 'DemoSiemens:', to: 'DemoSeimens:' },
    code: 'call-logger-import-failed',
  },
];
