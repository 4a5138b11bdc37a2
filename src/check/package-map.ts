import type { RulesScript } from '../readers/shell/rules-script.ts';
import type { SourceText } from '../readers/source-text.ts';
import { PackageTree, type Gap } from './package-tree.ts';
import { hasOption, type ShellCommand } from '../readers/shell/command.ts';
import { kindOf, type Plugin, type PluginKind } from '../kinds/plugin.ts';
import type { ShellWord } from '../readers/shell/word.ts';

/** The part of a plugin that says what its package holds. */
export interface PackageSources {
  readonly plugin: Plugin;
  readonly files: ReadonlyMap<string, SourceText>;
  readonly rules: RulesScript | undefined;
}

/** The content of a package, read from `wazo/rules` without running it. */
export interface PackageMap {
  /** Installed path → source file; undefined for one that is made while building. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Installed path → text of the link that it is. */
  readonly links: ReadonlyMap<string, string>;
  /** Nothing in `package` was beyond understanding: a path that is not in `files` is not installed. */
  readonly certain: boolean;
  /** `package` copies more than is followed. */
  readonly isSpent?: boolean;
  /** The Python package is installed too, wherever Python wants it. */
  readonly python: boolean;
  /** Missing places that `package` copies from or to. */
  readonly gaps: readonly Gap[];
}

/** Programs that change nothing of which files a package has. */
const HARMLESS = new Set(
  (
    ': true false echo printf [ test set export unset local return exit chmod chown touch find sed gzip strip ' +
    'msgfmt grep cat ls pwd dirname basename readlink realpath sleep date umask which command type'
  ).split(' '),
);

/** Programs that put files somewhere: an unknown argument can be any place of the package. */
const MAKERS = new Set(['cp', 'mv', 'mkdir', 'install', 'ln', 'rsync']);

const NOTHING: PackageMap = { files: new Map(), links: new Map(), certain: false, python: false, gaps: [] };

const MAPS: Readonly<Record<PluginKind, (subject: PackageSources) => PackageMap>> = {
  stack: mapOfRules,
  confgend: mapOfFolders,
  'call-logger': () => NOTHING,
  legacy: () => NOTHING,
};

export function packageMap(subject: PackageSources): PackageMap {
  return MAPS[subject.plugin.kind](subject);
}

/** The files that an installer adds beside the Python package. */
function mapOfFolders({ plugin, files }: PackageSources): PackageMap {
  const tree = kindOf(plugin)
    .adds(plugin)
    .flatMap(({ from, to }) =>
      [...files.keys()]
        .filter((path) => path.startsWith(`${from}/`))
        .map((path) => [`/${to}${path.slice(from.length)}`, path] as const),
    );
  const links = tree.flatMap(([installed, source]) => {
    const link = files.get(source)?.link;
    return link === undefined ? [] : [[installed, link] as const];
  });
  return { files: new Map(tree), links: new Map(links), certain: true, python: true, gaps: [] };
}

function mapOfRules(subject: PackageSources): PackageMap {
  const { files } = subject;
  const branch = subject.rules?.branches?.get('package');
  if (branch === undefined) return NOTHING;
  const built =
    subject.rules?.branches?.get('build')?.commands.some(({ name }) => !HARMLESS.has(name)) ?? false;
  const tree = new PackageTree(files, built);
  if (!branch.isWhole) tree.giveUp();
  for (const command of branch.commands) follow(tree, command);
  const { certain, isSpent, python, gaps } = tree;
  return { files: tree.files, links: tree.links, certain, isSpent, python, gaps };
}

function follow(tree: PackageTree, command: ShellCommand): void {
  if (command.begins !== undefined) tree.enter('');
  if (command.begins) tree.enter(command.begins);
  const { name, words } = command;
  const values = words.map((word) => word.value);
  for (const { operator, target } of command.redirects)
    if (operator.startsWith('>') && target?.value !== undefined) tree.make(target.value);
  if (values.includes(undefined) && (MAKERS.has(name) || words.some(({ text }) => text.includes('pkgdir'))))
    return tree.giveUp();
  switch (name) {
    case 'cd':
      return tree.enter(values[0] ?? '');
    case 'mkdir':
      for (const word of plain(command)) tree.makeFolder(word.value ?? '');
      return undefined;
    case 'cp':
    case 'rsync':
      return copy(tree, command);
    case 'install':
      return install(tree, command);
    case 'mv':
      return move(tree, command);
    case 'ln':
      return tree.make(plain(command).at(-1)?.value ?? '');
    case 'rm':
      if (command.conditions.length === 0) for (const word of plain(command)) tree.remove(word.value ?? '');
      return undefined;
    case 'tar':
      return untar(tree, command);
    default:
      return other(tree, command);
  }
}

