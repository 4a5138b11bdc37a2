import type { Command, Option } from 'commander';
import { visible } from '../support/visible.ts';

/** A word that can follow, with a few words about it. */
export interface Suggestion {
  readonly word: string;
  readonly about?: string;
}

/** Words of one sort; those that a machine knows (targets, stacks) are looked up when they are wanted. */
export type WordSource = () => Promise<readonly Suggestion[]>;

/** `files` and `folders` leave the rest to the shell; either can stand behind known words. */
export type Sort =
  | WordSource
  | 'files'
  | 'folders'
  | { readonly words: WordSource; readonly paths: 'folders' };

/** Which sort of words stands where: by `COMMAND --flag`, `--flag`, or `COMMAND argument`; what is below a command has its words. */
export type WordSources = Readonly<Record<string, Sort>>;

export interface Completion {
  readonly words: readonly Suggestion[];
  /** The kind of paths that the shell adds. */
  readonly paths: 'files' | 'folders' | 'none';
}

const NOTHING: Completion = { words: [], paths: 'none' };

/**
 * The words that can stand in place of the last one of a command line.
 * @param words the words behind `wdev`, the last one as far as it is typed
 */
export async function complete(
  program: Command,
  words: readonly string[],
  sources: WordSources,
): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const { command, position, open } = walk(program, words.slice(0, -1));
  if (open !== undefined) return await fromOption(command, open, sources, current);
  const [flag, value] = splitAtEquals(current);
  if (value !== undefined) {
    const option = findOption(command, flag);
    return option === undefined
      ? NOTHING
      : prefixed(await fromOption(command, option, sources, value), `${flag}=`);
  }
  if (current.startsWith('-')) return matching(flagsOf(command, program), current);
  if (command.commands.length > 0 && position === 0) return matching(commandsOf(command), current);
  return await fromArgument(command, position, sources, current);
}

/** A word that a shell takes as it is: names of wdev.yml can be anything, and must not become another command. */
const PLAIN_WORD = /^[\w./:=@%+,^-]+$/;

/**
 * The answer that the scripts of completion-scripts.ts read: `:files` or `:folders`, then a word and what it is about
 * in each line.
 */
export function completionLines({ words, paths }: Completion): string {
  const lines = words
    .filter(({ word }) => PLAIN_WORD.test(word))
    .map(({ word, about = '' }) => `${word}\t${visible(about)}\n`);
  return `${paths === 'none' ? '' : `:${paths}\n`}${lines.join('')}`;
}

interface Walk {
  readonly command: Command;
  /** How many arguments of the command stand before. */
  readonly position: number;
  /** The flag whose value is to come. */
  readonly open: Option | undefined;
}

function walk(program: Command, words: readonly string[]): Walk {
  let command = program;
  let position = 0;
  let open: Option | undefined;
  for (const word of words) {
    if (open !== undefined) {
      open = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = findOption(command, word);
      open = option?.required === true || word === '--cwd' ? (option ?? CWD) : undefined;
      continue;
    }
    const sub = position === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (sub === undefined) position += 1;
    else command = sub;
  }
  return { command, position, open };
}

/** `--cwd` belongs to no command. */
const CWD = { long: '--cwd' } as Option;

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

async function fromOption(
  command: Command,
  option: Option,
  sources: WordSources,
  current: string,
): Promise<Completion> {
  const flag = option.long ?? '';
  if (option.argChoices !== undefined) return matching(option.argChoices.map(bare), current);
  const sort = sourceOf(command, flag, sources) ?? pathsOf(option.flags);
  // of a list, the last word: --part calld,dir
  const done = flag === '--part' ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  return prefixed(await fromSort(sort, current.slice(done.length)), done);
}

/** The words of a command, else of the one that it is below, else of all. */
function sourceOf(command: Command, name: string, sources: WordSources): Sort | undefined {
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const own = sources[`${at.name()} ${name}`];
    if (own !== undefined) return own;
  }
  return sources[name];
}

/** By the name of its value, as `--out <folder>`. */
function pathsOf(flags: string): Sort {
  const [, value = ''] = /[<[]([^\]>]+)/.exec(flags) ?? [];
  if (/^(?:folder|dir)\b/.test(value)) return 'folders';
  return /^(?:file|path)\b/.test(value) ? 'files' : () => Promise.resolve([]);
}

async function fromArgument(
  command: Command,
  position: number,
  sources: WordSources,
  current: string,
): Promise<Completion> {
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument = all[position] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return NOTHING;
  if (argument.argChoices !== undefined) return matching(argument.argChoices.map(bare), current);
  return await fromSort(sourceOf(command, argument.name(), sources) ?? 'files', current);
}

async function fromSort(sort: Sort, current: string): Promise<Completion> {
  if (typeof sort === 'string') return { words: [], paths: sort };
  if (typeof sort === 'function') return matching(await sort(), current);
  return { ...matching(await sort.words(), current), paths: sort.paths };
}

function flagsOf(command: Command, program: Command): readonly Suggestion[] {
  const own = command.createHelp().visibleOptions(command);
  const everywhere = ['--no-color', '--debug', '--cwd'].map(bare);
  return [
    ...own.flatMap(({ long, description }) =>
      long === undefined ? [] : [{ word: long, about: description }],
    ),
    ...(command === program ? [] : everywhere),
  ];
}

function commandsOf(command: Command): readonly Suggestion[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((sub) => ({ word: sub.name(), about: sub.summary() }));
}

function matching(words: readonly Suggestion[], current: string): Completion {
  return { words: words.filter(({ word }) => word.startsWith(current)), paths: 'none' };
}

function prefixed({ words, paths }: Completion, prefix: string): Completion {
  return { words: words.map((one) => ({ ...one, word: `${prefix}${one.word}` })), paths };
}

function bare(word: string): Suggestion {
  return { word };
}

function splitAtEquals(word: string): readonly [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
