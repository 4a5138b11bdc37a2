import { readConfig, type ConfigRead } from '../dialplan/read/config.ts';
import { loadConfig } from '../dialplan/read/load.ts';
import { rejectionsOf, type Rejection } from '../dialplan/read/rejections.ts';
import { memorySource } from '../dialplan/read/source.ts';
import type { Finding } from '../findings/finding.ts';

/** Faults that only the whole system shows: files and contexts beside this one. */
const ELSEWHERE = new Set([
  'dialplan-missing-file',
  'dialplan-not-a-file',
  'dialplan-unknown-include',
  'dialplan-exec-disabled',
]);

/** After these Asterisk reads no further in the file. */
const ENDS_FILE = new Set([
  'dialplan-no-context',
  'dialplan-unclosed-section',
  'dialplan-unclosed-options',
  'dialplan-unknown-template',
  'dialplan-unknown-addition',
]);

/** Files in which one section name stands for several objects. */
const REPEATS = new Set(['pjsip.conf', 'extensions.conf']);

/** Asterisk's complaints about a generated file; lines are those of the text. */
export function lintAsterisk(filename: string, text: string): readonly Finding[] {
  const file = `/etc/asterisk/${filename}`;
  const source = memorySource(new Map([[file, text]]));
  const read = readConfig(source, file, { exec: () => '' });
  const isDialplan = filename === 'extensions.conf' || /^[ \t]*(?:exten|same)[ \t]*=/m.test(text);
  const log = isDialplan ? loadConfig(read).log : read.log;
  const rejected = rejectionsOf(log)
    .filter(({ code }) => !ELSEWHERE.has(code))
    .map((rejection) => toFinding(filename, rejection, isDialplan));
  return isDialplan || REPEATS.has(filename) ? rejected : [...rejected, ...repeated(filename, read)];
}

function toFinding(filename: string, rejection: Rejection, isDialplan: boolean): Finding {
  const line = rejection.place?.line ?? rejection.asteriskLine;
  // outside of the dialplan a file of Wazo's own may have defined the section before
  const maybe = rejection.code === 'dialplan-unknown-addition' && !isDialplan;
  const isError = rejection.level === 'ERROR' || (ENDS_FILE.has(rejection.code) && !maybe);
  return {
    code: rejection.code,
    level: isError ? 'error' : 'warning',
    message: `Asterisk would say of the generated file: ${withoutPlace(rejection.message)}`,
    file: filename,
    ...(line === undefined ? {} : { line }),
    ...helpFor(rejection, maybe),
    source: 'Asterisk, configuration reader',
  };
}

function helpFor(rejection: Rejection, maybe: boolean): { help?: string } {
  if (maybe) {
    return {
      help: `A section [${rejection.context ?? ''}] must stand in a file that Asterisk reads before this one.`,
    };
  }
  return ENDS_FILE.has(rejection.code) ? { help: 'Asterisk reads nothing of the file after this line.' } : {};
}

function withoutPlace(message: string): string {
  return message.replace(/,? (?:for |in |at )?line \d+ of \S+$/, '');
}

function repeated(filename: string, read: ConfigRead): readonly Finding[] {
  const seen = new Set<string>();
  return read.sections.flatMap(({ name, place }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const finding: Finding = {
      code: 'generated-section-twice',
      level: 'warning',
      message: `[${name}] stands twice in the generated file; many modules of Asterisk read only the first`,
      file: filename,
      line: place.line,
      help: `Put its options into the first, or continue it with [${name}](+).`,
      source: 'Asterisk, configuration reader',
    };
    return [finding];
  });
}
