import { FUNCTION_SYNTAX } from '../../wazo/asterisk-functions.ts';
import { type ConfigOptions, type ConfigRead, readConfig } from './config.ts';
import { ContextBuilder } from './context-builder.ts';
import { type GlobalVariable, HINT, type LoadedDialplan } from './dialplan.ts';
import { evaluate } from './expression.ts';
import { cutAtComma, parseApplication, parsePriority, shrinkNumber, toInteger } from './extension-line.ts';
import { PURE_FUNCTIONS } from './functions.ts';
import { skipBlanks, strip, takeOctets } from './octets.ts';
import { isPattern } from './pattern.ts';
import type { ReadingBudget } from './reading-budget.ts';
import type { RejectionCode } from './rejection-table.ts';
import { type LogLine, logLine } from './rejections.ts';
import type { ConfigEntry, ConfigSection } from './section-list.ts';
import type { ConfigSource } from './source.ts';
import { type Surroundings, substitute } from './substitute.ts';

export const EXTENSIONS_CONF = '/etc/asterisk/extensions.conf';

const MAX_EXTENSION = 255;
/** Marks what one file alone cannot know: a part of a text, and what `n` counts from. No text of a file holds it. */
export const UNKNOWN_TEXT = '\0';
export const UNKNOWN_PRIORITY = 2 ** 40;
const UNKNOWN_EXTENSION = { name: UNKNOWN_TEXT, wanted: UNKNOWN_TEXT, callerId: undefined };
/** Before the first priority of a section `n` and `s` mean nothing. */
const NO_PRIORITY = -2;

/** Loads a configuration as `dialplan reload` of Asterisk 22 does. Never throws: faults stand in `log`. */
export function loadDialplan(
  source: ConfigSource,
  entry: string = EXTENSIONS_CONF,
  options: ConfigOptions = {},
): LoadedDialplan {
  return loadConfig(readConfig(source, entry, options));
}

export function loadConfig(config: ConfigRead): LoadedDialplan {
  const log = [...config.log];
  const empty = {
    contexts: [],
    globals: [],
    general: new Map<string, string>(),
    files: config.files,
    givenUp: config.givenUp,
  };
  if (!config.usable) return { ...empty, log, loaded: false };
  const loader = new Loader(log, config);
  for (const section of config.sections) if (!section.template) loader.readVariables(section);
  for (const section of config.sections) if (!section.template) loader.readContext(section);
  const contexts = [...loader.contexts.values()].toReversed();
  for (const context of contexts) loader.checkIncludes(context);
  return {
    contexts: contexts.map((context) => context.build()),
    globals: loader.globals,
    general: loader.general,
    log,
    loaded: true,
    files: config.files,
    givenUp: config.budget.givenUp,
  };
}

class Loader {
  readonly contexts = new Map<string, ContextBuilder>();
  readonly globals: GlobalVariable[] = [];
  readonly general = new Map<string, string>();
  private readonly values = new Map<string, string>();
  private readonly log: LogLine[];
  private readonly alone: boolean;
  private readonly budget: ReadingBudget;
  private readonly surroundings: Surroundings;
  private entry: ConfigEntry | undefined;

  constructor(log: LogLine[], { alone, budget }: ConfigRead) {
    this.log = log;
    this.alone = alone;
    this.budget = budget;
    const unknown = alone ? UNKNOWN_TEXT : undefined;
    this.surroundings = {
      variable: (name) => this.values.get(name) ?? unknown,
      call: (name, args) => unknown ?? callPure(name, args),
      expression: (text) => unknown ?? evaluate(text),
      report: (code, fields) => this.report(code, fields),
    };
  }

