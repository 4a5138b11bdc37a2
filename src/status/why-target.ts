import type { EntryPoint } from '../wazo/entry-point.ts';
import { CALL_LOGGER_SETTINGS } from '../stage/call-logger-tree.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import type { Effect } from '../wazo/effect.ts';
import type { EffectOutcome } from '../effects/module.ts';
import { ownerOf } from '../effects/needed.ts';
import { readOutcomes } from '../effects/outcomes.ts';
import { effectScripts } from '../effects/scripts.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { Stage } from '../stage/stage.ts';
import type { StagedFile, StagedTree } from '../stage/tree.ts';
import { PACKAGING, declaredEntryPoints, type DeclaredEntryPoint } from '../readers/python/packaging.ts';
import type { PythonTexts } from '../readers/python/python-text.ts';
import { readPackaging, readPythonTexts } from '../readers/python/read-facts.ts';
import { PYTHON_PATH } from '../wazo/needs.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { peekSession, type InstalledPlugin, type Session } from '../targets/session.ts';
import { settleCallLogger } from '../targets/shared-file.ts';
import type { Target } from '../targets/target.ts';
import {
  contextNames,
  contextStates,
  expectedFiles,
  readShows,
  type ContextState,
} from './dialplan-shown.ts';
import type { SettingsFile } from '../readers/service-settings.ts';
import { enablingKey } from '../wazo/groups.ts';
import { needsOf, type Needs } from './needs.ts';
import { probeRoutes, routesOf, type RouteAnswer } from './routes.ts';
import { isRecordOnly, readServices, type ServiceState } from './service-state.ts';
import { readLogsSince } from './service-logs.ts';
import { readOwners } from '../targets/packages.ts';
import { packagesBelow, type PackageBelow } from './past.ts';
import { during } from '../support/doing.ts';
import { readFiles, readTexts, type FileFacts } from '../targets/target-files.ts';

/** The facts of a target about a plugin that can be staged. */
export interface TargetFactsForWhy {
  readonly plugin: Plugin;
  /** The tree that should stand there. */
  readonly tree: StagedTree;
  /** Installed paths that are asked about. */
  readonly paths: readonly string[];
  readonly installed: InstalledPlugin | undefined;
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly entryPoints: readonly EntryPoint[];
  /** Where the sources declare them. */
  readonly declared: readonly DeclaredEntryPoint[];
  /** Python's reading of the modules that are installed. */
  readonly python: PythonTexts;
  readonly needs: Needs;
  /** Unit → its settings, the one that wins first. */
  readonly settings: ReadonlyMap<string, readonly SettingsFile[]>;
  /** Whether some file of Asterisk's names the folder of the plugin's dialplan. */
  readonly includesExtra: boolean;
  readonly asteriskAnswers: boolean;
  readonly isEmbedded: boolean;
  /** As --target takes it. */
  readonly target: string;
  /** The folder of an embedded stack that its files are below; empty on another machine. */
  readonly root: string;
  /** Units of which an embedded stack only records restarts. */
  readonly recordOnly: ReadonlySet<string>;
  readonly services: ReadonlyMap<string, ServiceState>;
  readonly contexts: readonly ContextState[];
  /** Unit → what it logged since its process began. */
  readonly logs: ReadonlyMap<string, string>;
  /** The present answer of wazo-confgend, and whether the call logger can import the plugin. */
  /** Debian packages that brought files at the paths in question. */
  readonly packages: readonly PackageBelow[];
  readonly outcomes: readonly EffectOutcome[];
  readonly routes: readonly RouteAnswer[];
}

/** Reads all of it, in a few round trips. Changes nothing but wazo-confgend's own cache. */
export async function readTargetFacts(
  target: Target,
  stage: Stage,
  file: string | undefined,
): Promise<TargetFactsForWhy> {
  return await during(`asking target ${target.id}`, async (say) => {
    let asked = 0;
    const answered = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      asked += 1;
      say([asked, QUESTIONS]);
      return await answer;
    };
    return await askAll(target, stage, file, answered);
  });
}

/** Questions that take their time. */
const QUESTIONS = 9;

