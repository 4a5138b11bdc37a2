import type { BadChange } from './bad-changes.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const INSTALLED = `"$ROOT"/${CONF}`;
const SAVED = 'hello-world';
const CALLD = 'demo_py/calld/plugin.py';
const LOAD = '        pass';
const DRIVER = 'demo_acme_confgend/driver.py';

/** A save that is right, to a target that does not take it. */
function saved(name: string, says: string, begin: string, end: string, file = CONF): BadChange {
  const edit = { append: `; ${name}\n` };
  return {
    name,
    plugin: 'hello',
    file,
    edit,
    code: 'files-not-written',
    says,
    fault: { begin, end, from: 'this machine' },
  };
}

/** Faults that only a machine has: its disk, its folders. */
export const DISK_CHANGES: readonly BadChange[] = [
  {
    name: 'a full disk',
    plugin: 'hello',
    file: 'etc/demo-full/data',
    edit: { text: 'x'.repeat(200_000) },
    code: 'files-not-written',
  },
  {
    name: 'a full disk below the journal',
    plugin: 'hello',
    file: CONF,
    edit: { from: SAVED, to: 'tt-weasels' },
    code: 'files-not-written',
    says: 'No space left on device',
    named: null,
    fault: {
      begin: 'cat /dev/zero >/var/lib/wdev/filling 2>/dev/null || :',
      end: 'rm -f /var/lib/wdev/filling',
    },
  },
  {
    name: 'a file system that became read-only',
    plugin: 'hello',
    file: 'etc/demo-full/data',
    edit: { append: 'more\n' },
    code: 'files-not-written',
    says: 'Read-only file system',
    fault: { begin: 'mount -o remount,ro /etc/demo-full', end: 'mount -o remount,rw /etc/demo-full' },
  },
  saved(
    'a file that may not be changed',
    'Operation not permitted',
    `chattr +i ${INSTALLED}`,
    `chattr -i ${INSTALLED}`,
  ),
  saved(
    'a folder that may not be changed',
    'Operation not permitted',
    `chattr +i "$(dirname ${INSTALLED})"`,
    `chattr -i "$(dirname ${INSTALLED})"`,
  ),
  {
    name: 'a file that something is mounted on',
    plugin: 'hello',
    file: CONF,
    edit: { append: '; more\n' },
    code: 'files-not-written',
    says: 'busy',
    fault: { begin: `mount --bind /${CONF} /${CONF}`, end: `umount /${CONF}` },
  },
  {
    name: 'a folder where the file has to go',
    plugin: 'hello',
    file: 'etc/demo-full/taken',
    edit: { text: 'a file\n' },
    code: 'files-not-written',
    says: 'taken',
  },
];

/** Complaints of Asterisk, and of the programs that a plan runs. */
export const COMMAND_CHANGES: readonly BadChange[] = [
  {
    name: 'a reload that Asterisk refuses, for another one is under way',
    plugin: 'hello',
    file: 'etc/asterisk/res_parking.d/demo.conf',
    edit: { append: '; more\n' },
    code: 'reload-busy',
    named: null,
    leaves: '`module reload res_parking.so` failed: Asterisk is still busy with another reload',
    fault: {
      begin:
        'touch /run/hold; (asterisk -rx "module reload app_queue.so" >/dev/null 2>&1 </dev/null &); until pgrep -f [h]old-a-reload >/dev/null; do sleep 0.1; done',
      end: 'rm -f /run/hold',
    },
  },
  {
    name: 'an Asterisk that is down',
    plugin: 'hello',
    file: CONF,
    edit: { append: '; more\n' },
    code: 'asterisk-down',
    named: null,
    leaves: '`dialplan reload` failed: Asterisk does not answer',
    fault: {
      begin: 'systemctl stop asterisk',
      end: 'systemctl start asterisk; asterisk -rx "core waitfullybooted" >/dev/null',
    },
  },
  {
    name: 'settings of a module that is not there',
    plugin: 'hello',
    file: 'etc/asterisk/sccp.d/demo.conf',
    edit: { text: '; settings\n' },
    code: 'module-not-loaded',
    named: null,
  },
  {
    name: 'an option of pjsip that is misspelt',
    plugin: 'hello',
    file: 'etc/asterisk/pjsip.d/demo.conf',
    edit: { text: '[demo]\ntype = endpoint\ncontxt = demo\n' },
    code: 'asterisk-rejected-line',
    at: 'contxt',
  },
  {
    name: 'a command of wdev.yml that fails',
    plugin: 'hello',
    file: 'etc/demo-run/ok',
    edit: { text: 'no\n' },
    code: 'command-failed',
    named: null,
  },
  {
    name: 'rules whose install fails',
    plugin: 'hello',
    file: 'wazo/rules',
    edit: { from: '    install)\n', to: '    install)\n        exit 3\n' },
    code: 'rules-install-failed',
    at: '    install)',
    says: 'exit status 3',
  },
  {
    name: 'rules whose install calls what is not there',
    plugin: 'hello',
    file: 'wazo/rules',
    edit: { from: '    install)\n', to: '    install)\n        systemclt daemon-reload\n' },
    code: 'rules-install-failed',
    at: 'systemclt',
  },
];

