import { SERVICES, logPath } from '../wazo/services.ts';
import { UserError } from '../support/errors.ts';
import { didYouMean } from '../support/nearest.ts';
import { PYTHON_PATH } from '../wazo/needs.ts';
import { quote } from '../support/quote.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { peekSession, type InstalledPlugin, type Session } from '../targets/session.ts';
import type { Target } from '../targets/target.ts';
import { contextNames, expectedFiles, readShows } from './dialplan-shown.ts';
import { Mentions, mergeLines, readLines, type LogLine } from './log-lines.ts';
import { strangerWith } from '../effects/needed.ts';
import { needsOf } from './needs.ts';
import { readEntryPoints } from './status.ts';
import { notEmbedded } from '../effects/not-done.ts';
import { isRecordOnly } from './service-state.ts';
import { readTexts } from '../targets/target-files.ts';

/** Where a service's lines come from, and how far they were read: bytes of a file, or a cursor of the journal. */
interface Source {
  readonly service: string;
  readonly file: string | undefined;
  mark: string;
  /** The part of a line that is not complete yet. */
  rest: string;
  lastTime: string;
}

export interface LogsQuery {
  /** Units, or `asterisk`; those that the plugins need when empty. */
  readonly services: readonly string[];
  /** Plugins whose lines are marked; all that are installed when empty. */
  readonly plugins: readonly string[];
}

/** The mark of a log that was not read yet. */
const FIRST = '0';

/** Bytes and lines of one log that are read at a time, and bytes of a line that is not at its end: a caller may fill a log. */
const AT_ONCE = 4 * 2 ** 20;
const LINES = 50_000;
const LINE = 2 ** 20;

/** The logs of services on a target, read on from where they were left. */
export class Logs {
  readonly services: readonly string[];
  readonly #target: Target;
  readonly #sources: readonly Source[];
  readonly #mentions: Mentions;
  #notes: string[] = [];

  private constructor(target: Target, sources: readonly Source[], words: readonly string[]) {
    this.#target = target;
    this.#sources = sources;
    this.#mentions = new Mentions(words);
    this.services = sources.map(({ service }) => service);
  }

  /**
   * Finds the logs.
   * @throws UserError `no-log` when a service that was named has none, or nothing is concerned
   */
  static async open(target: Target, query: LogsQuery): Promise<Logs> {
    const session = await peekSession(target);
    const installed = [...session.installed.values()].filter(
      ({ id }) => query.plugins.length === 0 || query.plugins.includes(id),
    );
    const { units, words } = await readConcern(session, installed);
    const wanted = query.services.length > 0 ? query.services : units;
    const sources = await findSources(session, wanted.length > 0 ? wanted : ['asterisk']);
    const lacking = wanted.find((service) => !sources.some((source) => source.service === service));
    if (lacking !== undefined && (query.services.length > 0 || sources.length === 0)) {
      const known = ['asterisk', ...SERVICES.map(({ unit }) => unit), ...(session.facts.units ?? [])];
      const there = (await findSources(session, [...new Set(known)])).map(({ service }) => service);
      throw new UserError('no-log', `target ${target.id} has no log of ${lacking}`, {
        help:
          isRecordOnly(target, lacking) && known.includes(lacking)
            ? notEmbedded(lacking)
            : didYouMean(lacking, there, `Logs there: ${there.join(', ') || 'none'}`),
      });
    }
    return new Logs(target, sources, words);
  }

