import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../src/support/run.ts';
import { GIT_IDENTITY } from './wdev.ts';

/** Writes files below a folder; those named `wazo/rules` become executable. */
export function writeFiles(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const full = path.join(dir, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text);
    if (name === 'wazo/rules') chmodSync(full, 0o755);
  }
}

/** Makes a folder a git repository with one commit, on branch master. */
export async function commitAll(dir: string, how: readonly string[] = []): Promise<void> {
  const steps = [
    ['init', '-q', '-b', 'master'],
    ['add', '-A', ...how],
    ['commit', '-q', '-m', 'Start'],
  ];
  for (const step of steps) {
    const result = await run(['git', ...step], { cwd: dir, env: GIT_IDENTITY });
    if (result.status !== 0) throw new Error(result.stderr);
  }
}

/** A plugin of wazo-calld in the commonest shape of the field: bdist archive, unpacked, and a copy of etc. */
export const PYTHON_PLUGIN: Readonly<Record<string, string>> = {
  'wazo/plugin.yml': `name: py
namespace: acme
version: 1.10
plugin_format_version: 1
debian_depends: [python3-yaml, "vim (>= 2)"]
depends:
  - {namespace: acme, name: hello, other: 1}
`,
  'wazo/rules': `#!/bin/sh
set -e
case "$1" in
    build)
        python3 setup.py -q bdist
        ;;
    package)
        tar xzf dist/*.tar.gz -C "$pkgdir"
        cp -R etc "$pkgdir/"
        ;;
    install|uninstall|postrm) ;;
    *) exit 1 ;;
esac
`,
  'setup.py': `from setuptools import find_packages, setup

setup(
    name='acme_py',
    version='1.1',
    packages=find_packages(),
    entry_points={'wazo_calld.plugins': ['py = acme_py.plugin:Plugin']},
)
`,
  'acme_py/__init__.py': '',
  'acme_py/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
  'etc/wazo-calld/conf.d/50-py.yml': 'enabled_plugins:\n  py: true\n',
};

export async function writePythonPlugin(dir: string): Promise<void> {
  writeFiles(dir, PYTHON_PLUGIN);
  await commitAll(dir);
}
