/** One more part for a plugin that was not made by us: its files, and what they need in the author's own files. */

import { packageMap } from '../check/package-map.ts';
import { SourceText } from '../readers/source-text.ts';
import { readSubject, type Subject } from '../check/subject.ts';
import { sameContent, type FileState, type FileTree } from '../edits/file-tree.ts';
import { ANSWERS_FILE } from '../templates/list-files.ts';
import { UserError } from '../support/errors.ts';
import { mergeFile } from './merge-file.ts';
import { LABELS } from './merge-trees.ts';
import { addToRules, rulesDifference } from './rules-insert.ts';
import { caseParts } from '../readers/shell/script-parts.ts';
import { PACKAGING, writtenEntryPoints } from '../readers/python/packaging.ts';
import type { PythonTexts } from '../readers/python/python-text.ts';
import { addToPackaging, type Packaging } from './setup-insert.ts';

export interface ForeignAddition {
  readonly subject: Subject;
  /** Renderings without any part, and with the new one. */
  readonly without: FileTree;
  readonly with: FileTree;
  /** The author's files. */
  readonly mine: FileTree;
  /** The answers file that the plugin gets. */
  readonly answers: FileState;
  /** Python's reading of a setup.py, the author's or ours. */
  readonly python: PythonTexts;
}

export interface ForeignResult {
  readonly files: FileTree;
  readonly notes: readonly string[];
}

const RULES = 'wazo/rules';
const MANIFEST = 'wazo/plugin.yml';

/** @throws UserError `cannot-add` when a file of the author is not written so that something can be put into it */
export function addForeign(addition: ForeignAddition): ForeignResult {
  const { mine } = addition;
  const files = new Map(mine);
  const notes: string[] = [];
  for (const [path, file] of addition.with) {
    if (addition.without.has(path) || path === 'setup.py') continue;
    const own = mine.get(path);
    if (own === undefined) files.set(path, file);
    else if (!sameContent(own, file) && !path.endsWith('__init__.py'))
      notes.push(`${path} is yours, and stays`);
  }
  addManifest(files, addition);
  const hadPython = addPython(files, addition, notes);
  addRules(files, addition, hadPython);
  const old = mine.get(ANSWERS_FILE);
  files.set(ANSWERS_FILE, {
    ...addition.answers,
    text: mergeFile(ANSWERS_FILE, { old: '', new: addition.answers.text, mine: old?.text ?? '{}' }, LABELS)
      .text,
  });
  return { files, notes };
}

/** Packages of Debian that the part needs, and what a setup.py of ours reads. */
function addManifest(files: Map<string, FileState>, { with: fresh, without }: ForeignAddition): void {
  const own = files.get(MANIFEST);
  const wanted = fresh.get(MANIFEST)?.text ?? '';
  if (own === undefined) return;
  const known = debianPackages(without.get(MANIFEST)?.text ?? '');
  const added = debianPackages(wanted).filter((name) => !known.includes(name));
  const depends =
    added.length === 0 ? '' : `debian_depends:\n${added.map((name) => `  - ${name}\n`).join('')}`;
  const read =
    fresh.has('setup.py') && !PACKAGING.some((path) => files.has(path))
      ? [...wanted.matchAll(READ_KEYS)]
      : [];
  const missing = read.filter(([, key]) => !new RegExp(`^${key}:`, 'm').test(own.text)).map(([line]) => line);
  const mine = depends === '' ? own.text : withBlockList(own.text);
  // the line of the key is the author's, with its comment
  const old = depends !== '' && /^debian_depends:/m.test(mine) ? 'debian_depends:\n' : '';
  const block = missing.join('') + depends;
  if (block === '' && read.length === 0) return;
  const { text, conflicts } = mergeFile(MANIFEST, { old, new: block, mine }, LABELS);
  if (conflicts > 0) {
    throw new UserError(
      'cannot-add',
      `debian_depends of ${MANIFEST} is not a plain list, so nothing can be added to it`,
      {
        help: 'Write one package a line, and run this again.',
      },
    );
  }
  files.set(MANIFEST, { ...own, text: read.length === 0 ? text : withQuotedVersion(text) });
}

/** Our setup.py takes these from plugin.yml. */
const READ_KEYS = /^(description|author):.*\n/gm;