  /** The last lines of each service, merged. */
  async last(count: number): Promise<readonly LogLine[]> {
    return await this.#read(
      ({ service, file }) =>
        file === undefined ? journal(service, `-n ${count}`) : `${added(file, FIRST)} | tail -n ${count}`,
      count,
    );
  }

  /** The lines since the last read, merged. A log that was rotated is read from its beginning. */
  async next(): Promise<readonly LogLine[]> {
    return await this.#read(({ service, file, mark }) =>
      file === undefined
        ? journal(service, mark === '' ? '-n 0' : `--after-cursor=${quote(mark)}`)
        : added(file, mark),
    );
  }

  /** The parts that were skipped since the last time that somebody asked, in sentences. */
  takeNotes(): readonly string[] {
    return this.#notes.splice(0);
  }

  async #read(script: (source: Source) => string, wanted?: number): Promise<readonly LogLine[]> {
    const parts = this.#sources.map((source, index) => `wdev_section ${index}; ${script(source)}`);
    const { stdout } = await this.#target.run(`wdev_section now; date '+%Y-%m-%d'; ${parts.join('; ')}; :`);
    const sections = splitSections(stdout.toString('utf8'), this.#target.mark);
    const now = sectionText(sections, 'now').trim();
    return mergeLines(
      this.#sources.map((source, index) =>
        this.#take(source, sectionText(sections, String(index)), now, wanted),
      ),
    );
  }

  #take(source: Source, text: string, now: string, wanted?: number): readonly LogLine[] {
    let whole: string;
    if (source.file === undefined) {
      source.mark = /^-- cursor: (.+)$/m.exec(text)?.[1] ?? source.mark;
      whole = text.replaceAll(/^-- .*\n?/gm, '');
      if (Buffer.byteLength(text) >= AT_ONCE) this.#leftOut(source, `only the last ${AT_ONCE / 2 ** 20} MB`);
    } else {
      const newline = text.indexOf('\n');
      const [mark = '', skipped = '0'] = text.slice(0, newline).trim().split(' ');
      source.mark = mark;
      whole = text.slice(newline + 1);
      if (skipped === '0') whole = source.rest + whole;
      else if (wanted === undefined)
        this.#leftOut(source, `${skipped} bytes came faster than they are read; only the last`);
      else if (linesIn(whole) < wanted) this.#leftOut(source, `only the last ${AT_ONCE / 2 ** 20} MB`);
    }
    const end =
      whole.length - whole.lastIndexOf('\n') - 1 > LINE ? whole.length : whole.lastIndexOf('\n') + 1;
    source.rest = whole.slice(end);
    const context = { now, mentions: this.#mentions, before: source.lastTime };
    const lines = readLines(source.service, whole.slice(0, end), context);
    if (lines.length > LINES) this.#leftOut(source, `${lines.length} lines at once; only the last ${LINES}`);
    source.lastTime = lines.at(-1)?.time ?? source.lastTime;
    return lines.slice(-LINES);
  }

  #leftOut({ service }: Source, what: string): void {
    this.#notes.push(`${service}: ${what} are shown`);
  }
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** Prints the length of a log and how many bytes are skipped, then what was added since `mark`, up to the bound. */
function added(file: string, mark: string): string {
  const log = `"$R"${quote(file)}`;
  return `__m=$(wdev_size ${log}); __f=${mark}; [ "$__m" -ge "$__f" ] || __f=0; __s=$((__m - __f - ${AT_ONCE})); [ "$__s" -gt 0 ] || __s=0; echo "$__m $__s"; tail -c +$((__f + __s + 1)) ${log} | head -c $((__m - __f - __s))`;
}

/** The lines of a unit, and the cursor behind them. */
function journal(unit: string, range: string): string {
  return `journalctl -u ${quote(unit)} ${range} -o short-iso --no-pager --no-hostname --show-cursor 2>/dev/null | tail -c ${AT_ONCE}`;
}

async function findSources(session: Session, services: readonly string[]): Promise<readonly Source[]> {
  const { target, asteriskLog } = session;
  const files = services.map((service) => (service === 'asterisk' ? asteriskLog : logPath(service)));
  const script = files.map(
    (file) => `{ [ -n ${quote(file ?? '')} ] && [ -f "$R"${quote(file ?? '/')} ] && echo yes || echo; }`,
  );
  const { stdout } = await target.run(script.join('; '));
  const there = stdout.toString('utf8').split('\n');
  return services.flatMap((service, index) => {
    const file = there[index] === 'yes' ? files[index] : undefined;
    // without systemd there is no journal, and behind an embedded root none of its services
    const hasJournal = target.root === '' && session.facts.units?.has(service) === true;
    if (file === undefined && !hasJournal) return [];
    return [{ service, file, mark: file === undefined ? '' : FIRST, rest: '', lastTime: '' }];
  });
}

/** The services that plugins need, and the words by which log lines speak of the plugins. */
async function readConcern(
  { target, facts }: Session,
  plugins: readonly InstalledPlugin[],
): Promise<{ units: readonly string[]; words: readonly string[] }> {
  const paths = plugins.flatMap(({ files }) => [...files.keys()]);
  const entryPoints = [...(await readEntryPoints(target, paths)).values()].flat();
  const needs = plugins.map(({ files }) => needsOf([...files.keys()], strangerWith(entryPoints)));
  const dialplan = expectedFiles(
    await readTexts(
      target,
      needs.flatMap((need) => need.dialplan),
    ),
  );
  const shows = await readShows(target, facts.hasAsterisk ? contextNames(dialplan) : []);
  const names = new Set([...dialplan.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)));
  const contexts = [...shows].flatMap(([context, show]) => (isOwn(show, names) ? [context] : []));
  const packages = paths.flatMap(
    (path) => /^([^/]+)\/.*\.py$/.exec(PYTHON_PATH.exec(path)?.[1] ?? '')?.[1] ?? [],
  );
  const asterisk = needs.some((need) => need.asterisk) ? ['asterisk'] : [];
  return {
    units: [...new Set([...asterisk, ...needs.flatMap(({ units }) => [...units.keys()])])],
    words: [...new Set([...paths, ...contexts, ...packages, ...plugins.map(({ id }) => id)])],
  };
}

/** Whether every line of a context comes from the plugin's files: a stock context is no sign of the plugin. */
function isOwn(show: string, files: ReadonlySet<string>): boolean {
  const writers = [...show.matchAll(/\[([^[\]]+):\d+\]$/gm)].map((match) => match[1] ?? '');
  return writers.length > 0 && writers.every((file) => files.has(file));
}