function plain(command: ShellCommand): readonly ShellWord[] {
  return command.words.filter((word) => !(word.value ?? word.text).startsWith('-'));
}

/** The value of `-t DIR`, and the operands without it. */
function withTarget(
  command: ShellCommand,
  options: string,
): { target: string | undefined; rest: readonly ShellWord[] } {
  let target: string | undefined;
  const rest: ShellWord[] = [];
  const { words } = command;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as ShellWord;
    const text = word.value ?? word.text;
    const long = /^--target-directory=(.*)$/.exec(text)?.[1];
    if (long !== undefined) target = long;
    else if (/^-[A-Za-z]*t$/.test(text)) target = words[(at += 1)]?.value;
    else if (new RegExp(`^-[A-Za-z]*[${options}]$`).test(text)) at += 1;
    else if (!text.startsWith('-')) rest.push(word);
  }
  return { target, rest };
}

function copy(tree: PackageTree, command: ShellCommand): void {
  const { target, rest } = withTarget(command, 'S');
  const to = target ?? rest.at(-1)?.value;
  const from = target === undefined ? rest.slice(0, -1) : rest;
  const recursive =
    command.name === 'rsync' ||
    hasOption(command, 'r', 'recursive') ||
    hasOption(command, 'R') ||
    hasOption(command, 'a', 'archive');
  const parents = hasOption(command, '\0', 'parents');
  const keepsLinks = keepsLinksOf(command, recursive);
  if (to === undefined) return tree.giveUp();
  const mayLack = lacksOf(command);
  return tree.copy(from, to, { recursive, parents, keepsLinks, offset: command.start, mayLack });
}

/** Sources that a copy may lack: it is asked for them first (`[ -d usr ] && cp …`), or its failure is dealt with. */
function lacksOf({ guarded, conditions }: ShellCommand): (source: ShellWord) => boolean {
  const asked = new Set(conditions.flatMap((condition) => condition.split(/[\s'"[\];]+/)));
  return ({ value, text }) => guarded || asked.has(text) || asked.has(value ?? text);
}

/** Whether a copy of a link is a link. Source: GNU coreutils, cp; rsync(1). */
function keepsLinksOf(command: ShellCommand, recursive: boolean): boolean {
  if (hasOption(command, 'L', command.name === 'rsync' ? 'copy-links' : 'dereference')) return false;
  if (command.name === 'rsync') return hasOption(command, 'l', 'links') || hasOption(command, 'a', 'archive');
  return recursive || hasOption(command, 'P', 'no-dereference') || hasOption(command, 'd');
}

function install(tree: PackageTree, command: ShellCommand): void {
  const { target, rest } = withTarget(command, 'mog');
  if (hasOption(command, 'd', 'directory')) {
    for (const word of rest) tree.makeFolder(word.value ?? '');
    return undefined;
  }
  const to = target ?? rest.at(-1)?.value;
  if (to === undefined) return tree.giveUp();
  if (hasOption(command, 'D')) tree.makeFolder(target ?? to.replace(/\/[^/]*$/, ''));
  const from = target === undefined ? rest.slice(0, -1) : rest;
  const mayLack = lacksOf(command);
  const how = { recursive: false, parents: false, keepsLinks: false, offset: command.start, mayLack };
  return tree.copy(from, to, how);
}

function move(tree: PackageTree, command: ShellCommand): void {
  const rest = plain(command);
  const to = rest.at(-1)?.value;
  if (to === undefined) return tree.giveUp();
  tree.copy(rest.slice(0, -1), to, {
    recursive: true,
    parents: false,
    keepsLinks: true,
    offset: command.start,
    mayLack: lacksOf(command),
  });
  for (const word of rest.slice(0, -1)) tree.remove(word.value ?? '');
  return undefined;
}

function untar(tree: PackageTree, command: ShellCommand): void {
  const texts = command.words.map(({ value, text }) => value ?? text);
  if (!texts.some((text) => text.includes('pkgdir'))) return undefined;
  if (texts.some((text) => /(?:^|\/)dist\//.test(text))) return tree.installPython();
  return tree.giveUp();
}

function other(tree: PackageTree, command: ShellCommand): void {
  const texts = [command.name, ...command.words.map(({ value, text }) => value ?? text)];
  const aboutPackage = texts.some((text) => text.includes('pkgdir'));
  if (/^(?:python[\d.]*|pip3?|uv)$/.test(command.name)) {
    if (aboutPackage && texts.some((text) => /^(?:install|setup\.py|pip)$/.test(text))) tree.installPython();
    return undefined;
  }
  if (HARMLESS.has(command.name) || (!aboutPackage && command.name !== '')) return undefined;
  return command.name === '' && command.redirects.length > 0
    ? undefined
    : aboutPackage
      ? tree.giveUp()
      : undefined;
}