/** A version that YAML would read as a number is no text for Python's packaging. */
function withQuotedVersion(manifest: string): string {
  return manifest.replace(/^version:([ \t]*)(\d+(?:\.\d+)?)(?=[ \t]*(?:#.*)?$)/m, 'version:$1"$2"');
}

function debianPackages(manifest: string): readonly string[] {
  const block = /^debian_depends:\n((?:\s*- .*\n)+)/m.exec(manifest)?.[1] ?? '';
  return [...block.matchAll(/- (.*)/g)].map((match) => match[1] ?? '');
}

/** `debian_depends: [a, "b (>= 2)"]` with one package a line. */
function withBlockList(manifest: string): string {
  const list = /^debian_depends:[ \t]*\[([^\]\r\n]*)\]([ \t]*(?:#.*)?)$/m;
  return manifest.replace(list, (_all, inside: string, comment: string) => {
    const items = inside.match(/"[^"]*"|'[^']*'|[^,\s][^,]*/g) ?? [];
    return [`debian_depends:${comment}`, ...items.map((item) => `  - ${item.trim()}`)].join('\n');
  });
}

/** Whether the plugin installs Python itself. Without packaging it gets ours. */
function addPython(files: Map<string, FileState>, addition: ForeignAddition, notes: string[]): boolean {
  const ours = addition.with.get('setup.py');
  const had = PACKAGING.some((path) => addition.mine.has(path));
  if (ours === undefined) return had;
  if (!had) {
    files.set('setup.py', ours);
    return false;
  }
  const changed = addToPackaging(addition.mine, wantedPackaging(ours.text, files, addition), addition.python);
  if (changed === undefined) {
    throw new UserError(
      'cannot-add',
      'entry points of its packaging are not written out, so none can be added',
      {
        help: `Write entry_points in setup.py, setup.cfg or pyproject.toml as a plain list, and run this again.`,
      },
    );
  }
  files.set(changed.path, { ...(files.get(changed.path) as FileState), text: changed.text });
  const { packages, data } = changed.unlisted;
  if (packages.length > 0)
    notes.push(`${changed.path} does not list its packages: look whether it installs ${packages.join(', ')}`);
  if (data.length > 0)
    notes.push(`${changed.path} computes its package data: look whether it installs ${data.join(', ')}`);
  return true;
}

function wantedPackaging(setup: string, files: FileTree, { mine, python }: ForeignAddition): Packaging {
  const groups = writtenEntryPoints(python(setup))?.groups ?? [];
  const added = [...files.keys()].filter(
    (path) => !mine.has(path) && !/^(tests|etc|usr|lib|var)\//.test(path),
  );
  const packages = added
    .filter((path) => path.endsWith('/__init__.py'))
    .map((path) => path.split('/').slice(0, -1));
  const inPackages = added.filter((path) => packages.some((parts) => path.startsWith(`${parts.join('/')}/`)));
  const data = inPackages
    .filter((path) => !path.endsWith('.py'))
    .map((path) => {
      const home = packages
        .filter((parts) => path.startsWith(`${parts.join('/')}/`))
        .map((parts) => parts.length);
      const inner = path.split('/').slice(Math.max(...home), -1);
      return [...inner, `*.${path.split('.').at(-1)}`].join('/');
    });
  return {
    entryPoints: groups.flatMap(({ name, entries }) =>
      entries.map(({ value }) => ({ group: name, entry: value })),
    ),
    packages: packages.map((parts) => parts.join('.')),
    data: [...new Set(data)],
  };
}

function addRules(files: Map<string, FileState>, addition: ForeignAddition, hadPython: boolean): void {
  const [own, old, fresh] = [files, addition.without, addition.with].map((tree) => tree.get(RULES));
  const node = addition.subject.rules?.caseNode;
  const parts = node === undefined ? undefined : caseParts(node);
  if (own === undefined || fresh === undefined || old === undefined) return;
  const difference = rulesDifference(old.text, fresh.text);
  const arms = new Map(difference.arms);
  if (hadPython) {
    arms.delete('build');
    arms.set(
      'package',
      (arms.get('package') ?? []).filter((line) => !OUR_PYTHON.test(line)),
    );
  }
  const packaged = (arms.get('package') ?? []).filter((line) => !WHOLE_TREE.test(line));
  const all = [...packaged, ...copies(files, addition.subject)];
  if (all.length > 0) arms.set('package', all);
  else arms.delete('package');
  const text = parts === undefined ? undefined : addToRules(own.text, parts, { ...difference, arms });
  if (text === undefined) {
    throw new UserError(
      'cannot-add',
      `${RULES} is not a case over its first argument, so nothing can be added to it`,
      {
        help: 'Bring it to the usual form, case "$1" in build) … ;; esac, and run this again.',
      },
    );
  }
  files.set(RULES, { ...own, text });
}

/** Lines of our `package` that install a Python package. */
const OUR_PYTHON = /^(info=|site=|dist=|mkdir -p "\$dist"|cp -R build\/lib|cp "\$info)/;
/** We copy whole folders; the author may have reasons not to. */
const WHOLE_TREE = /^cp -R \w+ "\$\{pkgdir:\?\}\/"$/;

/** Commands that put the added files into the package, as far as the author's rules do not do so already. */
function copies(files: FileTree, { plugin, files: own, debian }: Subject): readonly string[] {
  const texts = new Map(
    [...files].map(
      ([path, { text, mode }]) => [path, own.get(path) ?? new SourceText(path, text, mode)] as const,
    ),
  );
  const known = packageMap(readSubject({ plugin, files: texts, debian })).files;
  const added = [...files.keys()].filter(
    (path) => !own.has(path) && /^(etc|lib|opt|srv|usr|var)\//.test(path),
  );
  const missing = added.filter((path) => !known.has(`/${path}`)).sort();
  const folders = [...new Set(missing.map((path) => path.split('/').slice(0, -1).join('/')))];
  return [
    ...folders.map((folder) => `mkdir -p "\${pkgdir:?}/${folder}"`),
    ...missing.map((path) => `cp ${path} "\${pkgdir:?}/${path}"`),
  ];
}
