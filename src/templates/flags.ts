/** How a question is answered on the command line of `wdev new`. */

import { KINDS } from './built-in.ts';
import { loadTemplate } from './load.ts';
import type { Question } from '../answers/question.ts';

/** `--namespace`, or `--set country=…` for what only an example or a template of others asks. */
export function answerForm({ name, flag }: Question): string {
  return hasFlag(flag) ? `--${flag}` : `--set ${name}=…`;
}

function hasFlag(flag: string): boolean {
  return KINDS.some((kind) => loadTemplate(kind).questions.some((question) => question.flag === flag));
}
