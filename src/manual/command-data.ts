import type { EventEmitter } from 'node:events';
import type { Command } from 'commander';
import { bracketed, defaultText } from './argument-text.ts';

/** A flag as `--help`, the man page and the guide show it. */
export interface FlagData {
  readonly flags: string;
  readonly description: string;
  /** Words that it takes; empty when it takes others, or none. */
  readonly choices: readonly string[];
  readonly default: string | undefined;
  readonly group: string | undefined;
}

export interface ArgumentData {
  /** `<action>`, `[path...]`. */
  readonly usage: string;
  readonly description: string;
  readonly choices: readonly string[];
}

/** A command of `wdev` as data, from commander's own tree. */
export interface CommandData {
  /** `stack`, `templates list`. */
  readonly name: string;
  readonly summary: string;
  /** The words behind the name, flags aside: `[path...] <call...>`. */
  readonly usage: string;
  readonly arguments: readonly ArgumentData[];
  readonly flags: readonly FlagData[];
  /** The lines at the end of the help. */
  readonly details: string;
  readonly commands: readonly CommandData[];
}

/** Every command that is not hidden, in the order of `wdev --help`. */
export function commandData(program: Command): readonly CommandData[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => oneCommand(command, ''));
}

function oneCommand(command: Command, before: string): CommandData {
  const name = `${before}${command.name()}`;
  return {
    name,
    summary: command.summary() || command.description(),
    usage: command
      .usage()
      .replaceAll(/\[(?:options|command)\] ?/g, '')
      .trim(),
    arguments: command.registeredArguments.map((argument) => ({
      usage: bracketed(argument),
      description: argument.description,
      choices: argument.argChoices ?? [],
    })),
    flags: command.options
      .filter((option) => !option.hidden)
      .map((option) => ({
        flags: option.flags,
        description: option.description,
        choices: option.argChoices ?? [],
        default: defaultText(option),
        group: option.helpGroupHeading?.replace(/:$/, ''),
      })),
    details: detailsOf(command),
    commands: command.commands.map((sub) => oneCommand(sub, `${name} `)),
  };
}

/** The texts that a command adds to its help; commander keeps them as listeners. */
function detailsOf(command: Command): string {
  const written: string[] = [];
  const listeners = command as unknown as EventEmitter;
  listeners.emit('afterHelp', { error: false, command, write: (text: string) => void written.push(text) });
  return written
    .map((text) => text.trim())
    .filter((text) => text !== '' && !text.startsWith('Everywhere:'))
    .join('\n\n');
}
