import { applyTextEdits, type TextEdit } from '../edits/text-edits.ts';
import type { PythonFile } from '../readers/python/facts.ts';
import { SourceText } from '../readers/source-text.ts';
import { readPythonText, type PythonTexts } from '../readers/python/python-text.ts';
import { UNCHANGED, withText, type Migration, type Project } from './project.ts';

/** The command that installs a Python package alike with every setuptools of Debian 11 to sid. */
export const INSTALL =
  'python3 setup.py -q install --root="${pkgdir:?}" --prefix=/usr --install-lib=/usr/lib/python3/dist-packages --no-compile --single-version-externally-managed';

const BDIST = /^(\s*)python3?\s+setup\.py\b.*\bbdist(?:_dumb)?\b[^|;&]*$/;
const UNPACK = /^(\s*)tar\b(?=.*\bdist\/)[^|;&]*$/;

/**
 * Packaging that lasts: no archive found by the pattern of its name (setuptools 69.3 names it otherwise), no
 * Python 2, no `yaml.load` without a loader (PyYAML 6), no distutils (Python 3.12), an executable `rules`.
 */
export function migratePackaging(project: Project, read: PythonTexts = readPythonText): Migration {
  const steps = [replaceArchive, withoutPython2, withSafeLoad, withoutDistutils, executable];
  const done: string[] = [];
  let result = project;
  for (const step of steps) {
    const changed = step(result, read);
    if (changed === undefined) continue;
    result = changed.project;
    done.push(changed.what);
  }
  return done.length === 0 ? { project, ...UNCHANGED } : { project: result, done, findings: [] };
}

type Step = (
  project: Project,
  read: PythonTexts,
) => { readonly project: Project; readonly what: string } | undefined;

const replaceArchive: Step = (project) => {
  const rules = project.get('wazo/rules')?.text;
  if (rules === undefined || !project.has('setup.py')) return undefined;
  const lines = rules.split('\n');
  if (!lines.some((line) => BDIST.test(line)) || !lines.some((line) => UNPACK.test(line))) return undefined;
  const changed = lines.map((line) =>
    line.replace(BDIST, '$1:').replace(UNPACK, (_all, indent: string) => `${indent}${INSTALL}`),
  );
  const what =
    'setup.py installs into the package itself: the archive that bdist makes has another name from setuptools 69.3 on.';
  return { project: withText(project, 'wazo/rules', changed.join('\n')), what };
};

const withoutPython2: Step = (project) => {
  const rules = project.get('wazo/rules')?.text;
  const changed = rules?.replaceAll(/^([ \t]*)python(?=\s)/gm, '$1python3');
  if (rules === undefined || changed === undefined || changed === rules) return undefined;
  return {
    project: withText(project, 'wazo/rules', changed),
    what: '`python` becomes `python3`: Debian has no other any more.',
  };
};

const withSafeLoad = editSetup(
  ({ calls }, text) =>
    calls
      .filter(
        ({ name, args, keywords }) =>
          name === 'yaml.load' && args.length === 1 && Object.keys(keywords).length === 0,
      )
      .flatMap(({ from }) => replacement(text, from, 'yaml.load', 'yaml.safe_load')),
  '`yaml.load` becomes `yaml.safe_load`: PyYAML 6 wants a loader.',
);

const withoutDistutils = editSetup(({ imports }, text) => {
  const source = new SourceText('setup.py', text);
  return imports
    .filter(({ module, optional }) => module === 'distutils.core' && !optional)
    .flatMap(({ line, column }) => {
      const from = source.lineStart(line) + column - 1;
      return replacement(text, from, 'from distutils.core import ', 'from setuptools import ');
    });
}, 'distutils becomes setuptools: it is gone in Python 3.12.');

/** A change of setup.py at places that were read in it. */
function editSetup(places: (file: PythonFile, text: string) => readonly TextEdit[], what: string): Step {
  return (project, read) => {
    const text = project.get('setup.py')?.text;
    const edits = text === undefined ? [] : places(read(text), text);
    if (text === undefined || edits.length === 0) return undefined;
    return { project: withText(project, 'setup.py', applyTextEdits(text, edits)), what };
  };
}

/** Nothing where the words are written in another way. */
function replacement(text: string, from: number, old: string, fresh: string): readonly TextEdit[] {
  return text.startsWith(old, from) ? [{ from, to: from + old.length, text: fresh }] : [];
}

const executable: Step = (project) => {
  const rules = project.get('wazo/rules');
  if (rules === undefined || (rules.mode & 0o111) !== 0) return undefined;
  return {
    project: withText(project, 'wazo/rules', rules.text, 0o755),
    what: 'wazo/rules becomes executable.',
  };
};
