import path from 'node:path';
import { judgePlugins, type PluginToCheck } from '../check/check.ts';
import { CATALOGUE } from '../check/catalogue.ts';
import type { Judgement } from '../check/judge.ts';
import { readGitHead } from '../git/head.ts';
import { keptAsLf } from '../git/handed-out.ts';
import { listSources } from '../git/sources.ts';
import { readPlugin } from '../kinds/discover.ts';
import type { CheckedFile, CheckedFiles } from '../readers/source-text.ts';
import { textsOf, type SourceText } from '../readers/source-text.ts';
import { readPythonFacts } from '../readers/python/read-facts.ts';
import { readShellComplaints } from '../readers/shell/shellcheck.ts';
import { statOf } from '../support/stat.ts';

/** The findings of a file of a plugin, by its path in it. */
export type Judged = ReadonlyMap<string, readonly Judgement[]>;

const NEEDS_PYTHON: ReadonlySet<string> = new Set(
  CATALOGUE.filter(({ needsPython }) => needsPython).map(({ code }) => code),
);

/**
 * Bytes of a text that an editor's server reads, and of all texts of a plugin: it keeps several readings of them, for as
 * long as the editor runs. What is longer counts as empty, and says so (file-not-checked).
 */
export const LONGEST = 1_000_000;
const ALL = 2 * LONGEST;

/** Stands for a text that is too long, where the rules read it. */
const UNREAD = { bytes: Buffer.alloc(0), large: { pieces: () => [Buffer.from('x')] } } as const;

/** A plugin whose files an editor has open: the text of the editor stands before that of the disk. */
export class EditedPlugin {
  readonly dir: string;
  private readonly open = new Map<string, string>();
  private listing: CheckedFiles | undefined;
  /** Whether git would store a file that is open with LF, as it was asked. */
  private readonly ends = new Map<string, boolean>();
  private judged: Judged = new Map();

  constructor(dir: string) {
    this.dir = dir;
  }

  /** The text that an editor shows of a file; undefined when it is closed. */
  edit(file: string, text: string | undefined): void {
    if (text === undefined) this.open.delete(file);
    else this.open.set(file, text);
  }

  /** Reads the disk again at the next look: a file was saved there. */
  forget(): void {
    this.listing = undefined;
    this.ends.clear();
  }

  /** Every file, as far as it is text, and not too long. */
  async texts(): Promise<ReadonlyMap<string, SourceText>> {
    return textsOf(await this.sources());
  }

  /**
   * The findings of a changed file by the rules that a keystroke can wait for; those that need Python stay as they were.
   */
  async judgeSoon(file: string): Promise<Judged> {
    const checked = await this.checked();
    if (checked === undefined) return this.judged;
    const [found] = await judgePlugins([checked], { files: [file], python: false });
    const slow = (this.judged.get(file) ?? []).filter(({ finding }) => NEEDS_PYTHON.has(finding.code));
    this.judged = new Map(this.judged).set(file, [...(found?.judgements ?? []), ...slow]);
    return this.judged;
  }

  /** All findings, as `wdev check` gives them. */
  async judge(): Promise<Judged> {
    const checked = await this.checked();
    if (checked === undefined) return new Map();
    const [read, shellcheck] = await Promise.all([
      readPythonFacts([checked]),
      readShellComplaints([checked]),
    ]);
    const [found] = await judgePlugins([checked], { facts: { read }, shellcheck });
    const byFile = new Map<string, Judgement[]>();
    for (const judgement of found?.judgements ?? []) {
      const name = judgement.finding.file ?? '';
      const known = byFile.get(name);
      if (known === undefined) byFile.set(name, [judgement]);
      else known.push(judgement);
    }
    this.judged = byFile;
    return byFile;
  }

  private async checked(): Promise<PluginToCheck | undefined> {
    const plugin = readPlugin(this.dir);
    if (plugin === undefined) return undefined;
    return { plugin, sources: await this.sources(), git: readGitHead(this.dir) };
  }

  /** Asks git about open files with CRLF, once each until a file is saved. */
  private async askEnds(sources: CheckedFiles): Promise<void> {
    const names = [...this.open].filter(([name, text]) => !this.ends.has(name) && text.includes('\r\n'));
    const unsaid = names
      .map(([name]) => name)
      .filter((name) => {
        const said = saidOfEnds(sources.get(name));
        if (said !== undefined) this.ends.set(name, said);
        return said === undefined;
      });
    if (unsaid.length === 0) return;
    const kept = await keptAsLf(this.dir, unsaid);
    for (const name of unsaid) this.ends.set(name, kept.has(name));
  }

  private async sources(): Promise<CheckedFiles> {
    this.listing ??= await listSources(this.dir);
    const sources = new Map<string, CheckedFile>(this.listing);
    await this.askEnds(sources);
    for (const [name, text] of this.open) {
      const { mode = 0o644 } = sources.get(name) ?? {};
      // as git will hand it out
      const stored = this.ends.get(name) === true ? text.replaceAll('\r\n', '\n') : text;
      sources.set(name, { path: name, mode, bytes: Buffer.from(stored) });
    }
    let left = ALL;
    for (const [name, file] of sources) {
      if (file.large !== undefined || file.bytes.length === 0 || file.bytes.includes(0)) continue;
      if (file.bytes.length > Math.min(LONGEST, left)) sources.set(name, { ...file, ...UNREAD });
      else left -= file.bytes.length;
    }
    return sources;
  }
}

/** Whether a file that is saved with CRLF has LF in a clone; undefined when what lies there does not say so. */
function saidOfEnds(file: CheckedFile | undefined): boolean | undefined {
  if (file?.disk?.onlyEnds === true) return true;
  return file?.bytes.includes('\r\n') === true ? false : undefined;
}

/** The plugins around the files of an editor. */
export class Workspace {
  private readonly plugins = new Map<string, EditedPlugin>();

  /** The plugin that a file lies in, and its path there. */
  find(file: string): { readonly plugin: EditedPlugin; readonly name: string } | undefined {
    for (let dir = path.dirname(file); ; dir = path.dirname(dir)) {
      const known = this.plugins.get(dir) ?? (isPlugin(dir) ? new EditedPlugin(dir) : undefined);
      if (known !== undefined) {
        this.plugins.set(dir, known);
        return { plugin: known, name: path.relative(dir, file).split(path.sep).join('/') };
      }
      if (dir === path.dirname(dir)) return undefined;
    }
  }
}

function isPlugin(dir: string): boolean {
  return statOf(dir)?.isDirectory() === true && readPlugin(dir) !== undefined;
}
