import type { Rule } from '../rule.ts';

/** The catalogue as data, for programs and for the documentation page. */
export function catalogueJson(rules: readonly Rule[]): string {
  const entries = rules.map(({ code, level, area, title, why, source, seen, fix, bad, good }) => ({
    code,
    level,
    area,
    title,
    why,
    source,
    fix,
    ...(seen === undefined ? {} : { seen }),
    bad: bad.shown,
    good: good.shown,
  }));
  return `${JSON.stringify({ rules: entries }, undefined, 2)}\n`;
}
