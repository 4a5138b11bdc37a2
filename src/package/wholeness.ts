import { sizeOf } from '../git/content.ts';
import { rulesOf } from '../git/sources.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';
import type { SourceListing } from '../git/sources.ts';
import type { RulesTrace } from '../stage/trace.ts';
import type { StagedFile } from '../stage/tree.ts';
import { describesPackage } from '../readers/python/packaging-glance.ts';
import { rulesLine } from '../readers/shell/rules-text.ts';

export interface PackageContents {
  readonly sources: SourceListing;
  /** Files of the package, without those of the `wazo` folder. */
  readonly files: readonly StagedFile[];
  /** The steps' output to stderr. */
  readonly stderr: string;
}

/** Whether something looks as if a command failed unseen: only then is a trace worth its time. */
export function looksIncomplete(contents: PackageContents): boolean {
  return COMPLAINT.test(contents.stderr) || gaps(contents).length > 0;
}

const COMPLAINT =
  /^(?:Traceback \(|error: |(?!warning|note|info|running)[a-z][\w.+-]*: |\S*wazo\/rules: (?:line )?\d+: )/m;

/** Programs whose failure means that something is missing in the package. */
const PRODUCERS =
  /^(?:cp|mv|install|tar|unzip|ln|rsync|wget|curl|git|make|python[\d.]*|pip[\d.]*|patch|sed|cat|msgfmt|npm|go|cargo)\b/;

/** Commands of a package step that is not meant to put anything into the package. */
const BRINGS_NOTHING =
  /^(?:(?:case|set|chmod|chown|chgrp|umask|cd|echo|printf|export|test|\[)\s|(?::|true)(?:\s|$)|\w+=)/;

/** Findings about a package whose every step ended well. `trace` is undefined when none could be had. */
export function wholenessFindings(
  contents: PackageContents,
  trace: RulesTrace | undefined,
): readonly Finding[] {
  const found = gaps(contents);
  const failures = trace?.failed ?? [];
  const incomplete = found.length > 0;
  const placed = found.flatMap((gap) => place(gap, contents, trace) ?? []);
  const hidden = failures.map((failure): Finding => {
    const serious = PRODUCERS.test(failure.command) || incomplete;
    return {
      code: 'package-command-failed',
      level: serious ? 'error' : 'warning',
      message: `\`${failure.command}\` ended with exit status ${failure.status}, and rules went on as if nothing had happened.`,
      file: 'wazo/rules',
      line: failure.line,
      help: 'Write `set -e` near the top of wazo/rules, and `|| true` after what may fail.',
      source: 'wazo-plugind, packaging step',
    };
  });
  return [...hidden, ...placed];
}

interface Gap {
  readonly code: FindingCode;
  readonly message: string;
  readonly help?: string;
  /** Part of the line of rules that is to blame, if no command failed. */
  readonly at: RegExp;
}

function gaps({ sources, files }: PackageContents): readonly Gap[] {
  const found: Gap[] = [];
  if (files.length === 0) {
    const message = 'The package is empty: rules package put nothing into $pkgdir.';
    found.push({ code: 'package-hollow', message, at: /^\s*\(?["']?package["']?\)/ });
  }
  if (files.length > 0 && wantsPython(sources) && !files.some(isPython)) {
    const message = 'The sources have a Python package, but the package holds no Python file.';
    found.push({
      code: 'package-no-python',
      message,
      at: /setup\.py|pip|bdist|dist\//,
      help: 'Look at the file names in wazo/rules package.',
    });
  }
  for (const file of files) {
    if (file.link !== undefined || file.folder || sizeOf(file) > 0 || (file.mode & 0o111) === 0) continue;
    const name = file.path.split('/').at(-1) ?? '';
    const message = `${file.path} is a program without content.`;
    found.push({ code: 'package-empty-program', message, at: new RegExp(escape(name)) });
  }
  return found;
}

/** Folders of sources that are named like those of a system: what lies there is there to be packaged. */
const OF_THE_ROOT = /^(?:etc|usr|var|opt|lib|srv)\//;

/** An empty package of a plugin that has nothing to ship, and commands only for `install`, is what is meant. */
function place(gap: Gap, { sources }: PackageContents, trace: RulesTrace | undefined): Finding | undefined {
  const ran = trace?.ran.filter(({ step, command }) => step === 'package' && !BRINGS_NOTHING.test(command));
  const ships = [...sources.keys()].some((file) => OF_THE_ROOT.test(file));
  const meant = gap.code === 'package-hollow' && ran?.length === 0 && !ships;
  const failure = trace?.failed.at(-1);
  const line = failure?.line ?? rulesLine(rulesOf(sources), gap.at) ?? 1;
  const base = { code: gap.code, message: gap.message, file: 'wazo/rules', line } as const;
  const help = gap.help === undefined ? {} : { help: gap.help };
  return { ...base, ...help, level: meant ? 'info' : 'error', source: 'wazo-plugind, packaging step' };
}

function wantsPython(sources: SourceListing): boolean {
  const setup = sources.get('setup.py')?.bytes.toString('utf8') ?? '';
  const project = sources.get('pyproject.toml')?.bytes.toString('utf8') ?? '';
  if (!describesPackage(setup, project)) return false;
  return rulesLine(rulesOf(sources), /setup\.py|\bpip|bdist|\bbuild -|dist\/|pyproject/) !== undefined;
}

function isPython({ path }: StagedFile): boolean {
  return path.endsWith('.py') || path.endsWith('.so');
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
