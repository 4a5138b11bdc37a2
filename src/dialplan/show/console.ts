import { APPLICATION_SYNTAX } from '../../wazo/asterisk-applications.ts';
import {
  ASTERISK_VERSION,
  FIXED_MODULES,
  RELOADABLE_CORE,
  RELOADABLE_MODULES,
} from '../../wazo/asterisk-modules.ts';
import type { ConfigOptions } from '../read/config.ts';
import type { Context, LoadedDialplan } from '../read/dialplan.ts';
import { EXTENSIONS_CONF, loadDialplan } from '../read/load.ts';
import { padOctets } from '../read/octets.ts';
import { type LogLine, logLine } from '../read/rejections.ts';
import { showDialplan } from './show.ts';
import type { ConfigSource } from '../read/source.ts';
import { append } from '../../support/append.ts';

/** The dialplan of an Asterisk between two commands. */
export interface ConsoleState {
  /** The live dialplan; a refused reload does not change it. */
  readonly dialplan: LoadedDialplan;
  /** False after pbx_config declined to load: then there is no `dialplan reload`. */
  readonly running: boolean;
  /** Global variables, the one set last first; a reload adds to them. */
  readonly globals: ReadonlyMap<string, string>;
  /** `clearglobalvars` of the load before: the next reload begins by forgetting the globals. */
  readonly clearGlobals: boolean;
}

export interface Answer {
  /** The output of `asterisk -rx COMMAND`; its exit status is always 0. */
  readonly output: string;
  readonly log: readonly LogLine[];
  readonly state: ConsoleState;
}

/** Where the console reads at a reload. */
export interface ConsoleFiles extends ConfigOptions {
  readonly source: ConfigSource;
  /** `/etc/asterisk/extensions.conf` by default. */
  readonly entry?: string;
}

const MODULE_HEAD =
  'Module                         Description                              Use Count  Status      Support Level\n';
const NOTHING: LoadedDialplan = {
  contexts: [],
  globals: [],
  general: new Map(),
  log: [],
  loaded: false,
  files: [],
  givenUp: undefined,
};
const REFUSED: ConsoleState = { dialplan: NOTHING, running: false, globals: new Map(), clearGlobals: false };

/** Asterisk as it starts: `log` holds what it says about its configuration, `output` is empty. */
export function startConsole(files: ConsoleFiles): Answer {
  const { state, log, taken } = load(REFUSED, files);
  if (taken) return { output: '', log, state: { ...state, running: true } };
  return { output: '', log: [...log, logLine('dialplan-refused', { value: 'pbx_config' })], state: REFUSED };
}

/** Answers a command of Asterisk's console as Asterisk 22 does; pure but for what `files` reads. */
export function answer(state: ConsoleState, command: string, files: ConsoleFiles): Answer {
  const words = splitWords(command);
  if (words.length === 0) return { output: '', log: [], state };
  const handler = HANDLERS.find(
    (one) =>
      (!one.ofDialplan || state.running) &&
      one.words.every((word, at) => words[at]?.toLowerCase() === word) &&
      words.length <= one.words.length + (one.most ?? 0),
  );
  if (handler === undefined) return { output: usageOrUnknown(state, words), log: [], state };
  return { log: [], state, ...handler.run(state, words.slice(handler.words.length), files, command) };
}

interface Handler {
  readonly words: readonly string[];
  /** How many more words it takes. */
  readonly most?: number;
  /** Registered by pbx_config: gone while that is not loaded. */
  readonly ofDialplan?: boolean;
  readonly usage?: string;
  run(
    state: ConsoleState,
    args: readonly string[],
    files: ConsoleFiles,
    command: string,
  ): { output: string; log?: readonly LogLine[]; state?: ConsoleState };
}

