import { PLUGIN_GROUPS } from '../wazo/groups.ts';
import type { Word } from './dialplan-words.ts';

/** The meaning of a name in setup.py (or its neighbours), an entry point group, as Markdown. */
export function groupHover(line: string, character: number): string | undefined {
  const found = PLUGIN_GROUPS.find(({ group }) => {
    const at = line.indexOf(group);
    return at >= 0 && at <= character && character <= at + group.length;
  });
  if (found === undefined) return undefined;
  const { group, service, keys } = found;
  const enabled = `Enabled by \`${keys.join('.')}\` in /etc/${service}/conf.d.`;
  return `**${group}**: plugins of ${service}. ${enabled}`;
}

/** The groups, where one begins in quotes. */
export function groupWords(before: string): readonly Word[] {
  if (!/['"[]\s*[\w.]*$/.test(before)) return [];
  return PLUGIN_GROUPS.map(({ group, service }) => ({
    label: group,
    kind: 'value',
    detail: `plugins of ${service}`,
  }));
}

/** The module and attribute of `name = package.module:attribute` around a character. */
export function entryPointAt(
  line: string,
  character: number,
): { readonly module: string; readonly attribute: string } | undefined {
  for (const match of line.matchAll(/=\s*([\w.]+):(\w+)/g)) {
    const [, module = '', attribute = ''] = match;
    if (match.index <= character && character <= match.index + match[0].length) return { module, attribute };
  }
  return undefined;
}

/** Where an attribute is made in a module: its offset in the text. */
export function attributeIn(text: string, attribute: string): number | undefined {
  const match = new RegExp(
    String.raw`^(?:class|def|async def)[ \t]+(${attribute})\b|^(${attribute})\b[ \t]*[=:]`,
    'm',
  ).exec(text);
  return match === null ? undefined : match.index + match[0].indexOf(attribute);
}
