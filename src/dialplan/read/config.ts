import { type CommentState, openCommentState, stripComments } from './comments.ts';
import { isCutShort } from '../../support/glob.ts';
import { decodeOctets, octetLength, skipBlanks, strip, takeOctets } from './octets.ts';
import type { Place } from './place.ts';
import { type GivenUp, ReadingBudget } from './reading-budget.ts';
import type { RejectionCode } from './rejection-table.ts';
import { type LogLine, logLine } from './rejections.ts';
import { type ConfigSection, SectionList, append } from './section-list.ts';
import { type ConfigSource, unquote, writtenName } from './source.ts';

export interface ConfigFile {
  readonly path: string;
  readonly newlines: number;
  /** Asterisk's line counter before the first line: earlier files of the same glob. */
  readonly linesBefore: number;
}

interface OddName {
  readonly place: Place;
  /** The name that Asterisk keeps. */
  readonly name: string;
}

export interface ConfigRead {
  readonly sections: readonly ConfigSection[];
  readonly log: readonly LogLine[];
  /** Every file that was read, in the order of reading. */
  readonly files: readonly ConfigFile[];
  /** False when the entry file is missing or broken: then Asterisk takes nothing of it all. */
  readonly usable: boolean;
  /** Sections such as `[a](+,a)`, which make a real Asterisk take all memory. */
  readonly selfAdditions: readonly Place[];
  /** Lines that stand behind a header in its own line: Asterisk drops them without a word. */
  readonly behindHeaders: readonly Place[];
  /** Headers whose name is empty, or is cut where a name of Asterisk ends. */
  readonly oddNames: readonly OddName[];
  /** Why it was not read to its end. */
  readonly givenUp: GivenUp | undefined;
  /** The rest of the bounds, for those who go on with what was read. */
  readonly budget: ReadingBudget;
  /** Read with the option `alone`. */
  readonly alone: boolean;
}

export interface ConfigOptions {
  /** The entry is one file out of many: what it takes for granted (a section, a base, an include) may be elsewhere. */
  readonly alone?: boolean;
  /** `execincludes` of asterisk.conf; the text that a command gives, undefined when it fails. Never run by us. */
  readonly exec?: (command: string) => string | undefined;
}

const FOLDER = '/etc/asterisk';
const MAX_DEPTH = 10;
const MAX_LINE = 8190;
const MAX_NAME = 79;

/**
 * Reads a configuration file of Asterisk with all that it includes. An error ends the file that it is in and the
 * rest of the glob that brought this file; the including file goes on.
 */
export function readConfig(source: ConfigSource, entry: string, options: ConfigOptions = {}): ConfigRead {
  const reader = new ConfigReader(source, options);
  const usable = reader.readPattern(entry, entry.slice(entry.lastIndexOf('/') + 1)) === 'read';
  return {
    sections: reader.list.sections,
    log: reader.log,
    files: reader.files,
    usable,
    selfAdditions: reader.list.selfAdditions,
    behindHeaders: reader.behindHeaders,
    oddNames: reader.oddNames,
    givenUp: reader.budget.givenUp,
    budget: reader.budget,
    alone: options.alone === true,
  };
}

/** The outcome of an included pattern: nothing was there, all was read, or an error stopped it. */
type Outcome = 'absent' | 'read' | 'broken';

interface Line {
  readonly text: string;
  readonly place: Place;
  readonly reportedFile: string;
  readonly cursor: Cursor;
}

/** The state that lasts from file to file of one glob. */
interface Cursor {
  section: ConfigSection | undefined;
  /** Lines that Asterisk counted before this file. */
  skipped: number;
  readonly comments: CommentState;
}

class ConfigReader {
  readonly list: SectionList;
  readonly log: LogLine[] = [];
  readonly files: ConfigFile[] = [];
  readonly behindHeaders: Place[] = [];
  readonly oddNames: OddName[] = [];
  readonly budget = new ReadingBudget();
  private depth = 0;
  private readonly inclusions = new Map<string, number>();
  /** The section that any file opened last: where an included file starts. */
  private lastOpened: ConfigSection | undefined;
  private readonly source: ConfigSource;
  private readonly options: ConfigOptions;