  readVariables(section: ConfigSection): void {
    const name = section.name.toLowerCase();
    if (name === 'general') {
      for (const { name: option, value } of section.entries) {
        if (!this.general.has(option)) this.general.set(option, value);
      }
    }
    if (name !== 'globals') return;
    for (const entry of section.entries) {
      this.entry = entry;
      const value = substitute(entry.value, this.surroundings);
      this.values.set(entry.name, value);
      this.globals.push({ name: entry.name, value, place: entry.place });
    }
  }

  readContext(section: ConfigSection): void {
    if (/^(?:general|globals)$/i.test(section.name)) return;
    let context = this.contexts.get(section.name);
    if (context === undefined) {
      context = new ContextBuilder(section.name, section.place, this.budget, (code, fields) =>
        this.report(code, fields),
      );
      this.contexts.set(section.name, context);
    }
    context.openings++;
    const last = section.continued ? UNKNOWN_PRIORITY : NO_PRIORITY;
    const { continued } = section;
    const state: SectionState = {
      context,
      continued,
      last,
      text: '',
      extension: continued ? UNKNOWN_EXTENSION : undefined,
    };
    for (const entry of section.entries) {
      this.entry = entry;
      this.readEntry(entry, state);
    }
    this.entry = undefined;
  }

  private readEntry(entry: ConfigEntry, state: SectionState): void {
    const { context } = state;
    switch (entry.name.toLowerCase()) {
      case 'exten':
      case 'same':
        this.readExtension(entry, state);
        break;
      case 'include':
        context.addInclude(substitute(entry.value, this.surroundings), entry.place, this.where(entry));
        break;
      case 'ignorepat':
        context.addIgnorepat(substitute(entry.value, this.surroundings), entry.place, this.where(entry));
        break;
      case 'switch':
        context.addSwitch(substitute(entry.value, this.surroundings), false, entry.place, this.where(entry));
        break;
      case 'lswitch':
        context.addSwitch(entry.value, false, entry.place, this.where(entry));
        break;
      case 'eswitch':
        context.addSwitch(entry.value, true, entry.place, this.where(entry));
        break;
      case 'autohints':
        context.autohints = /^(?:yes|true|y|t|1|on)$/i.test(entry.value);
        break;
      default:
        this.report('dialplan-unknown-directive', { ...this.where(entry), value: entry.name });
    }
  }

  private readExtension(entry: ConfigEntry, state: SectionState): void {
    const where = this.where(entry);
    let rest: string | undefined = entry.value;
    if (entry.name.toLowerCase() === 'same') {
      // an empty name counts as none
      if (state.extension === undefined || (state.text === '' && !state.continued)) {
        this.report('dialplan-same-without-extension', { ...where, context: state.context.name });
        return;
      }
      if (state.text.includes('$')) state.extension = this.extensionName(state.text);
    } else {
      const [extension, behind] = cutAtComma(entry.value);
      state.text = takeOctets(extension, MAX_EXTENSION);
      state.extension = this.extensionName(state.text);
      rest = behind;
    }
    const [priorityText, appText] = cutAtComma(rest ?? '');
    const { extension } = state;
    const priority = this.priority(priorityText, extension, state, where);
    if (priority === undefined) return;
    const application = parseApplication(skipBlanks(appText ?? ''));
    if (application.unclosed) {
      this.report('dialplan-unclosed-application', { ...where, value: appText ?? '' });
    }
    if (priority.number === undefined) return;
    state.last = priority.number;
    if (extension.wanted === '_.' || extension.wanted === '_!') {
      const value = `_X${extension.wanted.slice(1)}`;
      this.report('dialplan-greedy-pattern', { ...where, exten: extension.wanted, value });
    }
    state.context.addPriority(
      extension.name,
      extension.callerId,
      {
        number: priority.number,
        ...(priority.label === undefined ? {} : { label: priority.label }),
        app: application.app,
        data: application.data,
        place: entry.place,
        reportedFile: entry.reportedFile,
      },
      where,
    );
  }

