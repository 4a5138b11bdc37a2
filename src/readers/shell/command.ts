import type { ShellWord } from './word.ts';

export interface ShellRedirect {
  readonly operator: string;
  readonly target: ShellWord | undefined;
  readonly start: number;
}

/** A simple command of a script, with what its surroundings make of its exit status. */
export interface ShellCommand {
  /** Name of the program after `sudo`, `exec`, `env` and the like; empty when it is not literal. */
  readonly name: string;
  /** Place of the name. */
  readonly nameWord: ShellWord | undefined;
  readonly words: readonly ShellWord[];
  readonly redirects: readonly ShellRedirect[];
  /** Variables that are set by it or for it, with their literal value where there is one. */
  readonly assigns: readonly {
    readonly name: string;
    readonly value: string | undefined;
    readonly text: string;
  }[];
  readonly start: number;
  readonly end: number;
  /** Offsets of the whole statement of a list that it is or belongs to. */
  readonly statement: { readonly start: number; readonly end: number };
  /** It is a statement of a branch by itself, not inside `if`, a loop, a function, `&&` or a pipeline. */
  readonly alone: boolean;
  /** Something deals with its failure: `||`, `if`, `!`, a later part of a pipeline. */
  readonly guarded: boolean;
  /** Its exit status is that of the branch. */
  readonly last: boolean;
  /** Text of the conditions under which it runs, outermost first. */
  readonly conditions: readonly string[];
  /** Its output is read: by `$(…)` or by the next command of a pipeline. */
  readonly read: boolean;
  /** A shell of its own begins with it, in this folder of the sources; empty for the top. */
  readonly begins?: string;
}

/** Literal arguments that are no options. */
export function operands(command: ShellCommand): readonly ShellWord[] {
  return command.words.filter((word) => word.value === undefined || !/^-./.test(word.value));
}

/** Whether one of the short or long options is given: `hasOption(command, 'r', 'recursive')`. */
export function hasOption(command: ShellCommand, short: string, long?: string): boolean {
  return command.words.some(({ value, text }) => {
    const word = value ?? text;
    if (word.startsWith('--'))
      return long !== undefined && (word === `--${long}` || word.startsWith(`--${long}=`));
    return /^-[A-Za-z]+/.test(word) && (/^-[A-Za-z]+/.exec(word)?.[0] ?? '').includes(short);
  });
}

/** The command line as far as it is literal: `systemctl restart wazo-calld`. */
export function lineOf(command: ShellCommand): string {
  return [command.name, ...command.words.map((word) => word.value ?? word.text)].join(' ').trim();
}
