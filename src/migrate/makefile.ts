/** Reading the Makefiles of the legacy format: plain targets with shell commands. Pure. */

import { append } from '../support/append.ts';

export interface MakeCommand {
  /** As the shell gets it: variables put in, `@` and `-` cut off. */
  readonly text: string;
  readonly line: number;
  /** Began with `-`: its failure does not count. */
  readonly guarded: boolean;
}

export interface Makefile {
  readonly targets: ReadonlyMap<string, readonly MakeCommand[]>;
  /** The parts that are not understood, with their lines. */
  readonly problems: readonly { readonly line: number; readonly text: string }[];
}

interface Line {
  readonly text: string;
  readonly line: number;
}

/** Reads a Makefile. A target's own commands follow those of the targets that it needs. */
/** Characters of a Makefile, and of what a variable stands for; commands of all targets. */
const LONGEST = 256 * 1024;
const LONGEST_VALUE = 10_000;
const COMMANDS = 20_000;

export function readMakefile(text: string): Makefile {
  if (text.length > LONGEST)
    return { targets: new Map(), problems: [{ line: 1, text: `more than ${LONGEST / 1024} kB` }] };
  const variables = new Map<string, string>();
  const rules = new Map<string, { needs: string[]; commands: MakeCommand[] }>();
  const problems: { line: number; text: string }[] = [];
  let open: string[] = [];
  for (const { text: row, line } of joinLines(text)) {
    if (row.startsWith('\t')) {
      const command = readCommand(row, line, variables);
      if (/\$\((?!\()/.test(command.text)) problems.push({ line, text: command.text });
      for (const target of open) rules.get(target)?.commands.push(command);
      continue;
    }
    const clean = withoutComment(row).trimEnd();
    if (clean === '') continue;
    const variable = /^(?:export\s+)?([A-Za-z_]\w*)\s*(\?|:|::|\+)?=(.*)$/.exec(clean.trimStart());
    const rule = /^([^\s:=][^:=]*):(?!=)(.*)$/.exec(clean);
    if (variable !== null) setVariable(variables, variable);
    else if (rule === null) problems.push({ line, text: clean });
    else {
      open = (rule[1] ?? '')
        .trim()
        .split(/\s+/)
        .filter((name) => !name.startsWith('.'));
      const needs = (rule[2] ?? '').split(/\s+/).filter((name) => name !== '');
      for (const target of open) {
        const known = rules.get(target) ?? { needs: [], commands: [] };
        append(known.needs, needs);
        rules.set(target, known);
      }
    }
  }
  const budget = { left: COMMANDS };
  const targets = new Map([...rules.keys()].map((name) => [name, withNeeds(name, rules, budget)]));
  return { targets, problems };
}

function joinLines(text: string): readonly Line[] {
  const found: Line[] = [];
  let held: string[] = [];
  let line = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    const goesOn = raw.endsWith('\\');
    const row = goesOn ? raw.slice(0, -1).trimEnd() : raw;
    if (held.length === 0) line = index + 1;
    held.push(held.length === 0 ? row : row.trim());
    if (goesOn) continue;
    found.push({ text: held.join(' '), line });
    held = [];
  }
  if (held.length > 0) found.push({ text: held.join(' '), line });
  return found;
}

function setVariable(variables: Map<string, string>, match: RegExpExecArray): void {
  const [, name = '', how, raw = ''] = match;
  if (how === '?' && variables.has(name)) return;
  const value = expand(raw.trim(), variables);
  variables.set(name, how === '+' ? `${variables.get(name) ?? ''} ${value}`.trim() : value);
}

/** Unknown variables are left as they are, and turn up as problems; DESTDIR is empty, as make has it. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  const expanded = text.replaceAll(/\$(?:\((\w+)\)|\{(\w+)\})/g, (all, round?: string, curly?: string) => {
    const name = round ?? curly ?? '';
    return variables.get(name) ?? (name === 'DESTDIR' ? '' : all);
  });
  return expanded.length > LONGEST_VALUE ? text : expanded;
}

/** A `#` begins a comment at the beginning of a line, and behind a blank. */
function withoutComment(row: string): string {
  for (let at = row.indexOf('#'); at >= 0; at = row.indexOf('#', at + 1))
    if (at === 0 || /\s/.test(row.charAt(at - 1))) return row.slice(0, at);
  return row;
}

function readCommand(row: string, line: number, variables: ReadonlyMap<string, string>): MakeCommand {
  const [signs = ''] = /^[@+-]*/.exec(row.trimStart()) ?? [];
  const rest = row.trimStart().slice(signs.length).trimStart();
  return { text: expand(rest, variables).replaceAll('$$', '$'), line, guarded: signs.includes('-') };
}

/** The commands of a target behind those of what it needs, each target once; as far as the budget goes. */
function withNeeds(
  name: string,
  rules: ReadonlyMap<string, { needs: string[]; commands: MakeCommand[] }>,
  budget: { left: number },
): readonly MakeCommand[] {
  const seen = new Set<string>();
  const found: MakeCommand[] = [];
  // a name stands there twice: to look at what it needs, and then for its commands
  const open: { readonly name: string; readonly isReady: boolean }[] = [{ name, isReady: false }];
  for (let next = open.pop(); next !== undefined && budget.left > 0; next = open.pop()) {
    const rule = rules.get(next.name);
    budget.left -= 1;
    if (rule === undefined) continue;
    if (next.isReady) {
      append(found, rule.commands);
      budget.left -= rule.commands.length;
    } else if (!seen.has(next.name)) {
      seen.add(next.name);
      open.push({ name: next.name, isReady: true });
      for (const need of rule.needs.toReversed()) open.push({ name: need, isReady: false });
    }
  }
  return found;
}
