import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import path from 'node:path';
import { readPlugin } from '../../src/kinds/discover.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import type { StagedFile, StagedTree } from '../../src/stage/tree.ts';
import { packageRoot } from '../../src/support/paths.ts';
import type { Edit, Row } from './row.ts';

/** The text of a plugin's file with a row's change. */
function textOf(
  good: string,
  name: string,
  edit: Exclude<Edit, null | { readonly link: string } | { readonly latin1: string }>,
): string {
  if (typeof edit === 'string') return edit;
  const text = readFileSync(path.join(good, name), 'utf8');
  if ('mode' in edit) return text;
  if (edit.from === 'END') return `${text}${edit.to}`;
  if (!text.includes(edit.from)) throw new Error(`${name} has no ${edit.from}`);
  return text.replaceAll(edit.from, edit.to);
}

function modeOf(good: string, name: string, edit: Edit): number {
  if (edit !== null && typeof edit === 'object' && 'mode' in edit) return edit.mode;
  return lstatSync(path.join(good, name), { throwIfNoEntry: false })?.mode ?? 0o644;
}

/** Makes the change of a row in a plugin's folder, whose unchanged self is `good`. */
export function applyRow(plugin: string, good: string, { files }: Row): void {
  for (const [name, edit] of Object.entries(files)) {
    const full = path.join(plugin, name);
    const fresh = `${full}~`;
    mkdirSync(path.dirname(full), { recursive: true });
    if (edit === null) {
      rmSync(full, { force: true });
      continue;
    }
    // at once, so that nobody sees the folder without it
    if (typeof edit === 'object' && 'link' in edit) symlinkSync(edit.link, fresh);
    else if (typeof edit === 'object' && 'latin1' in edit) writeFileSync(fresh, edit.latin1, 'latin1');
    else {
      writeFileSync(fresh, textOf(good, name, edit));
      chmodSync(fresh, modeOf(good, name, edit));
    }
    renameSync(fresh, full);
  }
}

export function takeBack(plugin: string, good: string, { files }: Row): void {
  for (const name of Object.keys(files)) {
    const [from, to] = [path.join(good, name), path.join(plugin, name)];
    if (existsSync(from)) {
      cpSync(from, `${to}~`, { verbatimSymlinks: true });
      renameSync(`${to}~`, to);
    } else rmSync(to, { force: true });
  }
}

/** The files that the package of a row would install: below etc/ as they are, else by the plugin's own rules. */
export async function packagedBy(
  row: Row,
  good: string,
  base: StagedTree,
  folder: string,
): Promise<StagedTree> {
  const isPlain = Object.entries(row.files).every(
    ([name, edit]) => name.startsWith('etc/') && typeof edit === 'string',
  );
  if (isPlain) {
    const added = Object.entries(row.files).map(([name, edit]): [string, StagedFile] => [
      `/${name}`,
      { path: `/${name}`, mode: 0o644, hash: '', bytes: Buffer.from(typeof edit === 'string' ? edit : '') },
    ]);
    return new Map([...base, ...added]);
  }
  const plugin = path.join(folder, 'packaged');
  cpSync(good, plugin, { recursive: true, verbatimSymlinks: true });
  applyRow(plugin, good, row);
  const tree = await packaged(plugin);
  rmSync(plugin, { recursive: true });
  return tree;
}

/** The files that the plugin's package would install. */
export async function packaged(dir: string): Promise<StagedTree> {
  const plugin = readPlugin(dir);
  if (plugin === undefined) throw new Error(`no plugin in ${dir}`);
  const result = await stagePlugin(plugin);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.stage.tree;
}

/** Lays a package, and what a server has beside it, out below a root, and gives what takes it away again. */
export function layOut(tree: StagedTree, server: Row['server'], root: string): () => void {
  const made: string[] = [];
  const put = (installed: string): string => {
    const full = root + installed;
    mkdirSync(path.dirname(full), { recursive: true });
    made.push(full);
    return full;
  };
  for (const [installed, text] of Object.entries(server ?? {})) writeFileSync(put(installed), text);
  for (const { path: installed, bytes, link, folder, mode } of tree.values()) {
    if (folder === true) mkdirSync(root + installed, { recursive: true });
    else if (link === undefined) writeFileSync(put(installed), bytes, { mode });
    else symlinkSync(link, put(installed));
  }
  return () => {
    for (const full of made) if (lstatSync(full, { throwIfNoEntry: false }) !== undefined) rmSync(full);
  };
}

/** Whether `dialplan show` has all that a row wants; `show` asks Asterisk for a context. */
export function isShown({ wants }: Row, show: (context: string) => string): boolean {
  return wants.every((want) => {
    const [context = '', extension] = want.split(/[ |]/);
    const text = show(context);
    if (want.includes('|')) return text.includes(want.slice(context.length + 1));
    return (
      text.includes(`[ Context '${context}' `) &&
      (extension === undefined || text.includes(`'${extension}' =>`))
    );
  });
}

const READ = `import json, sys, yaml
def reads(text):
    try:
        if isinstance(text, dict):
            text = text['latin1'].encode('latin-1').decode()
        return isinstance(yaml.safe_load(text), dict)
    except Exception:
        return False
jobs = json.load(sys.stdin)
json.dump({'by': 'PyYAML ' + yaml.__version__, 'works': [all(map(reads, texts)) for texts in jobs]}, sys.stdout)`;

const IMPORT = `import importlib, json, os, platform, sys
sys.dont_write_bytecode = True
def works(folder, wants):
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.path[:0] = [folder, folder + '/tests/standins']
            for want in wants:
                module, name = want.split(':')
                getattr(importlib.import_module(module), name)
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0
jobs = json.load(sys.stdin)
json.dump({'by': 'Python ' + platform.python_version(), 'works': [works(*job) for job in jobs]}, sys.stdout)`;

