import { effectLabel } from '../effects/registry.ts';
import { RULES_COMMANDS } from '../readers/shell/rules-script.ts';
import { RELOAD_TABLE, matchPath } from '../wazo/needs.ts';
import { SERVICES, serviceOf } from '../wazo/services.ts';
import { isRules } from './file-kinds.ts';
import {
  type Asked,
  type EditorText,
  type Language,
  type OutlinePart,
  type Place,
  type Word,
  code,
  holds,
} from './language.ts';
import type { Span } from './span.ts';

/** wazo/rules by its lines: its steps and functions, and what they name. */

/** When a step runs. Source: wazo-plugind, which calls wazo/rules with its name. */
const STEPS: Readonly<Record<(typeof RULES_COMMANDS)[number], string>> = {
  build: 'in the source folder, as an ordinary user, before packaging',
  package: 'in the source folder, under fakeroot: it puts all files of the package below `$pkgdir`',
  install: 'as root on the server, after each installation and upgrade',
  uninstall: 'as root on the server, before a removal',
  postrm: 'as root on the server, after a removal, from a copy of this file alone',
};

const isStep = (name: string): name is (typeof RULES_COMMANDS)[number] => Object.hasOwn(STEPS, name);

/** A branch of `case "$1"`, a target of make, or a function of the shell. */
const HEAD =
  /^[ \t]*(?:(build|package|install|uninstall|postrm)(?:[ \t]*\||\)|[ \t]*:(?!=))|([A-Za-z_]\w*)[ \t]*\(\))/;

interface Part {
  readonly name: string;
  readonly isFunction: boolean;
  readonly at: Span;
  readonly whole: Span;
}

export function partsOf(text: string): readonly Part[] {
  const parts: (Part & { whole: { start: number; end: number } })[] = [];
  let start = 0;
  let last = 0;
  for (const line of text.split('\n')) {
    const match = HEAD.exec(line);
    const open = parts.at(-1);
    if (match !== null) {
      const name = match[1] ?? match[2] ?? '';
      const from = start + line.indexOf(name);
      if (open !== undefined && open.whole.end < 0) open.whole.end = last;
      parts.push({
        name,
        isFunction: match[2] !== undefined,
        at: { start: from, end: from + name.length },
        whole: { start, end: -1 },
      });
    }
    if (line.trim() !== '') last = start + line.trimEnd().length;
    const now = parts.at(-1);
    const ends = now?.isFunction === true ? /^\}|\}\s*$/ : /;;\s*$/;
    if (now !== undefined && now.whole.end < 0 && ends.test(line)) now.whole.end = last;
    start += line.length + 1;
  }
  const open = parts.at(-1);
  if (open !== undefined && open.whole.end < 0) open.whole.end = last;
  return parts;
}

/** The word under a place, as the shell would split it. */
function wordAt({ lines, position, line }: Asked): { readonly word: string; readonly at: Span } | undefined {
  for (const match of line.matchAll(/[\w@./-]+/g)) {
    const span = { start: match.index, end: match.index + match[0].length };
    if (!holds(span, position.character)) continue;
    const start = lines.startOf(position.line);
    return { word: match[0], at: { start: start + span.start, end: start + span.end } };
  }
  return undefined;
}

function hover(asked: Asked): string | undefined {
  const found = wordAt(asked);
  if (found === undefined) return undefined;
  const { word } = found;
  const part = partsOf(asked.file.text).find(({ at }) => holds(at, asked.offset));
  if (part !== undefined && !part.isFunction && isStep(part.name))
    return `**${part.name}**: run by wazo-plugind ${STEPS[part.name]}.`;
  const service = serviceOf(word.replace(/\.service$/, ''));
  if (service !== undefined)
    return `**${service.unit}**: a service of Wazo. It listens on port ${service.port} and logs to ${service.log}.`;
  const installed = /(?:^|\/)((?:etc|usr|var|lib)\/[^]*)$/.exec(word)?.[1];
  const need = installed === undefined ? undefined : matchPath(`/${installed}`);
  if (need !== undefined) {
    const steps = need.effects.map((effect) => code(effectLabel(effect))).join(', ');
    return `${code(`/${installed ?? ''}`)}: ${need.because}.${steps === '' ? '' : ` After a change: ${steps}.`}`;
  }
  const own = partsOf(asked.file.text).find(({ name, isFunction }) => isFunction && name === word);
  return own === undefined ? undefined : `function ${code(word)} of this file`;
}

/** Commands of Asterisk's console that a change of files can need. */
export function consoleWords(): readonly Word[] {
  const commands = RELOAD_TABLE.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.do === 'console' ? [effect.command] : [])),
  );
  return [...new Set(commands)].map((label) => ({
    label,
    kind: 'value',
    detail: "command of Asterisk's console",
  }));
}

export function serviceWords(): readonly Word[] {
  return SERVICES.map(({ unit, port }) => ({
    label: unit,
    kind: 'value',
    detail: `service of Wazo, port ${port}`,
  }));
}

function words({ file, before }: Asked): readonly Word[] {
  if (/\basterisk\s+-rx\s+["'][^"']*$/.test(before)) return consoleWords();
  if (/\b(?:systemctl(?:\s+-[\w-]+)*\s+\w[\w-]*|restart|reload)(?:\s+-[\w-]+)*\s+[\w-]*$/.test(before))
    return serviceWords();
  if (!/^\s*\w*$/.test(before)) return [];
  const parts = partsOf(file.text);
  const known = new Set(parts.map(({ name }) => name));
  const steps = RULES_COMMANDS.filter((name) => !known.has(name)).map((name): Word => ({
    label: name,
    kind: 'value',
    detail: `step: ${STEPS[name].replaceAll('`', '')}`,
  }));
  const own = parts.filter(({ isFunction }) => isFunction);
  return [
    ...steps,
    ...own.map(({ name }): Word => ({ label: name, kind: 'function', detail: 'function of this file' })),
  ];
}

function definitions(asked: Asked): readonly Place[] {
  const { file, files } = asked;
  const found = wordAt(asked);
  if (found === undefined) return [];
  const own = partsOf(file.text).find(({ name, isFunction }) => isFunction && name === found.word);
  if (own !== undefined) return [{ uri: file.uri, ...own.at }];
  const path = found.word.replace(/^\.?\//, '');
  const there = files.find(({ name }) => name === path) ?? files.find(({ name }) => name === `${path}.py`);
  return there === undefined ? [] : [{ uri: there.uri, start: 0, end: 0 }];
}

/** A function and its calls. */
function references(asked: Asked): readonly Place[] {
  const { file } = asked;
  const word = wordAt(asked)?.word;
  if (word === undefined || !partsOf(file.text).some(({ name, isFunction }) => isFunction && name === word))
    return [];
  return [...file.text.matchAll(new RegExp(String.raw`^.*?(?:#.*)?$`, 'gm'))].flatMap((line) => {
    const bare = line[0].replace(/(^|\s)#[^]*$/, '$1');
    return [...bare.matchAll(new RegExp(String.raw`(?<![\w.$/-])${word}(?![\w./=-])`, 'g'))].map((match) => {
      const start = line.index + match.index;
      return { uri: file.uri, start, end: start + word.length };
    });
  });
}

export const RULES: Language = {
  name: 'wazo/rules',
  takes: isRules,
  hover,
  words,
  definitions,
  references,
  outline: ({ text }: EditorText): readonly OutlinePart[] =>
    partsOf(text).map(({ name, isFunction, at, whole }) => ({
      name,
      kind: isFunction ? 'function' : 'method',
      at,
      whole,
      parts: [],
    })),
};
