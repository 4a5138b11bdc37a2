import { leadsTo } from '../package-tree.ts';
import { isReadByService } from '../../wazo/needs.ts';
import { rules, together, withFiles } from '../examples.ts';
import { nearest } from '../../support/nearest.ts';
import type { Hit, RuleChecks } from '../rule.ts';
import { ASTERISK_FOLDERS, ownerOf } from '../../wazo/asterisk-files.ts';
import type { Subject } from '../subject.ts';
import { MORE_TIME } from '../../support/allowance.ts';

const DIALPLAN = '[acme-more]\nexten = s,1,Return()\n';

/** Names that a second plugin is likely to choose too. */
const GENERIC =
  /^(?:\d+-)?(?:hello-?world|custom|plugin|plugins|config|settings|test|tests|local|dialplan|extensions?|example|default|enabled|main|my[-_]?\w*|new|asterisk|general)\.(?:conf|yml)$/;

const LEFTOVER =
  /(?:^|\/)(?:[^/]*~|\.[^/]*\.sw[a-p]|[^/]*\.(?:orig|rej|bak|old|dpkg-(?:old|dist|new)|tmp|pyc)|\.DS_Store|Thumbs\.db|#[^/]*#)$|(?:^|\/)(?:\.idea|\.vscode|__pycache__|\.tox|\.pytest_cache|[^/]+\.egg-info)\//;

/** Where an installed file comes from, for the place of a finding. */
function sourceOf(subject: Subject, installed: string): string {
  return subject.package.files.get(installed) ?? 'wazo/rules';
}

const LINK = 'etc/asterisk/extensions_extra.d/acme-more.conf';

export const FILE_CHECKS = {
  'link-dangling': {
    area: 'files',
    bad: {
      ...withFiles({ 'dialplan/acme-more.conf': DIALPLAN }, `${LINK} -> ../../../dialplan/acme-more.conf`),
      links: { [LINK]: '../../../dialplan/acme-more.conf' },
    },
    good: {
      ...withFiles({ 'etc/acme/acme-more.conf': DIALPLAN }, `${LINK} -> ../../acme/acme-more.conf`),
      links: { [LINK]: '../../acme/acme-more.conf' },
    },
    check: (subject) => {
      const { certain, links } = subject.package;
      return certain ? [...links].flatMap(([installed, link]) => danglingLink(subject, installed, link)) : [];
    },
  },
  'settings-broken': {
    area: 'files',
    bad: withFiles({ 'wdev.yml': 'qiet: 300\n' }),
    good: withFiles({ 'wdev.yml': 'quiet: 300\n' }),
    check: ({ settings }) => settings.map((problem) => ({ file: 'wdev.yml', ...problem })),
  },
  'package-folder-committed': {
    area: 'files',
    kinds: ['stack'],
    bad: withFiles({ '_pkg/etc/acme.conf': 'acme=1\n' }),
    good: withFiles({ '.gitignore': '_pkg/\n' }),
    check: ({ files }) => {
      const found = [...files.keys()].find((path) => path === '_pkg' || path.startsWith('_pkg/'));
      if (found === undefined) return [];
      return [
        {
          file: found,
          message: 'Folder "_pkg" is committed; wazo-plugind creates it itself and fails when it exists',
        },
      ];
    },
  },
  'file-owned-by-wazo': {
    area: 'files',
    bad: withFiles({ 'etc/asterisk/queues.conf': '[acme]\n' }),
    good: withFiles({ 'etc/asterisk/queues.d/50-acme-hello.conf': '[acme]\n' }),
    check: (subject) =>
      [...subject.package.files.keys()].flatMap((path) => {
        const owner = ownerOf(path);
        return owner === undefined
          ? []
          : [
              {
                file: sourceOf(subject, path),
                line: 1,
                message: `${path} belongs to the Wazo package ${owner}`,
              },
            ];
      }),
  },
  'file-generic-name': {
    area: 'files',
    bad: withFiles({ 'etc/asterisk/extensions_extra.d/helloworld.conf': DIALPLAN }),
    good: withFiles({ 'etc/asterisk/extensions_extra.d/acme-greeting.conf': DIALPLAN }),
    check: (subject) =>
      [...subject.package.files.keys()].flatMap((path) => {
        const name = /^\/etc\/[^/]+\/(?:[^/]+\.d|conf\.d)\/([^/]+)$/.exec(path)?.[1];
        if (name === undefined || !GENERIC.test(name)) return [];
        const { plugin } = subject;
        if (plugin.namespace !== '' && name.includes(plugin.namespace)) return [];
        return [
          { file: sourceOf(subject, path), message: `Another plugin may ship a file called "${name}" too` },
        ];
      }),
  },
  'file-not-packaged': {
    area: 'files',
    kinds: ['stack'],
    bad: together(
      withFiles({ 'etc/wazo-calld/conf.d/50-acme-hello.yml': 'acme_hello: {}\n' }),
      rules({ package: 'cp -R --parents etc/asterisk "$pkgdir/"' }),
    ),
    good: rules({ package: 'cp -R etc "$pkgdir/"' }),
    check: (subject) => {
      const { certain, files } = subject.package;
      if (!certain || subject.rules?.branches?.has('package') !== true) return [];
      const packaged = new Set(files.values());
      return [...subject.files.keys()]
        .filter(
          (path) => /^(?:etc|usr|lib)\/[^/]+\/./.test(path) && !/\/\.git(?:keep|ignore)$|\/README/.test(path),
        )
        .filter((path) => !packaged.has(path) && !files.has(`/${path}`) && !LEFTOVER.test(path))
        .filter((path) => !path.endsWith('.py'))
        .map((path) => ({ file: path, message: `The package step does not copy ${path}` }));
    },
  },
  'file-wrong-folder': {
    area: 'files',
    bad: withFiles({ 'etc/asterisk/extension_extra.d/acme-hello2.conf': DIALPLAN }),
    good: withFiles({ 'etc/asterisk/extensions_extra.d/acme-hello2.conf': DIALPLAN }),
    check: (subject) => [...subject.package.files.keys()].flatMap((path) => wrongFolder(subject, path)),
  },
  'asterisk-plus-too-early': {
    area: 'files',
    bad: withFiles({ 'etc/asterisk/manager.d/50-acme-hello.conf': '[general](+)\ndebug = on\n' }),
    good: withFiles({ 'etc/asterisk/manager.d/99-zz-acme-hello.conf': '[general](+)\ndebug = on\n' }),
    check: ({ files }) =>
      [...files.values()].flatMap((file): readonly Hit[] => {
        const match = /(?:^|\/)etc\/asterisk\/(?:manager|indications)\.d\/([^/]+\.conf)$/.exec(file.path);
        const at = file.text.search(/^\[general\]\s*\(\s*\+/m);
        if (match === null || at < 0 || (match[1] ?? '') > '99-general.conf') return [];
        return [
          {
            ...file.at(at),
            message: '[general] is defined in 99-general.conf, which is read after this file',
          },
        ];
      }),
  },
  'file-not-checked': {
    area: 'files',
    bad: withFiles({ 'data/acme.csv': '0123456789\n'.repeat(400_000) }, '# data/acme.csv, 400,000 lines'),
    good: withFiles({ 'data/acme.csv': '0123456789\n' }),
    check: ({ files, shellcheck }) => [
      ...[...files.values()]
        .filter(({ isUnread }) => isUnread)
        .map(({ path: file }) => ({
          file,
          message: 'Not checked: the file, or the text of the plugin, is too large',
        })),
      ...(shellcheck?.unasked ?? []).map((file) => ({
        file,
        message: 'Not checked by shellcheck: the scripts of this run take too long',
        help: `To check it, ${MORE_TIME}`,
      })),
    ],
  },
  'file-leftover': {
    area: 'files',
    bad: withFiles({ 'setup.py~': '# old\n' }),
    good: withFiles({ '.gitignore': '*~\n' }),
    check: ({ files }) =>
      [...files.keys()]
        .filter((path) => LEFTOVER.test(path) && !/extensions_extra\.d\//.test(path))
        .map((path) => ({ file: path, message: 'Leftover of an editor or a tool' })),
  },
  'python2-shebang': {
    area: 'files',
    bad: withFiles({ 'tool.py': '#!/usr/bin/env python\nprint("hello")\n' }),
    good: withFiles({ 'tool.py': '#!/usr/bin/env python3\nprint("hello")\n' }),
    check: ({ files }) =>
      [...files.values()].flatMap((file): readonly Hit[] => {
        const match = /^#![^\n]*?python(2[\d.]*)?(?=[ \t]*(?:\n|$| -))/.exec(file.text);
        if (match === null) return [];
        const end = match[0].length;
        const start = end - (match[1]?.length ?? 0);
        return [
          {
            file: file.path,
            line: 1,
            message: `Servers have python3, not ${match[0].slice(2).trim().replace('/usr/bin/env ', '')}`,
            fix: [{ file: file.path, start, end, text: '3' }],
          },
        ];
      }),
  },
  'git-branch-not-master': {
    area: 'files',
    kinds: ['stack'],
    bad: { ...withFiles({}, '* main'), git: { branch: 'main', remote: true } },
    good: { ...withFiles({}, '* master'), git: { branch: 'master', remote: true } },
    check: ({ git }) =>
      git !== undefined && git.remote && git.branch !== 'master'
        ? [
            {
              file: 'wazo/plugin.yml',
              message: `wazo-plugind clones branch master unless told otherwise; this repository has ${git.branch}`,
            },
          ]
        : [],
  },
  'legacy-format': {
    area: 'files',
    kinds: ['legacy'],
    bad: {
      ...withFiles({ 'package.yml': 'name: hello\nversion: "1.0"\n', Makefile: 'install:\n\tcp a /etc\n' }),
      kind: 'legacy',
    },
    good: withFiles({}, '# wazo/plugin.yml and wazo/rules'),
    check: () => [
      {
        file: 'package.yml',
        line: 1,
        message:
          'Old plugin format (package.yml and Makefile): wazo-plugind needs wazo/plugin.yml and wazo/rules',
      },
    ],
  },
} satisfies RuleChecks;

/**
 * A link that surely leads to nothing on a server: in a circle, or to a file of the source folder that is not where it
 * leads there. Whether the server has what no part of the plugin has, only the server knows.
 */
function danglingLink(subject: Subject, installed: string, link: string): readonly Hit[] {
  const { files, links } = subject.package;
  const file = sourceOf(subject, installed);
  const found = (message: string): Hit => {
    return { file, message, level: isReadByService(installed) ? 'error' : 'warning' };
  };
  const end = leadsTo(installed, (at) => links.get(at));
  if (end === undefined) return [found(`Symlink ${installed} leads in a circle (${link})`)];
  if (hasPath(files.keys(), end)) return [];
  const source = leadsTo(`/${file}`, (at) => subject.files.get(at.slice(1))?.link)?.slice(1);
  const isMeant = source !== undefined && hasPath(subject.files.keys(), source);
  return isMeant && !link.startsWith('/')
    ? [found(`Symlink ${installed} points outside the package: ${link} does not exist on a server`)]
    : [];
}

/** Whether a path is one of these files, or a folder around one. */
function hasPath(files: Iterable<string>, path: string): boolean {
  for (const file of files) if (file === path || file.startsWith(`${path}/`)) return true;
  return false;
}

/** The ending that all have would make short names alike. */
function stemOf(folder: string): string {
  return folder.replace(/\.d$/, '');
}

const FOLDER_STEMS = [...ASTERISK_FOLDERS].map(stemOf);

function wrongFolder(subject: Subject, path: string): readonly Hit[] {
  const folder = /^\/etc\/asterisk\/([^/]+\.d)\//.exec(path)?.[1];
  const file = sourceOf(subject, path);
  const near =
    folder === undefined || ASTERISK_FOLDERS.has(folder) ? undefined : nearest(stemOf(folder), FOLDER_STEMS);
  // a folder of another name may be that of a module which the plugin brings
  if (near !== undefined)
    return [{ file, message: `Asterisk does not read /etc/asterisk/${folder}; did you mean "${near}.d"?` }];
  if (/\/cron\.(?:d|daily|hourly|weekly|monthly)\//.test(path) && !path.startsWith('/etc/cron.'))
    return [
      { file, message: `cron does not read ${path.slice(0, path.lastIndexOf('/'))}, only /etc/cron.d` },
    ];
  const notConf =
    folder !== undefined &&
    ASTERISK_FOLDERS.has(folder) &&
    folder !== 'extensions_extra.d' &&
    !path.endsWith('.conf');
  return notConf
    ? [{ file, message: `Asterisk does not read this file: only *.conf in /etc/asterisk/${folder}` }]
    : [];
}
