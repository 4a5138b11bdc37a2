/** Regular expressions that stand in a dialplan: somebody else's, so each has an end. */

import { createContext, runInContext, type Context } from 'node:vm';

/** Milliseconds for one, and for all of a run. */
const ONE = 50;
const ALL = 1_000;

/** Characters of a text that none takes long for, whatever it is. */
const SHORT = 12;

let context: Context | undefined;
let spent = 0;

/**
 * The match of an expression in a text: null when there is none. Undefined when it is none, or when it does not come
 * to an end; Asterisk's own engine would work on it for hours too.
 */
export function matchInTime(expression: string, text: string): RegExpExecArray | null | undefined {
  try {
    const pattern = new RegExp(expression);
    // repetition is what takes time
    if (text.length <= SHORT || !/[*+{?]/.test(expression)) return pattern.exec(text);
    if (spent > ALL) return undefined;
    context ??= createContext({});
    const began = performance.now();
    try {
      Object.assign(context, { pattern, text });
      return runInContext('pattern.exec(text)', context, { timeout: ONE }) as RegExpExecArray | null;
    } finally {
      const took = performance.now() - began;
      if (took > ONE / 2) spent += took;
    }
  } catch {
    return undefined;
  }
}
