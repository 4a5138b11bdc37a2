import { readManifest } from '../readers/yaml/manifest.ts';
import { kebab, pluginNameProblem } from '../wazo/names.ts';
import type { Finding } from '../findings/finding.ts';
import { UNCHANGED, withText, without, type Migration, type Project } from './project.ts';
import { INSTALL } from './packaging.ts';
import { readMakefile, type MakeCommand } from './makefile.ts';

/** Lines of each command of rules. */
interface RulesParts {
  readonly build: string[];
  readonly package: string[];
  /** Folders that `package` makes. */
  readonly folders: Set<string>;
  readonly install: string[];
  readonly uninstall: string[];
  readonly postrm: string[];
}

/**
 * package.yml with a Makefile (before 2017) becomes wazo/plugin.yml with wazo/rules: what `install` copies is
 * packaged, its other commands run after installation, and what `uninstall` reloads is reloaded when the files
 * are gone. Source: the legacy format's documentation; wazo-plugind, plugin.yml and rules.
 */
export function migrateLegacy(project: Project, namespace: string): Migration {
  const [manifest, makefile] = [project.get('package.yml'), project.get('Makefile')];
  if (manifest === undefined || makefile === undefined || project.has('wazo/plugin.yml'))
    return { project, ...UNCHANGED };
  const read = readMakefile(makefile.text);
  const parts: RulesParts = {
    build: [],
    package: [],
    folders: new Set(),
    install: [],
    uninstall: [],
    postrm: [],
  };
  const shipped = new Set<string>();
  for (const command of read.targets.get('build') ?? []) parts.build.push(line(command));
  const built = new Set(parts.build);
  const uninstall = read.targets.get('uninstall') ?? [];
  const removed = new Set(uninstall.flatMap(({ text }) => (/^rm\s/.test(text) ? text.split(/\s+/) : [])));
  for (const command of read.targets.get('install') ?? []) {
    if (!built.has(line(command))) sortInstall(command, parts, shipped, removed);
  }
  for (const command of uninstall) sortUninstall(command, parts, shipped);
  const unfit = new Set(read.problems.map(({ text }) => text.trim()));
  const left = [parts.install, parts.uninstall, parts.postrm].flatMap((commands) =>
    leaveToHand(commands, project, unfit),
  );
  const findings = [
    ...read.problems.map(notUnderstood),
    ...left.flatMap((text) => (unfit.has(text) ? [] : [needsSources(text, makefile.text)])),
  ];
  const done = ['package.yml and Makefile become wazo/plugin.yml and wazo/rules.'];
  const { folders: _, ...branches } = parts;
  let result = withText(project, 'wazo/plugin.yml', pluginYml(manifest.text, namespace));
  result = withText(result, 'wazo/rules', rulesText(branches), 0o755);
  result = without(result, 'package.yml');
  const own = new Set(['install', 'uninstall', 'build', 'all']);
  if ([...read.targets.keys()].every((target) => own.has(target))) result = without(result, 'Makefile');
  else done.push('The Makefile stays: it has other targets.');
  return { project: result, done, findings };
}

function notUnderstood({ line, text }: { line: number; text: string }): Finding {
  return {
    code: 'migrate-by-hand',
    level: 'warning',
    message: `wdev migrate cannot convert \`${text.trim()}\``,
    file: 'Makefile',
    line,
    help: 'Move it to wazo/rules by hand.',
  };
}

