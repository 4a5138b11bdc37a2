/** Reading the Makefiles of the legacy format: plain targets with shell commands. Pure. */

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
export function readMakefile(text: string): Makefile {
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
    const clean = row.replace(/\s+#.*$|^#.*$/, '').trimEnd();
    if (clean === '') continue;
    const variable = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*(\?|:|::|\+)?=\s*(.*)$/.exec(clean);
    const rule = /^([^\s:=][^:=]*):(?!=)\s*(.*)$/.exec(clean);
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
        known.needs.push(...needs);
        rules.set(target, known);
      }
    }
  }
  const targets = new Map([...rules.keys()].map((name) => [name, withNeeds(name, rules, new Set())]));
  return { targets, problems };
}

function joinLines(text: string): readonly Line[] {
  const found: Line[] = [];
  let held: Line | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const row: Line =
      held === undefined
        ? { text: raw, line: index + 1 }
        : { text: `${held.text} ${raw.trim()}`, line: held.line };
    held = raw.endsWith('\\') ? { ...row, text: row.text.slice(0, -1).trimEnd() } : undefined;
    if (held === undefined) found.push(row);
  }
  if (held !== undefined) found.push(held);
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
  const known = new Map([['DESTDIR', ''], ...variables]);
  return text.replaceAll(
    /\$(?:\((\w+)\)|\{(\w+)\})/g,
    (all, round?: string, curly?: string) => known.get(round ?? curly ?? '') ?? all,
  );
}

function readCommand(row: string, line: number, variables: ReadonlyMap<string, string>): MakeCommand {
  const [, signs = '', rest = ''] = /^\s*([@+-]*)\s*(.*)$/.exec(row) ?? [];
  return { text: expand(rest, variables).replaceAll('$$', '$'), line, guarded: signs.includes('-') };
}

function withNeeds(
  name: string,
  rules: ReadonlyMap<string, { needs: string[]; commands: MakeCommand[] }>,
  seen: Set<string>,
): readonly MakeCommand[] {
  const rule = rules.get(name);
  if (rule === undefined || seen.has(name)) return [];
  seen.add(name);
  return [...rule.needs.flatMap((need) => withNeeds(need, rules, seen)), ...rule.commands];
}
