import { APPLICATION_SYNTAX } from '../wazo/asterisk-applications.ts';
import { FUNCTION_SYNTAX } from '../wazo/asterisk-functions.ts';
import { DIALLED_CONTEXTS } from '../wazo/contexts.ts';
import { code, type Word } from './language.ts';
import { type DialplanText, mentionAt, mentionsOf } from './dialplan-places.ts';

const nameOf = (syntax: string): string => syntax.slice(0, syntax.indexOf('('));
const APPLICATIONS: readonly Word[] = APPLICATION_SYNTAX.map((detail) => ({
  label: nameOf(detail),
  kind: 'application',
  detail,
}));
const FUNCTIONS: readonly Word[] = FUNCTION_SYNTAX.map((detail) => ({
  label: nameOf(detail),
  kind: 'function',
  detail,
}));
const SYNTAX = new Map(
  [...APPLICATIONS, ...FUNCTIONS].map(({ kind, label, detail }) => [
    `${kind} ${label.toLowerCase()}`,
    detail ?? '',
  ]),
);

/** An explanation of the name at an offset, as Markdown. */
export function hoverOf(
  file: DialplanText,
  files: readonly DialplanText[],
  offset: number,
): string | undefined {
  const mention = mentionAt(file, offset);
  if (mention === undefined) return undefined;
  const { kind, name, context, extension } = mention;
  if (kind === 'application' || kind === 'function') {
    const syntax = SYNTAX.get(`${kind} ${name.toLowerCase()}`);
    return syntax === undefined ? undefined : `${code(syntax)}\n\n${kind} of Asterisk 22`;
  }
  if (kind === 'label') return `label ${code(name)} of ${code(extension)} in ${code(context)}`;
  if (kind === 'extension') return `extension ${code(name)} in context ${code(context)}`;
  const count = files.reduce(
    (sum, one) =>
      sum +
      mentionsOf(one).filter(
        (other) => other.kind === 'extension' && other.role === 'definition' && other.context === name,
      ).length,
    0,
  );
  return `context ${code(name)}: ${count} extension lines here`;
}

/** The words that fit where a person types, by what stands before in the line. */
export function wordsAt(
  file: DialplanText,
  files: readonly DialplanText[],
  before: string,
  offset: number,
): readonly Word[] {
  if (/\$\{\w*$/.test(before)) return FUNCTIONS;
  if (/^\s*include\s*=>?\s*[\w-]*$/i.test(before)) return contextWords(files);
  if (/^\s*(?:exten\s*=[^,]*,|same\s*=)[^,]*,\s*\w*$/i.test(before)) return APPLICATIONS;
  const jump = jumpIn(before);
  if (jump === undefined) return [];
  const parts = jump.split(',').map((part) => part.trim());
  const here = mentionsOf(file).findLast(
    ({ kind, role, start }) => kind === 'extension' && role === 'definition' && start < offset,
  );
  if (parts.length === 1) {
    const own = namesOf(
      files,
      'label',
      (one) => one.context === here?.context && one.extension === here.extension,
    );
    return [
      ...own,
      ...namesOf(files, 'extension', (one) => one.context === here?.context),
      ...contextWords(files),
    ];
  }
  const [first = '', second = ''] = parts;
  const inContext = namesOf(files, 'extension', ({ context }) => context === first);
  if (parts.length === 2)
    return [
      ...inContext,
      ...namesOf(files, 'label', (one) => one.context === here?.context && one.extension === first),
    ];
  return namesOf(files, 'label', ({ context, extension }) => context === first && extension === second);
}

/** The words of a jump that is being typed: behind its bracket, or behind a branch of it. */
function jumpIn(before: string): string | undefined {
  const at = Math.max(...['?', ':', '(', ')'].map((sign) => before.lastIndexOf(sign)));
  const isJump =
    before[at] === '?' || before[at] === ':'
      ? /(?:goto|gosub)(?:if|iftime)?\(/i.test(before)
      : /(?:goto|gosub)(?:if|iftime)?\($/i.test(before.slice(Math.max(0, at - 12), at + 1));
  return isJump ? before.slice(at + 1) : undefined;
}

/** The contexts of a plugin, and those of every server that a person adds to. */
export function contextWords(files: readonly DialplanText[]): readonly Word[] {
  const stock = DIALLED_CONTEXTS.map((label): Word => ({
    label,
    kind: 'context',
    detail: 'of every Wazo server',
  }));
  return [...namesOf(files, 'context', () => true), ...stock];
}

function namesOf(
  files: readonly DialplanText[],
  kind: 'context' | 'extension' | 'label',
  wants: (mention: { readonly context: string; readonly extension: string }) => boolean,
): Word[] {
  const names = files.flatMap((file) =>
    mentionsOf(file)
      .filter((one) => one.kind === kind && one.role === 'definition' && wants(one))
      .map(({ name }) => name),
  );
  return [...new Set(names)].map((label) => ({ label, kind }));
}