/** Comments the commands out that need a source, since none is there when they run. Answers them. */
function leaveToHand(commands: string[], project: Project, unfit: ReadonlySet<string>): readonly string[] {
  const left: string[] = [];
  for (const [index, command] of commands.entries()) {
    const text = command.replace(/ \|\| true$/, '');
    const words = text.split(/\s+/).map((word) => word.replace(/^["']|["']$/g, ''));
    const isOfSources = words.some((word) => {
      const name = word.replace(/^\.\//, '');
      return (
        word.startsWith('./') ||
        project.has(name) ||
        [...project.keys()].some((file) => file.startsWith(`${name}/`))
      );
    });
    if (!unfit.has(text) && !isOfSources) continue;
    left.push(text);
    commands[index] = `# by hand, without the sources: ${text}`;
  }
  if (commands.length > 0 && commands.every((command) => command.startsWith('#'))) commands.push(':');
  return left;
}

function needsSources(text: string, makefile: string): Finding {
  const at = makefile.split('\n').findIndex((row) => row.includes(text));
  return {
    code: 'migrate-by-hand',
    level: 'warning',
    message: `\`${text}\` uses a file of the sources, which are not there after the installation`,
    file: 'Makefile',
    line: at + 1 || 1,
    help: 'Copy the file in the package step, and call it where it is installed. The command is a comment in wazo/rules for now.',
  };
}

function line({ text, guarded }: MakeCommand): string {
  return guarded && !/\|\|/.test(text) ? `${text} || true` : text;
}

/** Copies to absolute places are what the package ships; everything else happens after installation. */
function sortInstall(
  command: MakeCommand,
  parts: RulesParts,
  shipped: Set<string>,
  removed: ReadonlySet<string>,
): void {
  const words = command.text.split(/\s+/);
  const simple = !/[|&;<>`$]/.test(command.text);
  const destination = words.at(-1) ?? '';
  const [program = ''] = words;
  if (
    /^(?:python[23]?\s+setup\.py\s.*\binstall\b|pip[23]?\s+install\s.*(?:^|\s)\.\/?(?:\s|$))/.test(
      command.text,
    )
  ) {
    parts.package.push(INSTALL);
    return;
  }
  if (!simple || !destination.startsWith('/') || !['cp', 'install', 'mkdir', 'ln'].includes(program)) {
    parts.install.push(reloadLine(command));
    return;
  }
  const packaged = `"\${pkgdir:?}${destination}"`;
  if (program === 'mkdir' || words.includes('-d')) {
    parts.folders.add(destination);
    parts.package.push([...words.slice(0, -1), packaged].join(' '));
    return;
  }
  const sources = words.slice(1, -1).filter((word) => !word.startsWith('-') && !/^\d+$/.test(word));
  const intoFolder = isFolder(destination, sources, parts, removed);
  const folder = intoFolder ? destination.replace(/\/$/, '') : destination.replace(/\/[^/]*$/, '');
  if (!parts.folders.has(folder)) parts.package.push(`mkdir -p "\${pkgdir:?}${folder}"`);
  parts.folders.add(folder);
  const target = intoFolder ? `"\${pkgdir:?}${folder}/"` : packaged;
  parts.package.push([...words.slice(0, -1), target].join(' '));
  for (const source of sources)
    shipped.add(intoFolder ? `${folder}/${source.split('/').at(-1)}` : destination);
}

/** Whether a copy goes into a folder or gets the destination's own name: what uninstall removes tells. */
function isFolder(
  destination: string,
  sources: readonly string[],
  parts: RulesParts,
  removed: ReadonlySet<string>,
): boolean {
  if (destination.endsWith('/') || sources.length > 1) return true;
  const name = sources[0]?.split('/').at(-1) ?? '';
  if (removed.has(`${destination}/${name}`)) return true;
  if (removed.has(destination)) return false;
  if (parts.folders.has(destination)) return true;
  return (
    destination.endsWith('.d') || (!/\.[\w-]+$/.test(destination) && destination.split('/').at(-1) !== name)
  );
}

function sortUninstall(command: MakeCommand, parts: RulesParts, shipped: ReadonlySet<string>): void {
  const [program = '', ...words] = command.text.split(/\s+/);
  const paths = words.filter((word) => !word.startsWith('-'));
  // dpkg removes what the package ships
  if (program === 'rm' && paths.every((path) => shipped.has(path))) return;
  if (isReload(command.text)) parts.postrm.push(reloadLine(command));
  else parts.uninstall.push(line(command));
}

/** A command that makes a service or Asterisk read its files again. */
export function isReload(command: string): boolean {
  return /^(?:asterisk\s+-|systemctl\s+(?:-\S+\s+)*(?:try-)?(?:restart|reload|daemon-reload)|service\s+\S+\s+(?:restart|reload)|wazo-auth-keys\s)/.test(
    command.trim(),
  );
}

/** A reload that fails must not leave the package half-configured. */
function reloadLine(command: MakeCommand): string {
  const text = command.text.replace(/^asterisk\s+-x\b/, 'asterisk -rx');
  if (!isReload(text) || /\|\||&&|;/.test(text)) return line({ ...command, text });
  return `${text} || true`;
}

function pluginYml(text: string, namespace: string): string {
  const { fields } = readManifest(text);
  const given = fields.get('name') ?? 'plugin';
  const name = pluginNameProblem(given) === undefined ? given : kebab(given) || 'plugin';
  const quoted = (value: string): string => JSON.stringify(value);
  const rows = [
    `name: ${name}`,
    `namespace: ${namespace}`,
    `version: ${quoted(fields.get('version') ?? '0.0.1')}`,
    'plugin_format_version: 1',
  ];
  const kept = [...fields].filter(
    ([key]) => !['name', 'namespace', 'version', 'plugin_format_version'].includes(key),
  );
  return `${[...rows, ...kept.map(([key, value]) => `${key}: ${quoted(value)}`)].join('\n')}\n`;
}

function rulesText(parts: Omit<RulesParts, 'folders'>): string {
  const branches = Object.entries(parts).map(([name, commands]: [string, string[]]) => {
    const body = commands.length === 0 ? [':'] : commands;
    return `    ${name})\n${body.map((command) => `        ${command}\n`).join('')}        ;;\n`;
  });
  return `#!/bin/sh
set -e

case "$1" in
${branches.join('')}    *)
        echo "usage: $0 build|package|install|uninstall|postrm" >&2
        exit 1
        ;;
esac
`;
}
