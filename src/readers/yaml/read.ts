import { Composer } from './compose.ts';
import type { Composed } from './composed.ts';
import { Constructor } from './construct.ts';
import { refuseUnprintable } from './cursor.ts';
import { refuseSize } from './limits.ts';
import type { YamlDocument } from './node.ts';
import { formProblem, valueProblem } from './problem.ts';
import { Bound, Refusal } from './refusal.ts';

export interface YamlOptions {
  /** Tags that the reader of the file knows beside the standard ones: `!exec`. */
  readonly tags?: readonly string[];
}

/**
 * Reads what Wazo reads, exactly as PyYAML's `safe_load` does: the same values (YAML 1.1), the same refusals, and the
 * place of each. Where PyYAML would take memory without bound (aliases of aliases), or makes a value that holds
 * itself, the document is refused. One thing differs: the two escapes of a surrogate pair are one character to us,
 * and two that cannot be encoded to Python.
 */
export function readYaml(text: string, options: YamlOptions = {}): YamlDocument {
  const composer = open(text);
  if (!(composer instanceof Composer)) return composer;
  return document(composer, 'single', options) ?? {};
}

/** As readYaml, of a stream of documents (`safe_load_all`): the first one that cannot be read ends it. */
export function readYamlStream(text: string, options: YamlOptions = {}): readonly YamlDocument[] {
  const composer = open(text);
  if (!(composer instanceof Composer)) return [composer];
  const documents: YamlDocument[] = [];
  for (;;) {
    const found = document(composer, 'next', options);
    if (found === undefined) return documents;
    documents.push(found);
    if (found.problem !== undefined) return documents;
  }
}

/** Characters of a text: what Wazo reads has some thousands. */
export const LENGTH = 500_000;

function open(text: string): Composer | YamlDocument {
  try {
    if (text.length > LENGTH) throw new Bound(`it has more than ${LENGTH} characters`, undefined);
    refuseUnprintable(text);
    return new Composer(text);
  } catch (error) {
    return { problem: valueProblem(refusalOf(error)) };
  }
}

/** Undefined when there is no document. */
function document(
  composer: Composer,
  which: 'single' | 'next',
  { tags = [] }: YamlOptions,
): YamlDocument | undefined {
  let root: Composed | undefined;
  try {
    root = composer[which]();
  } catch (error) {
    return { problem: formProblem(composer.scanner.cursor.text, refusalOf(error)) };
  }
  if (root === undefined) return undefined;
  try {
    const node = new Constructor(tags).document(root);
    if (composer.hasAliases) refuseSize(node);
    return { root: node };
  } catch (error) {
    return { problem: valueProblem(refusalOf(error)) };
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
