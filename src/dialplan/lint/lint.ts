import type { Finding } from '../../findings/finding.ts';
import { rowOf, type LintCode } from '../../findings/catalogue.ts';
import { lintCalls } from './lint-calls.ts';
import { lintFlow } from './lint-flow.ts';
import { DialplanLookup } from '../read/extension-index.ts';
import { loadConfig } from '../read/load.ts';
import { readConfig } from '../read/config.ts';
import type { Place } from '../read/place.ts';
import { type Rejection, rejectionsOf } from '../read/rejections.ts';
import { byBytes, memorySource } from '../read/source.ts';
import { isStockContext } from '../../wazo/contexts.ts';

/** A dialplan file of a plugin. */
export interface DialplanFile {
  /** As a person knows it: the `file` of findings. */
  readonly name: string;
  /** Where it is installed; files are read in the byte order of these. */
  readonly installed: string;
  readonly content: string | Uint8Array;
}

export interface LintOptions {
  /** Wazo version of the server; the present one unless told. */
  readonly engine?: string | undefined;
}

const TOO_MANY_PATTERNS = 'it has too many patterns to look up each jump in them';

/** Made up to read the files one by one: a broken one must not hide the next. */
const ENTRY = '/etc/asterisk/wdev-lint.conf';
const BACKUP = /(?:~|\.(?:bak|old|orig|rej|save|swp|swo|tmp|rpmsave|rpmnew|dpkg-\w+|ucf-\w+)|#)$|^#/;

/**
 * Judges the dialplan files of one or more plugins together, as they will lie in a stack: what Asterisk would refuse,
 * and what only a call would show.
 */
export function lintDialplan(files: readonly DialplanFile[], options: LintOptions = {}): Finding[] {
  const inOrder = [...files].sort((a, b) => byBytes(a.installed, b.installed));
  const names = new Map(inOrder.map((file) => [file.installed, file.name]));
  const report: Finding[] = [];
  const add = (code: LintCode, place: Place | undefined, values: Record<string, string> = {}): void => {
    report.push(finding(code, place, names, values));
  };
  // a section of its own before each file: what a file says before its first section must not end in another's
  const entry = inOrder
    .map((file, at) => `[wdev-lint]${at === 0 ? '' : '(+)'}\n#tryinclude ${file.installed}\n`)
    .join('');
  const texts = new Map<string, string | Uint8Array>(inOrder.map((file) => [file.installed, file.content]));
  const config = readConfig(memorySource(texts.set(ENTRY, entry)), ENTRY, { exec: () => '' });
  const dialplan = loadConfig(config);
  for (const rejection of rejectionsOf(dialplan.log)) {
    if (!isExpected(rejection)) report.push(refused(rejection, names));
  }
  for (const entry of config.sections[0]?.entries ?? []) {
    if (entry.place.file !== ENTRY) add('dialplan-no-section', entry.place);
  }
  for (const place of config.selfAdditions) add('dialplan-self-addition', place);
  if (dialplan.givenUp !== undefined) {
    const { place, why } = dialplan.givenUp;
    add('dialplan-not-read', place?.file === ENTRY ? undefined : place, { value: why });
  }
  for (const file of inOrder) {
    const base = file.installed.slice(file.installed.lastIndexOf('/') + 1);
    if (!BACKUP.test(base)) continue;
    add(
      'dialplan-backup-file',
      { file: file.installed, line: 1, column: 1, asteriskLine: 1 },
      { value: base },
    );
  }
  const lookup = new DialplanLookup(dialplan);
  lintCalls(dialplan, lookup, options.engine, add);
  lintFlow(dialplan, lookup, add);
  if (lookup.isSpent) add('dialplan-not-read', undefined, { value: TOO_MANY_PATTERNS });
  return report.sort(
    (a, b) => byBytes(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || byBytes(a.code, b.code),
  );
}

/** The entry that we made up, and contexts of the stack itself. */
function isExpected(rejection: Rejection): boolean {
  if (rejection.place?.file === ENTRY || rejection.file === ENTRY) return true;
  return rejection.code === 'dialplan-unknown-include' && isStockContext(rejection.value ?? '');
}

function refused(rejection: Rejection, names: ReadonlyMap<string, string>): Finding {
  const { level, fix } = rowOf(rejection.code);
  const { place } = rejection;
  const file = place?.file ?? rejection.file;
  return {
    code: rejection.code,
    level,
    message: `Asterisk: ${rejection.message}`,
    ...(file === undefined ? {} : { file: names.get(file) ?? file }),
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
    help: fix,
    source: 'Asterisk 22, pbx_config',
  };
}

function finding(
  code: LintCode,
  place: Place | undefined,
  names: ReadonlyMap<string, string>,
  values: Readonly<Record<string, string>>,
): Finding {
  const { level, title, fix, source } = rowOf(code);
  return {
    code,
    level,
    message: `${title.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')}.`,
    ...(place === undefined
      ? {}
      : { file: names.get(place.file) ?? place.file, line: place.line, column: place.column }),
    help: fix,
    source,
  };
}
