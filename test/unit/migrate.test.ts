import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../../src/package/build.ts';
import { readMakefile } from '../../src/migrate/makefile.ts';
import { planMigration } from '../../src/migrate/migrate.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { editFiles } from '../../src/edits/edit-files.ts';
import { readLedger } from '../../src/edits/ledger.ts';
import { undoLast } from '../../src/edits/undo.ts';
import { LEGACY_PLUGIN } from '../support/legacy-plugin.ts';
import { PYTHON_PLUGIN, writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const OPTIONS = { to: '26.07', namespace: 'local' };

/** Migrates texts; gives the new ones. Executable is what is named so. */
function migrate(files: Readonly<Record<string, string>>, to = '26.07'): Record<string, string> {
  const before = new Map(
    Object.entries(files).map(([name, text]) => [
      name,
      { text, mode: name === 'wazo/rules' ? 0o755 : 0o644 },
    ]),
  );
  const { edits } = planMigration(before, { ...OPTIONS, to });
  const after = { ...files };
  for (const edit of edits) {
    if (edit.after === undefined) delete after[edit.path];
    else after[edit.path] = edit.after.text;
  }
  return after;
}

function snapshot(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || full.includes('/.wdev/')) continue;
    found[path.relative(dir, full)] =
      `${(statSync(full).mode & 0o777).toString(8)} ${readFileSync(full, 'utf8')}`;
  }
  return found;
}

