import { isScalar, type YamlNode } from '../readers/yaml/node.ts';

/**
 * The number that wazo-plugind goes by, 0 when plugin.yml does not say; undefined when it refuses the value.
 * It reads texts as numbers, and cuts decimals off before it compares: 1.0 passes, and so does 2.5; true does not.
 * Source: wazo-plugind, validating step (marshmallow's Integer).
 */
export function readFormatVersion(node: YamlNode | undefined): number | undefined {
  if (node === undefined) return 0;
  if (!isScalar(node) || node.kind === 'boolean' || node.python.trim() === '') return undefined;
  // a text has to be an integer, where a number may have decimals
  if (node.kind === 'string' && !/^\s*[+-]?\d+\s*$/.test(node.text)) return undefined;
  const number = Number(node.python);
  const whole = Math.trunc(number);
  return whole >= 0 && whole <= 2 ? number : undefined;
}
