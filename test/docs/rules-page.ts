import { CATALOGUE } from '../../src/check/catalogue.ts';
import { seenText, type Rule } from '../../src/check/rule.ts';
import { TRAPS, type Trap } from './traps.ts';

/** `src/check/RULES.md`: the catalogue of wdev check, and which trap of the field is seen by what. */
export function rulesPage(): string {
  return [
    '# Rules of `wdev check`',
    '',
    'Made from the catalogue in `src/check/rules/`; `npx vitest run --config test/vitest.config.ts check-rules-page -u` writes it anew. `wdev check --explain CODE` shows one rule with a bad and a good example.',
    '',
    '## Traps that public plugins fell into',
    '',
    '| trap | rules of `wdev check` | shown to happen by |',
    '| --- | --- | --- |',
    ...TRAPS.map(trapRow),
    '',
    ...areas().flatMap(([area, rules]) => [`## ${area}`, '', ...rules.flatMap(section)]),
  ].join('\n');
}

function trapRow({ trap, rules, seenBy, unseen }: Trap): string {
  if (unseen !== undefined) return `| ${trap} | none | ${unseen} |`;
  const linked = rules.map((code) => `[${code}](#${code})`).join(', ');
  return `| ${trap} | ${linked} | ${(seenBy ?? []).map((code) => `\`${code}\``).join(', ')} |`;
}

function areas(): readonly (readonly [string, readonly Rule[]])[] {
  const names = [...new Set(CATALOGUE.map(({ area }) => area))];
  return names.map((area) => [`Area: ${area}`, CATALOGUE.filter((rule) => rule.area === area)]);
}

function section(rule: Rule): readonly string[] {
  const seen = seenText(rule);
  return [
    `### ${rule.code}`,
    '',
    `**${rule.level}**: ${rule.title}.`,
    '',
    rule.why,
    '',
    `- Fix it: ${rule.fix}`,
    `- Source: ${rule.source}`,
    ...(seen === undefined ? [] : [`- Seen in: ${seen}`]),
    '',
    'Bad:',
    '',
    ...fenced(rule.bad.shown),
    'Good:',
    '',
    ...fenced(rule.good.shown),
  ];
}

function fenced(text: string): readonly string[] {
  const fence = text.includes('```') ? '~~~~' : '```';
  return [`${fence}text`, text, fence, ''];
}