async function askAll(
  target: Target,
  stage: Stage,
  file: string | undefined,
  answered: <Answer>(answer: Promise<Answer>) => Promise<Answer>,
): Promise<TargetFactsForWhy> {
  const { plugin } = stage;
  const session = await answered(peekSession(target));
  const tree = await settleCallLogger(session, plugin, stage.tree);
  const entryPoints = entryPointsOf(tree);
  const paths = [...tree.keys()].filter((name) => file === undefined || isCopy(stage, tree, name, file));
  const needs = needsOf(paths, ownerOf(plugin, entryPoints));
  const units = [...needs.units.keys()];
  const [files, settings, services] = [
    await answered(readFiles(target, [...tree.keys()])),
    await answered(readAllSettings(target, entryPoints, plugin)),
    await answered(readServices(target, units)),
  ];
  const dialplan = expectedFiles(
    new Map(needs.dialplan.map((name) => [name, tree.get(name)?.bytes ?? Buffer.alloc(0)])),
  );
  const asterisk = await answered(readAsterisk(target));
  const shows = asterisk.answers
    ? await answered(readShows(target, contextNames(dialplan)))
    : new Map<string, string>();
  const up = [...services.values()].filter(({ state }) => state === 'active');
  return {
    plugin,
    tree,
    paths,
    installed: session.installed.get(plugin.id),
    files,
    entryPoints,
    declared: await readDeclared(stage),
    python: await readPythonTexts(
      [...tree.values()].filter(isModule).map(({ bytes }) => bytes.toString('utf8')),
    ),
    needs,
    settings,
    includesExtra: asterisk.includesExtra,
    asteriskAnswers: asterisk.answers,
    isEmbedded: target.root !== '',
    target: target.id,
    root: target.root,
    recordOnly: new Set(units.filter((unit) => isRecordOnly(target, unit))),
    services,
    contexts: contextStates(dialplan, shows),
    logs: await answered(readLogsSince(target, up)),
    packages: session.hasPackages
      ? packagesBelow(plugin.id, paths, (await readOwners(target, paths)).of, session.touched)
      : [],
    outcomes: await answered(tryOut(session, plugin, tree, needs, up)),
    routes: await answered(probeRoutes(target, routesOf(tree, entryPoints, up))),
  };
}

function isModule({ path, link, folder }: StagedFile): boolean {
  return link === undefined && !folder && PYTHON_PATH.exec(path)?.[1]?.endsWith('.py') === true;
}

async function readDeclared({ sources }: Stage): Promise<readonly DeclaredEntryPoint[]> {
  const texts = PACKAGING.flatMap((file) => {
    const source = sources.get(file);
    return source === undefined || source.link !== undefined
      ? []
      : [{ path: file, text: source.bytes.toString('utf8') }];
  });
  return declaredEntryPoints(await readPackaging(texts));
}

/** Whether an installed path is made of a source; of several equal sources, any may be it. */
function isCopy({ sources }: Stage, tree: StagedTree, name: string, file: string): boolean {
  const staged = tree.get(name);
  if (staged === undefined) return false;
  if (staged.source !== undefined) return staged.source === file;
  return staged.hash === sources.get(file)?.hash;
}

async function readAllSettings(
  target: Target,
  entryPoints: readonly EntryPoint[],
  plugin: Plugin,
): Promise<ReadonlyMap<string, readonly SettingsFile[]>> {
  const services = [...new Set(entryPoints.flatMap((entry) => enablingKey(entry)?.service ?? []))];
  const globs = services.map((service) => `"$R"/etc/${service}/conf.d/*.yml "$R"/etc/${service}/config.yml`);
  if (plugin.callLogger !== undefined) globs.push(`"$R"${CALL_LOGGER_SETTINGS}`);
  if (globs.length === 0) return new Map();
  const list = `LC_ALL=C; for f in ${globs.join(' ')}; do [ ! -f "$f" ] || printf '%s\\n' "\${f#"$R"}"; done`;
  const { stdout } = await target.run(list);
  const names = stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '');
  const texts = await readTexts(target, names);
  const files = names.map((name) => ({ path: name, text: texts.get(name) ?? '' }));
  const own = (folder: string): readonly SettingsFile[] =>
    files.filter((file) => file.path.startsWith(folder));
  return new Map([
    ...services.map((service) => [service, own(`/etc/${service}/`)] as const),
    ['call-logger', own('/etc/xdg/quartx/')] as const,
  ]);
}

async function readAsterisk(target: Target): Promise<{ answers: boolean; includesExtra: boolean }> {
  const script = [
    'wdev_section boot; wdev_console "core waitfullybooted"',
    'wdev_section extra; grep -Eqs "^[[:space:]]*#(try)?include.*extensions_extra[.]d" "$R"/etc/asterisk/extensions.conf "$R"/etc/asterisk/extensions.d/*.conf && echo yes',
  ].join('; ');
  const { stdout } = await target.run(`${script}; :`);
  const sections = splitSections(stdout.toString('utf8'), target.mark);
  return {
    answers: sectionText(sections, 'boot').includes('fully booted'),
    includesExtra: sectionText(sections, 'extra').trim() === 'yes',
  };
}

/** Lets wazo-confgend generate the plugin's files, and the call logger's Python import the plugin. */
async function tryOut(
  session: Session,
  plugin: Plugin,
  tree: StagedTree,
  needs: Needs,
  up: readonly ServiceState[],
): Promise<readonly EffectOutcome[]> {
  const generates = up.some(({ unit }) => unit === 'wazo-confgend') ? needs.generated : [];
  const tried: Effect[] = generates.map((generated) => ({ do: 'generate', ...generated }));
  if (plugin.callLogger !== undefined) tried.push({ do: 'call-logger' });
  if (tried.length === 0) return [];
  const effects = tried.map((effect) => ({ effect, plugins: [plugin.id], because: 'it is tried out' }));
  const scripts = effectScripts(session, { effects, changes: [{ plugin, tree }], contexts: [] });
  const { target } = session;
  const { stdout } = await target.run(`mkdir -p "$S"; ${scripts.join('; ')}; rmdir "$S" 2>/dev/null || :`);
  return readOutcomes(effects, splitSections(stdout.toString('utf8'), target.mark));
}
