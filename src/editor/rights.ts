import { SERVICES } from '../wazo/services.ts';
import { isPython, settingsOf } from './file-kinds.ts';
import { type EditorText, type Language, type Place, type Word, code, holds, lineOf } from './language.ts';
import type { Span } from './span.ts';
import { yamlKeys } from './yaml-keys.ts';

/** ACLs: what a route asks of a token, and what a policy grants. */

export interface Right {
  readonly file: EditorText;
  readonly text: string;
  readonly at: Span;
}

const ASKED = /required_acl\(\s*f?(["'])([^"'\n]+)\1/g;

/** The rights that the code of a plugin asks for. */
export function askedRights(files: readonly EditorText[]): readonly Right[] {
  return files
    .filter(({ name }) => isPython(name) && !/^tests?\//.test(name))
    .flatMap((file) =>
      [...file.text.matchAll(ASKED)].map((match) => {
        const [whole, , text = ''] = match;
        const start = match.index + whole.lastIndexOf(text);
        return { file, text, at: { start, end: start + text.length } };
      }),
    );
}

/** The rights that settings of a plugin grant: each list below a key `acl`. */
export function grantedRights(files: readonly EditorText[]): readonly Right[] {
  return files
    .filter(({ name }) => settingsOf(name) !== undefined)
    .flatMap((file) =>
      yamlKeys(file.text)
        .filter(({ name, above }) => name === 'acl' && !above.includes('acl'))
        .flatMap(({ valueStart, whole }) => {
          const part = file.text.slice(valueStart, whole.end);
          return [...part.matchAll(/(?<![\w.-])!?[a-z][\w-]*(?:\.[\w{}*#-]+)+/g)].map((match) => {
            const start = valueStart + match.index;
            return { file, text: match[0], at: { start, end: start + match[0].length } };
          });
        }),
    );
}

/** Whether a policy's right opens what a route asks for. Source: wazo-auth, ACLs: `*` is one part, `#` any number. */
export function grants(granted: string, asked: string): boolean {
  const parts = asked.split('.');
  // how many parts of the route's right the policy's parts so far can stand for
  let reached = new Set([0]);
  for (const part of granted.split('.')) {
    const next = new Set<number>();
    for (const at of reached) {
      if (part === '#') for (let to = at + 1; to <= parts.length; to++) next.add(to);
      else if (at < parts.length && (part === '*' || part === parts[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(parts.length);
}

/** The meaning of the right under a place, as Markdown. */
export function rightHover(
  file: EditorText,
  offset: number,
  files: readonly EditorText[],
): string | undefined {
  const found = rightAt(file, offset, files);
  if (found === undefined) return undefined;
  const { right, isAsked, others } = found;
  const service = SERVICES.find(({ unit }) => unit === `wazo-${right.text.split('.')[0] ?? ''}`)?.unit;
  const list = others.map((one) => `${code(one.text)} (${lineOf(one.file, one.at)})`).join(', ');
  const about = service === undefined ? '' : ` of ${service}`;
  if (isAsked) {
    const parts = /\{(\w+)\}/.test(right.text) ? ' The parts in braces are arguments of the method.' : '';
    const says = list === '' ? 'No policy of this plugin grants it.' : `Granted by ${list}.`;
    return `ACL ${code(right.text)}${about}: a token needs it for this route.${parts}\n\n${says}`;
  }
  const says = list === '' ? 'No route of this plugin asks for it.' : `It opens ${list}.`;
  return `ACL ${code(right.text)}${about}: ${code('*')} is one part, ${code('#')} any number of parts.\n\n${says}`;
}

/** The right under a place, and those of the other side that it opens, or that open it. */
function rightAt(
  file: EditorText,
  offset: number,
  files: readonly EditorText[],
): { readonly right: Right; readonly isAsked: boolean; readonly others: readonly Right[] } | undefined {
  const isAsked = isPython(file.name);
  const right = (isAsked ? askedRights([file]) : grantedRights([file])).find(({ at }) => holds(at, offset));
  if (right === undefined) return undefined;
  const others = isAsked
    ? grantedRights(files).filter(({ text }) => grants(text, right.text))
    : askedRights(files).filter(({ text }) => grants(right.text, text));
  return { right, isAsked, others };
}

/** The places of the other side. */
export function rightPlaces(
  file: EditorText,
  offset: number,
  files: readonly EditorText[],
): readonly Place[] {
  const others = rightAt(file, offset, files)?.others ?? [];
  return others.map(({ file: { uri }, at }) => ({ uri, ...at }));
}

/** The rights that a person may mean: those of the plugin, and the beginnings of those of each service. */
export function rightWords(files: readonly EditorText[]): readonly Word[] {
  const own = new Set([...askedRights(files), ...grantedRights(files)].map(({ text }) => text));
  return [
    ...[...own].map((label): Word => ({ label, kind: 'value', detail: 'ACL of this plugin' })),
    ...SERVICES.filter(({ api }) => api !== undefined).map(({ unit }): Word => ({
      label: `${unit.replace(/^wazo-/, '')}.`,
      kind: 'value',
      detail: `ACLs of ${unit}`,
    })),
  ];
}

export const PYTHON: Language = {
  name: 'ACLs in Python',
  takes: isPython,
  hover: ({ file, offset, files }) => rightHover(file, offset, files),
  words: ({ before, files }) => (/required_acl\(\s*f?["'][^"']*$/.test(before) ? rightWords(files) : []),
  definitions: ({ file, offset, files }) => rightPlaces(file, offset, files),
  references: ({ file, offset, files }) => rightPlaces(file, offset, files),
};
