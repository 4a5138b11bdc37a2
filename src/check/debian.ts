import { checkPlugin } from './check.ts';
import type { FactsByFolder } from '../readers/python/read-facts.ts';
import { readPythonFacts } from '../readers/python/read-facts.ts';
import type { ShellCommand } from '../readers/shell/command.ts';
import { commandsOf } from '../readers/shell/service-calls.ts';
import { readRules } from '../readers/shell/rules-script.ts';
import { SourceText } from '../readers/source-text.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { SourceListing } from '../git/sources.ts';
import type { Finding } from '../findings/finding.ts';
import { PROSE, withoutComment, type Texts } from './find-names.ts';
import { goneSince } from '../wazo/gone-python-modules.ts';

/** Releases of Debian that plugins meet, newest last. */
export const DEBIANS: Readonly<Record<string, { readonly suite: string; readonly python: string }>> = {
  12: { suite: 'bookworm', python: '3.11' },
  13: { suite: 'trixie', python: '3.13' },
};

const RULES = 'wazo/rules';

/** What a release of Debian changes that the sources show. */
export async function debianFindings(
  plugin: Plugin,
  sources: SourceListing,
  debian: string,
  texts: Texts,
): Promise<readonly Finding[]> {
  const python = DEBIANS[debian]?.python ?? '';
  const read = await readPythonFacts([{ plugin, sources }], Number(debian));
  return [
    ...(await ruleFindings(plugin, sources, debian, read)),
    ...commandFindings(sources, debian, python),
    ...pathFindings(texts, debian, python),
    ...moduleFindings(read?.get(plugin.dir)?.files ?? {}, python),
  ];
}

/** Rules of wdev check that are about the next Debian, as findings of compat. */
async function ruleFindings(
  plugin: Plugin,
  sources: SourceListing,
  debian: string,
  read: FactsByFolder | undefined,
): Promise<readonly Finding[]> {
  const found = await checkPlugin(plugin, sources, { debian: Number(debian), facts: { read } });
  return found.flatMap((finding): readonly Finding[] => {
    if (finding.level !== 'error') return [];
    if (finding.code === 'rules-archive-pattern') {
      const help = 'wdev migrate makes setup.py install into the package itself.';
      return [{ ...finding, code: 'debian-archive-name', help, fixable: true }];
    }
    if (finding.code !== 'setup-distutils') return [];
    const isSetup = finding.file === 'setup.py';
    const help = isSetup ? 'wdev migrate puts setuptools in its place.' : 'Write what it did without it.';
    return [{ ...finding, code: 'debian-distutils', help, fixable: isSetup }];
  });
}

/** What the commands of rules do that this Debian refuses or has not. */
function commandFindings(sources: SourceListing, debian: string, python: string): readonly Finding[] {
  const source = sources.get(RULES);
  if (source === undefined || source.link !== undefined) return [];
  const script = readRules(new SourceText(RULES, source.bytes.toString('utf8'), source.mode));
  return commandsOf(script).flatMap(({ command }): readonly Finding[] => {
    const line = script.file.at(command.start).line ?? 1;
    if (isRefusedPip(command)) return [externallyManaged(line)];
    const version = /^python(3\.\d+)$/.exec(command.name)?.[1];
    return version === undefined || version === python ? [] : [otherPython(line, version, debian, python)];
  });
}

/** Source: pip, install command: what goes into another folder is not refused. */
function isRefusedPip({ name, words }: ShellCommand): boolean {
  const args = words.map(({ value, text }) => value ?? text);
  const isPip = /^pip3?(?:\.\d+)?$/.test(name);
  const isModule = /^python3?(?:\.\d+)?$/.test(name) && args[0] === '-m' && args[1] === 'pip';
  const rest = isPip ? args : isModule ? args.slice(2) : [];
  return (
    rest.includes('install') &&
    !rest.some((arg) => /^(?:--(?:root|prefix|target|break-system-packages|dry-run)\b|-t)/.test(arg))
  );
}

function externallyManaged(line: number): Finding {
  return {
    code: 'debian-externally-managed',
    level: 'error',
    message: "pip refuses to install into Debian's own Python.",
    file: RULES,
    line,
    help: 'In package: pip3 install --root="$pkgdir" --no-deps --no-build-isolation . ; libraries belong to debian_depends.',
    source: 'PEP 668; Debian 12 and later, EXTERNALLY-MANAGED',
  };
}

function otherPython(line: number, version: string, debian: string, python: string): Finding {
  return {
    code: 'debian-python-path',
    level: 'error',
    message: `Debian ${debian} has Python ${python}, and no python${version}.`,
    file: RULES,
    line,
    help: 'Call python3.',
    source: "Debian's Python policy, supported versions",
  };
}

/** Folders and programs of another Python, in any file. */
function pathFindings(texts: Texts, debian: string, python: string): readonly Finding[] {
  return [...texts].flatMap(([file, text]): readonly Finding[] => {
    if (PROSE.test(file)) return [];
    return text.split('\n').flatMap((written, index): readonly Finding[] => {
      const line = written.startsWith('#!') ? written : withoutComment(written, file);
      const [, folder, program] = /python(3\.\d+)\/|\/bin\/(?:env )?python(3\.\d+)\b/.exec(line) ?? [];
      const named = folder ?? program;
      if (named === undefined || named === python) return [];
      const what =
        folder === undefined
          ? `there is no python${named}`
          : `it never looks into a folder of python${named}`;
      const help =
        folder === undefined
          ? 'Call python3.'
          : 'Install into /usr/lib/python3/dist-packages, which every Python 3 of Debian reads.';
      return [
        {
          code: 'debian-python-path',
          level: 'error',
          message: `Debian ${debian} has Python ${python}: ${what}.`,
          file,
          line: index + 1,
          help,
          source: "Debian's Python policy, module paths",
        },
      ];
    });
  });
}

/** Modules of Python itself that its releases dropped. */
function moduleFindings(
  files: Readonly<Record<string, { readonly imports: readonly Import[] }>>,
  python: string,
): readonly Finding[] {
  return Object.entries(files).flatMap(([file, { imports }]) => {
    if (PROSE.test(file)) return [];
    return imports.flatMap(({ module, level, line, column, optional }): readonly Finding[] => {
      const name = module.split('.')[0] ?? '';
      const since = level > 0 || isOwn(name, Object.keys(files)) ? undefined : goneSince(name, python);
      if (since === undefined) return [];
      return [
        {
          code: 'debian-gone-module',
          level: optional ? 'warning' : 'error',
          message: `The module ${name} is gone since Python ${since}.`,
          file,
          line,
          column,
          source: `What's New In Python ${since}, removed modules`,
        },
      ];
    });
  });
}

interface Import {
  readonly module: string;
  readonly level: number;
  readonly line: number;
  readonly column: number;
  readonly optional: boolean;
}

function isOwn(name: string, files: readonly string[]): boolean {
  return files.some((file) => file === `${name}.py` || file === `${name}/__init__.py`);
}
