import { CATALOGUE } from '../check/catalogue.ts';
import { rowOf } from '../findings/catalogue.ts';
import { loadTemplate } from '../templates/load.ts';
import { fieldHover, fieldWords, schemaOf } from './fields.ts';
import { type Asked, type Language, type Word, code } from './language.ts';
import { consoleWords, serviceWords } from './rules-steps.ts';
import { keysAbove, yamlOutline } from './yaml-keys.ts';

/** Files with a schema of ours, and the answers of a template. */

function fromSchema({ file, position }: Asked): string | undefined {
  const schema = schemaOf(file.name);
  return schema && fieldHover(schema, file.text.split('\n'), position.line, position.character);
}

function schemaWords({ file, position }: Asked): readonly Word[] {
  const schema = schemaOf(file.name);
  return schema === undefined ? [] : fieldWords(schema, file.text.split('\n'), position.line);
}

/** The rule whose code stands under a place. */
function ruleHover({ line, position }: Asked): string | undefined {
  for (const match of line.matchAll(/[a-z][a-z0-9-]+/g)) {
    const [name] = match;
    if (position.character < match.index || position.character > match.index + name.length) continue;
    const rule = CATALOGUE.find((row) => row.code === name);
    if (rule === undefined) continue;
    const { title, why, fix } = rowOf(rule.code);
    return `**${name}**: ${title}\n\n${why}\n\n${fix}`;
  }
  return undefined;
}

/** The settings of wdev whose values are names that it knows. */
const VALUES: readonly { readonly key: string; readonly words: () => readonly Word[] }[] = [
  { key: 'restart', words: serviceWords },
  { key: 'console', words: consoleWords },
];

function settingsWords(asked: Asked): readonly Word[] {
  const { before, file, position } = asked;
  const key = /^[\s-]*(\w[\w-]*):\s+\S*/.exec(before)?.[1];
  const named = VALUES.find((one) => one.key === key);
  if (named !== undefined) return named.words();
  const above = keysAbove(file.text.split('\n'), position.line).join('.');
  const isCode = above === 'check.ignore' || (above === 'check' && /^\s*ignore:\s*\[/.test(before));
  if (isCode)
    return CATALOGUE.map(({ code: label }) => ({ label, kind: 'value', detail: rowOf(label).title }));
  return schemaWords(asked);
}

export const MANIFEST: Language = {
  name: 'plugin.yml',
  takes: (file) => /(?:^|\/)wazo\/plugin\.yml$/.test(file),
  hover: fromSchema,
  words: schemaWords,
  outline: yamlOutline,
};

export const WDEV_YML: Language = {
  name: 'wdev.yml',
  takes: (file) => /(?:^|\/)wdev\.yml$/.test(file),
  hover: (asked) => fromSchema(asked) ?? ruleHover(asked),
  words: settingsWords,
  outline: yamlOutline,
};

/** The answers that `wdev add` and `wdev update` read. */
export const ANSWERS: Language = {
  name: '.yo-rc.json',
  takes: (file) => /(?:^|\/)\.yo-rc\.json$/.test(file),
  hover: ({ line, position }) => {
    for (const match of line.matchAll(/"([\w-]+)"/g)) {
      if (position.character < match.index || position.character > match.index + match[0].length) continue;
      const part = loadTemplate('stack').parts.find(({ name }) => name === match[1]);
      if (part !== undefined) return `part ${code(part.name)}: ${part.title}`;
    }
    return undefined;
  },
  words: ({ file, offset, before }) => {
    const text = file.text.slice(0, offset);
    if (!/"parts"\s*:\s*\[[^\]]*$/.test(text) || !/["[,\s][\w-]*$/.test(before)) return [];
    return loadTemplate('stack').parts.map(({ name, title }) => ({
      label: name,
      kind: 'value',
      detail: title,
    }));
  },
};
