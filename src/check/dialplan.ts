import type { LoadedDialplan } from '../dialplan/read/dialplan.ts';
import type { DialplanFile } from '../dialplan/lint/add.ts';
import { lintDialplan } from '../dialplan/lint/lint.ts';
import { loadDialplan } from '../dialplan/read/load.ts';
import { byBytes, memorySource } from '../dialplan/read/source.ts';
import { withStock } from '../dialplan/read/stock-sections.ts';
import type { Finding } from '../findings/finding.ts';
import { leadsTo } from './package-tree.ts';
import type { Subject } from './subject.ts';

const DIALPLAN = /^\/etc\/asterisk\/extensions(?:_extra)?\.d\/[^./][^/]*$/;

/** The dialplan that a plugin brings, as Asterisk loads it, and the source file of each installed path. */
export interface OwnDialplan {
  readonly loaded: LoadedDialplan;
  readonly sources: ReadonlyMap<string, string>;
}

const READ = new WeakMap<Subject, OwnDialplan>();

export function ownDialplan(subject: Subject): OwnDialplan {
  const known = READ.get(subject);
  if (known !== undefined) return known;
  const sources = new Map<string, string>();
  for (const [installed, source] of installedDialplan(subject)) sources.set(installed, source);
  // an #include that matches no file would cost the whole dialplan
  const includes = ['extensions.d/', 'extensions_extra.d/']
    .filter((folder) => [...sources.keys()].some((path) => path.startsWith(`/etc/asterisk/${folder}`)))
    .map((folder) => `#include ${folder}*\n`);
  const files = [...sources]
    .map(([installed, source]) => ({ installed, content: subject.files.get(source)?.text ?? '' }))
    .sort((a, b) => byBytes(a.installed, b.installed));
  const read = { loaded: loadDialplan(memorySource(withStock(files, includes.join('')))), sources };
  READ.set(subject, read);
  return read;
}

/** The source file of what Asterisk reads at an installed path, over the links of the package. */
function readAt({ package: { files, links } }: Subject, installed: string): string | undefined {
  const end = leadsTo(installed, (at) => links.get(at));
  return end === undefined ? undefined : files.get(end);
}

/** Installed dialplan files; by their place in the repository where the package cannot be told. */
function installedDialplan(subject: Subject): readonly (readonly [string, string])[] {
  const { files, certain } = subject.package;
  const packaged = [...files.keys()].flatMap((path) => {
    const source = DIALPLAN.test(path) ? readAt(subject, path) : undefined;
    return source === undefined ? [] : [[path, source] as const];
  });
  if (packaged.length > 0 || certain) return packaged;
  return [...subject.files.keys()]
    .filter((path) => DIALPLAN.test(`/${path}`))
    .map((path) => [`/${path}`, path] as const);
}

/** The source files of the plugin's dialplan, which the linter reads. */
export function dialplanSources(subject: Subject): ReadonlySet<string> {
  return new Set(installedDialplan(subject).map(([, source]) => source));
}

/** Other files of the package below /etc, which a dialplan file may include. */
function included(subject: Subject, read: ReadonlySet<string>): readonly DialplanFile[] {
  return [...subject.package.files.keys()].flatMap((installed) => {
    const name = readAt(subject, installed);
    const file = name === undefined || read.has(name) ? undefined : subject.files.get(name);
    if (file === undefined || !installed.startsWith('/etc/')) return [];
    return [{ name: file.path, installed, content: file.text }];
  });
}

const LINTED = new WeakMap<Subject, readonly Finding[]>();

/** The findings of the dialplan linter in the plugin's files, at the author's lines. */
export function lintedDialplan(subject: Subject): readonly Finding[] {
  const known = LINTED.get(subject);
  if (known !== undefined) return known;
  const files = installedDialplan(subject).map(([installed, name]) => {
    return { name, installed, content: subject.files.get(name)?.text ?? '' };
  });
  const found =
    files.length === 0
      ? []
      : lintDialplan(files, {
          engine: subject.engine,
          contexts: subject.contexts,
          included: included(subject, new Set(files.map(({ name }) => name))),
        });
  LINTED.set(subject, found);
  return found;
}
