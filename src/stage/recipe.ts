import type { Plugin } from '../kinds/plugin.ts';

/** One command of a staging, run in the clean copy. */
export interface StageStep {
  /** As wazo-plugind names it, or what it does. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  /** Source file that a failure points to. */
  readonly file: string;
}

export interface StagePaths {
  /** The clean copy of the sources: working directory of every step. */
  readonly source: string;
  /** Where the package's tree grows. */
  readonly pkgdir: string;
  /** The Python that runs the `setup.py` of a driver package. */
  readonly python: string;
}

/** Where Debian's Python finds the packages of other Debian packages. */
export const DIST_PACKAGES = '/usr/lib/python3/dist-packages';

/** The commands that make a plugin's tree, in order. Source: wazo-plugind, building and packaging steps. */
export function stageSteps(plugin: Plugin, paths: StagePaths, hasSetupPy: boolean): readonly StageStep[] {
  switch (plugin.kind) {
    case 'stack':
      return [
        { name: 'build', argv: ['wazo/rules', 'build'], file: 'wazo/rules' },
        { name: 'package', argv: ['wazo/rules', 'package'], file: 'wazo/rules' },
      ];
    case 'confgend':
      return [pythonInstall(paths, hasSetupPy)];
    case 'call-logger':
    case 'legacy':
      return [];
  }
}

function pythonInstall(paths: StagePaths, hasSetupPy: boolean): StageStep {
  const start = hasSetupPy ? ['setup.py'] : ['-c', 'from setuptools import setup; setup()'];
  const install = ['install', `--root=${paths.pkgdir}`, '--prefix=/usr', `--install-lib=${DIST_PACKAGES}`];
  return {
    name: 'install the Python package',
    argv: [paths.python, ...start, '-q', ...install, '--no-compile', '--single-version-externally-managed'],
    file: hasSetupPy ? 'setup.py' : 'pyproject.toml',
  };
}