  constructor(source: ConfigSource, options: ConfigOptions) {
    this.source = source;
    this.options = options;
    this.list = new SectionList(options.alone === true, this.budget);
    if (options.alone !== true) return;
    const place = { file: '', line: 0, column: 0, asteriskLine: 0 };
    this.lastOpened = { name: '', template: false, place, continued: true, entries: [], bases: [] };
    this.list.add(this.lastOpened);
  }

  readPattern(path: string, reportedAs: string | undefined, place?: Place): Outcome {
    if (this.depth > MAX_DEPTH) {
      this.report('dialplan-include-depth', { count: MAX_DEPTH });
      return 'absent';
    }
    this.depth++;
    const outcome = this.readFiles(path, reportedAs, place);
    // Asterisk forgets to leave the level of a broken file: after ten of them it includes nothing more
    if (outcome !== 'broken') this.depth--;
    return outcome;
  }

  private readFiles(path: string, reportedAs: string | undefined, place: Place | undefined): Outcome {
    const cursor: Cursor = { section: this.lastOpened, skipped: 0, comments: openCommentState() };
    const { comments } = cursor;
    let outcome: Outcome = 'absent';
    if (isCutShort(path))
      this.budget.giveUp('the braces of this pattern expand to too many file names', place);
    if (!this.budget.pattern(place)) return 'absent';
    for (const file of this.source.glob(path)) {
      if (!this.budget.file(place)) break;
      const bytes = this.source.read(file);
      if (bytes === undefined) {
        this.report('dialplan-not-a-file', { file: writtenName(path, file) });
        continue;
      }
      const name = writtenName(path, file);
      const text = decodeOctets(bytes);
      const newlines = countNewlines(text);
      this.files.push({ path: name, newlines, linesBefore: cursor.skipped });
      outcome = this.readFile(name, text, cursor, reportedAs);
      cursor.skipped += newlines + 1;
      if (comments.depth !== 0) {
        const asteriskLine = comments.starts[comments.depth - 1] ?? 0;
        const at = comments.depth < 0 ? comments.stray : asteriskLine;
        const place = { file: name, line: at - (cursor.skipped - newlines - 1), column: 1, asteriskLine: at };
        this.report('dialplan-unclosed-comment', { line: asteriskLine, file: name }, place);
      }
      if (outcome === 'broken') break;
    }
    return outcome;
  }

  private readFile(file: string, text: string, cursor: Cursor, reportedAs: string | undefined): Outcome {
    const reportedFile = reportedAs ?? file;
    let line = 0;
    for (let start = 0; start < text.length;) {
      let end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      let raw = text.slice(start, end);
      start = end + 1;
      line++;
      const asteriskLine = cursor.skipped + line;
      let column = 1;
      if (asteriskLine === 1 && raw.startsWith('\uFEFF')) {
        raw = raw.slice(1);
        column = 2;
      }
      if (raw.length * 3 > MAX_LINE && octetLength(raw) > MAX_LINE) {
        const place = { file, line, column, asteriskLine };
        this.report('dialplan-long-line', { line: asteriskLine, value: takeOctets(raw, 32) }, place);
        continue;
      }
      const nul = raw.indexOf('\0');
      const kept = stripComments(nul < 0 ? raw : raw.slice(0, nul), asteriskLine, cursor.comments);
      if (kept === undefined) continue;
      const stripped = strip(kept);
      if (stripped === '') continue;
      column += raw.length - skipBlanks(raw).length;
      const place = { file, line, column, asteriskLine };
      if (!this.budget.line(place)) return 'read';
      if (!this.readLine({ text: stripped, place, reportedFile, cursor })) return 'broken';
    }
    return 'read';
  }

  /** @returns false when the line stops the file */
  private readLine(line: Line): boolean {
    if (line.text.startsWith('[')) return this.readHeader(line);
    if (line.text.startsWith('#')) return this.readDirective(line);
    return this.readEntry(line);
  }

  private readEntry({ text, place, reportedFile, cursor }: Line): boolean {
    const where = { line: place.asteriskLine, file: place.file };
    if (cursor.section === undefined) {
      this.report('dialplan-no-context', where, place);
      return false;
    }
    const equals = text.indexOf('=');
    if (equals < 0) {
      this.report('dialplan-no-equals', where, place);
      return true;
    }
    let from = equals + 1;
    const adds = equals > 0 && text[equals - 1] === '+';
    const name = strip(text.slice(0, adds ? equals - 1 : equals));
    if (text[from] === '>' && !adds) from++;
    if (name === '') {
      this.report('dialplan-no-name', where, place);
      return true;
    }
    const rest = text.slice(from);
    const { entries } = cursor.section;
    const last =
      adds && this.budget.search(entries.length, place)
        ? entries.findLast((entry) => entry.name === name)
        : undefined;
    if (last !== undefined) {
      append(entries, last, rest);
      return true;
    }
    if (!this.budget.entry(place)) return true;
    const value = strip(rest);
    const valueColumn = place.column + from + rest.length - skipBlanks(rest).length;
    entries.push({ name, value, place, valueColumn, reportedFile });
    return true;
  }

