import type { LoadedDialplan } from '../dialplan/dialplan.ts';
import { EXTENSIONS_CONF, loadDialplan } from '../dialplan/load.ts';
import { rejectionsOf } from '../dialplan/rejections.ts';
import { memorySource } from '../dialplan/source.ts';
import type { Hit } from './rule.ts';
import type { Subject } from './subject.ts';

const DIALPLAN = /^\/etc\/asterisk\/extensions(?:_extra)?\.d\/[^./][^/]*$/;

/** What a file of the stack, or the machine, decides: a plugin on its own can't tell. */
const OUTSIDE = new Set([
  'dialplan-unknown-include',
  'dialplan-unknown-extension',
  'dialplan-unknown-function',
  'dialplan-unknown-label',
  'dialplan-missing-file',
  'dialplan-exec-disabled',
  'dialplan-exec-failed',
]);

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
  const files = new Map([[EXTENSIONS_CONF, includes.join('')]]);
  for (const [installed, source] of sources) files.set(installed, subject.files.get(source)?.text ?? '');
  const read = { loaded: loadDialplan(memorySource(files)), sources };
  READ.set(subject, read);
  return read;
}

/** Installed dialplan files; by their place in the repository where the package cannot be told. */
function installedDialplan(subject: Subject): readonly (readonly [string, string])[] {
  const { files, certain } = subject.package;
  const packaged = [...files].flatMap(([path, source]) =>
    source !== undefined && DIALPLAN.test(path) ? [[path, source] as const] : [],
  );
  if (packaged.length > 0 || certain) return packaged;
  return [...subject.files.keys()]
    .filter((path) => DIALPLAN.test(`/${path}`))
    .map((path) => [`/${path}`, path] as const);
}

/** What Asterisk throws away of the plugin's dialplan, at the author's lines. */
export function rejectedLines(subject: Subject): readonly Hit[] {
  const { loaded, sources } = ownDialplan(subject);
  return rejectionsOf(loaded.log).flatMap(({ code, level, message, place }): readonly Hit[] => {
    const file = sources.get(place?.file ?? '');
    if (file === undefined || place === undefined || OUTSIDE.has(code)) return [];
    const text = message
      .replace(/,? ?(?:in|at|for|on include at)? ?line -?\d+ of (?:file )?\/\S+/, '')
      .replace(/\.$/, '');
    const { line, column } = place;
    return [{ file, line, column, message: text, level: level === 'NOTICE' ? 'warning' : 'error' }];
  });
}
