/** The consequences of the name of a file that wazo-confgend is to generate. Pure. */

import { stockFile, formatOf, UNREAD_FILES } from '../wazo/generated-files.ts';
import { generatedName, type GeneratedFile } from '../wazo/entry-point.ts';
import { pascal } from '../wazo/names.ts';
import type { Answer } from './question.ts';

export function generatedFileConsequences(file: GeneratedFile): Record<string, Answer> {
  const stock = stockFile(file);
  const { adds = 'Wazo generates no such file' } = stock ?? {};
  const sample = typeof adds === 'string' ? undefined : adds;
  const { section = 'general', option = '', value = '' } = sample ?? {};
  const instead = UNREAD_FILES[generatedName(file)] ?? '';
  return {
    filenameStem: file.filename.replace(/\.[^.]*$/, ''),
    served: instead === '' ? (stock?.by ?? 'nothing') : 'nobody',
    readInstead: instead,
    isStock: stock !== undefined,
    servedByDriver: stock?.by === 'driver',
    isYaml: formatOf(file) === 'yaml',
    // setuptools 66, entry point groups: its command install, and pyproject.toml
    isPlainGroup: /^\w+(\.\w+)*$/.test(`${file.resource}.${file.filename}`),
    canExtend: sample !== undefined,
    whyNotExtended: typeof adds === 'string' ? adds : '',
    // to write the whole of a stock file takes an answer of its own
    usualStyle: stock === undefined ? 'scratch' : 'extend',
    stockSections: stock?.sections ?? [],
    sampleSection: section,
    sampleOption: option,
    sampleValue: value,
    sampleLine: option === '' ? '' : `${option} = ${asteriskValue(value)}`,
    asteriskFileReload: stock?.reload ?? reloadOf(file),
    readBy: stock?.reader ?? 'wazo-confgend',
    restartsReader: stock !== undefined && stock.reader !== 'wazo-confgend',
    readAtStart: stock?.reload === '' && file.resource === 'asterisk',
    frontendClass: `${pascal(file.resource)}Frontend`,
    frontendMethod: file.filename.replaceAll('.', '_'),
  };
}

/** A scalar, or a list of one, as a driver writes it. */
function asteriskValue(yaml: string): string {
  const words: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };
  return words[yaml] ?? yaml.replace(/^\[(.*)\]$/, '$1');
}

function reloadOf({ resource, filename }: GeneratedFile): string {
  return resource === 'asterisk' ? `config reload /etc/asterisk/${filename}` : '';
}
