import type {
  AndOr,
  Command,
  CommandNode,
  CompoundList,
  For,
  Function as ShellFunction,
  Pipeline,
  PipelineNode,
  Redirection,
  Statement,
} from 'unbash';
import type { ShellCommand, ShellRedirect } from './command.ts';
import type { WalkBudget } from './walk-budget.ts';
import { readWord, scriptsOf, type ShellWord } from './word.ts';

interface Context {
  readonly guarded: boolean;
  readonly last: boolean;
  readonly read: boolean;
  readonly alone: boolean;
  readonly conditions: readonly string[];
  readonly calls: readonly string[];
  readonly statement: { readonly start: number; readonly end: number };
}

export type Functions = ReadonlyMap<string, ShellFunction>;

/** Programs that run the program which their arguments name, with their options that take a word of their own. */
const WRAPPERS: ReadonlyMap<string, RegExp | undefined> = new Map([
  ['sudo', /^-[ugCDhpRrTtU]$/],
  ['exec', /^-a$/],
  ['env', /^-[uC]$/],
  ['command', undefined],
  ['nice', /^-n$/],
  ['timeout', /^-[ks]$/],
  ['fakeroot', undefined],
  ['nohup', undefined],
  ['time', undefined],
  ['eatmydata', undefined],
]);

/** Arguments of a function. */
const POSITIONS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Loops over more literal words than this are followed once only. */
const LOOP_LIMIT = 40;

/** A script that is followed, with the functions that it has. */
export interface FollowedScript {
  readonly source: string;
  readonly functions: Functions;
  readonly budget: WalkBudget;
}

/**
 * Follows a list of statements as the shell would, functions included, and gives every simple command in
 * order. Literal variables are followed; `bindings` holds what is known before and is added to. A call that the
 * budget does not allow is a command like any other, after which no variable is known.
 */
export class ShellWalk {
  readonly commands: ShellCommand[] = [];
  readonly #source: string;
  readonly #functions: Functions;
  readonly #budget: WalkBudget;
  readonly #given: ReadonlyMap<string, string>;
  readonly #bindings: Map<string, string>;
  #isWhole = true;

  constructor({ source, functions, budget }: FollowedScript, bindings: ReadonlyMap<string, string>) {
    this.#source = source;
    this.#functions = functions;
    this.#budget = budget;
    this.#given = bindings;
    this.#bindings = new Map(bindings);
  }

  /** Whether every call and loop was followed to its end. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  list(statements: readonly Statement[], lastDecides: boolean): void {
    const context = { guarded: false, read: false, alone: true, conditions: [], calls: [] };
    this.#statements(statements, { ...context, last: lastDecides, statement: { start: 0, end: 0 } });
  }

  #statements(statements: readonly Statement[], context: Context): void {
    statements.forEach((statement, index) => {
      const last = context.last && index === statements.length - 1;
      const place = context.alone ? { start: statement.pos, end: statement.end } : context.statement;
      const guarded = context.guarded || statement.background === true;
      this.#node(statement.command, { ...context, last, guarded, statement: place });
    });
  }

  #node(node: PipelineNode | AndOr, context: Context): void {
    switch (node.type) {
      case 'AndOr':
        return this.#andOr(node, context);
      case 'Pipeline':
        return this.#pipeline(node, context);
      default:
        return this.#command(node, context);
    }
  }

  #andOr(node: AndOr, context: Context): void {
    const lastOr = node.operators.lastIndexOf('||');
    node.commands.forEach((command, index) => {
      const guarded = context.guarded || index <= lastOr;
      const before = node.commands[index - 1];
      const conditions =
        before === undefined ? context.conditions : [...context.conditions, this.#text(before)];
      // in `a && b` the failure of a is that of the whole
      const last = context.last && index > lastOr;
      this.#node(command, { ...context, guarded, conditions, last, alone: false });
    });
  }

  #pipeline(node: Pipeline, context: Context): void {
    const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
    const only = node.commands.length === 1 && !negated;
    node.commands.forEach((command, index) => {
      const end = index === node.commands.length - 1;
      this.#command(command, {
        ...context,
        guarded: context.guarded || negated || !end,
        read: context.read || !end,
        last: context.last && end,
        alone: context.alone && only,
      });
    });
  }

  #command(node: CommandNode, context: Context): void {
    const inside = { ...context, alone: false };
    const condition = { ...inside, guarded: true, last: false };
    switch (node.type) {
      case 'Command':
        return this.#simple(node, context);
      case 'Redirected':
        this.#redirects(node.redirects, node.pos, node.end, inside);
        return this.#command(node.command, inside);
      case 'Subshell':
      case 'BraceGroup':
        return this.#list(node.body, inside);
      case 'If': {
        this.#list(node.clause, condition);
        this.#list(node.then, this.#under(inside, node.clause));
        for (const elif of node.elif) {
          this.#list(elif.clause, condition);
          this.#list(elif.then, this.#under(inside, elif.clause));
        }
        if (node.else !== undefined) this.#list(node.else, this.#under(inside, node.clause));
        return undefined;
      }
      case 'While':
        this.#list(node.clause, condition);
        return this.#list(node.body, this.#under(inside, node.clause));
      case 'For':
        return this.#for(node, inside);
      case 'Case':
        for (const item of node.items) this.#list(item.body, this.#under(inside, node.word));
        return undefined;
      default:
        return undefined;
    }
  }

  #list(list: CompoundList, context: Context): void {
    this.#statements(list.commands, context);
  }

  #for(node: For, context: Context): void {
    const words = (node.wordlist ?? []).map((word) => readWord(word, this.#bindings));
    const values = words.map((word) => word.value);
    if (values.length === 0 || values.length > LOOP_LIMIT || values.includes(undefined)) {
      this.#bindings.delete(node.name.value);
      return this.#list(node.body, context);
    }
    for (const value of values) {
      if (!this.#budget.allows(node.body, 0)) return this.#giveUp();
      this.#bindings.set(node.name.value, value ?? '');
      this.#budget.follow(node.body, () => this.#list(node.body, context));
    }
    return undefined;
  }

  #under(context: Context, condition: { readonly pos: number; readonly end: number }): Context {
    return { ...context, conditions: [...context.conditions, this.#text(condition)] };
  }

  #simple(node: Command, context: Context): void {
    const words = node.name === undefined ? [] : [node.name, ...node.args];
    for (const word of words) this.#substitutions(word, { ...context, guarded: true });
    for (const part of node.prefix) if (part.type === 'Assignment') this.#substitutions(part, context);
    const assigns = this.#assignments(node, node.name === undefined && context.conditions.length === 0);
    const read = words.map((word) => readWord(word, this.#bindings));
    const called = this.#functions.get(read[0]?.value ?? '');
    if (called !== undefined && !context.calls.includes(called.name.value)) {
      if (this.#budget.allows(called, context.calls.length))
        return this.#budget.follow(called, () => this.#call(called, read.slice(1), context));
      this.#giveUp();
    }
    const { name, nameWord, rest } = program(read);
    const { guarded, last, conditions, alone, statement } = context;
    this.#push({
      name,
      nameWord,
      words: rest,
      redirects: node.redirects.map((redirect) => this.#redirect(redirect)),
      assigns,
      start: node.pos,
      end: node.end,
      statement,
      alone,
      guarded,
      last,
      conditions,
      read: context.read,
    });
  }

  #assignments(node: Command, lasting: boolean): ShellCommand['assigns'] {
    return node.prefix
      .filter((part) => part.type === 'Assignment')
      .map(({ name, value, text }) => {
        const literal = value.type === 'Word' ? readWord(value, this.#bindings).value : undefined;
        // a value that is set under a condition, or added to, is not known any more
        if (lasting && literal !== undefined) this.#bindings.set(name, literal);
        else if (node.name === undefined) this.#bindings.delete(name);
        return { name, value: literal, text };
      });
  }

  #substitutions(node: Parameters<typeof scriptsOf>[0], context: Context): void {
    for (const script of scriptsOf(node))
      this.#statements(script.commands, { ...context, read: true, last: false, alone: false });
  }

  /** A part that is not followed may change any variable. */
  #giveUp(): void {
    this.#isWhole = false;
    this.#bindings.clear();
    for (const [name, value] of this.#given) this.#bindings.set(name, value);
    for (const name of POSITIONS) this.#bindings.delete(name);
  }

