import { describe, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';

const PLUGIN: Plugin = {
  kind: 'stack',
  dir: '/p',
  id: 'acme/cel',
  name: 'cel',
  namespace: 'acme',
  version: '1.0',
};
const SETUP =
  "from setuptools import setup\nsetup(name='acme-cel', version='1.0', packages=['acme_cel'], entry_points={'wazo_call_logd.plugins': ['acme_cel = acme_cel.plugin:Plugin']})\n";
const PYTHON = {
  'setup.py': SETUP,
  'acme_cel/__init__.py': '',
  'acme_cel/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
  'etc/wazo-call-logd/conf.d/50-acme-cel.yml': 'enabled_plugins:\n  acme_cel: true\n',
};

/** The branches of `wazo/rules`, in the shape that all public plugins have. */
function script(branches: Record<string, string>, head = '#!/bin/sh\nset -e'): string {
  const all = { build: '', package: '', install: '', uninstall: '', postrm: '', ...branches };
  const text = Object.entries(all).map(([name, body]) => `    ${name})\n        ${body}\n    ;;\n`);
  return `${head}\ncase "$1" in\n${text.join('')}    *)\n        echo "unknown argument $1" >&2\n        exit 1\n    ;;\nesac\n`;
}

async function codes(rules: string, files: Record<string, string> = {}): Promise<readonly string[]> {
  const manifest = 'name: cel\nnamespace: acme\nversion: "1.0"\nplugin_format_version: 1\n';
  const all = { 'wazo/plugin.yml': manifest, 'wazo/rules': rules, ...files };
  const sources = new Map(
    Object.entries(all).map(([path, text]) => [
      path,
      { path, mode: path === 'wazo/rules' ? 0o755 : 0o644, bytes: Buffer.from(text) },
    ]),
  );
  const found = await checkPlugin(PLUGIN, sources);
  return [...new Set(found.filter(({ level }) => level !== 'info').map(({ code }) => code))];
}

/** Shapes that public plugins have, with exactly what is to be said of each. */
describe('idioms of public plugins', () => {
  it('bdist in a folder of its own, removal of conf.d before the restart', async () => {
    const rules = script({
      build: 'python3 setup.py bdist -d dist/python3',
      package: 'tar xf dist/python3/acme-cel-*.tar.gz -C "$pkgdir"\n        cp -R etc "$pkgdir/"',
      install: 'systemctl restart wazo-call-logd || true',
      uninstall:
        'rm -f /etc/wazo-call-logd/conf.d/50-acme-cel.yml\n        systemctl restart wazo-call-logd || true',
    });
    expect(await codes(rules, PYTHON)).toEqual(['rules-archive-pattern']);
  });

  it('the same with the file to remove misspelt', async () => {
    const rules = script({
      package: 'cp -R etc "$pkgdir/"',
      install: 'systemctl restart wazo-call-logd || true',
      uninstall:
        'rm -f /etc/wazo-call-logd/conf.d/50-acme-cle.yml\n        systemctl restart wazo-call-logd || true',
    });
    const found = await codes(rules, { 'etc/wazo-call-logd/conf.d/50-acme-cel.yml': 'acme_cel: {}\n' });
    expect(found).toEqual(['rules-uninstall-removes-unshipped', 'rules-uninstall-restarts-early']);
  });

  it('install -D with modes, a program only', async () => {
    const rules = script(
      { package: 'install -Dm 0755 -o root -g root cel-tool "$pkgdir/usr/bin/cel-tool"' },
      '#!/bin/bash',
    );
    expect(await codes(rules, { 'cel-tool': '#!/bin/bash\necho\n' })).toEqual([]);
  });

  it('a drop-in of Asterisk, tabs, braces round the variable', async () => {
    const rules = script({
      package:
        'mkdir -p "${pkgdir}/etc/systemd/system/asterisk.service.d/"\n\tcp malloc.conf "${pkgdir}/etc/systemd/system/asterisk.service.d/malloc.conf"',
      install: 'systemctl daemon-reload',
      postrm: 'systemctl daemon-reload',
    });
    expect(await codes(rules, { 'malloc.conf': '[Service]\n' })).toEqual([]);
  });

  it('a patch of installed code', async () => {
    const rules = script({
      package: 'mkdir -p "$pkgdir/usr/share/acme-cel"\n        cp cel.patch "$pkgdir/usr/share/acme-cel"',
      install: 'patch -p1 -d /usr/lib/python3/dist-packages < /usr/share/acme-cel/cel.patch',
      uninstall:
        'patch --force -R -p1 -d /usr/lib/python3/dist-packages < /usr/share/acme-cel/cel.patch || true',
    });
    expect(await codes(rules, { 'cel.patch': '--- a\n+++ b\n' })).toEqual(['rules-not-repeatable']);
  });

  it('a module that is loaded and unloaded', async () => {
    const rules = script({
      package: 'cp -R etc "$pkgdir"',
      install: 'answer=$(asterisk -rx "module load res_cel.so") || true',
      uninstall: 'answer=$(asterisk -rx "module unload res_cel.so") || true',
    });
    expect(await codes(rules, { 'etc/asterisk/cel_acme.conf': '[general]\n' })).toEqual([]);
  });

  it('functions, loops and variables', async () => {
    const head =
      '#!/bin/sh\nset -e\nSERVICES="wazo-call-logd"\nreload() {\n    for s in wazo-call-logd wazo-calld; do\n        systemctl restart "$s" || :\n    done\n}';
    const rules = script({ package: 'cp -R etc "$pkgdir/"', install: 'reload', uninstall: 'reload' }, head);
    const found = await codes(rules, {
      'etc/wazo-call-logd/conf.d/50-acme-cel.yml': 'acme_cel: {}\n',
      'etc/wazo-calld/conf.d/50-acme-cel.yml': 'acme_cel: {}\n',
    });
    expect(found).toEqual(['rules-uninstall-restarts-early']);
  });
});
