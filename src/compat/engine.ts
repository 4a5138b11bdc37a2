import { readPyYaml, type PyValue } from '../plugin/pyyaml.ts';
import type { Finding } from '../support/finding.ts';

/**
 * Whether wazo-plugind of an engine takes a plugin.yml: `min_wazo_version` and `max_wazo_version` are compared
 * with the engine's version as text, so "9.1" is above "26.05". Source: wazo-plugind, validating step.
 */
export function engineFindings(pluginYml: string, engine: string): readonly Finding[] {
  const document = readPyYaml(pluginYml);
  if (!document.ok || document.value.kind !== 'map') return [];
  const { entries } = document.value;
  const bounds = [
    { key: 'min_wazo_version', refuses: (bound: string) => bound > engine, word: 'above' },
    { key: 'max_wazo_version', refuses: (bound: string) => bound < engine, word: 'below' },
  ] as const;
  return bounds.flatMap(({ key, refuses, word }): readonly Finding[] => {
    const value = entries.get(key)?.value;
    const text = value === undefined ? undefined : boundText(value);
    if (value === undefined || text === undefined || !refuses(text)) return [];
    const typed = 'raw' in value ? value.raw : '';
    const read = typed === text ? '' : ` (read from ${typed}, which YAML takes for a number)`;
    const surprising = typed !== text || !/^\d\d\.\d\d$/.test(text);
    const help = surprising ? `Write two digits each, in quotes: ${key}: "${twoDigits(typed)}"` : undefined;
    return [
      {
        code: 'engine-refuses',
        level: 'error',
        message: `wazo-plugind of ${engine} refuses the plugin: as text, ${key} ${text}${read} is ${word} ${engine}.`,
        file: 'wazo/plugin.yml',
        line: value.line,
        column: value.column,
        ...(help === undefined ? {} : { help }),
        source: 'wazo-plugind, validating step',
      },
    ];
  });
}

function boundText(value: PyValue): string | undefined {
  if (value.kind === 'list' || value.kind === 'map' || value.kind === 'null' || value.kind === 'date')
    return undefined;
  return value.text;
}

function twoDigits(typed: string): string {
  const [year = '', month = ''] = typed.split('.');
  return `${year.padStart(2, '0')}.${month.padStart(2, '0')}`;
}
