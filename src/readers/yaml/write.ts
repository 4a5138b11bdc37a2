import { DEFAULT_SCALAR_STYLE_RULES, SCALAR_STYLE, dump, type ScalarStyleRule } from 'js-yaml';
import { CORE, resolveTag } from './resolve.ts';

/** A mapping as YAML that PyYAML and we read as the same values, keys in order. */
export function yamlText(values: Readonly<Record<string, unknown>>): string {
  return dump(values, { sortKeys: true, lineWidth: 110, scalarStyleRules: STYLES });
}

/** js-yaml knows no date of a month 13, which PyYAML takes for one, and refuses. */
const STYLES: readonly ScalarStyleRule[] = [
  (layout) => {
    const { tag, value } = layout.node;
    if (tag === `${CORE}str` && resolveTag(value, true) !== tag) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
  },
  ...Object.values(DEFAULT_SCALAR_STYLE_RULES),
];
