import { PACKAGING } from '../readers/python/packaging.ts';
import { confgendPackage } from '../readers/python/packaging-glance.ts';
import { DIST_PACKAGES } from '../wazo/names.ts';
import type { Kind } from './kind.ts';

/** A driver of wazo-confgend as a Python package on its own, with an `etc/` beside it. */
export const confgend = {
  read: (folder) => {
    const text = PACKAGING.filter((file) => folder.has(file))
      .map((file) => folder.text(file))
      .join('\n');
    const found = confgendPackage(text);
    if (found === undefined) return undefined;
    const name = found.name ?? folder.name;
    return { id: name, name, namespace: '', version: '' };
  },
  isGuess: true,
  manifests: PACKAGING,
  madeBy: 'setup.py',
  steps: (sources, pkgdir) => {
    const hasSetup = sources.has('setup.py');
    const start = hasSetup ? ['setup.py'] : ['-c', 'from setuptools import setup; setup()'];
    const where = [`--root=${pkgdir}`, '--prefix=/usr', `--install-lib=${DIST_PACKAGES}`];
    const args = [...start, '-q', 'install', ...where, '--no-compile', '--single-version-externally-managed'];
    const file = hasSetup ? 'setup.py' : 'pyproject.toml';
    return [{ runs: 'python', name: 'install the Python package', args, file }];
  },
  adds: () => [{ from: 'etc', to: 'etc' }],
  can: { create: true, build: false, parts: false, preview: true, simulate: false },
  otherwise: [],
  instead: 'wdev install puts it on a target without a package.',
} satisfies Kind;
