/** The arguments of an application or a function, and the places of the dialplan that they name. */

/** Cuts at commas outside of parentheses, `${}`, `$[]` and quotes; a backslash protects what follows. */
export function splitArguments(text: string): string[] {
  return splitAt(text, ',');
}

export function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '(' || char === '{' || char === '[') depth++;
    else if (char === ')' || char === '}' || char === ']') depth--;
    else if (char === separator && depth <= 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** A place that Goto, Gosub, Dial(Local/...) and so on lead to; parts that are not written are undefined. */
export interface Target {
  readonly context?: string;
  readonly extension?: string;
  readonly priority: string;
  readonly isSubroutine: boolean;
}

/** All targets in the text of one priority, also those inside of ExecIf and the branches of GotoIf. */
export function targetsOf(app: string, data: string): Target[] {
  const name = app.trim().toLowerCase();
  switch (name) {
    case 'goto':
      return targetFrom(splitArguments(data), false);
    case 'gosub':
      return targetFrom(withoutSubroutineArguments(data), true);
    case 'gotoif':
    case 'gosubif':
    case 'gotoiftime':
      return branches(data).flatMap((branch) =>
        name === 'gosubif'
          ? targetFrom(withoutSubroutineArguments(branch), true)
          : targetFrom(splitArguments(branch), false),
      );
    case 'execif':
    case 'execiftime':
      return branches(data).flatMap((branch) => {
        const open = branch.indexOf('(');
        if (open < 0) return [];
        const close = branch.lastIndexOf(')');
        return targetsOf(branch.slice(0, open), branch.slice(open + 1, close < 0 ? undefined : close));
      });
    case 'dial':
    case 'originate':
      return [...localTargets(data), ...optionTargets(data)];
    default:
      return [];
  }
}

/** The channels `Local/extension@context` of a call. */
function localTargets(data: string): Target[] {
  return [...data.matchAll(/Local\/([^@,&/]+)@([^,&/)]+)/gi)].map((match) => ({
    extension: match[1] ?? '',
    context: match[2] ?? '',
    priority: '1',
    isSubroutine: false,
  }));
}

/** A priority that only the call knows. */
const SOME = '${}';

/** `F(context^extension^priority)` and `G(…)` among the options of Dial; by G the other side enters behind it. */
function optionTargets(data: string): Target[] {
  return [...data.matchAll(/([FG])\(([^()^]*(?:\^[^()^]*){1,2})\)/g)].flatMap(([, option, place = '']) => {
    const parts = place.split(/[\^,]/);
    const next = option === 'G' ? targetFrom([...parts.slice(0, -1), SOME], false) : [];
    return [...targetFrom(parts, false), ...next];
  });
}

/** `condition?yes:no` → its parts; a branch that is not written is empty. */
export function conditional(data: string): { condition: string; yes: string; no: string } {
  const [condition = '', ...rest] = splitAt(data, '?');
  const [yes = '', ...no] = splitAt(rest.join('?'), ':');
  return { condition, yes: yes.trim(), no: no.join(':').trim() };
}

function branches(data: string): string[] {
  const { yes, no } = conditional(data);
  return [yes, no].filter((branch) => branch !== '');
}

/** `ctx,exten,1(arg1,arg2)` → its three parts. */
export function withoutSubroutineArguments(data: string): string[] {
  return splitArguments(data).map((part, at, all) =>
    at === all.length - 1 && part.includes('(') && !part.startsWith('$')
      ? part.slice(0, part.indexOf('('))
      : part,
  );
}

export function targetFrom(parts: readonly string[], isSubroutine: boolean): Target[] {
  const [first = '', second, third] = parts.map((part) => part.trim());
  if (third !== undefined)
    return [{ context: first, extension: second ?? '', priority: third, isSubroutine }];
  if (second !== undefined) return [{ extension: first, priority: second, isSubroutine }];
  return first === '' ? [] : [{ priority: first, isSubroutine }];
}

/** The `${`, `$[`, or quote of an expression that this text does not close; undefined when all are closed. */
export function unbalanced(text: string): '${' | '$[' | '"' | undefined {
  const open: ('${' | '$[' | '"')[] = [];
  for (let at = 0; at < text.length; at++) {
    const last = open.at(-1);
    if (text[at] === '\\') at++;
    else if (text.startsWith('${', at) || text.startsWith('$[', at)) {
      open.push(text[at + 1] === '{' ? '${' : '$[');
      at++;
    } else if (text[at] === '}' && last === '${') open.pop();
    else if (text[at] === ']' && last === '$[') open.pop();
    else if (text[at] === '"' && last === '"') open.pop();
    // elsewhere a quote is a character like others
    else if (text[at] === '"' && last === '$[') open.push('"');
  }
  return open.at(-1) === '"' ? '"' : open[0];
}

/** Names of the functions that are called in `${NAME(...)}`. */
export function functionsIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Za-z_][\w]*)\(/g)].map((match) => match[1] ?? '');
}
