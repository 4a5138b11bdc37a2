import { HINT } from '../read/dialplan.ts';

/** One line of `dialplan show`, from whatever module it comes. */
export interface ShownLine {
  readonly kind: 'priority' | 'include' | 'ignorepat' | 'switch';
  readonly context: string;
  readonly extension?: string;
  readonly callerId?: string;
  /** HINT for a hint. */
  readonly priority?: number;
  /** Not shown at the first priority of an extension. */
  readonly label?: string;
  /** `App(data)`, `hint: device`, or the include, pattern or switch; without the blanks that fill it up. */
  readonly text: string;
  /** `acme.conf:12`, `pbx_config`, or the name of another module. */
  readonly registrar: string;
}

const CREATED = "' created by '";

/** The context of `[ Context 'NAME' created by 'MODULE' ]`, and of an included one; undefined for another line. */
function headerOf(line: string, what: '[ Context' | '[ Included context'): string | undefined {
  if (!line.startsWith(`${what} '`) || !line.endsWith("' ]")) return undefined;
  const end = line.lastIndexOf(CREATED);
  return end < what.length + 2 ? undefined : line.slice(what.length + 2, end);
}

interface Cut {
  readonly before: string;
  readonly registrar: string;
}

/** The text before ` [REGISTRAR]`, and that; undefined where a line does not end in one. */
function cutRegistrar(line: string): Cut | undefined {
  const open = line.lastIndexOf(' [');
  if (open < 0 || line.indexOf(']', open) !== line.length - 1) return undefined;
  return { before: line.slice(0, open), registrar: line.slice(open + 2, -1) };
}

const KINDS = { Include: 'include', 'Ignore pattern': 'ignorepat', 'Alt. Switch': 'switch' } as const;

function otherOf(line: string, cut: Cut): Pick<ShownLine, 'kind' | 'text' | 'registrar'> | undefined {
  const [head = '', name] = /^ {2}(Include|Ignore pattern|Alt\. Switch) => +'/.exec(line) ?? [];
  const text = cut.before.trimEnd();
  if (name === undefined || !text.endsWith("'") || text.length <= head.length) return undefined;
  return {
    kind: KINDS[name as keyof typeof KINDS],
    text: text.slice(head.length, -1),
    registrar: cut.registrar,
  };
}

const NUMBER = / +(hint: |-?\d+\. )/y;

interface Position {
  readonly priority: number;
  readonly text: string;
  readonly registrar: string;
}

/** The text behind the blanks at an offset: `1. App(data) [file.conf:1]`. */
function positionAt(line: string, offset: number, { before, registrar }: Cut): Position | undefined {
  NUMBER.lastIndex = offset;
  const [found, number = ''] = NUMBER.exec(line) ?? [];
  if (found === undefined || before.length < offset + found.length) return undefined;
  return position(number, before.slice(offset + found.length), registrar);
}

interface First extends Position {
  readonly extension: string;
  readonly callerId?: string;
}

/** `  'EXTEN' (CID match 'CALLER') => 1. App(data) [file.conf:1]`; of several arrows the last one counts. */
function firstOf(line: string, cut: Cut): First | undefined {
  if (!line.startsWith("  '")) return undefined;
  for (let arrow = line.lastIndexOf(' => '); arrow > 0; arrow = line.lastIndexOf(' => ', arrow - 1)) {
    const end = line.charAt(arrow - 1);
    const found = end === "'" || end === ')' ? positionAt(line, arrow + ' =>'.length, cut) : undefined;
    if (found === undefined) continue;
    if (end === "'") return { extension: line.slice(3, arrow - 1), ...found };
    const caller = line.lastIndexOf(CALLER, arrow);
    if (line.charAt(arrow - 2) === "'" && caller >= 3)
      return {
        extension: line.slice(3, caller),
        callerId: line.slice(caller + CALLER.length, arrow - 2),
        ...found,
      };
  }
  return undefined;
}

const CALLER = "' (CID match '";

/** `     [label]       2. App(data) [file.conf:2]`. */
function nextOf(line: string, cut: Cut): (Position & { readonly label?: string }) | undefined {
  if (line.startsWith(' '.repeat(20))) return positionAt(line, 19, cut);
  if (!line.startsWith('     [')) return undefined;
  for (let end = line.lastIndexOf('] '); end >= 6; end = line.lastIndexOf('] ', end - 1)) {
    const found = positionAt(line, end + 1, cut);
    if (found !== undefined) return { label: line.slice(6, end), ...found };
  }
  return undefined;
}

/** Reads the text of one or more `dialplan show` commands. */
export function parseShow(text: string): ShownLine[] {
  const lines: ShownLine[] = [];
  let context = '';
  let extension = {};
  for (const line of text.split('\n')) {
    const header = headerOf(line, '[ Context') ?? headerOf(line, '[ Included context');
    if (header !== undefined) {
      context = header;
      continue;
    }
    const cut = cutRegistrar(line);
    if (cut === undefined) continue;
    const other = otherOf(line, cut);
    if (other !== undefined) {
      lines.push({ ...other, context });
      continue;
    }
    const next = nextOf(line, cut);
    if (next !== undefined) {
      lines.push({ kind: 'priority', context, ...extension, ...next });
      continue;
    }
    const first = firstOf(line, cut);
    if (first === undefined) continue;
    const { extension: name, callerId } = first;
    extension = { extension: name, ...(callerId === undefined ? {} : { callerId }) };
    lines.push({ kind: 'priority', context, ...first });
  }
  return lines;
}

/** The text of `dialplan show` for all contexts, by context. */
export function splitShow(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  let name: string | undefined;
  let start = 0;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const header = headerOf(text.slice(at, end), '[ Context');
    if (header !== undefined) {
      if (name !== undefined) parts.set(name, text.slice(start, at));
      name = header;
      start = at;
    }
    at = end + 1;
  }
  if (name !== undefined) parts.set(name, text.slice(start));
  return parts;
}

function position(number: string, text: string, registrar: string): Position {
  const bare = text.trimEnd();
  if (number === 'hint: ') return { priority: HINT, text: `hint: ${bare}`, registrar };
  return { priority: Number.parseInt(number, 10), text: bare, registrar };
}
