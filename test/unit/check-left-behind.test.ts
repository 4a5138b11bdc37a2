import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import { SOUND_PLUGIN, rules } from '../../src/check/examples.ts';
import { PLUGIN } from '../support/make-rules.ts';

async function told(
  code: string,
  files: Readonly<Record<string, string | null>>,
): Promise<readonly string[]> {
  const all = { ...SOUND_PLUGIN, ...files };
  const sources = new Map(
    Object.entries(all).map(([name, text]) => [
      name,
      { path: name, mode: name === 'wazo/rules' ? 0o755 : 0o644, bytes: Buffer.from(text ?? '') },
    ]),
  );
  const findings = await checkPlugin(PLUGIN, sources);
  return findings.filter((finding) => finding.code === code).map(({ message }) => message);
}

/** The sound plugin with this alone in install. */
function install(body: string): Readonly<Record<string, string>> {
  const text = rules({ install: '' }).files['wazo/rules'] ?? '';
  const lines = body.split('\n').map((line) => `        ${line}\n`);
  return { 'wazo/rules': text.replace('    install)\n', `    install)\n${lines.join('')}`) };
}

describe('an install that has Asterisk read nothing', () => {
  const PJSIP = { 'etc/asterisk/pjsip.d/50-acme.conf': '[acme]\ntype = endpoint\n' };

  it.each([
    'echo installed',
    'systemctl restart wazo-calld || true',
    'asterisk -rx "moh reload" || true',
    'asterisk -rx "module reload res_pjsip.so" || true',
    'asterisk -rx "dialplan show" || true',
    'chown asterisk:asterisk /etc/asterisk/extensions_extra.d/acme-hello.conf',
    'systemctl daemon-reload\nsystemctl enable acme.timer',
    'python3 -m pip install .',
  ])('is told where the plugin has a dialplan: %s', async (body) => {
    expect(await told('rules-asterisk-not-reloaded', install(body))).toEqual([
      'install does not run "dialplan reload", so Asterisk does not read /etc/asterisk/extensions_extra.d/acme-hello.conf',
    ]);
  });

  it('is told of each kind of file', async () => {
    expect(
      await told('rules-asterisk-not-reloaded', { ...install('asterisk -rx "dialplan reload"'), ...PJSIP }),
    ).toEqual([
      'install does not run "module reload res_pjsip.so", so Asterisk does not read /etc/asterisk/pjsip.d/50-acme.conf',
    ]);
  });

  it.each([
    'asterisk -rx "dialplan reload"',
    "asterisk -rx'dialplan reload' || :",
    'asterisk -r -x "dialplan reload"',
    'rasterisk -x "dialplan reload"',
    '/usr/sbin/asterisk -rx "core reload"',
    'asterisk -rx "module reload pbx_config.so"',
    'asterisk -rx "reload"',
    'asterisk -rx "module reload"',
    'asterisk -rx "core restart when convenient"',
    'systemctl reload asterisk',
    'systemctl restart asterisk',
    'service asterisk restart',
    'invoke-rc.d asterisk reload',
    'wazo-service restart all',
    'sudo asterisk -rx "dialplan reload"',
    'su asterisk -s /bin/sh -c "asterisk -rx \'dialplan reload\'"',
    'for one in "dialplan reload" "moh reload"; do asterisk -rx "$one"; done',
    'reload() { asterisk -rx "$1"; }\nreload "dialplan reload"',
    'echo "dialplan reload" | asterisk -r',
    'COMMAND="dialplan reload"; asterisk -rx "$COMMAND"',
    'asterisk -rx "$(cat /etc/acme/command)"',
    'python3 /usr/share/acme/after.py',
    '/usr/share/acme/after-install.sh',
    'curl -X POST http://localhost:9491/1.0/action/Command -d @/tmp/reload',
    'wazo-amid-cli command dialplan reload',
    '"$HELPER" now',
    './configure-all',
    'acme-setup',
    'make after-install',
    'python3 -m acme.setup',
    'systemctl restart "$SERVICE"',
    'systemctl kill -s HUP asterisk',
    'systemctl restart "wazo-*"',
    'asterisk -rx "core stop gracefully"',
    'asterisk -rx "config reload /etc/asterisk/extensions.conf"',
    'nc localhost 5038 < /usr/share/acme/reload',
    'echo \'asterisk -rx "dialplan reload"\' | at now',
    '. /usr/share/acme/lib.sh',
    'sh -c "asterisk -rx \'dialplan reload\'"',
  ])('is not told where it may have: %s', async (body) => {
    expect(await told('rules-asterisk-not-reloaded', install(body))).toEqual([]);
  });
});