const HANDLERS: readonly Handler[] = [
  {
    words: ['dialplan', 'reload'],
    ofDialplan: true,
    usage:
      'dialplan reload\n       Reload extensions.conf without reloading any other\n       modules.  This command does not delete global variables\n       unless clearglobalvars is set to yes in extensions.conf\n',
    run: (state, _, files) => ({ ...load(state, files), output: 'Dialplan reloaded.\n' }),
  },
  {
    words: ['dialplan', 'show', 'globals'],
    run: (state) => ({ output: showGlobals(state.globals) }),
  },
  {
    words: ['dialplan', 'show'],
    most: 1,
    usage: 'dialplan show [[exten@]context]\n       Show dialplan\n',
    run: ({ dialplan }, [argument]) => {
      const log: LogLine[] = [];
      return { output: showDialplan(dialplan, argument, (line) => log.push(line)), log };
    },
  },
  {
    words: ['dialplan', 'set', 'global'],
    most: 2,
    usage: 'dialplan set global <name> <value>\n       Set global dialplan variable <name> to <value>\n',
    run: (state, [name, value]) =>
      name === undefined || value === undefined
        ? {
            output:
              'Usage: dialplan set global <name> <value>\n       Set global dialplan variable <name> to <value>\n',
          }
        : {
            output: `\n    -- Global variable '${name}' set to '${value}'\n`,
            state: { ...state, globals: setGlobals(state.globals, [{ name, value }]) },
          },
  },
  {
    words: ['core', 'show', 'version'],
    usage: 'core show version\n       Shows Asterisk version information.\n',
    run: () => ({
      output: `Asterisk ${ASTERISK_VERSION} built by wdev @ embedded, a stand-in that reads dialplans\n`,
    }),
  },
  {
    words: ['core', 'show', 'applications', 'like'],
    most: 1,
    run: (_, [word]) => ({ output: applications(word) }),
  },
  { words: ['core', 'show', 'applications'], run: () => ({ output: applications() }) },
  {
    words: ['core', 'show', 'channels', 'count'],
    run: () => ({ output: '0 active channels\n0 active calls\n0 calls processed\n' }),
  },
  { words: ['core', 'waitfullybooted'], run: () => ({ output: 'Asterisk has fully booted.\n' }) },
  {
    words: ['core', 'reload'],
    usage: 'core reload\n       Execute a global reload.\n',
    run: (state, _, files) => ({ output: '', ...reloadAll(state, files) }),
  },
  { words: ['module', 'show', 'like'], most: 1, run: (state, [word]) => ({ output: modules(state, word) }) },
  { words: ['module', 'reload'], most: 20, run: reloadModules },
  {
    words: ['module', 'load'],
    most: 1,
    run: (state, args, files, command) => loadModule(state, args, files, command),
  },
  { words: ['logger', 'reload'], run: () => ({ output: '' }) },
  { words: ['manager', 'reload'], run: () => ({ output: '' }) },
  { words: ['moh', 'reload'], run: () => ({ output: '' }) },
  { words: ['queue', 'reload', 'all'], run: () => ({ output: '' }) },
  { words: ['voicemail', 'reload'], run: () => ({ output: 'Reloading voicemail configuration...\n' }) },
];

/** A reload; `taken` is false when the configuration was refused, and the dialplan is the old one. */
function load(
  state: ConsoleState,
  files: ConsoleFiles,
): { state: ConsoleState; log: readonly LogLine[]; taken: boolean } {
  const next = loadDialplan(files.source, files.entry ?? EXTENSIONS_CONF, files);
  const globals = state.clearGlobals ? new Map<string, string>() : state.globals;
  if (!next.loaded) return { state: { ...state, globals }, log: next.log, taken: false };
  const dialplan = {
    ...next,
    contexts: [...ghosts(state.dialplan.contexts, next.contexts), ...next.contexts],
  };
  return {
    state: {
      ...state,
      dialplan,
      globals: setGlobals(globals, next.globals),
      clearGlobals: /^(?:yes|true|y|t|1|on)$/i.test(next.general.get('clearglobalvars') ?? ''),
    },
    log: next.log,
    taken: true,
  };
}

/** A context that several sections opened stays for one more reload after it is gone, empty. */
function ghosts(before: readonly Context[], now: readonly Context[]): Context[] {
  const alive = new Set(now.map((context) => context.name));
  return before
    .filter((context) => context.openings > 1 && !alive.has(context.name))
    .map((context) => ({
      ...context,
      openings: 1,
      extensions: [],
      includes: [],
      ignorepats: [],
      switches: [],
      autohints: false,
    }))
    .toReversed();
}

function setGlobals(
  before: ReadonlyMap<string, string>,
  added: readonly { readonly name: string; readonly value: string }[],
): Map<string, string> {
  const latest = new Map([...before].toReversed());
  for (const { name, value } of added) {
    latest.delete(name);
    latest.set(name, value);
  }
  return new Map([...latest].toReversed());
}

function showGlobals(globals: ReadonlyMap<string, string>): string {
  const lines = [...globals].map(([name, value]) => `   ${name}=${value}\n`);
  return `${lines.join('')}\n    -- ${globals.size} variable(s)\n`;
}

function applications(like?: string): string {
  const shown = APPLICATION_SYNTAX.map((syntax) => ({
    syntax,
    name: syntax.slice(0, syntax.indexOf('(')),
  })).filter(({ name }) => like === undefined || name.toLowerCase().includes(like.toLowerCase()));
  const [head, tail] =
    like === undefined ? ['Registered Asterisk', 'Registered'] : ['Matching Asterisk', 'Matching'];
  const lines = shown.map(
    ({ name, syntax }) => `  ${' '.repeat(Math.max(0, 20 - name.length))}${name}: ${syntax} \n`,
  );
  return `    -= ${head} Applications =-\n${lines.join('')}    -= ${shown.length} Applications ${tail} =-\n`;
}

