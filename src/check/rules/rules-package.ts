import { nameMatcher } from '../../support/glob.ts';
import { setupCalls } from '../../readers/python/packaging.ts';
import { rules, together, withFiles } from '../examples.ts';
import type { Example, Hit, RuleChecks } from '../rule.ts';
import { hasOption, lineOf, operands, type ShellCommand } from '../../readers/shell/command.ts';
import { commandsOf } from '../../readers/shell/service-calls.ts';
import type { RulesScript } from '../../readers/shell/rules-script.ts';
import type { ShellWord } from '../../readers/shell/word.ts';
import { isScalar, valueOf } from '../../readers/yaml/node.ts';
import type { Subject } from '../subject.ts';

/** Folders that a Debian system has at its root. */
const ROOT_FOLDERS = new Set(
  'bin boot etc home lib lib64 media mnt opt root run sbin srv tmp usr var'.split(' '),
);

/** Programs that act on the whole system. */
const NEEDS_ROOT = new Set(
  'apt apt-get aptitude dpkg systemctl service adduser addgroup useradd usermod groupadd deluser mount a2enmod a2ensite update-rc.d'.split(
    ' ',
  ),
);

export const RULES_PACKAGE_CHECKS = {
  'rules-writes-outside': {
    area: 'rules',
    bad: rules({
      package: 'cp -R etc "$pkgdir/"\ncp etc/asterisk/extensions_extra.d/acme-hello.conf /etc/asterisk/',
    }),
    good: rules({ package: 'cp -R etc "$pkgdir/"' }),
    check: ({ rules: script }) =>
      commandsOf(script, 'build', 'package').flatMap(({ branch, command }) =>
        written(command)
          .filter((word) => isOutside(word.value))
          .map((word) => ({
            ...(script as RulesScript).file.at(word.start),
            message: `${branch} writes to ${word.value}, outside the source tree and "$pkgdir"`,
          })),
      ),
  },
  'rules-needs-root': {
    area: 'rules',
    bad: rules({ build: 'systemctl daemon-reload' }),
    good: rules({ install: 'systemctl daemon-reload' }),
    check: ({ rules: script }) =>
      commandsOf(script, 'build', 'package')
        .filter(({ command }) => NEEDS_ROOT.has(command.name))
        .filter(
          ({ command }) => !(command.name === 'dpkg' && !/\s-(?:i|-install|P|r)\b/.test(lineOf(command))),
        )
        .map(({ branch, command }) => ({
          ...(script as RulesScript).file.at(command.start),
          message: `${command.name} needs root, but ${branch} runs as an ordinary user`,
          help: /^(?:apt|apt-get|aptitude|dpkg)$/.test(command.name)
            ? 'Name Debian packages in debian_depends.'
            : `Move ${command.name} to install.`,
        })),
  },
  'rules-source-missing': {
    area: 'rules',
    bad: rules({ package: 'cp -R etc usr "$pkgdir/"' }),
    good: rules({ package: 'cp -R etc "$pkgdir/"\nif [ -d usr ]; then cp -R usr "$pkgdir/"; fi' }),
    check: (subject) => gaps(subject, 'source', (path) => `${path} is missing from git`),
  },
  'rules-folder-never-made': {
    area: 'rules',
    bad: together(
      withFiles({ 'acme-hello': '#!/bin/sh\necho hello\n' }, ''),
      rules({ package: 'cp -R etc "$pkgdir/"\ncp acme-hello "$pkgdir/usr/bin/"' }),
    ),
    good: together(
      withFiles({ 'acme-hello': '#!/bin/sh\necho hello\n' }, ''),
      rules({
        package: 'cp -R etc "$pkgdir/"\nmkdir -p "$pkgdir/usr/bin"\ncp acme-hello "$pkgdir/usr/bin/"',
      }),
    ),
    check: (subject) => gaps(subject, 'folder', (path) => `Folder "$pkgdir${path}" does not exist yet`),
  },
  'rules-root-folder': {
    area: 'rules',
    bad: together(
      withFiles({ 'patches/calld.patch': '--- a\n+++ b\n' }, ''),
      rules({ package: 'cp -R etc patches "$pkgdir/"' }),
    ),
    good: together(
      withFiles({ 'patches/calld.patch': '--- a\n+++ b\n' }, ''),
      rules({
        package:
          'cp -R etc "$pkgdir/"\nmkdir -p "$pkgdir/usr/share/acme-hello"\ncp patches/calld.patch "$pkgdir/usr/share/acme-hello/"',
      }),
    ),
    check: (subject) => {
      const roots = new Set([...subject.package.files.keys()].map((file) => file.split('/')[1] ?? ''));
      const branch = subject.rules?.branches?.get('package');
      if (subject.rules === undefined || branch === undefined) return [];
      const at = subject.rules.file.at(branch.start);
      return [...roots]
        .filter((name) => name !== '' && !ROOT_FOLDERS.has(name))
        .map((name) => ({
          ...at,
          help: `Copy it to "$pkgdir/usr/share/PLUGIN/"; for data that the plugin writes, use /var/lib/PLUGIN.`,
          message: `"${name}" would be installed as /${name}`,
        }));
    },
  },
  'rules-makes-debian-folder': {
    area: 'rules',
    bad: rules({ package: 'cp -R etc "$pkgdir/"\nmkdir "$pkgdir/DEBIAN"' }),
    good: rules({ package: 'cp -R etc "$pkgdir/"' }),
    check: ({ rules: script }) =>
      commandsOf(script, 'package').flatMap(({ command }) =>
        command.words
          .filter(({ value }) => /^\$pkgdir\/+DEBIAN(?:\/|$)/.test(value ?? ''))
          .map((word) => ({
            ...(script as RulesScript).file.at(word.start),
            message: 'wazo-plugind creates DEBIAN itself, and fails when it exists',
          })),
      ),
  },
  'rules-archive-mismatch': {
    area: 'rules',
    needsPython: true,
    bad: bdist('acme-greeter', 'dist/acme-hello-*.tar.gz'),
    good: bdist('acme-greeter', 'dist/acme[-_]greeter-*.tar.gz'),
    check: (subject) =>
      archives(subject, (pattern, name) => {
        const made = subject.debian >= 13 ? underscored(name) : name;
        // the rule below tells of one that newer setuptools alone do not make
        if (matchesArchive(pattern, made) || matchesArchive(pattern, name)) return undefined;
        const help = `Use the project's name: dist/${name.replaceAll('-', '[-_]')}-*.tar.gz`;
        return { message: `setup.py builds ${made}-*.tar.gz, which ${pattern} does not match`, help };
      }),
  },
  'rules-archive-pattern': {
    area: 'rules',
    compat: 'debian',
    needsPython: true,
    bad: bdist('acme-hello', 'dist/acme-hello-*.tar.gz'),
    good: bdist('acme-hello', 'dist/acme[-_]hello-*.tar.gz'),
    check: (subject) =>
      archives(subject, (pattern, name, word) => {
        if (!matchesArchive(pattern, name) || matchesArchive(pattern, underscored(name))) return undefined;
        const level = subject.debian >= 13 ? 'error' : 'warning';
        const text = word.text.replace(name, name.replaceAll('-', '[-_]'));
        const quotedName = /["']/.test(word.text);
        const fix = quotedName ? undefined : [{ file: 'wazo/rules', start: word.start, end: word.end, text }];
        const message = `On Debian 13, setuptools names the archive ${underscored(name)}-*.tar.gz, which ${pattern} does not match`;
        return { message, level, fix, help: `Match both: dist/${name.replaceAll('-', '[-_]')}-*.tar.gz` };
      }),
  },
} satisfies RuleChecks;

function gaps(subject: Subject, kind: 'source' | 'folder', say: (path: string) => string): readonly Hit[] {
  const script = subject.rules;
  if (script === undefined) return [];
  return subject.package.gaps
    .filter((gap) => gap.kind === kind)
    .map(({ path, offset }) => ({ ...script.file.at(offset), message: say(path) }));
}

/** The words of a command that name what it writes. */
function written(command: ShellCommand): readonly ShellWord[] {
  const targets = command.redirects
    .filter(({ operator, target }) => operator.includes('>') && target !== undefined)
    .map(({ target }) => target as ShellWord);
  const words = operands(command);
  switch (command.name) {
    case 'cp':
    case 'mv':
    case 'ln':
    case 'rsync':
      return [...targets, ...words.slice(-1)];
    case 'install':
      return [...targets, ...(hasOption(command, 'd', 'directory') ? words : words.slice(-1))];
    case 'mkdir':
    case 'touch':
    case 'rm':
    case 'tee':
      return [...targets, ...words];
    case 'chmod':
    case 'chown':
      return [...targets, ...words.slice(1)];
    case 'sed':
      return hasOption(command, 'i', 'in-place') ? [...targets, ...words.slice(1)] : targets;
    default:
      return targets;
  }
}

function isOutside(value: string | undefined): boolean {
  return value !== undefined && value.startsWith('/') && !/^\/(?:tmp|var\/tmp|dev)\//.test(value);
}

function archives(
  subject: Subject,
  judge: (pattern: string, name: string, word: ShellWord) => Omit<Hit, 'file'> | undefined,
): readonly Hit[] {
  const name = projectName(subject);
  const script = subject.rules;
  if (name === undefined || script === undefined) return [];
  let folder = '';
  return commandsOf(script, 'build', 'package').flatMap(({ command }) => {
    if (command.begins !== undefined) folder = command.begins && `${command.begins}/`;
    if (command.name === 'cd') folder = `${command.words[0]?.value ?? ''}/`;
    return command.words.flatMap((word) => {
      const pattern = word.value;
      if (pattern === undefined || !isArchive(folder + pattern)) return [];
      const hit = judge(pattern, name, word);
      return hit === undefined ? [] : [{ ...script.file.at(word.start), ...hit }];
    });
  });
}

const DIST = /(?:^|\/)dist\/(?:[^/]+\/)?[^/]*$/;
const PACKED = /\.(?:tar\.(?:gz|bz2|xz)|tgz)$|\*[^/*]*\.gz$/;

function isArchive(path: string): boolean {
  return DIST.test(path) && PACKED.test(path);
}

/** The name of the project, when it is literal. */
function projectName({ python, files, manifest }: Subject): string | undefined {
  const name = setupCalls(python?.files['setup.py'])[0]?.keywords['name'];
  if (name?.is === 'text') return name.value;
  // setup(name=metadata['name']), read from plugin.yml
  const isManifests =
    (name?.is === 'item' && name.key === 'name') ||
    (name?.is === 'call' &&
      name.name.endsWith('.get') &&
      name.args[0]?.is === 'text' &&
      name.args[0].value === 'name');
  if (isManifests && files.get('setup.py')?.text.includes('plugin.yml') === true) {
    const value = valueOf(manifest?.document.root, 'name');
    return value !== undefined && isScalar(value) ? value.text : undefined;
  }
  if (name !== undefined) return undefined;
  return (python?.files['setup.cfg'] ?? python?.files['pyproject.toml'])?.settings?.name;
}

function underscored(name: string): string {
  return name.replaceAll(/[-.]+/g, '_');
}

/** Whether a shell pattern for an archive can match an archive of that name. */
function matchesArchive(pattern: string, name: string): boolean {
  const file = pattern.split('/').at(-1) ?? '';
  // any version will do, so the text that stands where the version is matches itself
  const version = /^[^*?[]*?-(\d[^-*?[]*)/.exec(file)?.[1] ?? '1.0';
  const archive = `${name}-${version.replace(/\.linux.*|\.tar.*/, '')}.linux-x86_64.tar.gz`;
  return nameMatcher(file)(archive) || file.startsWith('*');
}

function bdist(name: string, pattern: string): Example {
  const setup = `from setuptools import setup\n\nsetup(name='${name}', version='1.0.0', packages=['acme_hello'])\n`;
  const script = rules({
    build: 'python3 setup.py bdist',
    package: `cp -R etc "$pkgdir/"\ntar -C "$pkgdir" -xzf ${pattern}\nfind "$pkgdir" -name __pycache__ -prune -exec rm -r {} +`,
  });
  return {
    files: { ...script.files, 'setup.py': setup, 'acme_hello/__init__.py': '' },
    shown: `# setup.py\nsetup(name='${name}', …)\n# wazo/rules\ntar -C "$pkgdir" -xzf ${pattern}`,
  };
}
