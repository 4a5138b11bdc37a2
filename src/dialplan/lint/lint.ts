import type { Finding, Level } from '../../findings/finding.ts';
import { CATALOGUE, type LintCode } from './lint-catalogue.ts';
import { lintCalls } from './lint-calls.ts';
import { lintFlow } from './lint-flow.ts';
import { REJECTION_LEVELS } from './finding-codes.ts';
import { loadConfig } from '../read/load.ts';
import { readConfig } from '../read/config.ts';
import type { Place } from '../read/place.ts';
import { type Rejection, rejectionsOf } from '../read/rejections.ts';
import type { RejectionCode } from '../read/rejection-table.ts';
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

/** Made up to read the files one by one: a broken one must not hide the next. */
const ENTRY = '/etc/asterisk/wdev-lint.conf';
const BACKUP = /(?:~|\.(?:bak|old|orig|rej|save|swp|swo|tmp|rpmsave|rpmnew|dpkg-\w+|ucf-\w+)|#)$|^#/;

/**
 * Judges the dialplan files of one or more plugins together, as they will lie in a stack: what Asterisk would refuse,
 * and what only a call would show.
 */
export function lintDialplan(files: readonly DialplanFile[]): Finding[] {
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
  for (const file of inOrder) {
    const base = file.installed.slice(file.installed.lastIndexOf('/') + 1);
    if (!BACKUP.test(base)) continue;
    add(
      'dialplan-backup-file',
      { file: file.installed, line: 1, column: 1, asteriskLine: 1 },
      { value: base },
    );
  }
  lintCalls(dialplan, add);
  lintFlow(dialplan, add);
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
  const level = levelOf(rejection.code);
  const help = CATALOGUE.get(rejection.code)?.help;
  const { place } = rejection;
  const file = place?.file ?? rejection.file;
  return {
    code: rejection.code,
    level,
    message: `Asterisk: ${rejection.message}`,
    ...(file === undefined ? {} : { file: names.get(file) ?? file }),
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
    ...(help === undefined ? {} : { help }),
    source: 'Asterisk 22, pbx_config',
  };
}

/** How bad it is that Asterisk says this at load. */
export function levelOf(code: RejectionCode): Level {
  return REJECTION_LEVELS[code] ?? 'error';
}

function finding(
  code: LintCode,
  place: Place | undefined,
  names: ReadonlyMap<string, string>,
  values: Readonly<Record<string, string>>,
): Finding {
  const rule = CATALOGUE.get(code);
  if (rule === undefined) throw new Error(`no such rule: ${code}`);
  return {
    code,
    level: rule.level,
    message: rule.sentence.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
    ...(place === undefined
      ? {}
      : { file: names.get(place.file) ?? place.file, line: place.line, column: place.column }),
    help: rule.help,
    source: rule.source ?? 'Asterisk 22',
  };
}
