/** Which plugins an upgrade of Wazo or Debian would break, judged by what stands on the server: by the rules of wdev compat. */

import { judgePlugins, type PluginToCheck } from '../check/check.ts';
import type { CompatArea } from '../check/rule.ts';
import { isError, type Finding } from '../findings/finding.ts';
import type { RuleCode } from '../findings/catalogue.ts';
import { placedEntryPoints } from '../readers/entry-points.ts';
import type { CheckedFile, CheckedFiles } from '../readers/source-text.ts';
import { branchOf } from '../readers/shell/rules-text.ts';
import { pythonOf } from '../wazo/debian.ts';
import { PYTHON_PATH } from '../wazo/needs.ts';
import { droppedGroup } from '../wazo/renamed.ts';
import type { ServerStanding, Standing } from './standing.ts';

/** The upgrade that is asked about. */
export interface Upgrade {
  /** Wazo version, `26.10`. */
  readonly engine: string;
  /** Release of Debian, where that changes too. */
  readonly debian?: number | undefined;
}

/** The fate of a plugin in an upgrade. */
export interface UpgradeVerdict {
  readonly plugin: string;
  readonly version: string;
  readonly by: Standing['by'];
  /** unknown: its files were not read. */
  readonly verdict: 'breaks' | 'fits' | 'unknown';
  /** At installed paths. A warning about `wazo/rules` tells of its next installation or removal. */
  readonly findings: readonly Finding[];
  /** Things that could not be judged, each a clause. */
  readonly unknown: readonly string[];
}

/** Rules about the making of a package, or about Wazo versions before this one: nothing that stands there. */
const ELSEWHERE: readonly RuleCode[] = ['rules-archive-pattern', 'manifest-min-wazo-too-low'];

const RULES = 'wazo/rules';

/**
 * Judges the plugins of a server. What holds of its present Wazo and Debian too is told as a warning: no upgrade breaks
 * what is broken.
 */
export async function judgeUpgrade(
  { wazo, debian, plugins }: ServerStanding,
  upgrade: Upgrade,
): Promise<readonly UpgradeVerdict[]> {
  // where wdev put files over a package, they are what runs
  const byWdev = new Set(plugins.flatMap(({ by, plugin }) => (by === 'wdev' ? [plugin] : [])));
  const standing = plugins.filter(({ by, plugin }) => by === 'wdev' || !byWdev.has(plugin));
  const present = /^\d\d\.\d\d/.exec(wazo ?? '')?.[0];
  const release = /^\d+/.exec(debian ?? '')?.[0];
  const now: Upgrade | undefined =
    present === undefined
      ? undefined
      : {
          engine: present,
          debian: upgrade.debian === undefined || release === undefined ? undefined : Number(release),
        };
  const then = await findingsOf(standing, upgrade);
  const already = now === undefined ? [] : await findingsOf(standing, now);
  return standing.map((plugin, at) => {
    const known = new Set((already[at] ?? []).map(keyOf));
    const found = (then[at] ?? []).map((one) => (known.has(keyOf(one)) ? softened(one, 'Already now') : one));
    return verdictOf(plugin, upgrade, found);
  });
}

function keyOf({ code, file, line, column }: Finding): string {
  return JSON.stringify([code, file, line, column]);
}

/** The findings about each plugin, with one Python for all. */
async function findingsOf(
  plugins: readonly Standing[],
  upgrade: Upgrade,
): Promise<readonly (readonly Finding[])[]> {
  const views = plugins.map((plugin, at) => viewOf(plugin, at));
  const compat = new Set<CompatArea>(upgrade.debian === undefined ? ['engine'] : ['engine', 'debian']);
  const asked = views.flatMap(({ installed, rules }) => [installed, rules]);
  const judged = await judgePlugins(asked, { ...upgrade, compat, ignore: ELSEWHERE });
  return plugins.map((plugin, at) => {
    const view = views[at]!;
    const [installed = [], rules = []] = [judged[2 * at], judged[2 * at + 1]].map((one) =>
      one?.judgements.map(({ finding }) => finding),
    );
    return [
      ...withEntryPoints(installed, plugin, upgrade).map((finding) => placed(finding, view)),
      ...rules
        .filter((finding) => !isOfMaking(finding, view))
        // an upgrade does not run them
        .map((finding) => placed(softened(finding, 'At its next installation or removal'), view)),
      ...ofDebian(plugin, upgrade),
    ];
  });
}

function verdictOf(plugin: Standing, { debian }: Upgrade, findings: readonly Finding[]): UpgradeVerdict {
  const { files, unread = [], depends } = plugin;
  const isRead = files !== undefined && files.some(([, text]) => text !== null);
  const others = namesOf(depends).filter(
    (name) => !name.startsWith('wazo-plugind-') && !PYTHON_PACKAGE.test(name),
  );
  return {
    plugin: plugin.plugin,
    version: plugin.version,
    by: plugin.by,
    verdict: findings.some(isError) ? 'breaks' : isRead ? 'fits' : 'unknown',
    findings,
    unknown: [
      ...(isRead ? [] : ['its files were not read']),
      ...unread.map((path) => `${path} is too long to be read`),
      ...(debian === undefined || others.length === 0
        ? []
        : [`whether Debian ${debian} has ${others.join(', ')}`]),
    ],
  };
}

/** A plugin as the rules of check see it: its installed files, as they would lie in a folder of sources. */
interface View {
  readonly installed: PluginToCheck;
  /** `wazo/rules` alone: beside the other files it would tell where they come from, and they are there already. */
  readonly rules: PluginToCheck;
  /** Path in the view → installed path. */
  readonly paths: ReadonlyMap<string, string>;
}

