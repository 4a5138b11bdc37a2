import { usageError } from '../support/errors.ts';

/** Answers as `--set NAME=VALUE` gives them. Throws UserError `usage` for another form. */
export function setAnswers(pairs: readonly string[]): Record<string, string> {
  const entries = pairs.map((pair): [string, string] => {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw usageError(`--set ${pair}: use NAME=VALUE`);
    return [name, value];
  });
  return Object.fromEntries(entries);
}
