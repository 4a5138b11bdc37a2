/** Judges plugins, for commands and the dev loop. */

import { PRESENT_DEBIAN } from '../wazo/debian.ts';
import type { GitHead } from '../git/head.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import type { Finding } from '../findings/finding.ts';
import { Beside } from './beside.ts';
import { CATALOGUE } from './catalogue.ts';
import { dialplanSources } from './dialplan.ts';
import { judge, type Judgement } from './judge.ts';
import { isPackaging } from '../readers/python/packaging.ts';
import { readPythonFacts, type FactsByFolder } from '../readers/python/read-facts.ts';
import type { Area, CompatArea } from './rule.ts';
import type { MadeRulesByFolder } from '../readers/shell/make-answer.ts';
import type { ShellComplaints } from '../readers/shell/shellcheck.ts';
import { textsOf, type CheckedFiles } from '../readers/source-text.ts';
import { readSubject, type Subject } from './subject.ts';
import type { OwnProblem } from '../readers/yaml/own.ts';
import { isScalar, valueOf } from '../readers/yaml/node.ts';
import { Allowance, MORE_TIME } from '../support/allowance.ts';
import { duringSlices } from '../support/doing.ts';

export interface CheckOptions {
  /** Wazo version that the plugin shall run on. */
  readonly engine?: string | undefined;
  /** Debian release of the server; 12 unless told. */
  readonly debian?: number | undefined;
  /** Only what a change of these files can change, and only findings in them. */
  readonly files?: readonly string[] | undefined;
  /** Whether Python files are read by Python (40 ms); yes unless told. */
  readonly python?: boolean | undefined;
  /** Programs that are tried as Python 3, in order; Debian's own first unless told. */
  readonly pythons?: readonly string[] | undefined;
  /** The processor time that programs which read the files may take in this run. */
  readonly allowance?: Allowance | undefined;
  /** The same of shellcheck, where somebody asks it. */
  readonly scriptsAllowance?: Allowance | undefined;
  /** The same of the rules themselves, beyond what a plugin takes them that nobody made to be slow. */
  readonly rulesAllowance?: Allowance | undefined;
  /** Python's reading of the files, when it was asked already; undefined without a Python. */
  readonly facts?: { readonly read: FactsByFolder | undefined } | undefined;
  /** The complaints of shellcheck about the files on disk, when it was asked. */
  readonly shellcheck?: ShellComplaints | undefined;
  /** The answers of make about the `wazo/rules` that are Makefiles, when it was asked (stage/ask-make.ts). */
  readonly made?: MadeRulesByFolder | undefined;
  /** Codes that wdev.yml turns off. */
  readonly ignore?: readonly string[] | undefined;
  /** Contexts that the server is known to have beside the plugin's. */
  readonly contexts?: ReadonlySet<string> | undefined;
  /** Only rules whose verdict depends on one of these. */
  readonly compat?: ReadonlySet<CompatArea> | undefined;
}

/** Judges one plugin. `sources` are the files that git has. Never throws for a broken plugin. */
export async function checkPlugin(
  plugin: Plugin,
  sources: CheckedFiles,
  options: CheckOptions = {},
): Promise<readonly Finding[]> {
  const [found] = await judgePlugins([{ plugin, sources }], options);
  return (found?.judgements ?? []).map(({ finding }) => finding);
}

export interface PluginToCheck {
  readonly plugin: Plugin;
  readonly sources: CheckedFiles;
  readonly git?: GitHead | undefined;
}

export interface JudgedPlugin {
  readonly subject: Subject;
  readonly judgements: readonly Judgement[];
}

