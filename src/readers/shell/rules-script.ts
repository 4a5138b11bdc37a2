import { type Case, type Function as ShellFunction, type ParsedScript, type Statement } from 'unbash';
import type { SourceText } from '../source-text.ts';
import type { ShellCommand } from './command.ts';
import { caseParts, type ShellCase } from './script-parts.ts';
import { ShellWalk } from './walk.ts';
import { WalkBudget } from './walk-budget.ts';
import { isReadable, parseShell } from './parse.ts';
import { readWord } from './word.ts';

/** The commands that wazo-plugind calls `wazo/rules` with. */
export const RULES_COMMANDS = ['build', 'package', 'install', 'uninstall', 'postrm'] as const;

export interface RulesBranch {
  readonly name: string;
  /** Offsets of its statements, without pattern and `;;`. */
  readonly start: number;
  readonly end: number;
  readonly statements: readonly Statement[];
  readonly commands: readonly ShellCommand[];
  /** All of it could be followed; else `commands` lacks some of what is called again and again. */
  readonly isWhole: boolean;
  /** Make's reason, of a Makefile that it did not read to the end of the command; empty where it was not asked. */
  readonly why?: string;
  /** `set -e` is on in it. */
  readonly errexit: boolean;
}

export interface RulesScript {
  readonly file: SourceText;
  readonly interpreter: Interpreter;
  readonly script: ParsedScript;
  /** It is not too large for the parser; else `script` is empty. */
  readonly isRead: boolean;
  /** The branches of its `case "$1"`; undefined when it is not built like that. */
  readonly branches: ReadonlyMap<string, RulesBranch> | undefined;
  /** The exit status for a command that has no branch: 0 when nothing refuses it. */
  readonly refusesUnknown: boolean;
  readonly errexit: boolean;
  /** The `case` statement, where branches can be added. */
  readonly caseNode: Case | undefined;
  /** Only of a Makefile: `file` then is the script that it amounts to, and none of its text can be changed. */
  readonly made?: {
    /** The shell that its lines are run by: `sh`, `bash`. */
    readonly shell: string;
    readonly script: ParsedScript;
    readonly problems: readonly RulesProblem[];
  };
}

/** A place at which something cannot read on, and what it says. */
export interface RulesProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Interpreter {
  /** First line without `#!`; empty when there is none. */
  readonly line: string;
  /** `sh`, `bash`, `make`… */
  readonly name: string;
  readonly isShell: boolean;
}

/** Reads `wazo/rules`. Source: wazo-plugind, which calls it as a program with one argument. */
export function readRules(file: SourceText): RulesScript {
  const interpreter = readInterpreter(file.text);
  const isShell = interpreter.isShell || interpreter.line === '';
  const script = parseShell(isShell ? file.text : '');
  const functions = functionsOf(script.commands);
  const caseNode = findCase(script, functions);
  const errexit =
    /(?:^|\s)-\w*e/.test(interpreter.line) || script.commands.some((statement) => setsErrexit(statement));
  const isRead = !isShell || isReadable(file.text);
  const base = { file, interpreter, script, isRead, errexit, caseNode };
  if (caseNode === undefined) return { ...base, branches: undefined, refusesUnknown: false };
  const known = new Map([
    ['pkgdir', '$pkgdir'],
    ['PWD', '.'],
  ]);
  const before = script.commands.filter((statement) => statement.command !== caseNode);
  const followed = { source: file.text, functions, budget: new WalkBudget() };
  const prologue = new ShellWalk(followed, known);
  prologue.list(before, false);
  for (const command of prologue.commands)
    for (const { name, value } of command.assigns) if (value !== undefined) known.set(name, value);
  const branches = new Map<string, RulesBranch>();
  const asked = ['1', ...readWord(caseNode.word, new Map()).variables.map(({ name }) => name)];
  for (const item of caseNode.items) {
    const { commands: statements } = item.body;
    for (const pattern of item.pattern) {
      if (branches.has(pattern.value)) continue;
      // `"do_$1"` in the branch of build calls do_build
      const said = /^[a-z]+$/.test(pattern.value) ? asked.map((name) => [name, pattern.value] as const) : [];
      const walk = new ShellWalk(followed, new Map([...known, ...said]));
      const isWhole = followed.budget.allows(item, 0);
      if (isWhole) followed.budget.follow(item, () => walk.list(statements, true));
      branches.set(pattern.value, {
        name: pattern.value,
        start: statements[0]?.pos ?? item.body.pos,
        end: statements.at(-1)?.end ?? item.body.end,
        statements,
        commands: walk.commands,
        isWhole: isWhole && walk.isWhole,
        errexit: errexit || statements.some((statement) => setsErrexit(statement)),
      });
    }
  }
  return { ...base, branches, refusesUnknown: refuses(branches.get('*')) };
}

/** The `case` over the command of rules, also when it is not a script without fault. */
export function rulesCase(text: string): ShellCase | undefined {
  const script = parseShell(text);
  const node = findCase(script, functionsOf(script.commands));
  return node === undefined ? undefined : caseParts(node);
}

function refuses(branch: RulesBranch | undefined): boolean {
  const last = branch?.commands.findLast((command) => command.name !== '');
  if (last === undefined) return false;
  const status = last.words[0]?.value;
  return last.name === 'exit' || last.name === 'return' ? status !== '0' : last.name === 'false';
}

export function readInterpreter(text: string): Interpreter {
  const line = /^#!([^\n]*)/.exec(text)?.[1]?.trim() ?? '';
  const words = line.split(/\s+/).map((word) => word.split('/').at(-1) ?? '');
  const name =
    (words[0] === 'env' ? words.find((word, at) => at > 0 && !word.startsWith('-')) : words[0]) ?? '';
  return { line, name, isShell: /^(?:sh|bash|dash|ash|ksh)$/.test(name) };
}

function functionsOf(statements: readonly Statement[]): ReadonlyMap<string, ShellFunction> {
  const found = new Map<string, ShellFunction>();
  for (const { command } of statements)
    if (command.type === 'Function') found.set(command.name.value, command);
  return found;
}

/** The `case` over the first argument, at the top or in a function that gets all arguments. */
export function findCase(
  script: ParsedScript,
  functions: ReadonlyMap<string, ShellFunction>,
): Case | undefined {
  const lists = [script.commands, ...[...functions.values()].map(bodyOf)];
  for (const statements of lists) {
    const aliases = new Set(['1']);
    for (const { command } of statements) {
      if (command.type === 'Command')
        for (const part of command.prefix)
          if (
            part.type === 'Assignment' &&
            /^"?\$\{?1(?::?-[^}]*)?\}?"?$/.test(part.text.slice(part.name.length + 1))
          )
            aliases.add(part.name);
      if (command.type !== 'Case') continue;
      const names = readWord(command.word, new Map()).variables.map((variable) => variable.name);
      if (names.some((name) => aliases.has(name))) return command;
    }
  }
  return undefined;
}

function bodyOf(node: ShellFunction): readonly Statement[] {
  const { body } = node;
  if (body.type === 'CompoundList') return body.commands;
  return body.type === 'BraceGroup' ? body.body.commands : [];
}

function setsErrexit({ command }: Statement): boolean {
  if (command.type !== 'Command' || command.name?.value !== 'set') return false;
  const words = command.args.map((word) => word.text);
  return words.some((word) => /^-[a-z]*e/.test(word) || word === 'errexit');
}
