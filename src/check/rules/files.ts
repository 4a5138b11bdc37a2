import { rules, together, withFiles } from '../examples.ts';
import { nearest } from '../../support/nearest.ts';
import type { Hit, Rule } from '../rule.ts';
import { ASTERISK_FOLDERS, ownerOf } from '../../wazo/asterisk-files.ts';
import type { Subject } from '../subject.ts';

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

export const FILE_RULES: readonly Rule[] = [
  {
    code: 'package-folder-committed',
    level: 'error',
    area: 'files',
    kinds: ['stack'],
    title: 'The repository holds _pkg',
    why: 'wazo-plugind makes _pkg in the source tree to package into, and fails when it is there.',
    source: 'wazo-plugind, packaging step',
    seen: 0,
    fix: 'git rm -r --cached _pkg, and name it in .gitignore.',
    bad: withFiles({ '_pkg/etc/acme.conf': 'acme=1\n' }),
    good: withFiles({ '.gitignore': '_pkg/\n' }),
    check: ({ files }) => {
      const found = [...files.keys()].find((path) => path === '_pkg' || path.startsWith('_pkg/'));
      if (found === undefined) return [];
      return [{ file: found, message: 'wazo-plugind cannot make _pkg, because the repository holds one' }];
    },
  },
  {
    code: 'file-owned-by-wazo',
    level: 'error',
    area: 'files',
    title: 'The package has a file that a package of Wazo owns',
    why: 'dpkg refuses to overwrite a file of another package, and the installation ends there.',
    source: 'Debian policy, 7.6.1 (overwriting files)',
    seen: 1,
    fix: 'Ship a file beside it (NAME.d/50-PLUGIN.conf, conf.d/50-PLUGIN.yml), which the stock file includes.',
    bad: withFiles({ 'etc/asterisk/queues.conf': '[acme]\n' }),
    good: withFiles({ 'etc/asterisk/queues.d/50-acme-hello.conf': '[acme]\n' }),
    check: (subject) =>
      [...subject.package.files.keys()].flatMap((path) => {
        const owner = ownerOf(path);
        return owner === undefined
          ? []
          : [{ file: sourceOf(subject, path), line: 1, message: `${path} is a file of ${owner}` }];
      }),
  },
  {
    code: 'file-generic-name',
    level: 'warning',
    area: 'files',
    title: 'A file in a shared folder has a name that another plugin may have too',
    why: 'Two packages with the same path cannot be installed together: two public demo plugins both ship helloworld.conf.',
    source: 'Debian policy, 7.6.1 (overwriting files)',
    seen: 2,
    fix: 'Name it after namespace and plugin.',
    bad: withFiles({ 'etc/asterisk/extensions_extra.d/helloworld.conf': DIALPLAN }),
    good: withFiles({ 'etc/asterisk/extensions_extra.d/acme-greeting.conf': DIALPLAN }),
    check: (subject) =>
      [...subject.package.files.keys()].flatMap((path) => {
        const name = /^\/etc\/[^/]+\/(?:[^/]+\.d|conf\.d)\/([^/]+)$/.exec(path)?.[1];
        if (name === undefined || !GENERIC.test(name)) return [];
        const { plugin } = subject;
        if (plugin.namespace !== '' && name.includes(plugin.namespace)) return [];
        return [
          { file: sourceOf(subject, path), message: `${name} is a name that another plugin may have too` },
        ];
      }),
  },
  {
    code: 'file-not-packaged',
    level: 'warning',
    area: 'files',
    kinds: ['stack'],
    title: 'A file that looks like it is to be installed is in no package',
    why: 'It lies under etc/, usr/ or lib/ of the repository, and package copies it nowhere.',
    source: 'wazo-plugind, packaging step',
    seen: 1,
    fix: 'Copy it in package, or move it out of that folder.',
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
        .map((path) => ({ file: path, message: `package copies ${path} nowhere` }));
    },
  },
  {
    code: 'file-wrong-folder',
    level: 'warning',
    area: 'files',
    title: 'A file is installed where nothing reads it',
    why: 'Asterisk of Wazo includes NAME.d/*.conf of known names only, and cron reads /etc/cron.d only; elsewhere a file has no effect.',
    source: 'wazo-asterisk-config, etc/asterisk; cron(8)',
    seen: 1,
    fix: 'Move it to the folder that is read.',
    bad: withFiles({ 'etc/asterisk/extension_extra.d/acme-hello2.conf': DIALPLAN }),
    good: withFiles({ 'etc/asterisk/extensions_extra.d/acme-hello2.conf': DIALPLAN }),
    check: (subject) => [...subject.package.files.keys()].flatMap((path) => wrongFolder(subject, path)),
  },
  {
    code: 'asterisk-plus-too-early',
    level: 'error',
    area: 'files',
    title: 'A section is extended with (+) before it is defined',
    why: 'manager.d and indications.d define [general] in 99-general.conf; a file that sorts before it extends a section that is not there yet, and Asterisk refuses the whole file.',
    source: 'wazo-asterisk-config, etc/asterisk; Asterisk, configuration templates',
    fix: 'Give the file a name that sorts after 99-general.conf.',
    bad: withFiles({ 'etc/asterisk/manager.d/50-acme-hello.conf': '[general](+)\ndebug = on\n' }),
    good: withFiles({ 'etc/asterisk/manager.d/99-zz-acme-hello.conf': '[general](+)\ndebug = on\n' }),
    check: ({ files }) =>
      [...files.values()].flatMap((file): readonly Hit[] => {
        const match = /(?:^|\/)etc\/asterisk\/(?:manager|indications)\.d\/([^/]+\.conf)$/.exec(file.path);
        const at = file.text.search(/^\[general\]\s*\(\s*\+/m);
        if (match === null || at < 0 || (match[1] ?? '') > '99-general.conf') return [];
        return [
          { ...file.at(at), message: '[general] is defined in 99-general.conf, which comes after this file' },
        ];
      }),
  },
  {
    code: 'file-leftover',
    level: 'info',
    area: 'files',
    title: 'A leftover of an editor or a tool is in the repository',
    why: 'It is of no use to others, and ends up in the package where a whole folder is copied.',
    source: 'git, ignored files',
    seen: 3,
    fix: 'git rm --cached FILE, and name it in .gitignore.',
    bad: withFiles({ 'setup.py~': '# old\n' }),
    good: withFiles({ '.gitignore': '*~\n' }),
    check: ({ files }) =>
      [...files.keys()]
        .filter((path) => LEFTOVER.test(path) && !/extensions_extra\.d\//.test(path))
        .map((path) => ({ file: path, message: 'This looks like the leftover of an editor or a tool' })),
  },
  {
    code: 'python2-shebang',
    level: 'info',
    area: 'files',
    title: 'A program is run by Python 2',
    why: 'Debian has no program called python or python2 since release 11; run as a program, the file fails.',
    source: 'Debian 11 release notes (Python 2 removed)',
    seen: 18,
    fix: 'Begin it with #!/usr/bin/env python3.',
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
            message: `There is no ${match[0].slice(2).trim()} on a server`,
            fix: [{ file: file.path, start, end, text: '3' }],
          },
        ];
      }),
  },
  {
    code: 'git-branch-not-master',
    level: 'info',
    area: 'files',
    kinds: ['stack'],
    title: 'The default branch is not master',
    why: 'wazo-plugind clones the branch master unless it is told another one, so an installation without "ref" fails.',
    source: 'wazo-plugind, downloading step',
    seen: 37,
    fix: 'Tell users the branch ("ref": "main"), or keep a branch master too.',
    bad: { ...withFiles({}, '* main'), git: { branch: 'main', remote: true } },
    good: { ...withFiles({}, '* master'), git: { branch: 'master', remote: true } },
    check: ({ git }) =>
      git !== undefined && git.remote && git.branch !== 'master'
        ? [
            {
              file: 'wazo/plugin.yml',
              message: `The branch is ${git.branch}; who installs the plugin must name it`,
            },
          ]
        : [],
  },
  {
    code: 'legacy-format',
    level: 'error',
    area: 'files',
    kinds: ['legacy'],
    title: 'package.yml with a Makefile is a format of the past',
    why: 'wazo-plugind reads wazo/plugin.yml and wazo/rules only.',
    source: 'wazo-plugind, validating step',
    fix: 'wdev migrate makes wazo/plugin.yml and wazo/rules of it.',
    bad: {
      ...withFiles({ 'package.yml': 'name: hello\nversion: "1.0"\n', Makefile: 'install:\n\tcp a /etc\n' }),
      kind: 'legacy',
    },
    good: withFiles({}, '# wazo/plugin.yml and wazo/rules'),
    check: () => [
      { file: 'package.yml', line: 1, message: 'wazo-plugind refuses package.yml with a Makefile' },
    ],
  },
];

function wrongFolder(subject: Subject, path: string): readonly Hit[] {
  const folder = /^\/etc\/asterisk\/([^/]+\.d)\//.exec(path)?.[1];
  const file = sourceOf(subject, path);
  const near =
    folder === undefined || ASTERISK_FOLDERS.has(folder) ? undefined : nearest(folder, ASTERISK_FOLDERS);
  // a folder of another name may be that of a module which the plugin brings
  if (near !== undefined)
    return [{ file, message: `Nothing of Wazo includes /etc/asterisk/${folder}; is ${near} meant?` }];
  if (/\/cron\.(?:d|daily|hourly|weekly|monthly)\//.test(path) && !path.startsWith('/etc/cron.'))
    return [{ file, message: `cron reads /etc/cron.d only, not ${path.slice(0, path.lastIndexOf('/'))}` }];
  const notConf =
    folder !== undefined &&
    ASTERISK_FOLDERS.has(folder) &&
    folder !== 'extensions_extra.d' &&
    !path.endsWith('.conf');
  return notConf ? [{ file, message: `Only *.conf of /etc/asterisk/${folder} is included` }] : [];
}