/** Judges several plugins in one run, with one Python for all. */
export async function judgePlugins(
  plugins: readonly PluginToCheck[],
  options: CheckOptions = {},
): Promise<readonly JudgedPlugin[]> {
  const areas = options.files === undefined ? undefined : areasOf(options.files);
  const debian = options.debian ?? PRESENT_DEBIAN;
  const texts = plugins.map(({ plugin, sources, git }) => ({ plugin, git, files: textsOf(sources) }));
  const asked = wantsPython(options, areas);
  const { facts, pythons, allowance, rulesAllowance = new Allowance() } = options;
  const read =
    facts === undefined && asked
      ? await readPythonFacts(plugins, debian, { pythons, allowance })
      : facts?.read;
  const python = asked ? read : undefined;
  const pythonMissing = asked && python === undefined;
  const settings = await Promise.all(texts.map(async ({ files }) => await settingsProblems(files)));
  const subjects = texts.map(({ plugin, git, files }, at) => {
    return readSubject({
      plugin,
      files,
      engine: options.engine,
      contexts: options.contexts,
      debian,
      askedDebian: options.debian,
      python: python?.get(plugin.dir),
      pythonMissing,
      git,
      shellcheck: options.shellcheck?.get(plugin.dir),
      made: options.made?.get(plugin.dir),
      settings: settings[at],
    });
  });
  const beside = new Beside();
  const judged: JudgedPlugin[] = [];
  const judgeOne = (subject: Subject): void => {
    const ignore = new Set([...(options.ignore ?? []), ...ignoredBySettings(subject)]);
    const asked = withDialplan(subject, areas, options.files);
    const all = judge(subject, { areas: asked, ignore, beside, compat: options.compat });
    const wanted = options.files === undefined ? undefined : new Set(options.files);
    const judgements = all.filter(({ finding }) => wanted === undefined || wanted.has(finding.file ?? ''));
    judged.push({ subject, judgements });
    beside.add(subject);
  };
  await duringSlices('checking', subjects, (subject, at) => {
    if (at > 0 && rulesAllowance.isSpent) return void judged.push(notJudged(subject));
    const began = process.cpuUsage();
    judgeOne(subject);
    const { user, system } = process.cpuUsage(began);
    rulesAllowance.take((user + system) / 1e6, USUAL);
  });
  return judged;
}

/** Seconds that the rules take with a plugin as people write them. */
const USUAL = 0.01;

/** A plugin that nobody looked at, which must not pass for one without findings. */
function notJudged(subject: Subject): JudgedPlugin {
  const finding: Finding = {
    code: 'file-not-checked',
    level: 'warning',
    message: `${subject.plugin.id} was not checked: the plugins before it in this run took too long`,
    file: kindOf(subject.plugin).manifests.find((name) => subject.files.has(name)) ?? '',
    help: `To have it checked, ${MORE_TIME}`,
    source: 'wdev, bounds of its readers',
  };
  return { subject, judgements: [{ finding, edits: [] }] };
}

/** The faults of wdev.yml; the reader of our own YAML is loaded where there is one. */
async function settingsProblems(files: Subject['files']): Promise<readonly OwnProblem[]> {
  const file = files.get('wdev.yml');
  if (file === undefined) return [];
  const { readSettingsText } = await import('../settings/settings.ts');
  return readSettingsText(file.text).problems;
}

/** A dialplan file may lie anywhere in the repository: what `package` makes of it tells. */
function withDialplan(
  subject: Subject,
  areas: ReadonlySet<Area> | undefined,
  files: readonly string[] = [],
): ReadonlySet<Area> | undefined {
  if (areas === undefined || areas.has('dialplan')) return areas;
  const own = dialplanSources(subject);
  return files.some((file) => own.has(file)) ? new Set([...areas, 'dialplan']) : areas;
}

function wantsPython(options: CheckOptions, areas: ReadonlySet<Area> | undefined): boolean {
  if (options.python === false) return false;
  return CATALOGUE.some((rule) => rule.needsPython && areas?.has(rule.area) !== false);
}

/** Codes under `check: {ignore: […]}` of wdev.yml in the plugin's folder. */
function ignoredBySettings(subject: Subject): readonly string[] {
  const check = valueOf(subject.yaml('wdev.yml')?.document.root, 'check');
  const list = valueOf(check, 'ignore');
  return list?.kind === 'list' ? list.items.filter(isScalar).map(({ text }) => text) : [];
}

function areasOf(files: readonly string[]): ReadonlySet<Area> {
  return new Set(files.flatMap(areasOfFile));
}

function areasOfFile(file: string): readonly Area[] {
  if (file === 'wazo/plugin.yml') return ['manifest', 'rules', 'packaging'];
  if (file === 'wazo/rules') return ['rules', 'packaging'];
  if (isPackaging(file)) return ['packaging', 'python', 'confd'];
  if (file.endsWith('.py')) return ['python'];
  if (/\/conf\.d\//.test(file)) return ['confd', 'python'];
  const isAsterisk = file.includes('asterisk/') && /\.(?:conf|ael)$/.test(file);
  if (isAsterisk || file.includes('extensions_extra.d/')) return ['dialplan'];
  return ['files'];
}