  #push(command: ShellCommand): void {
    this.#budget.count();
    this.commands.push(command);
  }

  #call(called: ShellFunction, args: readonly ShellWord[], context: Context): void {
    const before = POSITIONS.map((name) => this.#bindings.get(name));
    POSITIONS.forEach((name, index) => this.#bind(name, args[index]?.value));
    const inside = { ...context, alone: false, calls: [...context.calls, called.name.value] };
    const { body } = called;
    if (body.type === 'CompoundList') this.#list(body, inside);
    else this.#command(body, inside);
    POSITIONS.forEach((name, index) => this.#bind(name, before[index]));
  }

  #bind(name: string, value: string | undefined): void {
    if (value === undefined) this.#bindings.delete(name);
    else this.#bindings.set(name, value);
  }

  #redirects(redirects: readonly Redirection[], start: number, end: number, context: Context): void {
    const { guarded, conditions, alone, statement, read } = context;
    const list = redirects.map((redirect) => this.#redirect(redirect));
    const empty = { name: '', nameWord: undefined, words: [], assigns: [], last: false };
    this.#push({
      ...empty,
      redirects: list,
      start,
      end,
      statement,
      alone,
      guarded,
      conditions,
      read,
    });
  }

  #redirect(redirect: Redirection): ShellRedirect {
    const target =
      redirect.type === 'HereDoc' || redirect.target === undefined
        ? undefined
        : readWord(redirect.target, this.#bindings);
    return { operator: redirect.operator, target, start: redirect.pos };
  }

  #text(node: { readonly pos: number; readonly end: number }): string {
    return this.#source.slice(node.pos, node.end);
  }
}

/** The program that a command line runs in the end. */
function program(words: readonly ShellWord[]): {
  name: string;
  nameWord: ShellWord | undefined;
  rest: readonly ShellWord[];
} {
  let at = 0;
  while (WRAPPERS.has(baseName(words[at]?.value))) {
    const wrapper = baseName(words[at]?.value);
    let next = at + 1;
    for (let word = textAt(next); /^-|^\w+=/.test(word); word = textAt(next))
      next += WRAPPERS.get(wrapper)?.test(word) === true ? 2 : 1;
    // the time comes first
    if (wrapper === 'timeout') next += 1;
    if (words[next] === undefined) break;
    at = next;
  }
  return { name: baseName(words[at]?.value), nameWord: words[at], rest: words.slice(at + 1) };

  function textAt(index: number): string {
    return words[index]?.value ?? words[index]?.text ?? '';
  }
}

function baseName(value: string | undefined): string {
  if (value === undefined) return '';
  return /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/.exec(value)?.[1] ?? value;
}