describe('the legacy hello world', () => {
  it('is shown, then written at once, builds, and changes nothing the second time', async () => {
    const dir = tempFolder();
    writeFiles(dir, LEGACY_PLUGIN);
    const before = snapshot(dir);
    const shown = await wdev(['migrate', dir, '--dry-run']);
    expect(shown).toMatchObject({ status: 0, stderr: '' });
    expect(shown.stdout).toContain('deleted file mode');
    expect(shown.stdout).toContain('+++ b/wazo/rules');
    expect(snapshot(dir)).toEqual(before);

    const unasked = await wdev(['migrate', dir]);
    expect(unasked.status).toBe(2);
    expect(unasked.stderr).toContain('--yes');
    expect(snapshot(dir)).toEqual(before);

    expect((await wdev(['migrate', dir, '--yes', '--namespace', 'acme'])).status).toBe(0);
    const after = snapshot(dir);
    expect(Object.keys(after).sort()).toEqual(['helloworld.conf', 'wazo/plugin.yml', 'wazo/rules']);
    expect(after['wazo/rules']).toMatch(/^755 #!\/bin\/sh\nset -e\n/);
    expect(after['helloworld.conf']).toContain('same = n,Hangup()');

    const plugin = readPlugin(dir);
    const built =
      plugin === undefined ? undefined : await buildPackage(plugin, path.join(dir, '.wdev/build'));
    if (built?.ok !== true) throw new Error(JSON.stringify(built?.findings));
    expect(built.findings).toEqual([]);
    expect(built.built.name).toBe('wazo-plugind-helloworld-acme');
    expect(built.built.files.map((file) => file.path)).toContain(
      '/etc/asterisk/extensions_extra.d/helloworld.conf',
    );

    const again = await wdev(['migrate', dir, '--yes']);
    expect(again.stdout).toBe('acme/helloworld: nothing to change.\n');
    expect(snapshot(dir)).toEqual(after);
  });

  it('is as before, to the byte, when the recorded edits are reversed', async () => {
    const dir = tempFolder();
    writeFiles(dir, LEGACY_PLUGIN);
    const before = snapshot(dir);
    await wdev(['migrate', dir, '--yes']);
    expect(readLedger(dir).records.map(({ did }) => did)).toEqual(['migrate']);
    await undoLast(dir);
    expect(snapshot(dir)).toEqual(before);
  });
});

describe('writing', () => {
  it('is all or nothing', async () => {
    const dir = tempFolder();
    writeFiles(dir, { a: 'a\n', 'b/inside': 'x' });
    const edits = [
      { path: 'a', before: { text: 'a\n', mode: 0o644 }, after: { text: 'new\n', mode: 0o644 } },
      { path: 'c', after: { text: 'c', mode: 0o644 } },
      { path: 'b', after: { text: 'a folder is in the way', mode: 0o644 } },
    ];
    await expect(editFiles(dir, edits, 'migrate')).rejects.toThrow(/was not changed: b is a folder/);
    expect(snapshot(dir)).toEqual({ a: '644 a\n', 'b/inside': '644 x' });
    expect(readLedger(dir)).toEqual({ records: [] });
  });

  it('does not write over what was changed meanwhile', async () => {
    const dir = tempFolder();
    writeFileSync(path.join(dir, 'a'), 'theirs');
    const edits = [{ path: 'a', before: { text: 'ours', mode: 0o644 }, after: { text: 'new', mode: 0o644 } }];
    await expect(editFiles(dir, edits, 'migrate')).rejects.toThrow(/changed in the meantime/);
    expect(readFileSync(path.join(dir, 'a'), 'utf8')).toBe('theirs');
  });
});

describe('a Makefile', () => {
  it('gives the commands of a target after those that it needs, with variables and lines joined', () => {
    const { targets, problems } = readMakefile(
      `# plugin\nDEST ?= /etc/asterisk\nFILES = a.conf \\\n  b.conf\nall: build\nbuild:\n\t@make-it\ninstall: build\n\t-cp $(FILES) $(DEST)/ # keep\n\techo $$HOME\n`,
    );
    expect(targets.get('install')).toEqual([
      { text: 'make-it', line: 7, guarded: false },
      { text: 'cp a.conf b.conf /etc/asterisk/ # keep', line: 9, guarded: true },
      { text: 'echo $HOME', line: 10, guarded: false },
    ]);
    expect(problems).toEqual([]);
  });

  it('tells of what it does not understand, with its line', () => {
    const { problems } = readMakefile('ifeq ($(X),1)\ninstall:\n\tcp $(shell ls) /etc/\nendif\n');
    expect(problems.map(({ line }) => line)).toEqual([1, 3, 4]);
  });

  it('sends files to package, commands to install, and reloads after the files are gone', () => {
    const makefile = `PREFIX=/usr
install:
\tmkdir -p /var/lib/acme
\tinstall -m 755 bin/tool $(PREFIX)/bin/acme-tool
\tcp -r sounds /usr/share/asterisk/sounds/acme/
\tadduser --system acme
\tsystemctl restart xivo-ctid-ng
uninstall:
\trm -f /usr/bin/acme-tool
\trm -rf /var/lib/acme
\tsystemctl restart xivo-ctid-ng
`;
    const files = migrate({ 'package.yml': 'name: My_Tool\nversion: 1.10\n', Makefile: makefile });
    expect(files['wazo/plugin.yml']).toBe(
      'name: my-tool\nnamespace: local\nversion: "1.10"\nplugin_format_version: 1\n',
    );
    const branches = (files['wazo/rules'] ?? '').split(';;').map((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    );
    expect(branches[1]?.slice(1)).toEqual([
      'mkdir -p "${pkgdir:?}/var/lib/acme"',
      'mkdir -p "${pkgdir:?}/usr/bin"',
      'install -m 755 bin/tool "${pkgdir:?}/usr/bin/acme-tool"',
      'mkdir -p "${pkgdir:?}/usr/share/asterisk/sounds/acme"',
      'cp -r sounds "${pkgdir:?}/usr/share/asterisk/sounds/acme/"',
    ]);
    expect(branches[2]?.slice(1)).toEqual(['adduser --system acme', 'systemctl restart wazo-calld || true']);
    expect(branches[3]?.slice(1)).toEqual(['rm -rf /var/lib/acme']);
    expect(branches[4]?.slice(1)).toEqual(['systemctl restart wazo-calld || true']);
  });
});

describe('what is left of a legacy plugin', () => {
  it.each([
    [
      'Python',
      {
        'package.yml': 'name: py\nversion: 0.1\n',
        Makefile:
          'install:\n\tpython setup.py install\n\tcp -r etc/* /etc/\n\tservice xivo-ctid-ng restart\n\nuninstall:\n\tservice xivo-ctid-ng restart\n',
        'setup.py':
          "from setuptools import setup\nsetup(name='py', version='0.1', packages=['py'], entry_points={'xivo_ctid_ng.plugins': ['py = py.plugin:Plugin']})\n",
        'py/__init__.py': '',
        'py/plugin.py': 'class Plugin:\n    def load(self, dependencies):\n        pass\n',
        'etc/xivo-ctid-ng/conf.d/50-py.yml': 'enabled_plugins:\n  py: true\n',
      },
    ],
    [
      'a program of the sources',
      {
        'package.yml': 'name: tool\nversion: 0.1\n',
        Makefile:
          'install:\n\t./prepare.sh --now\n\tsh tools/make.sh\n\tcp a.conf /etc/asterisk/queues.d/50-tool.conf\n\tasterisk -x "module reload app_queue.so"\n',
        'prepare.sh': '#!/bin/sh\n',
        'tools/make.sh': '#!/bin/sh\n',
        'a.conf': '[tool]\n',
      },
    ],
  ])('is no error to check: %s', async (_what, files) => {
    const dir = tempFolder();
    writeFiles(dir, files);
    const migrated = await wdev(['migrate', dir, '--yes', '--namespace', 'acme']);
    expect(migrated.status).toBe(0);
    const checked = await wdev(['check', dir, '--json']);
    const { findings } = JSON.parse(checked.stdout) as {
      findings: readonly { level: string; code: string; message: string }[];
    };
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(readFileSync(path.join(dir, 'wazo/rules'), 'utf8')).toMatch(
      'prepare.sh' in files
        ? /# by hand, without the sources: \.\/prepare\.sh --now\n/
        : /setup\.py -q install --root/,
    );
  });
});

const OLD_RULES = `#!/bin/sh
case "$1" in
    build)
        python setup.py bdist_dumb
        ;;
    package)
        tar -C $pkgdir -xzf dist/acme-py-*.tar.gz
        cp -R etc $pkgdir/
        ;;
    install)
        systemctl restart wazo-calld
        ;;
    uninstall)
        rm -f /var/lib/acme/state
        systemctl restart wazo-calld
        ;;
    *)
        exit 1
        ;;
esac
`;

describe('a plugin of format 0', () => {
  const old = {
    'wazo/plugin.yml': 'name: py\nnamespace: acme\nversion: "1"\n',
    'wazo/rules': OLD_RULES,
    'setup.py':
      "from distutils.core import setup\nimport yaml\nMETA = yaml.load(open('wazo/plugin.yml'))\nsetup(name='acme-py', packages=['acme_py'])\n",
    'etc/xivo-ctid-ng/conf.d/50-py.yml': 'x: 1\n',
  };

  it('gets postrm, a packaging that lasts, and the present names', () => {
    const files = migrate(old);
    expect(files['wazo/plugin.yml']).toBe(`${old['wazo/plugin.yml']}plugin_format_version: 1\n`);
    expect(files['wazo/rules']).toBe(`#!/bin/sh
case "$1" in
    build)
        :
        ;;
    package)
        python3 setup.py -q install --root="\${pkgdir:?}" --prefix=/usr --install-lib=/usr/lib/python3/dist-packages --no-compile --single-version-externally-managed
        cp -R etc $pkgdir/
        ;;
    install)
        systemctl restart wazo-calld
        ;;
    uninstall)
        rm -f /var/lib/acme/state
        ;;
    postrm)
        systemctl restart wazo-calld || true
        ;;
    *)
        exit 1
        ;;
esac
`);
    expect(files['setup.py']).toContain('from setuptools import setup');
    expect(files['setup.py']).toContain("yaml.safe_load(open('wazo/plugin.yml'))");
    expect(Object.keys(files)).toContain('etc/wazo-calld/conf.d/50-py.yml');
    expect(migrate(files)).toEqual(files);
  });

  it('keeps names that its Wazo version still has', () => {
    expect(Object.keys(migrate(old, '18.03'))).toContain('etc/xivo-ctid-ng/conf.d/50-py.yml');
  });

  it('leaves alone what a person must decide: a reload within an if', () => {
    const rules = OLD_RULES.replace('python ', 'python3 ').replace(
      '        systemctl restart wazo-calld\n        ;;\n    *)',
      '        if true; then\n            systemctl restart wazo-calld\n        fi\n        ;;\n    *)',
    );
    expect(migrate({ 'wazo/plugin.yml': old['wazo/plugin.yml'], 'wazo/rules': rules })).toEqual({
      'wazo/plugin.yml': old['wazo/plugin.yml'],
      'wazo/rules': rules,
    });
  });

  it('builds the same files, in the place that every Python 3 reads', async () => {
    const dir = tempFolder();
    writeFiles(dir, PYTHON_PLUGIN);
    expect((await wdev(['migrate', dir, '--yes'])).status).toBe(0);
    const plugin = readPlugin(dir);
    const result =
      plugin === undefined ? undefined : await buildPackage(plugin, path.join(dir, '.wdev/build'));
    if (result?.ok !== true) throw new Error(JSON.stringify(result?.findings));
    expect(result.built.files.map((file) => file.path)).toEqual(
      expect.arrayContaining([
        '/etc/wazo-calld/conf.d/50-py.yml',
        '/usr/lib/python3/dist-packages/acme_py/plugin.py',
        expect.stringMatching(
          /^\/usr\/lib\/python3\/dist-packages\/acme_py-1\.1.*\.egg-info\/entry_points\.txt$/,
        ) as string,
      ]),
    );
  });
});