  private extensionName(text: string): ExtensionName {
    const slash = text.indexOf('/');
    const name = substitute(slash < 0 ? text : text.slice(0, slash), this.surroundings);
    const wanted = takeOctets(name, MAX_EXTENSION);
    const bare = withoutBlanks(wanted);
    if (slash < 0) return { name: bare, wanted, callerId: undefined };
    return {
      name: bare,
      wanted,
      callerId: shrinkNumber(substitute(text.slice(slash + 1), this.surroundings)),
    };
  }

  private priority(
    text: string,
    extension: ExtensionName,
    state: SectionState,
    where: Where,
  ): { number: number | undefined; label: string | undefined } | undefined {
    const parsed = parsePriority(strip(text));
    if (parsed.unclosed) {
      this.report('dialplan-unclosed-label', where);
      return undefined;
    }
    const start = this.priorityStart(parsed.text, extension, state, where);
    if (start === undefined) return undefined;
    // `n` after a hint counts from -1: the line is dropped, and nothing is said about it
    const number = start === 0 ? undefined : start + (parsed.plus ?? 0);
    return { number, label: parsed.label };
  }

  private priorityStart(
    text: string,
    extension: ExtensionName,
    { context, continued, last }: SectionState,
    where: Where,
  ): number | undefined {
    if (text === 'hint') return HINT;
    if (text === 'n' || text === 'next') {
      if (last !== NO_PRIORITY) return last + 1;
      this.report('dialplan-first-next', where);
      return undefined;
    }
    if (text === 's' || text === 'same') {
      if (last !== NO_PRIORITY) return last;
      this.report('dialplan-first-same', where);
      return undefined;
    }
    const number = toInteger(text);
    if (number !== undefined) {
      if (number >= 1) return number;
      this.report('dialplan-bad-number', { ...where, priority: text });
      return undefined;
    }
    const found = context.findLabel(extension.wanted, extension.callerId, text);
    if (found !== undefined && found > 0) return found;
    if (continued) return UNKNOWN_PRIORITY;
    this.report('dialplan-bad-priority', { ...where, priority: text });
    return undefined;
  }

  checkIncludes(context: ContextBuilder): void {
    if (this.alone) return;
    const missing = context.includes.find((include) => !this.contexts.has(include.context));
    if (missing === undefined) return;
    const fields = { context: context.name, value: missing.context };
    this.log.push(logLine('dialplan-unknown-include', fields, missing.place));
  }

  private where(entry: ConfigEntry): Where {
    return { line: entry.place.asteriskLine, file: entry.reportedFile };
  }

  private report(code: RejectionCode, fields: Record<string, string | number>): void {
    this.log.push(logLine(code, fields, this.entry?.place));
  }
}

/** The state of one `[context]` section from line to line. */
interface SectionState {
  readonly context: ContextBuilder;
  /** An earlier file may have begun it. */
  readonly continued: boolean;
  last: number;
  /** As it was written. */
  text: string;
  extension: ExtensionName | undefined;
}

interface ExtensionName {
  readonly name: string;
  /** With its blanks, as a label is looked up. */
  readonly wanted: string;
  readonly callerId: string | undefined;
}

type Where = { readonly line: number; readonly file: string };

function callPure(name: string, args: string): string | undefined {
  const call = Object.hasOwn(PURE_FUNCTIONS, name) ? PURE_FUNCTIONS[name] : undefined;
  if (call !== undefined) return call(args);
  // the others need a call; Asterisk knows them, and they give nothing while it loads
  return FUNCTION_SYNTAX.some((syntax) => syntax.startsWith(`${name}(`)) ? '' : undefined;
}

/** The name of an extension: blanks count only in the brackets of a pattern. */
function withoutBlanks(text: string): string {
  if (!text.includes(' ')) return text;
  if (!isPattern(text) || !text.includes('[')) return text.replaceAll(' ', '');
  return text.replace(/(\[[^\]]*(?:\]|$))|[ ]/g, (_, bracket: string | undefined) => bracket ?? '');
}
