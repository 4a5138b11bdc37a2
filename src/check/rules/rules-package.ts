import { setupCalls } from '../../readers/python/packaging.ts';
import { rules, together, withFiles } from '../examples.ts';
import type { Example, Hit, Rule } from '../rule.ts';
import { hasOption, lineOf, operands, type ShellCommand } from '../../readers/shell/command.ts';
import { commandsOf } from '../../readers/shell/service-calls.ts';
import type { RulesScript } from '../../readers/shell/rules-script.ts';
import type { ShellWord } from '../../readers/shell/word.ts';
import type { Subject } from '../subject.ts';

const PACKAGING = 'wazo-plugind, packaging step';

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

export const RULES_PACKAGE_RULES: readonly Rule[] = [
  {
    code: 'rules-writes-outside',
    level: 'error',
    area: 'rules',
    title: 'build or package writes outside the source tree and the package',
    why: 'Both run as the ordinary user wazo-plugind, on the machine that builds: the write is refused, and where it is not, the file is not in the package.',
    source: 'wazo-plugind, building and packaging steps (unprivileged)',
    seen: 2,
    fix: 'Write below "$pkgdir" in package.',
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
  {
    code: 'rules-needs-root',
    level: 'error',
    area: 'rules',
    title: 'build or package acts on the system',
    why: 'Both run as the ordinary user wazo-plugind (package under fakeroot), so it is refused; and what is done there is done to the machine that builds.',
    source: 'wazo-plugind, building and packaging steps (unprivileged)',
    seen: 1,
    fix: 'Do it in install, or name Debian packages in debian_depends.',
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
          message: `${command.name} needs root, and ${branch} runs as an ordinary user`,
        })),
  },
  {
    code: 'rules-source-missing',
    level: 'error',
    area: 'rules',
    title: 'package copies a file that is not in the repository',
    why: 'cp fails; without set -e the package simply lacks it.',
    source: PACKAGING,
    seen: 0,
    fix: 'Add the file to git, or correct the path.',
    bad: rules({ package: 'cp -R etc usr "$pkgdir/"' }),
    good: rules({ package: 'cp -R etc "$pkgdir/"' }),
    check: (subject) => gaps(subject, 'source', (path) => `There is no ${path} that git would hand out`),
  },
  {
    code: 'rules-folder-never-made',
    level: 'error',
    area: 'rules',
    title: 'package copies into a folder that nothing made',
    why: 'cp fails, or makes a file of the name that the folder should have.',
    source: PACKAGING,
    seen: 1,
    fix: 'Make it first: mkdir -p "$pkgdir/…", or use install -D.',
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
    check: (subject) =>
      gaps(subject, 'folder', (path) => `Nothing has made the folder ${path} of the package`),
  },
  {
    code: 'rules-root-folder',
    level: 'warning',
    area: 'rules',
    title: 'The package has a folder at the root of the file system',
    why: 'Debian packages keep to the folders of the hierarchy standard; one like /patches is in the way of everyone.',
    source: 'Debian policy, 9.1 (file system hierarchy)',
    seen: 2,
    fix: 'Use /usr/share/NAME or /var/lib/NAME.',
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
        .map((name) => ({ ...at, message: `The package puts /${name} at the root of the file system` }));
    },
  },
  {
    code: 'rules-makes-debian-folder',
    level: 'error',
    area: 'rules',
    title: 'package makes the folder DEBIAN',
    why: 'wazo-plugind makes it after package, and fails when it is there.',
    source: PACKAGING,
    seen: 0,
    fix: 'Leave control files to wazo-plugind; use the commands install, uninstall and postrm.',
    bad: rules({ package: 'cp -R etc "$pkgdir/"\nmkdir "$pkgdir/DEBIAN"' }),
    good: rules({ package: 'cp -R etc "$pkgdir/"' }),
    check: ({ rules: script }) =>
      commandsOf(script, 'package').flatMap(({ command }) =>
        command.words
          .filter(({ value }) => /^\$pkgdir\/+DEBIAN(?:\/|$)/.test(value ?? ''))
          .map((word) => ({
            ...(script as RulesScript).file.at(word.start),
            message: 'wazo-plugind makes DEBIAN itself, and fails when it is there',
          })),
      ),
  },
  {
    code: 'rules-archive-mismatch',
    level: 'error',
    area: 'rules',
    title: 'The archive pattern does not match the project name of setup.py',
    why: 'bdist names the archive after the project; a pattern that matches nothing makes tar fail, and without set -e the package comes out without Python code.',
    source: 'setuptools, bdist (archive name)',
    seen: 4,
    needsPython: true,
    fix: 'Write the name of setup.py into the pattern, or install with setup.py install --root="$pkgdir".',
    bad: bdist('acme-greeter', 'dist/acme-hello-*.tar.gz'),
    good: bdist('acme-greeter', 'dist/acme[-_]greeter-*.tar.gz'),
    check: (subject) =>
      archives(subject, (pattern, name) => {
        const today = matchesArchive(pattern, name) || matchesArchive(pattern, underscored(name));
        return today
          ? undefined
          : { message: `bdist makes ${name}-VERSION….tar.gz, which ${pattern} does not match` };
      }),
  },
  {
    code: 'rules-archive-pattern',
    level: 'warning',
    area: 'rules',
    title: 'The archive pattern does not match what newer setuptools make',
    why: 'From setuptools 69.3 on (Debian 13) the archive is called with underscores: a pattern with hyphens matches nothing there, and the package loses all its Python code. 33 of the 69 public plugins that use bdist do, 32 of them with exit status 0.',
    source: 'setuptools 69.3 (normalised archive names)',
    seen: 33,
    needsPython: true,
    fix: 'Match both: dist/acme[-_]hello-*.tar.gz, or install with setup.py install --root="$pkgdir".',
    bad: bdist('acme-hello', 'dist/acme-hello-*.tar.gz'),
    good: bdist('acme-hello', 'dist/acme[-_]hello-*.tar.gz'),
    check: (subject) =>
      archives(subject, (pattern, name, word) => {
        if (!matchesArchive(pattern, name) || matchesArchive(pattern, underscored(name))) return undefined;
        const level = subject.debian >= 13 ? 'error' : 'warning';
        const text = word.text.replace(name, name.replaceAll('-', '[-_]'));
        const quotedName = /["']/.test(word.text);
        const fix = quotedName ? undefined : [{ file: 'wazo/rules', start: word.start, end: word.end, text }];
        const message = `Setuptools of Debian 13 make ${underscored(name)}-VERSION….tar.gz, which ${pattern} does not match`;
        return { message, level, fix };
      }),
  },
];

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
    if (command.name === 'cd') folder = `${command.words[0]?.value ?? ''}/`;
    return command.words.flatMap((word) => {
      const pattern = word.value;
      if (pattern === undefined || !ARCHIVE.test(folder + pattern)) return [];
      const hit = judge(pattern, name, word);
      return hit === undefined ? [] : [{ ...script.file.at(word.start), ...hit }];
    });
  });
}

const ARCHIVE = /(?:^|\/)dist\/(?:[^/]+\/)?[^/]*(?:\.tar\.(?:gz|bz2|xz)|\*[^/]*\.gz|\.tgz)$/;

/** The name of the project, when it is literal. */
function projectName({ python }: Subject): string | undefined {
  const name = setupCalls(python?.files['setup.py'])[0]?.keywords['name'];
  if (name !== undefined) return name.is === 'text' ? name.value : undefined;
  return (python?.files['setup.cfg'] ?? python?.files['pyproject.toml'])?.settings?.name;
}

function underscored(name: string): string {
  return name.replaceAll(/[-.]+/g, '_');
}

/** Whether a shell pattern for an archive can match an archive of that name. */
function matchesArchive(pattern: string, name: string): boolean {
  const file = pattern.split('/').at(-1) ?? '';
  const source = file
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  // any version will do, so the text that stands where the version is matches itself
  const version = /^[^*?[]*?-(\d[^-*?[]*)/.exec(file)?.[1] ?? '1.0';
  const archive = `${name}-${version.replace(/\.linux.*|\.tar.*/, '')}.linux-x86_64.tar.gz`;
  return new RegExp(`^${source}$`).test(archive) || file.startsWith('*');
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
