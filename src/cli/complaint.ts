import type { Command, CommanderError } from './commander.ts';
import { usageError, type UserError } from '../support/errors.ts';
import { nearest } from '../support/nearest.ts';

interface Complaint {
  /** The command with its parents, as `wdev dialplan`. */
  readonly command: string;
  /** The message of commander, without "error: ". */
  readonly said: string;
  readonly quoted: readonly string[];
  /** A word that is no command below it, where one of them is what it does without one. */
  readonly unknown: string | undefined;
}

/** Messages for the codes of commander; for others its own words are kept. */
const MESSAGES: Readonly<Record<string, (complaint: Complaint) => string>> = {
  'commander.missingMandatoryOptionValue': ({ command, quoted: [flags = ''] }) =>
    `missing ${flags} for "${command}"`,
  // a command that only has commands is called without one
  'commander.help': ({ command }) => `missing command for "${command}"`,
  'commander.missingArgument': ({ command, quoted: [name = ''] }) => `missing <${name}> for "${command}"`,
  'commander.optionMissingArgument': ({ quoted: [flags = ''] }) => `${flags} needs a value`,
  'commander.unknownOption': ({ command, quoted: [flag = ''] }) => `unknown option ${flag} for "${command}"`,
  'commander.unknownCommand': ({ command, quoted: [name = ''] }) =>
    `unknown command "${name}" for "${command}"`,
  'commander.excessArguments': ({ command, said, unknown }) => {
    if (unknown !== undefined) return `unknown command "${unknown}" for "${command}"`;
    const [, wanted = '', got = ''] = /Expected (\d+) .*got (\d+)/.exec(said) ?? [];
    if (wanted === '0') return `"${command}" takes no arguments`;
    return `"${command}" takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${got}`;
  },
  'commander.invalidArgument': ({ said, quoted }) => {
    const [value = '', named = ''] = quoted[0]?.startsWith('-') === true ? [quoted[1], quoted[0]] : quoted;
    // the flag without its value, as in `-f, --format <format>`
    const what = /--[\w-]+/.exec(named)?.[0] ?? named;
    const [, choices] = /Allowed choices are (.*)\.$/s.exec(said) ?? [];
    return choices === undefined
      ? `${what}: ${value} is ${said.split('. ').at(-1) ?? ''}`
      : `${what}: unknown value "${value}"; choose from ${choices}`;
  },
};

/**
 * The message of commander about a wrong command line, in the form of all our errors: with what to try next.
 * @param text what it printed
 * @param hint what to try, where nothing alike is known
 */
export function complaintOf(
  error: CommanderError,
  text: string,
  program: Command,
  hint: string | undefined,
): UserError {
  const words = text.replace(/^error: /, '');
  const suggestion = /\n\(Did you mean (?:one of )?(.*)\?\)/.exec(words)?.[1];
  const said = words.replace(/\n\(Did you mean [^)]*\)/, '').trim();
  const { names, at } = commandOf(program);
  const command = names.join(' ');
  const quoted = [...said.matchAll(/'([^']*)'/g)].map(([, one = '']) => one);
  // who slips in a flag has a command already
  const below =
    error.code === 'commander.unknownOption'
      ? []
      : (at.registeredArguments.find((one) => one.name() === quoted[0])?.argChoices ??
        at.commands.map((one) => one.name()).filter((name) => name !== 'help'));
  const unknown = at.commands.length > 0 ? at.args.find((word) => !word.startsWith('-')) : undefined;
  const message = MESSAGES[error.code]?.({ command, said, quoted, unknown }) ?? said;
  const choices = /Allowed choices are (.*)\.$/s.exec(said)?.[1]?.split(', ') ?? [];
  const meant =
    suggestion ??
    quoted.map((one) => nearest(one, choices)).find((one) => one !== undefined) ??
    (unknown === undefined ? undefined : nearest(unknown, below));
  return usageError(
    message,
    meant === undefined
      ? (hint ??
          withoutFlag(error, at, quoted, command) ??
          `${below.length > 0 ? `Choose from ${below.join(', ')}; see` : 'See'} ${command} --help`)
      : `Did you mean ${meant}?`,
  );
}

/** The words to type where a folder is given by the flag that others have for it. */
function withoutFlag(
  error: CommanderError,
  at: Command,
  quoted: readonly string[],
  command: string,
): string | undefined {
  const [folder] = at.registeredArguments.map((one) => one.name());
  return error.code === 'commander.unknownOption' && quoted[0] === '--dir' && folder !== undefined
    ? `Give the folder without a flag: ${command} ${folder.toUpperCase()}`
    : undefined;
}

/** The innermost command that the words name, and the names on the way to it. */
function commandOf(program: Command): { readonly names: readonly string[]; readonly at: Command } {
  const names = [program.name()];
  let at = program;
  for (;;) {
    const [next]: readonly string[] = at.args;
    const below = at.commands.find((one) => one.name() === next);
    if (below === undefined) return { names, at };
    at = below;
    names.push(at.name());
  }
}
