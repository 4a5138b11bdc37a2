import { readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../src/findings/finding.ts';
import type { PACKAGE } from '../../src/findings/package.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { planMigration } from '../../src/migrate/migrate.ts';
import { projectOf } from '../../src/migrate/project.ts';
import { listSources } from '../../src/git/sources.ts';
import { buildPackage } from '../../src/package/build.ts';
import { downEmbedded } from '../../src/stacks/embedded.ts';
import { run } from '../../src/support/run.ts';
import { PACKAGE_CHANGES } from '../support/bad-changes-table.ts';
import { LEGACY_PLUGIN } from '../support/legacy-plugin.ts';
import { writePlugin } from '../support/plugins.ts';
import { commitAll, writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';
import type { Scenario } from './scenario.ts';

const MANIFEST = 'name: plain\nnamespace: acme\nversion: "0.1"\n';

function rules(
  build: string,
  packaging = 'cp -R etc "$pkgdir/"',
  head = 'set -e',
): Readonly<Record<string, string>> {
  const text = `#!/bin/sh\n${head}\ncase "$1" in\n    build)\n        ${build}\n        ;;\n    package)\n        ${packaging}\n        ;;\n    *) ;;\nesac\n`;
  return { 'wazo/rules': text };
}

interface Circumstances {
  /** It is a git repository without a commit. */
  readonly git?: true;
  /** The lines that begin each command. */
  readonly tools?: readonly string[];
}

async function built(
  files: Readonly<Record<string, string>>,
  { git, tools }: Circumstances = {},
): Promise<readonly Finding[]> {
  const dir = tempFolder();
  writeFiles(dir, { 'wazo/plugin.yml': MANIFEST, ...rules(':'), 'etc/acme.conf': 'a\n', ...files });
  if (git) await run(['git', 'init', '-q'], { cwd: dir });
  const from =
    tools === undefined
      ? undefined
      : { tools: { system: '/', enter: async () => await Promise.resolve(tools), leave: async () => {} } };
  return (await buildPackage(readPlugin(dir)!, path.join(dir, '.wdev/build'), from)).findings;
}

/** A plugin of which the packaging, of which a line is given, leaves out what an entry point needs. */
function lostPython(packages: string): Readonly<Record<string, string>> {
  const site = '$pkgdir/usr/lib/python3/dist-packages';
  const copy = `cp -R etc "$pkgdir/"; mkdir -p "${site}"; cp -R build/lib/. build/*.egg-info "${site}/"`;
  return {
    ...rules(
      'mkdir build; python3 setup.py -q build_py --build-lib build/lib egg_info --egg-base build',
      copy,
    ),
    'setup.py': `from setuptools import find_packages, setup\nsetup(name='acme_py', version='1', ${packages},\n      entry_points={'wazo_calld.plugins': ['acme = acme_py.calld.plugin:Plugin']})\n`,
    'acme_py/__init__.py': '',
    'acme_py/calld/__init__.py': '',
    'acme_py/calld/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
    'acme_py/calld/api.yml': 'paths: {}\n',
  };
}

export const PACKAGE_SCENARIOS: Readonly<Record<keyof typeof PACKAGE, Scenario>> = {
  'sources-unreadable': withoutGit,
  'stage-build-failed': () => built(rules('cp missing.txt /tmp')),
  'stage-package-failed': () => built(rules(':', 'cp missing.txt "$pkgdir/"')),
  'stage-python-failed': { changes: PACKAGE_CHANGES },
  'not-a-stack-plugin': async () => {
    const dir = tempFolder();
    writeFiles(dir, LEGACY_PLUGIN);
    return (await buildPackage(readPlugin(dir)!, path.join(dir, '.wdev/build'))).findings;
  },
  'manifest-depends-itself': () =>
    built({ 'wazo/plugin.yml': `${MANIFEST}depends:\n  - {namespace: acme, name: plain}\n` }),
  'git-no-commit': () => built({}, { git: true }),
  'git-deleted-here': async () => {
    const dir = tempFolder();
    writePlugin(dir);
    writeFiles(dir, { 'wazo/notes.txt': 'old\n' });
    await commitAll(dir);
    rmSync(path.join(dir, 'wazo/notes.txt'));
    const result = await buildPackage(readPlugin(dir)!, path.join(dir, '.wdev/build'));
    return result.findings;
  },
  'git-untracked': async () => {
    const dir = tempFolder();
    writePlugin(dir);
    await commitAll(dir);
    writeFiles(dir, { 'wazo/notes.txt': 'new\n' });
    const result = await buildPackage(readPlugin(dir)!, path.join(dir, '.wdev/build'));
    return result.findings;
  },
  'build-leaves-read-only-folder': () => built(rules('mkdir made; touch made/file; chmod 555 made')),
  'build-tool-missing': () => built({}, { tools: withoutDpkgDeb() }),
  'dpkg-deb-failed': () => built({ 'wazo/plugin.yml': `${MANIFEST}debian_depends: ["vim (>="]\n` }),
  'package-command-failed': () =>
    built(rules(':', 'cp missing.txt "$pkgdir/"; cp -R etc "$pkgdir/"', '# no set -e')),
  'package-hollow': () => built(rules(':', 'cp -R nothing* "$pkgdir/" || true')),
  'package-misplaced': () => built(rules(':', 'cp -R etc/* "$pkgdir/"')),
  'package-hidden-file': () =>
    built({
      ...rules(':', 'cp -R etc "$pkgdir/"; chmod 600 "$pkgdir"/etc/asterisk/extensions_extra.d/*'),
      'etc/asterisk/extensions_extra.d/acme.conf': '[acme]\nexten = s,1,NoOp()\n',
    }),
  'package-module-missing': () => built(lostPython("packages=['acme_py']")),
  'package-api-missing': () => built(lostPython('packages=find_packages()')),
  'package-no-python': () =>
    built({
      ...rules('python3 setup.py --version'),
      'setup.py': "from setuptools import setup\nsetup(name='plain', version='1', packages=['plain'])\n",
      'plain/__init__.py': '',
    }),
  'package-empty-program': () =>
    built(rules(':', 'mkdir -p "$pkgdir/usr/bin"; install -m755 /dev/null "$pkgdir/usr/bin/acme"')),
  'apt-source-malformed': () => built({ 'etc/apt/sources.list.d/acme.list': 'deb nonsense\n' }),
  'pkg-folder-exists': () => built(rules('mkdir _pkg')),
  'package-folder-exists': () => built(rules(':', 'mkdir "$pkgdir/DEBIAN"')),
  'migrate-by-hand': async () => {
    const dir = tempFolder();
    writeFiles(dir, {
      ...LEGACY_PLUGIN,
      Makefile: 'ifeq ($(X),1)\ninstall:\n\tcp $(shell ls) /etc/\nendif\n',
    });
    const before = projectOf(await listSources(dir));
    return planMigration(before, { to: '26.05', namespace: 'acme' }).findings;
  },
};

/** Begins each command of a build: as if dpkg-deb were not installed. */
function withoutDpkgDeb(): readonly string[] {
  const program = path.join(tempFolder(), 'enter');
  const missing = 'dpkg-deb) echo "spawn dpkg-deb ENOENT" >&2; exit 127 ;;';
  writeFileSync(program, `#!/bin/sh\ncase "$1" in ${missing} esac\nexec "$@"\n`, { mode: 0o755 });
  return [program];
}

/** On a machine without git nobody knows which files are the plugin's. */
async function withoutGit(): Promise<readonly Finding[]> {
  const [dir, folder] = [tempFolder(), tempFolder()];
  writePlugin(dir);
  for (const name of readdirSync('/usr/bin'))
    if (name !== 'git') symlinkSync(path.join('/usr/bin', name), path.join(folder, name));
  const { stdout } = await wdev(['watch', '.', '--once', '--json'], { cwd: dir, env: { PATH: folder } });
  await downEmbedded(dir);
  const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as WatchEvent]));
  return events.flatMap(({ findings }) => findings ?? []);
}

interface WatchEvent {
  readonly findings?: readonly Finding[];
}
