/** What commands and the dev loop call to have a plugin judged. */

import type { Plugin } from '../plugin/plugin.ts';
import type { Finding } from '../support/finding.ts';
import { judge, type Judgement } from './judge.ts';
import type { Area } from './rule.ts';
import { SourceText } from './source-text.ts';
import { readSubject, type Subject } from './subject.ts';

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
  /** Codes that wdev.yml turns off. */
  readonly ignore?: readonly string[] | undefined;
}

export const DEFAULT_DEBIAN = 12;

/** Judges one plugin. `sources` are the files that git would hand out. Never throws for a broken plugin. */
export async function checkPlugin(
  plugin: Plugin,
  sources: CheckedFiles,
  options: CheckOptions = {},
): Promise<readonly Finding[]> {
  const [found] = await judgePlugins([{ plugin, sources }], options);
  return (found?.judgements ?? []).map(({ finding }) => finding);
}

export interface JudgedPlugin {
  readonly subject: Subject;
  readonly judgements: readonly Judgement[];
}

/** Judges several plugins in one run, with one Python for all. */
export async function judgePlugins(
  plugins: readonly { readonly plugin: Plugin; readonly sources: CheckedFiles }[],
  options: CheckOptions = {},
): Promise<readonly JudgedPlugin[]> {
  const areas = options.files === undefined ? undefined : areasOf(options.files);
  const ignore = new Set(options.ignore);
  return plugins.map(({ plugin, sources }) => {
    const subject = readSubject({
      plugin,
      files: readTexts(sources),
      engine: options.engine,
      debian: options.debian ?? DEFAULT_DEBIAN,
    });
    const all = judge(subject, { areas, ignore });
    const wanted = options.files === undefined ? undefined : new Set(options.files);
    const judgements = all.filter(({ finding }) => wanted === undefined || wanted.has(finding.file ?? ''));
    return { subject, judgements };
  });
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
