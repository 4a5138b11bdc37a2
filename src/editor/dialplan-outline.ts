import { sharedNumbers } from '../dialplan/read/pattern.ts';
import type { Mention } from './dialplan-names.ts';
import { type DialplanText, mentionsOf } from './dialplan-places.ts';
import type { Span } from './span.ts';

/** A context, with its extensions. */
export interface OutlineContext {
  readonly name: string;
  readonly at: Span;
  /** To where the next one begins. */
  readonly whole: Span;
  readonly extensions: readonly OutlineExtension[];
}

export interface OutlineExtension {
  readonly name: string;
  readonly at: Span;
  readonly whole: Span;
  /** Where a call enters that runs it: `CONTEXT,NUMBER`; none when no number is known that it takes. */
  readonly call: string | undefined;
}

/** The contexts of a file, and the extensions in them; lines of one extension are together. */
export function outlineOf(file: DialplanText): readonly OutlineContext[] {
  const definitions = mentionsOf(file).filter(({ role, kind }) => role === 'definition' && kind !== 'label');
  const end = file.text.trimEnd().length;
  const rest = (offset: number): Span => ({ start: lineOf(file.text, offset), end });
  const contexts: { name: string; at: Span; whole: Span; extensions: OutlineExtension[] }[] = [];
  for (const one of definitions) {
    const context = contexts.at(-1);
    if (one.kind === 'context') {
      close(context, file.text, lineOf(file.text, one.start));
      contexts.push({ name: one.name, at: one, whole: rest(one.start), extensions: [] });
    } else if (context !== undefined && context.extensions.at(-1)?.name !== one.name) {
      closeLast(context.extensions, file.text, lineOf(file.text, one.start));
      context.extensions.push({
        name: one.name,
        at: one,
        whole: rest(one.start),
        call: callOf(one),
      });
    }
  }
  return contexts;
}

function lineOf(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function close(
  context: { whole: Span; extensions: OutlineExtension[] } | undefined,
  text: string,
  end: number,
): void {
  if (context === undefined) return;
  context.whole = until(context.whole, text, end);
  closeLast(context.extensions, text, end);
}

function closeLast(extensions: OutlineExtension[], text: string, end: number): void {
  const last = extensions.pop();
  if (last !== undefined) extensions.push({ ...last, whole: until(last.whole, text, end) });
}

/** Without the blank lines before the next one. */
function until({ start }: Span, text: string, end: number): Span {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function callOf({ name, context }: Mention): string | undefined {
  const extension = name.replace(/\/[^\]]*$/, '');
  const [number] = sharedNumbers(extension, extension);
  return number === undefined || /[${},]/.test(number) || context === '' ? undefined : `${context},${number}`;
}
