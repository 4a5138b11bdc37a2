/** What commands and the dev loop call to have a plugin judged. */

import type { GitHead } from '../plugin/git-head.ts';
import type { Plugin } from '../plugin/plugin.ts';
import type { Finding } from '../support/finding.ts';
import { CATALOGUE } from './catalogue.ts';
import { judge, type Judgement } from './judge.ts';
import type { PythonFacts } from './python/facts.ts';
import { isPythonText, readPythonFacts } from './python/read-facts.ts';
import type { Area } from './rule.ts';
import { SourceText } from './source-text.ts';
import { readSubject, type Subject } from './subject.ts';
import { isScalar, valueOf } from './yaml/node.ts';

/** A source file as the stage lists it (stage/listing.ts). */
export interface CheckedFile {
  readonly path: string;
  readonly mode: number;
  readonly link?: string;
  readonly bytes: Buffer;
}

export type CheckedFiles = ReadonlyMap<string, CheckedFile>;

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
  /** Codes that wdev.yml turns off. */
  readonly ignore?: readonly string[] | undefined;
}

const DEFAULT_DEBIAN = 12;

/** Judges one plugin. `sources` are the files that git would hand out. Never throws for a broken plugin. */
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
  const debian = options.debian ?? DEFAULT_DEBIAN;
  const read = plugins.map(({ plugin, sources, git }) => ({ plugin, git, files: readTexts(sources) }));
  const asked = wantsPython(options, areas);
  const python = asked ? await pythonFacts(read, debian, options.pythons) : undefined;
  const pythonMissing = asked && python === undefined;
  const subjects = read.map(({ plugin, git, files }) => {
    const facts = python?.get(plugin.dir);
    return readSubject({ plugin, files, engine: options.engine, debian, python: facts, pythonMissing, git });
  });
  return subjects.map((subject, at) => {
    const others = subjects.slice(0, at);
    const ignore = new Set([...(options.ignore ?? []), ...ignoredBySettings(subject)]);
    const all = judge(subject, { areas, ignore, others });
    const wanted = options.files === undefined ? undefined : new Set(options.files);
    const judgements = all.filter(({ finding }) => wanted === undefined || wanted.has(finding.file ?? ''));
    return { subject, judgements };
  });
}

type ReadPlugin = Pick<Subject, 'plugin' | 'files'>;

function wantsPython(options: CheckOptions, areas: ReadonlySet<Area> | undefined): boolean {
  if (options.python === false) return false;
  return CATALOGUE.some((rule) => rule.needsPython && areas?.has(rule.area) !== false);
}

/** By folder of the plugin; plugins without Python files cost nothing. */
async function pythonFacts(
  plugins: readonly ReadPlugin[],
  debian: number,
  pythons: readonly string[] | undefined,
): Promise<ReadonlyMap<string, PythonFacts> | undefined> {
  const texts = new Map(
    plugins.map(({ plugin, files }) => [
      plugin.dir,
      new Map(
        [...files.values()]
          .filter(({ path, link }) => isPythonText(path) && link === undefined)
          .map(({ path, text }) => [path, text]),
      ),
    ]),
  );
  if ([...texts.values()].every((files) => files.size === 0))
    return new Map(plugins.map(({ plugin }) => [plugin.dir, { version: '', files: {} }]));
  return await readPythonFacts(texts, debian, pythons);
}

/** Codes under `check: {ignore: […]}` of wdev.yml in the plugin's folder. */
function ignoredBySettings(subject: Subject): readonly string[] {
  const check = valueOf(subject.yaml('wdev.yml')?.document.root, 'check');
  const list = valueOf(check, 'ignore');
  return list?.kind === 'list' ? list.items.filter(isScalar).map(({ text }) => text) : [];
}

/** Text files; a file with a zero byte is none. */
function readTexts(sources: CheckedFiles): ReadonlyMap<string, SourceText> {
  const texts = new Map<string, SourceText>();
  for (const { path, bytes, mode, link } of sources.values()) {
    const text = bytes.includes(0) ? '' : bytes.toString('utf8');
    texts.set(path, new SourceText(path, text, mode, link));
  }
  return texts;
}

function areasOf(files: readonly string[]): ReadonlySet<Area> {
  return new Set(files.flatMap(areasOfFile));
}

function areasOfFile(file: string): readonly Area[] {
  if (file === 'wazo/plugin.yml') return ['manifest', 'rules', 'packaging'];
  if (file === 'wazo/rules') return ['rules', 'packaging'];
  if (/^(?:setup\.(?:py|cfg)|pyproject\.toml)$/.test(file)) return ['packaging', 'python', 'confd'];
  if (file.endsWith('.py')) return ['python'];
  if (/\/conf\.d\//.test(file)) return ['confd', 'python'];
  if (/asterisk\/.*\.(?:conf|ael)$|extensions_extra\.d\//.test(file)) return ['dialplan'];
  return ['files'];
}