/** The validation and the packaging of wazo-plugind itself, but for its database of what is installed and its clients. */
const MANIFESTS = `import json, os, subprocess, sys, tempfile, types, yaml
for name, needs in (('wazo_plugind.db', 'PluginDB'), ('wazo_auth_client', 'Client'), ('wazo_confd_client', 'Client')):
    sys.modules[name] = types.ModuleType(name)
    setattr(sys.modules[name], needs, None)
import jinja2, marshmallow, wazo_plugind.debian
from wazo_plugind.helpers.validator import Validator
source = os.environ['PLUGIND']
names = {name: name + '.jinja' for name in ('control', 'postinst', 'prerm', 'postrm')}
generator = wazo_plugind.debian.Generator(
    jinja2.Environment(loader=jinja2.FileSystemLoader(source + '/templates')), names, 'wazo-plugind-plugin',
    '/usr/lib/wazo-plugind/plugins', 'wazo/rules', '/var/lib/wazo-plugind/rules')
class Context:
    def __init__(self, **fields):
        self.__dict__.update(fields)
    def with_fields(self, **fields):
        return Context(**{**self.__dict__, **fields})
    def log(self, *words):
        pass
def works(text, apt):
    with tempfile.TemporaryDirectory() as top:
        folder = top + '/_pkg'
        os.mkdir(folder)
        try:
            metadata = yaml.safe_load(text)
            Validator(None, '26.08', {'reinstall': True}).validate(metadata)
            names = {key: metadata[key] for key in ('name', 'namespace')}
            generator.generate(Context(metadata=metadata, pkgdir=folder, **names))
        except Exception:
            return False
        quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}
        if subprocess.call(['dpkg-deb', '--build', folder, top + '/made.deb'], **quiet) != 0:
            return False
        return not apt or subprocess.call(['apt-get', 'install', '--simulate', top + '/made.deb'], **quiet) == 0
commit = subprocess.check_output(['git', '-C', source, 'log', '-1', '--format=%h of %cs'], text=True).strip()
by = 'wazo-plugind ' + commit + ', marshmallow ' + marshmallow.__version__
asked = json.load(sys.stdin)
if asked['apt']:
    by += ', ' + ' '.join(subprocess.check_output(['apt-get', '--version'], text=True).split()[:2])
json.dump({'by': by, 'works': [works(text, asked['apt']) for text in asked['texts']]}, sys.stdout)`;

export interface Verdicts {
  /** The real thing, with its version. */
  readonly by: string;
  readonly works: readonly boolean[];
}

function askPython(program: string, jobs: unknown, python = '/usr/bin/python3'): Verdicts {
  const { stdout, stderr } = spawnSync(python, ['-c', program], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Verdicts;
}

/** Whether PyYAML reads the files of rows as xivo.config_helper and wazo-plugind want them: a mapping each. */
export function byPyyaml(rows: readonly Row[], good: (row: Row) => string): Verdicts {
  const jobs = rows.map((row) =>
    row.wants.map((name) => {
      const edit = row.files[name];
      if (edit === undefined || edit === null || (typeof edit === 'object' && 'link' in edit))
        throw new Error(name);
      if (typeof edit === 'object' && 'latin1' in edit) return edit;
      return textOf(good(row), name, edit);
    }),
  );
  return askPython(READ, jobs);
}

/**
 * Whether wazo-plugind takes the manifests of rows and makes a package of each, and, where asked, whether apt installs it. `PLUGIND` names a clone of it, and the
 * python3 of the PATH has what it imports.
 */
export function byManifest(rows: readonly Row[], good: (row: Row) => string, apt = false): Verdicts {
  const texts = rows.map((row) => {
    const [[name, edit] = ['', undefined]] = Object.entries(row.files);
    if (
      edit === undefined ||
      edit === null ||
      (typeof edit === 'object' && ('link' in edit || 'latin1' in edit))
    ) {
      throw new Error(row.name);
    }
    return textOf(good(row), name, edit);
  });
  return askPython(MANIFESTS, { apt, texts }, 'python3');
}

/** Whether Python imports what a service would ask for. */
export function byPython(rows: readonly Row[], good: (row: Row) => string, folder: string): Verdicts {
  const jobs = rows.map((row, at) => {
    const plugin = path.join(folder, `python-${at}`);
    cpSync(good(row), plugin, { recursive: true, verbatimSymlinks: true });
    applyRow(plugin, good(row), row);
    return [plugin, row.wants];
  });
  return askPython(IMPORT, jobs);
}

/** Whether the steps of wazo-plugind make a package with what a row wants. */
export function byPlugind(row: Row, good: string, folder: string): boolean {
  const plugin = path.join(folder, 'source');
  cpSync(good, plugin, { recursive: true, verbatimSymlinks: true });
  applyRow(plugin, good, row);
  const sh = (script: string, cwd: string): { status: number | null; stdout: string } =>
    spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' });
  const commit =
    'git init -q -b master . && git add -A && git -c user.name=T -c user.email=t@example.org commit -qm x';
  if (sh(commit, plugin).status !== 0) throw new Error(`cannot commit ${row.name}`);
  const steps = path.join(packageRoot(), 'test/support/plugind-steps.sh');
  mkdirSync(path.join(folder, 'work'));
  const made = sh(`sh ${steps} "$PWD/source" "$PWD/work" && dpkg-deb -c work/source/_pkg.deb`, folder);
  sh('rm -rf source work', folder);
  return made.status === 0 && row.wants.every((want) => made.stdout.includes(` .${want}`));
}
