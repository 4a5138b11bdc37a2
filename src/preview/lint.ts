import { readConfig, type ConfigRead } from '../dialplan/read/config.ts';
import { loadConfig } from '../dialplan/read/load.ts';
import { rejectionsOf, type Rejection } from '../dialplan/read/rejections.ts';
import { memorySource } from '../dialplan/read/source.ts';
import { SourceText } from '../readers/source-text.ts';
import { dictEntries } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import type { Finding } from '../findings/finding.ts';
import { generatedName, type GeneratedFile } from '../wazo/entry-point.ts';
import { UNREAD_FILES, formatOf, replacedFile, stockFile } from '../wazo/generated-files.ts';

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

/** Faults of a generated text, and lines of Wazo's that it lacks; line numbers are those of the text. */
export function lintGenerated(
  target: GeneratedFile,
  text: string,
  /** Texts of a server's own that were declared, by `resource/filename`. */
  declared: Readonly<Record<string, string>>,
): readonly Finding[] {
  const { filename } = target;
  const names = sectionNames(target, text);
  if (typeof names !== 'object') return [notYaml(filename, names)];
  const stock = declared[generatedName(target)];
  const wazos = stock === undefined ? stockFile(target)?.sections : sectionNames(target, stock);
  const wanted = typeof wazos === 'object' ? wazos : [];
  const gone = [...new Set(wanted)].filter((name) => !names.includes(name));
  return [
    ...(target.resource === 'asterisk' && formatOf(target) === 'asterisk' ? lintAsterisk(target, text) : []),
    ...(gone.length === 0 ? [] : [sectionsGone(target, gone)]),
    ...unread(target),
  ];
}

function unread(target: GeneratedFile): readonly Finding[] {
  const name = generatedName(target);
  const now = UNREAD_FILES[name];
  if (now === undefined) return [];
  return [
    {
      code: 'confgend-file-unread',
      level: 'warning',
      message: `No service reads ${name} any more`,
      file: target.filename,
      help: replacedFile(now),
      source: 'wazo-confgend and wazo-asterisk-config',
    },
  ];
}

/** The sections of a text, or the keys of YAML; a line where it cannot be read. */
function sectionNames(target: GeneratedFile, text: string): readonly string[] | number {
  if (formatOf(target) === 'asterisk') {
    const file = `/etc/asterisk/${target.filename}`;
    const source = memorySource(new Map([[file, text]]));
    return readConfig(source, file, { exec: () => '' }).sections.map(({ name }) => name);
  }
  const { root, problem } = readYaml(text);
  if (problem !== undefined) return new SourceText(target.filename, text).at(problem.offset).line;
  if (root === undefined || root.kind === 'null') return [];
  return root.kind === 'map' ? dictEntries(root).map(({ key }) => key.python) : 1;
}

function notYaml(filename: string, line: number): Finding {
  return {
    code: 'generated-not-yaml',
    level: 'error',
    message: `The driver does not generate a YAML mapping, but ${filename} is read as one`,
    file: filename,
    line,
    help: "Return yaml.safe_dump() of the file's content.",
    source: 'Wazo services, configuration merging',
  };
}

function sectionsGone(target: GeneratedFile, gone: readonly string[]): Finding {
  const isYaml = formatOf(target) === 'yaml';
  const names = gone.map((name) => (isYaml ? name : `[${name}]`)).join(', ');
  return {
    code: 'generated-section-gone',
    level: 'warning',
    message: `The driver drops sections that Wazo writes to ${generatedName(target)}: ${names}`,
    file: target.filename,
    help: `Extend what Wazo's own driver generates: wdev new confgend --generated-file ${generatedName(target)}`,
    source: 'wazo-confgend, its own drivers and frontends',
  };
}

/** Asterisk's complaints. */
function lintAsterisk(target: GeneratedFile, text: string): readonly Finding[] {
  const { filename } = target;
  const file = `/etc/asterisk/${filename}`;
  const source = memorySource(new Map([[file, text]]));
  const read = readConfig(source, file, { exec: () => '' });
  const isDialplan = filename === 'extensions.conf' || /^[ \t]*(?:exten|same)[ \t]*=/m.test(text);
  const log = isDialplan ? loadConfig(read).log : read.log;
  const rejected = rejectionsOf(log)
    .filter(({ code }) => !ELSEWHERE.has(code))
    .map((rejection) => toFinding(filename, rejection, isDialplan || stockFile(target) !== undefined));
  return isDialplan || REPEATS.has(filename) ? rejected : [...rejected, ...repeated(filename, read)];
}

function toFinding(filename: string, rejection: Rejection, isFirst: boolean): Finding {
  const line = rejection.place?.line ?? rejection.asteriskLine;
  // a file of the plugin's own may come after one that defines the section
  const maybe = rejection.code === 'dialplan-unknown-addition' && !isFirst;
  const isError = rejection.level === 'ERROR' || (ENDS_FILE.has(rejection.code) && !maybe);
  return {
    code: rejection.code,
    level: isError ? 'error' : 'warning',
    message: `Asterisk, of the generated file: ${withoutPlace(rejection.message)}`,
    file: filename,
    ...(line === undefined ? {} : { line }),
    ...helpFor(rejection, maybe),
    source: 'Asterisk, configuration reader',
  };
}

function helpFor(rejection: Rejection, maybe: boolean): { help?: string } {
  if (maybe) {
    return {
      help: `Define [${rejection.context ?? ''}] in a file that Asterisk reads before this one.`,
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
      message: `Duplicate section [${name}] in the generated file; many Asterisk modules read only the first`,
      file: filename,
      line: place.line,
      help: `Merge the two, or extend the first with [${name}](+).`,
      source: 'Asterisk, configuration reader',
    };
    return [finding];
  });
}
