import { SourceText } from '../readers/source-text.ts';
import { isScalar, valueOf, type YamlNode } from '../readers/yaml/node.ts';
import { readYaml } from '../readers/yaml/read.ts';
import type { Finding } from '../findings/finding.ts';

/**
 * Whether wazo-plugind of an engine takes a plugin.yml: `min_wazo_version` and `max_wazo_version` are compared
 * with the engine's version as text, so "9.1" is above "26.05". Source: wazo-plugind, validating step.
 */
export function engineFindings(pluginYml: string, engine: string): readonly Finding[] {
  const source = new SourceText('wazo/plugin.yml', pluginYml);
  const { root } = readYaml(pluginYml);
  const bounds = [
    { key: 'min_wazo_version', refuses: (bound: string) => bound > engine, word: 'above' },
    { key: 'max_wazo_version', refuses: (bound: string) => bound < engine, word: 'below' },
  ] as const;
  return bounds.flatMap(({ key, refuses, word }): readonly Finding[] => {
    const value = valueOf(root, key);
    const text = value === undefined ? undefined : boundText(value);
    if (value === undefined || text === undefined || !refuses(text)) return [];
    const typed = isScalar(value) ? value.text : '';
    const read = typed === text ? '' : ` (read from ${typed}, which YAML takes for a number)`;
    const surprising = typed !== text || !/^\d\d\.\d\d$/.test(text);
    const help = surprising ? `Write two digits each, in quotes: ${key}: "${twoDigits(typed)}"` : undefined;
    return [
      {
        code: 'engine-refuses',
        level: 'error',
        message: `wazo-plugind of ${engine} refuses the plugin: as text, ${key} ${text}${read} is ${word} ${engine}.`,
        ...source.at(value.start),
        ...(help === undefined ? {} : { help }),
        source: 'wazo-plugind, validating step',
      },
    ];
  });
}

function boundText(value: YamlNode): string | undefined {
  if (!isScalar(value) || value.kind === 'null' || value.kind === 'timestamp') return undefined;
  return value.python;
}

function twoDigits(typed: string): string {
  const [year = '', month = ''] = typed.split('.');
  return `${year.padStart(2, '0')}.${month.padStart(2, '0')}`;
}