function calld(name: string, code: string, to: string, at?: string): BadChange {
  const edit = { from: LOAD, to: `        ${to}` };
  return {
    name,
    plugin: 'py',
    file: CALLD,
    edit,
    code,
    ...(at === undefined ? { named: null } : { at }),
  };
}

/** Faults of services when they start. */
export const SERVICE_CHANGES: readonly BadChange[] = [
  calld('a plugin that does not parse', 'python-syntax', 'pass ==', 'pass =='),
  {
    name: 'a plugin that imports what is not there',
    plugin: 'py',
    file: CALLD,
    edit: { prepend: 'import nonsense\n' },
    code: 'service-import-failed',
    at: 'import nonsense',
  },
  calld('a load() that raises', 'service-load-failed', "raise KeyError('x')", "raise KeyError('x')"),
  calld('a service that ends itself', 'service-down', '__import__("sys").exit("no more")'),
  calld('a service that is killed', 'service-down', '__import__("os").kill(__import__("os").getpid(), 9)'),
  calld('a service whose port never opens', 'service-down', '__import__("time").sleep(3600)'),
  {
    name: 'an entry point that is not there',
    plugin: 'py',
    file: 'etc/wazo-calld/conf.d/50-demo-py.yml',
    edit: { from: '  demo_py: true\n', to: '  demo_py: true\n  demo_yp: true\n' },
    code: 'service-entry-point-missing',
    at: 'demo_yp',
  },
  {
    name: 'a drop-in with which the service does not start',
    plugin: 'py',
    file: 'usr/lib/systemd/system/wazo-calld.service.d/demo.conf',
    edit: { text: '[Service]\nExecStartPre=/bin/false\n' },
    code: 'service-down',
    named: null,
  },
  {
    name: 'a generate() that raises',
    plugin: 'acme',
    file: DRIVER,
    edit: { from: '        lines = [', to: "        raise KeyError('x')\n        lines = [" },
    code: 'confgend-generate-raised',
    at: "raise KeyError('x')",
  },
  {
    name: 'a driver that imports what is not there',
    plugin: 'acme',
    file: DRIVER,
    edit: { prepend: 'import nonsense\n' },
    code: 'confgend-empty',
    at: 'import nonsense',
  },
  {
    name: 'a driver that is enabled under another name',
    plugin: 'acme',
    file: 'etc/wazo-confgend/conf.d/50-demo-acme.yml',
    edit: { from: 'asterisk.acme.conf: demo_acme', to: 'asterisk.acme.conf: other' },
    code: 'entry-point-not-enabled',
    at: 'asterisk.acme.conf: other',
  },
  {
    name: 'a driver that answers bytes',
    plugin: 'acme',
    file: DRIVER,
    edit: { from: "return '\\n'.join(lines) + '\\n'", to: "return b'x'" },
    code: 'confgend-empty',
    named: null,
  },
];