function viewOf({ plugin, version, files = [] }: Standing, at: number): View {
  const [namespace = '', name = ''] = plugin.split('/');
  const described = { kind: 'stack', id: plugin, namespace, name, version } as const;
  const paths = new Map<string, string>();
  const [installed, rules] = [new Map<string, CheckedFile>(), new Map<string, CheckedFile>()];
  for (const [path, text] of files) {
    if (text === null) continue;
    const own = sourcePath(path);
    if (paths.has(own)) continue;
    paths.set(own, path);
    (own === RULES ? rules : installed).set(own, { path: own, mode: 0o644, bytes: Buffer.from(text) });
  }
  const view = (dir: string, sources: CheckedFiles): PluginToCheck => ({
    plugin: { ...described, dir: `/standing/${at}/${dir}` },
    sources,
  });
  return { installed: view('installed', installed), rules: view('rules', rules), paths };
}

/** Entry points are read as settings, not as prose. */
const ENTRY_POINTS = /^(.*\.(?:egg|dist)-info\/entry_points)\.txt$/;

function sourcePath(path: string): string {
  const home = /^\/usr\/lib\/wazo-plugind\/plugins\/[^/]+\/[^/]+\/(wazo\/.+)$/.exec(path)?.[1];
  const python = PYTHON_PATH.exec(path)?.[1];
  return (home ?? python ?? path.slice(1)).replace(ENTRY_POINTS, '$1.cfg');
}

function placed(finding: Finding, { paths }: View): Finding {
  const path = paths.get(finding.file ?? '');
  if (path === undefined) return finding;
  const { fixable: _here, ...told } = finding;
  return { ...told, file: path };
}

/** `build` and `package` of the rules run where a package is made, never from the server's copy. */
function isOfMaking({ file, line = 0 }: Finding, { rules: { sources } }: View): boolean {
  const text = file === RULES ? sources.get(RULES)?.bytes.toString('utf8') : undefined;
  if (text === undefined) return false;
  return ['build', 'package'].some((command) => {
    const branch = branchOf(text, command);
    return branch !== undefined && line > branch.from && line <= branch.to;
  });
}

/** No fault of the upgrade. */
function softened(finding: Finding, when: string): Finding {
  return isError(finding)
    ? { ...finding, level: 'warning', message: `${when}: ${finding.message}` }
    : finding;
}

/** Groups of entry points that nothing loads any more; a rule about a name in the same line says nothing more. */
function withEntryPoints(
  findings: readonly Finding[],
  { files = [] }: Standing,
  { engine }: Upgrade,
): readonly Finding[] {
  const dropped = files.flatMap(([path, text]): readonly Finding[] => {
    if (text === null || !ENTRY_POINTS.test(path)) return [];
    const groups = new Set(placedEntryPoints(text).map(({ group }) => group));
    const lines = new Map<string, number>();
    for (const [at, line] of text.split('\n').entries())
      if (!lines.has(line.trim())) lines.set(line.trim(), at + 1);
    return [...groups].flatMap((group): readonly Finding[] => {
      const message = droppedGroup(group, engine);
      if (message === undefined) return [];
      const line = lines.get(`[${group}]`) ?? 1;
      return [{ code: 'entry-point-group-dropped', level: 'error', message, file: sourcePath(path), line }];
    });
  });
  const told = new Set(dropped.map(({ file, line }) => `${file}:${line}`));
  return [...dropped, ...findings.filter(({ file, line }) => !told.has(`${file}:${line}`))];
}

/** `python3.11`, `libpython3.11`, `python3.11-venv` */
const PYTHON_PACKAGE = /^(?:lib)?python(3\.\d+)(?:-.+)?$/;

/** The names in a list of dependencies; of alternatives the first. */
function namesOf(depends: string): readonly string[] {
  return depends.split(',').flatMap((one) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(one)?.[1] ?? []);
}

/** Faults that another Python shows in paths, for compiled modules, and for packages that are named after it. */
function ofDebian({ package: own, depends, files = [] }: Standing, { debian }: Upgrade): readonly Finding[] {
  const python = debian === undefined ? undefined : pythonOf(debian);
  if (debian === undefined || python === undefined) return [];
  const has = `Debian ${debian} has Python ${python}`;
  const finding = (message: string, file?: string, help?: string): Finding => ({
    code: 'debian-python-path',
    level: 'error',
    message: `${has}: ${message}`,
    ...(file === undefined ? {} : { file }),
    ...(help === undefined ? {} : { help }),
    source: "Debian's Python policy, supported versions and module paths",
  });
  const folders = new Map<string, string[]>();
  const compiled: string[] = [];
  for (const [path] of files) {
    const [, folder = '', version] = /^(\/usr\/(?:local\/)?lib\/python(3\.\d+)\/)/.exec(path) ?? [];
    const made = path.endsWith('.so')
      ? /\.cpython-3(\d+)/.exec(path.slice(path.lastIndexOf('/')))?.[1]
      : undefined;
    if (version !== undefined && version !== python) {
      const known = folders.get(folder);
      if (known === undefined) folders.set(folder, [path]);
      else known.push(path);
    } else if (made !== undefined && `3.${made}` !== python) compiled.push(path);
  }
  const help = 'Build a version of the plugin on that Debian, and roll it out after the upgrade.';
  return [
    ...[...folders].map(([folder, [first, ...more]]) =>
      finding(
        `it never looks into ${folder}${more.length === 0 ? '' : ` (${more.length + 1} files)`}`,
        first,
        help,
      ),
    ),
    ...compiled.map((path) => finding('it does not load a module that was compiled for another', path, help)),
    ...namesOf(depends)
      .filter((name) => (PYTHON_PACKAGE.exec(name)?.[1] ?? python) !== python)
      .map((name) => finding(`there is no package ${name}, which ${own} depends on`)),
  ];
}