  private readHeader({ text, place, cursor }: Line): boolean {
    const where = { line: place.asteriskLine, file: place.file };
    const close = text.indexOf(']');
    if (close < 0) {
      this.report('dialplan-unclosed-section', where, place);
      return false;
    }
    const written = text.slice(1, close);
    const name = takeOctets(written, MAX_NAME);
    if (name === '' || name !== written) this.oddNames.push({ place, name });
    let options: string[] = [];
    let end = close;
    if (text[close + 1] === '(') {
      end = text.indexOf(')', close);
      if (end < 0) {
        this.report('dialplan-unclosed-options', where, place);
        return false;
      }
      options = text.slice(close + 2, end).split(',');
    }
    const behind = skipBlanks(text.slice(end + 1));
    if (behind.includes('='))
      this.behindHeaders.push({ ...place, column: place.column + text.length - behind.length });
    return this.openSection(name, options, place, cursor);
  }

  private openSection(name: string, options: readonly string[], place: Place, cursor: Cursor): boolean {
    const section = this.list.open(name, options, place);
    if ('missing' in section) {
      const where = { line: place.asteriskLine, file: place.file, context: section.name };
      const code = section.missing === 'addition' ? 'dialplan-unknown-addition' : 'dialplan-unknown-template';
      this.report(code, where, place);
      return false;
    }
    cursor.section = section;
    this.lastOpened = section;
    return true;
  }

  private readDirective(line: Line): boolean {
    const { text, place } = line;
    const where = { line: place.asteriskLine, file: place.file };
    const match = /^#([^\x00-\x20]*)(?:[\x00-\x20]+(.*))?$/s.exec(text);
    const written = match?.[1] ?? '';
    const argument = strip(match?.[2] ?? '');
    const directive = written.toLowerCase();
    if (directive === 'exec') return this.readExec(written, unquote(argument), line);
    if (directive !== 'include' && directive !== 'tryinclude') {
      this.report('dialplan-unknown-hash', { ...where, value: written }, place);
      return true;
    }
    if (argument === '') {
      this.report('dialplan-empty-include', { ...where, value: written, argument: 'filename' }, place);
      return true;
    }
    return this.include(unquote(argument), directive === 'include', line);
  }

  private include(argument: string, required: boolean, { place }: Line): boolean {
    if (this.options.alone) return true;
    const before = this.inclusions.get(argument) ?? 0;
    this.inclusions.set(argument, before + 1);
    const reportedAs = before === 0 ? undefined : `${argument}~~${before}`;
    if (reportedAs !== undefined) {
      const fields = { file: place.file, line: place.asteriskLine, value: reportedAs };
      this.report('dialplan-included-twice', fields, place);
    }
    const path = argument.startsWith('/') ? argument : `${FOLDER}/${argument}`;
    const outcome = this.readPattern(path, reportedAs, place);
    if (outcome !== 'absent' || !required) return true;
    this.report('dialplan-missing-file', { value: argument }, place);
    return false;
  }

  private readExec(written: string, command: string, { place }: Line): boolean {
    if (this.options.exec === undefined) {
      this.report('dialplan-exec-disabled', {}, place);
      return true;
    }
    if (command === '') {
      const where = { line: place.asteriskLine, file: place.file };
      this.report(
        'dialplan-empty-include',
        { ...where, value: written, argument: '/path/to/executable' },
        place,
      );
      return true;
    }
    const text = this.options.exec(command);
    if (text === undefined) {
      this.report('dialplan-missing-file', { value: command }, place);
      return false;
    }
    const cursor = { section: this.lastOpened, skipped: 0, comments: openCommentState() };
    this.readFile(command, text, cursor, command);
    return true;
  }

  private report(code: RejectionCode, fields: Record<string, string | number>, place?: Place): void {
    this.log.push(logLine(code, fields, place));
  }
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
