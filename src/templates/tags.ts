/**
 * The grammar of a tag: print a value, an if, a loop. So a template is data, also one that someone
 * else wrote: EJS runs tags as JavaScript, and these forms cannot reach anything but the answers.
 */

import { UserError } from '../support/errors.ts';
import { DELIMITER, type Language } from './languages.ts';

const NAME = '[A-Za-z][A-Za-z0-9]*';
const VALUE = `(${NAME})(?:\\.(?!constructor|prototype)${NAME})?`;
const PRINT = new RegExp(`^ ${VALUE} $`);
const CALL = new RegExp(`^ yaml\\(${VALUE}\\) $`);
const IF = new RegExp(`^ (?:\\} else )?if \\(!?${VALUE}\\) \\{ $`);
const LOOP = new RegExp(`^ for \\(const (${NAME}) of ${VALUE}\\) \\{ $`);
const CLOSE = /^ \}( else \{)? $/;

/** Throws UserError `bad-template` for a tag of another form, or one that names what is not known. */
export function checkTags(text: string, language: Language, known: readonly string[], source: string): void {
  const names = new Set(known);
  for (const tag of findTags(text, language)) {
    const unknown = unknownName(tag, names);
    if (unknown === undefined) continue;
    const line = text.slice(0, tag.index).split('\n').length;
    throw new UserError('bad-template', `template ${source}:${line}: ${unknown} in tag "${tag.code.trim()}"`);
  }
}

/** Whether EJS has anything to do in a text; without a mark it would give back the same. */
export function hasTags(text: string, language: Language): boolean {
  return text.includes(`${language.open}${DELIMITER}`) || text.includes(`${DELIMITER}${language.close}`);
}

interface Tag {
  readonly index: number;
  readonly prints: boolean;
  readonly code: string;
}

function* findTags(text: string, language: Language): Generator<Tag> {
  const open = `${language.open}${DELIMITER}`;
  const close = `${DELIMITER}${language.close}`;
  for (let index = text.indexOf(open); index !== -1; index = text.indexOf(open, index + 1)) {
    const end = text.indexOf(close, index + open.length);
    const body = text.slice(index + open.length, end === -1 ? undefined : end);
    yield { index, prints: body.startsWith('='), code: body.replace(/^[_=]/, '').replace(/[_-]$/, '') };
  }
}

function unknownName(tag: Tag, names: Set<string>): string | undefined {
  const loop = tag.prints ? null : LOOP.exec(tag.code);
  const match = tag.prints ? (CALL.exec(tag.code) ?? PRINT.exec(tag.code)) : (loop ?? IF.exec(tag.code));
  if (match === null) return !tag.prints && CLOSE.test(tag.code) ? undefined : 'a form that is not allowed';
  const used = loop === null ? match[1] : match[2];
  if (used === undefined || !names.has(used)) return `the unknown name ${used}`;
  if (loop?.[1] !== undefined) names.add(loop[1]);
  return undefined;
}
