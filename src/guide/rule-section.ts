import { seenText, type Area, type Rule } from '../check/rule.ts';
import { block, escapeHtml, sentence, slug, type Section } from './html.ts';

const AREAS: Readonly<Record<Area, string>> = {
  manifest: 'wazo/plugin.yml',
  rules: 'wazo/rules',
  packaging: 'Python packaging',
  python: 'Python code',
  confd: 'Configuration of services',
  files: 'Names and places of files',
  dialplan: 'Dialplan',
};

/** The catalogue of wdev check, each rule with a bad and a good example. */
export function ruleSection(rules: readonly Rule[]): Section {
  const areas = (Object.keys(AREAS) as Area[]).filter((area) => rules.some((rule) => rule.area === area));
  return {
    id: 'rules',
    title: 'Rules of wdev check',
    parts: areas.map((area) => ({ id: slug('area', area), title: AREAS[area] })),
    html: `<p>${rules.length} rules. In a terminal: <code>wdev check --explain CODE</code>. To ignore one, write
<code># wdev: ignore CODE REASON</code> (in a dialplan <code>; wdev: …</code>) on the line or above it, or <code>check: {ignore: [CODE]}</code> in wdev.yml.</p>
${areas.map((area) => areaHtml(area, rules)).join('\n')}`,
  };
}

function areaHtml(area: Area, rules: readonly Rule[]): string {
  const own = rules.filter((rule) => rule.area === area);
  return `<h3 id="${slug('area', area)}">${escapeHtml(AREAS[area])}</h3>\n${own.map(oneRule).join('\n')}`;
}

function oneRule(rule: Rule): string {
  const { code, level, title, why, source, fix, bad, good } = rule;
  const seen = seenText(rule);
  return `<details class="rule" id="${slug('rule', code)}" data-search>
<summary><code>${escapeHtml(code)}</code> <span class="level ${level}">${level}</span> ${sentence(title)}</summary>
<p>${sentence(why)}</p>
<p><strong>To fix it:</strong> ${sentence(fix)}</p>
<p class="quiet">${sentence(source)}${seen === undefined ? '' : `; seen in ${escapeHtml(seen)}`}</p>
<h4>Bad</h4>${block(escapeHtml(bad.shown), `bad example of ${code}`)}
<h4>Good</h4>${block(escapeHtml(good.shown), `good example of ${code}`)}
</details>`;
}