describe('a file beside the modules that setup() leaves behind', () => {
  const API = 'acme_hello/calld/api.yml';
  const MODULES = {
    'acme_hello/__init__.py': '',
    'acme_hello/calld/__init__.py': '',
    'acme_hello/calld/plugin.py': "NAME = pathlib.Path(__file__).with_name('words.json')\n",
  };

  function files(
    setup: string,
    more: Readonly<Record<string, string>> = {},
  ): Readonly<Record<string, string>> {
    const text = `from setuptools import find_packages, setup\n\nsetup(\n    name='acme-hello',\n    version='1.0.0',\n    packages=find_packages(),\n${setup})\n`;
    const script = rules({
      package: 'cp -R etc "$pkgdir/"\npython3 setup.py install --root="$pkgdir" --install-layout=deb',
    });
    return { ...MODULES, ...script.files, 'setup.py': text, [API]: 'paths: {}\n', ...more };
  }

  it.each([
    ['nothing is listed', ''],
    ['of another package', "    package_data={'acme_hello.chatd': ['api.yml']},\n"],
    ['of another folder', "    package_data={'acme_hello': ['api.yml']},\n"],
    ['of another name', "    package_data={'': ['*.html']},\n"],
  ])('is told: %s', async (_, setup) => {
    expect(await told('setup-data-missing', files(setup))).toEqual([`setup() does not install ${API}`]);
  });

  it('is told once', async () => {
    const more = { 'acme_hello/api.yml': 'paths: {}\n' };
    expect(await told('setup-data-missing', files('', more))).toEqual([
      `setup() does not install ${API} and 1 more`,
    ]);
  });

  it('is told where a module names it', async () => {
    const listed = "    package_data={'': ['api.yml']},\n";
    const more = { 'acme_hello/calld/words.json': '{}', 'acme_hello/calld/notes.json': '{}' };
    expect(await told('setup-data-missing', files(listed, more))).toEqual([
      'setup() does not install acme_hello/calld/words.json',
    ]);
  });

  it.each([
    ['listed', "    package_data={'acme_hello.calld': ['api.yml']},\n", {}],
    ['below its package', "    package_data={'acme_hello': ['*/api.yml', 'x']},\n", {}],
    ['for all', "    package_data={'': ['*.yml']},\n", {}],
    ['for all, by a star', "    package_data={'*': ['*.yml']},\n", {}],
    ['of two stars', "    package_data={'acme_hello': ['**/*.yml']},\n", {}],
    ['said elsewhere', '    include_package_data=True,\n', {}],
    ['MANIFEST.in', '', { 'MANIFEST.in': 'recursive-include acme_hello *.yml\n' }],
    ['setup.cfg', '', { 'setup.cfg': '[options.package_data]\n* = *.yml\n' }],
    ['pyproject.toml', '', { 'pyproject.toml': '[tool.setuptools.package-data]\n"*" = ["*.yml"]\n' }],
    ['not literal', '    package_data=DATA,\n', {}],
    ['by pbr', '    pbr=True,\n', {}],
    ['by a class of its own', "    cmdclass={'build_py': Mine},\n", {}],
    ['by keywords from elsewhere', '    **MORE,\n', {}],
    ['not a package', '', { 'acme_hello/calld/__init__.py.txt': '' }],
  ])('is not told: %s', async (title, setup, more) => {
    const all: Record<string, string> = { ...files(setup, more) };
    if (title === 'not a package') delete all['acme_hello/calld/__init__.py'];
    expect(await told('setup-data-missing', all)).toEqual([]);
  });

  it.each([
    [
      'a name that is of another folder',
      {
        'acme_hello/calld/words.json': '{}',
        'acme_hello/calld/plugin.py': "open('/etc/acme/words.json')\n",
      },
    ],
    [
      'data of tests',
      {
        'acme_hello/tests/__init__.py': '',
        'acme_hello/tests/words.json': '{}',
        'acme_hello/tests/test_words.py': "open(Path(__file__).with_name('words.json'))\n",
      },
    ],
  ])('is not told where no service reads it: %s', async (_, more) => {
    const listed = "    package_data={'': ['api.yml']},\n";
    const all = files(listed, more);
    expect(await told('setup-data-missing', all)).toEqual([]);
  });

  it('is not told where the package step copies it', async () => {
    const script = rules({
      package:
        'cp -R etc "$pkgdir/"\nmkdir -p "$pkgdir/usr/lib/python3/dist-packages"\ncp -R acme_hello "$pkgdir/usr/lib/python3/dist-packages/"',
    });
    expect(await told('setup-data-missing', { ...files(''), ...script.files })).toEqual([]);
  });
});
