import { metRowOf, type MetCode } from '../../findings/catalogue.ts';
import { jsonText } from '../../support/visible.ts';
import type { Rule } from '../rule.ts';

/** The catalogue as data, for programs and for the documentation page. */
export function catalogueJson(rules: readonly Rule[]): string {
  const entries = rules.map(({ code, level, area, compat, title, why, source, seen, fix, bad, good }) => ({
    code,
    level,
    area,
    ...(compat === undefined ? {} : { compat }),
    title,
    why,
    source,
    fix,
    ...(seen === undefined ? {} : { seen }),
    bad: bad.shown,
    good: good.shown,
  }));
  return `${jsonText({ rules: entries }, 2)}\n`;
}

/** One finding that is no rule's, in the same form: a command meets it, and one example shows how. */
export function metJson(code: MetCode): string {
  const { level, title, why, source, fix, example } = metRowOf(code);
  const entry = { code, level, title, why, source, fix, bad: example };
  return `${jsonText({ rules: [entry] }, 2)}\n`;
}
