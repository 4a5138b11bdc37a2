import { splitAt, splitArguments } from '../dialplan/read/arguments.ts';
import type { Span } from './span.ts';

/** A name of a dialplan where it is written. */
export interface Mention extends Span {
  readonly kind: 'context' | 'extension' | 'label' | 'application' | 'function' | 'section';
  readonly role: 'definition' | 'use';
  readonly name: string;
  /** The context that an extension or label belongs to; of a use, the one that it leads to. The configuration of a section. */
  readonly context: string;
  /** The extension that a label belongs to. */
  readonly extension: string;
}

interface Standing {
  context: string;
  extension: string;
}

const SECTION = /^([ \t]*\[)([^\]\n]+)\]/;
const EXTEN = /^([ \t]*(?:exten|same)[ \t]*=>?[ \t]*)([^]*)$/i;
const INCLUDE = /^([ \t]*include[ \t]*=>?[ \t]*)([^,|;\s]+)/i;

/** The names in a dialplan file, in their order. What a call computes is none. */
export function mentionsIn(text: string): readonly Mention[] {
  const found: Mention[] = [];
  const standing: Standing = { context: '', extension: '' };
  let start = 0;
  for (const line of text.split('\n')) {
    readLine(line.replace(/\r$/, ''), start, standing, found);
    start += line.length + 1;
  }
  return found;
}

function readLine(line: string, start: number, standing: Standing, found: Mention[]): void {
  const section = SECTION.exec(line);
  if (section !== null) {
    const [, before = '', name = ''] = section;
    standing.context = name;
    standing.extension = '';
    found.push({
      kind: 'context',
      role: 'definition',
      name,
      context: name,
      extension: '',
      ...span(start + before.length, name),
    });
    return;
  }
  const include = INCLUDE.exec(line);
  if (include !== null) {
    const [, before = '', name = ''] = include;
    addUse(found, 'context', name, start + before.length, { context: name, extension: '' });
    return;
  }
  const exten = EXTEN.exec(withoutComment(line));
  if (exten !== null) readExtension(exten[1] ?? '', exten[2] ?? '', start, standing, found);
}

function withoutComment(line: string): string {
  const comment = /(?<!\\);/.exec(line);
  return comment === null ? line : line.slice(0, comment.index);
}

function readExtension(
  before: string,
  rest: string,
  start: number,
  standing: Standing,
  found: Mention[],
): void {
  let at = start + before.length;
  let text = rest;
  if (/exten/i.test(before)) {
    const comma = text.indexOf(',');
    const name = (comma < 0 ? text : text.slice(0, comma)).trim();
    standing.extension = name;
    found.push({
      kind: 'extension',
      role: 'definition',
      name,
      context: standing.context,
      extension: name,
      ...span(at, name),
    });
    if (comma < 0) return;
    at += comma + 1;
    text = text.slice(comma + 1);
  }
  const comma = text.indexOf(',');
  const priority = comma < 0 ? text : text.slice(0, comma);
  const [open, close] = [priority.indexOf('('), priority.indexOf(')', priority.indexOf('('))];
  if (open >= 0 && close > open + 1) {
    const name = priority.slice(open + 1, close);
    found.push({ kind: 'label', role: 'definition', name, ...standing, ...span(at + open + 1, name) });
  }
  if (comma >= 0) readApplication(text.slice(comma + 1), at + comma + 1, standing, found);
}

/** Applications within applications (ExecIf of ExecIf) that are looked into; nobody writes as many. */
const DEEPEST = 8;

function readApplication(text: string, start: number, standing: Standing, found: Mention[], depth = 0): void {
  const open = text.indexOf('(');
  const written = open < 0 ? text : text.slice(0, open);
  const name = written.trim();
  const at = start + written.indexOf(name);
  if (/^\w+$/.test(name)) addUse(found, 'application', name, at, standing);
  if (open < 0) return;
  const close = text.lastIndexOf(')');
  const data = text.slice(open + 1, close < open ? undefined : close);
  for (const match of data.matchAll(/\$\{([A-Za-z_]\w*)\(/g))
    addUse(found, 'function', match[1] ?? '', start + open + 1 + match.index + 2, standing);
  if (depth < DEEPEST) readArguments(name.toLowerCase(), data, start + open + 1, standing, found, depth);
}

function readArguments(
  name: string,
  data: string,
  start: number,
  standing: Standing,
  found: Mention[],
  depth: number,
): void {
  switch (name) {
    case 'goto':
    case 'gosub':
      readTarget(data, start, standing, found);
      return;
    case 'gotoif':
    case 'gosubif':
    case 'gotoiftime':
      for (const [text, at] of branches(data)) readTarget(text, start + at, standing, found);
      return;
    case 'execif':
    case 'execiftime':
      for (const [text, at] of branches(data)) readApplication(text, start + at, standing, found, depth + 1);
      return;
    case 'dial':
    case 'originate':
    case 'page':
      for (const match of data.matchAll(/Local\/([^@,&/]+)@([^,&/)]+)/gi)) {
        const [, extension = '', context = ''] = match;
        const at = start + match.index + 'Local/'.length;
        addUse(found, 'extension', extension, at, { context, extension });
        addUse(found, 'context', context, at + extension.length + 1, { context, extension: '' });
      }
  }
}

/** The two branches of `condition?yes:no`, each with its offset. */
function branches(data: string): [string, number][] {
  const [condition = '', ...rest] = splitAt(data, '?');
  if (rest.length === 0) return [];
  const [yes = '', ...no] = splitAt(rest.join('?'), ':');
  const at = condition.length + 1;
  return [
    [yes, at],
    [no.join(':'), at + yes.length + 1],
  ];
}

/** `[[context,]extension,]priority`, with the arguments of a subroutine behind it. */
function readTarget(text: string, start: number, standing: Standing, found: Mention[]): void {
  let at = start;
  const parts = splitArguments(text).map((part) => {
    const open = part.startsWith('$') ? -1 : part.indexOf('(');
    const bare = open < 0 ? part : part.slice(0, open);
    const name = bare.trim();
    const placed = { name, at: at + bare.indexOf(name) };
    at += part.length + 1;
    return placed;
  });
  const [priority, extension, context] = parts.toReversed();
  const target = {
    context: context?.name ?? standing.context,
    extension: extension?.name ?? standing.extension,
  };
  if (context !== undefined)
    addUse(found, 'context', context.name, context.at, { context: context.name, extension: '' });
  if (extension !== undefined) addUse(found, 'extension', extension.name, extension.at, target);
  if (priority !== undefined && !/^[+-]?\d|^n$|^$/.test(priority.name))
    addUse(found, 'label', priority.name, priority.at, target);
}

function addUse(
  found: Mention[],
  kind: Mention['kind'],
  name: string,
  start: number,
  target: Standing,
): void {
  if (name === '' || /[${}%]/.test(name)) return;
  found.push({
    kind,
    role: 'use',
    name,
    context: target.context,
    extension: target.extension,
    ...span(start, name),
  });
}

function span(start: number, name: string): Span {
  return { start, end: start + name.length };
}
