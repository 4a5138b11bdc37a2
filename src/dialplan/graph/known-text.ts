import { evaluate } from '../read/expression.ts';
import { PURE_FUNCTIONS } from '../read/functions.ts';
import { substitute } from '../read/substitute.ts';

interface KnownText {
  /** Undefined when only a call knows it. */
  readonly text: string | undefined;
  /** A global gave it: a call may set it to something else. */
  readonly likely: boolean;
}

/** A text of a jump with what is known of every call that comes by: the given values, and globals. */
export function knownText(
  text: string,
  values: Readonly<Record<string, string>>,
  globals: ReadonlyMap<string, string>,
): KnownText {
  if (!/[$%]/.test(text)) return { text, likely: false };
  let [isKnown, likely] = [true, false];
  const unknown = (): string => {
    isKnown = false;
    return '';
  };
  const result = substitute(text, {
    variable: (name) => {
      if (Object.hasOwn(values, name)) return values[name];
      likely = true;
      return globals.get(name) ?? unknown();
    },
    call: (name, args) => {
      const pure = Object.hasOwn(PURE_FUNCTIONS, name) ? PURE_FUNCTIONS[name] : undefined;
      return pure === undefined ? unknown() : pure(args);
    },
    expression: (inner) => evaluate(inner),
  }).trim();
  return { text: isKnown ? result : undefined, likely };
}
