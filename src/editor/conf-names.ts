import { effectLabel } from '../effects/registry.ts';
import { matchPath } from '../wazo/needs.ts';
import type { Mention } from './dialplan-names.ts';
import { confOf } from './file-kinds.ts';
import { code, type EditorText, type OutlinePart, type Word } from './language.ts';

/** Asterisk's other configuration: sections, what refers to them, and the contexts of the dialplan that it names. */

const SECTION = /^([ \t]*\[)([^\]\n]+)\](?:\(([^)\n]*)\))?/;
const OPTION = /^([ \t]*([\w-]+)[ \t]*=>?[ \t]*)([^;\n]*)/;

/** Options whose values are sections of the same configuration. Source: Asterisk 22, res_pjsip, configuration. */
const SECTION_OPTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  pjsip: new Set(['aors', 'auth', 'endpoint', 'outbound_auth', 'transport']),
};
/** Options whose value is a context of the dialplan, in every file of Asterisk that has them. */
const CONTEXT_OPTION = /^(?:(?:message_|subscribe_|refer_|default_)?context|subscribecontext)$/;

/** The values of `type` in pjsip.conf. Source: Asterisk 22, res_pjsip, configuration. */
const PJSIP_TYPES = [
  'acl',
  'aor',
  'auth',
  'contact',
  'domain_alias',
  'endpoint',
  'global',
  'identify',
  'phoneprov',
  'registration',
  'resource_list',
  'inbound-publication',
  'outbound-publish',
  'system',
  'transport',
] as const;

/** The names in a file: sections, where they are used, and contexts. */
export function confMentionsIn(text: string, conf: string): readonly Mention[] {
  const found: Mention[] = [];
  let start = 0;
  const add = (kind: Mention['kind'], role: Mention['role'], name: string, at: number): void => {
    if (name === '' || name === '!' || name === '+' || /[${}]/.test(name)) return;
    const context = kind === 'context' ? name : conf;
    found.push({ kind, role, name, context, extension: '', start: at, end: at + name.length });
  };
  for (const line of text.split('\n')) {
    const section = SECTION.exec(line);
    const option = section === null ? OPTION.exec(line) : null;
    if (section !== null) {
      const [, before = '', name = '', templates = ''] = section;
      add('section', 'definition', name, start + before.length);
      eachPart(templates, (part, at) =>
        add('section', 'use', part, start + before.length + name.length + 2 + at),
      );
    } else if (option !== null) {
      const [, before = '', key = '', value = ''] = option;
      if (CONTEXT_OPTION.test(key)) add('context', 'use', value.trim(), start + before.length);
      else if (SECTION_OPTIONS[conf]?.has(key) === true)
        eachPart(value, (part, at) => add('section', 'use', part, start + before.length + at));
    }
    start += line.length + 1;
  }
  return found;
}

function eachPart(text: string, take: (part: string, at: number) => void): void {
  let at = 0;
  for (const part of text.split(',')) {
    take(part.trim(), at + part.length - part.trimStart().length);
    at += part.length + 1;
  }
}

/** The sections of a file. */
export function confOutline({ name, text }: EditorText): readonly OutlinePart[] {
  const sections = confMentionsIn(text, confOf(name) ?? '').filter(
    ({ kind, role }) => kind === 'section' && role === 'definition',
  );
  return sections.map((section, index): OutlinePart => {
    const next = sections[index + 1];
    const start = text.lastIndexOf('\n', section.start) + 1;
    const end = next === undefined ? text.length : text.lastIndexOf('\n', next.start) + 1;
    const whole = { start, end: start + text.slice(start, end).trimEnd().length };
    return { name: section.name, kind: 'module', at: section, whole, parts: [] };
  });
}

/** A section, with the type that it has. */
export function sectionHover({ name, text }: EditorText, section: string): string {
  const conf = confOf(name) ?? '';
  const lines = text.split('\n');
  const types: string[] = [];
  let isHere = false;
  for (const line of lines) {
    const head = SECTION.exec(line)?.[2];
    if (head !== undefined) isHere = head === section;
    const type = isHere ? /^\s*type\s*=>?\s*([\w-]+)/.exec(line)?.[1] : undefined;
    if (type !== undefined) types.push(type);
  }
  const what = types.length === 0 ? 'section' : [...new Set(types)].join(', ');
  return `${what} ${code(section)} of ${conf}.conf\n\n${confNeed(name)}`.trimEnd();
}

/** The need of a change of the file. */
export function confNeed(name: string): string {
  const installed = /(?:^|\/)(etc\/asterisk\/[^]*)$/.exec(name)?.[1] ?? '';
  const need = matchPath(`/${installed}`);
  if (need === undefined) return '';
  const steps = need.effects.map((effect) => code(effectLabel(effect)));
  return steps.length === 0 ? need.because : `After a change: ${steps.join(', ')} (${need.because}).`;
}

/** The words that fit behind what stands before in the line; undefined where those of other files fit. */
export function confWords(
  { name }: EditorText,
  before: string,
  contexts: () => readonly Word[],
  sections: () => readonly Word[],
): readonly Word[] {
  const conf = confOf(name) ?? '';
  if (/^\s*\[[^\]]*\]\((?:[^)]*,)?\s*[\w-]*$/.test(before)) return sections();
  const [, , key = '', value = ''] = OPTION.exec(before) ?? [];
  if (CONTEXT_OPTION.test(key)) return contexts();
  if (SECTION_OPTIONS[conf]?.has(key) === true) return sections();
  if (conf === 'pjsip' && key === 'type' && /^[\w-]*$/.test(value))
    return PJSIP_TYPES.map((label) => ({ label, kind: 'value', detail: 'type of a section of pjsip.conf' }));
  return [];
}
