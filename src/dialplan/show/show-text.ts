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

const HEADER = /^\[ (?:Included context|Context) '(.*)' created by '.*' \]$/s;
const FIRST = /^ {2}'(.*)' (?:\(CID match '(.*)'\) )?=> +(hint: |-?\d+\. )(.*) \[([^\]]*)\]$/s;
const NEXT = /^ {5}(?: {15}|\[(.*)\] +)(hint: |-?\d+\. )(.*) \[([^\]]*)\]$/s;
const OTHER = /^ {2}(Include|Ignore pattern|Alt\. Switch) => +'(.*)' +\[([^\]]*)\]$/s;
const KINDS = { Include: 'include', 'Ignore pattern': 'ignorepat', 'Alt. Switch': 'switch' } as const;

/** Reads the text of one or more `dialplan show` commands. */
export function parseShow(text: string): ShownLine[] {
  const lines: ShownLine[] = [];
  let context = '';
  let extension = {};
  for (const line of text.split('\n')) {
    const header = HEADER.exec(line);
    if (header !== null) {
      context = header[1] ?? '';
      continue;
    }
    const other = OTHER.exec(line);
    if (other !== null) {
      const kind = KINDS[other[1] as keyof typeof KINDS];
      lines.push({ kind, context, text: other[2] ?? '', registrar: other[3] ?? '' });
      continue;
    }
    const next = NEXT.exec(line);
    if (next !== null) {
      const label = next[1] === undefined ? {} : { label: next[1] };
      lines.push({
        kind: 'priority',
        context,
        ...extension,
        ...label,
        ...position(next[2], next[3], next[4]),
      });
      continue;
    }
    const first = FIRST.exec(line);
    if (first === null) continue;
    extension = { extension: first[1], ...(first[2] === undefined ? {} : { callerId: first[2] }) };
    lines.push({ kind: 'priority', context, ...extension, ...position(first[3], first[4], first[5]) });
  }
  return lines;
}

/** The text of `dialplan show` for all contexts, by context. */
export function splitShow(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^(?=\[ Context '.*' created by '.*' \]$)/m);
  return new Map(
    parts.flatMap((part) => {
      const name = HEADER.exec(part.slice(0, part.indexOf('\n')))?.[1];
      return name === undefined ? [] : [[name, part]];
    }),
  );
}

function position(
  number: string | undefined,
  text: string | undefined,
  registrar: string | undefined,
): { priority: number; text: string; registrar: string } {
  const bare = (text ?? '').trimEnd();
  if (number === 'hint: ') return { priority: HINT, text: `hint: ${bare}`, registrar: registrar ?? '' };
  return { priority: Number.parseInt(number ?? '0', 10), text: bare, registrar: registrar ?? '' };
}