function modules(state: ConsoleState, like: string | undefined): string {
  if (like === undefined) {
    return 'Usage: module show [like keyword]\n       Shows Asterisk modules currently in use, and usage statistics.\n';
  }
  const names = [...RELOADABLE_MODULES, ...FIXED_MODULES]
    .map((name) => `${name}.so`)
    .filter((name) => name.toLowerCase().includes(like.toLowerCase()))
    .sort();
  const rows = names.map((name) => {
    const isConfig = name === 'pbx_config.so';
    const status = isConfig && !state.running ? 'Not Running' : 'Running';
    const about = isConfig ? 'Text Extension Configuration' : '';
    return `${padOctets(name, 30)} ${padOctets(about, 40)} 0          ${padOctets(status, 11)} ${'core'.padStart(13)}\n`;
  });
  return `${MODULE_HEAD}${rows.join('')}${names.length} modules loaded\n`;
}

function reloadAll(
  state: ConsoleState,
  files: ConsoleFiles,
): { log: readonly LogLine[]; state: ConsoleState } {
  return state.running ? load(state, files) : { log: [], state };
}

function reloadModules(
  start: ConsoleState,
  names: readonly string[],
  files: ConsoleFiles,
): { output: string; log: readonly LogLine[]; state: ConsoleState } {
  if (names.length === 0) return { output: '', ...reloadAll(start, files) };
  let state = start;
  let output = '';
  const log: LogLine[] = [];
  for (const name of names) {
    const module = name.endsWith('.so') ? name.slice(0, -3) : name;
    if (module === 'pbx_config' && state.running) {
      const result = load(state, files);
      state = result.state;
      append(log, result.log);
      output += result.taken ? reloaded(name) : `The module '${name}' reported a reload failure\n`;
    } else if (module === 'pbx_config') {
      output += `The module '${name}' was not properly initialized. Before reloading the module, you must run "module load ${name}" and fix whatever is preventing the module from being initialized.\n`;
    } else if (RELOADABLE_MODULES.includes(module) || RELOADABLE_CORE.includes(name))
      output += reloaded(name);
    else if (FIXED_MODULES.includes(module)) output += `The module '${name}' does not support reloads\n`;
    else output += `No such module '${name}'\n`;
  }
  return { output, log, state };
}

function reloaded(name: string): string {
  return `Module '${name}' reloaded successfully.\n`;
}

function loadModule(
  state: ConsoleState,
  args: readonly string[],
  files: ConsoleFiles,
  command: string,
): { output: string; log?: readonly LogLine[]; state?: ConsoleState } {
  const name = args[0] ?? '';
  if (/^pbx_config(?:\.so)?$/.test(name) && !state.running) {
    const started = startConsole(files);
    if (started.state.running) return { ...started, output: `Loaded ${name}\n` };
    return { ...started, output: `Unable to load module ${name}\nCommand '${command}' failed.\n` };
  }
  const output = `Unable to load module ${name}\nCommand '${command}' failed.\n`;
  const isLoaded = [...RELOADABLE_MODULES, ...FIXED_MODULES].includes(name.replace(/\.so$/, ''));
  return isLoaded ? { output, log: [logLine('dialplan-already-loaded', { value: name })] } : { output };
}

/** `"a b" c` → two words. */
function splitWords(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

function usageOrUnknown(state: ConsoleState, words: readonly string[]): string {
  const known = HANDLERS.filter((handler) => !handler.ofDialplan || state.running);
  const usage = known.find(
    (handler) =>
      handler.usage !== undefined && handler.words.every((word, at) => words[at]?.toLowerCase() === word),
  )?.usage;
  if (usage !== undefined) return `Usage: ${usage}`;
  // help is offered for the words up to the first one that no command goes on with
  let count = 1;
  while (count < words.length && known.some((handler) => beginsWith(handler.words, words.slice(0, count))))
    count++;
  return `No such command '${words.join(' ')}' (type 'core show help ${words.slice(0, count).join(' ')}' for other possible commands)\n`;
}

/** Only the last word may be cut short. */
function beginsWith(command: readonly string[], words: readonly string[]): boolean {
  return words.every((word, at) => {
    const same = command[at]?.startsWith(word.toLowerCase()) === true;
    return same && (at === words.length - 1 || command[at] === word.toLowerCase());
  });
}
