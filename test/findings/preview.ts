import { once } from 'node:events';
import net from 'node:net';
import type { Finding } from '../../src/findings/finding.ts';
import type { PREVIEW } from '../../src/findings/preview.ts';
import { Previewer, type PreviewOptions } from '../../src/preview/previewer.ts';
import { pythonWith } from '../../src/stacks/requirements.ts';
import { driver, stagedDriver, type DriverSources } from '../support/confgend-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import type { Scenario } from './scenario.ts';

let opened: Promise<Previewer> | undefined;

async function open(): Promise<Previewer> {
  const python = (await pythonWith(['yaml', 'jinja2'])) ?? (await pythonWith(['yaml']));
  return await Previewer.open(python ?? '/usr/bin/python3');
}

/** One Python serves all of them. */
export async function closePreviewer(): Promise<void> {
  await (await opened)?.close();
  opened = undefined;
}

async function previewed(
  drivers: readonly DriverSources[],
  options: PreviewOptions = {},
): Promise<readonly Finding[]> {
  const previewer = await (opened ??= open());
  const staged = drivers.map((sources) => stagedDriver(tempFolder(), sources));
  return (await previewer.preview(staged, options)).flatMap(({ findings }) => findings);
}

/** A driver whose generate() and __init__() have these lines. */
function drives(generate: string, init?: string, before?: string): Scenario {
  return () => previewed([{ driver: driver(generate, init, before) }]);
}

/** A driver of another file than its own, `RESOURCE.FILENAME`. */
function makes(file: string, generate: string): Scenario {
  const points = { [file]: ['acme = acme_confgend.driver:Acme'] };
  const settings = { '50-acme.yml': `plugins:\n  ${file}: acme\n` };
  return () => previewed([{ driver: driver(generate), points, settings }]);
}

const TEMPLATE = driver("return self.templates.get_customizable_template('acme/page', None).dump({})");

export const PREVIEW_SCENARIOS: Readonly<Record<keyof typeof PREVIEW, Scenario>> = {
  'driver-registered-twice': () => {
    const source = `${driver("return '; x'")}\n\nOther = Acme\n`;
    const points = { 'asterisk.acme.conf': ['acme = acme_confgend.driver:Other'] };
    return previewed([{ driver: source }, { driver: source, name: 'other-confgend', points }]);
  },
  'driver-empty': drives("return ''"),
  'driver-none': drives('pass'),
  'driver-bytes': drives("return b'x'"),
  'driver-not-text': drives("return ['x']"),
  'driver-not-utf8': drives("return 'a' + chr(0xdc80)"),
  'driver-timeout': () => previewed([{ driver: driver('while True: pass') }], { limit: 0.3 }),
  'driver-died': drives('import os; os._exit(3)'),
  'driver-import-failed': drives("return '; x'", undefined, 'import acme_nowhere'),
  'driver-init-failed': drives("return '; x'", "self.config['my_key']"),
  'driver-raised': drives("return {}['x']"),
  'driver-runtime-error': drives("return '; x'", "raise RuntimeError('no')"),
  'driver-template-missing': () => previewed([{ driver: TEMPLATE }]),
  'preview-not-declared': drives('return str(conf_dao.find_all(1))', 'pass', 'from xivo_dao import conf_dao'),
  'driver-network-in-generate': drives(
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9)); return '; x'",
    'pass',
    'import socket',
  ),
  'driver-network-in-init': async () => {
    const server = net.createServer((socket) => socket.end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as net.AddressInfo;
    const init = `socket.create_connection(('127.0.0.1', ${port})).close()`;
    return await previewed([{ driver: driver("return '; x'", init, 'import socket') }]).finally(() =>
      server.close(),
    );
  },
  'driver-database-in-init': () =>
    previewed([
      {
        driver: driver("return '; x'", 'self.rows = conf_dao.find_it()', 'from xivo_dao import conf_dao'),
        files: { 'wdev.yml': 'preview:\n  dao:\n    conf_dao.find_it: []\n' },
      },
    ]),
  'driver-template-undefined': () =>
    previewed([{ driver: TEMPLATE, templates: { 'acme/page.jinja': '; {{ nothing }}\n' } }]),
  'driver-slow': drives("import time; time.sleep(0.6); return '; x'"),
  'settings-exec': () =>
    previewed([
      {
        driver: driver("return '; x'"),
        settings: {
          '30-exec.yml': 'acme: !exec {command: echo hi}\n',
          '50-acme.yml': 'plugins: {asterisk.acme.conf: acme}\n',
        },
      },
    ]),
  'generated-section-twice': drives("return '[a]\\nb = 1\\n[a]\\nc = 2\\n'"),
  'generated-section-gone': makes('asterisk.pjsip.conf', "return '[acme]\\n'"),
  'generated-not-yaml': makes('provd.network.yml', "return '[general]\\nverbose = no\\n'"),
};
