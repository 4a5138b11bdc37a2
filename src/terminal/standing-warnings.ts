/** Warnings that were shown before, as numbers. */

import path from 'node:path';
import { paint } from './paint.ts';
import type { Finding } from '../findings/finding.ts';

/** Their count, behind the line of a batch; empty when there are none. */
export function standing(count: number, hasKeys: boolean): string {
  if (count === 0) return '';
  return paint.yellow(`; ${count} open warning${count === 1 ? '' : 's'}${keyOf(hasKeys)}`);
}

/** A line about those of `findings` that were there before. */
export function stillStanding(
  before: readonly Finding[],
  findings: readonly Finding[],
  hasKeys: boolean,
): readonly string[] {
  const known = new Set(before.map(nameOf));
  const again = findings.filter((one) => known.has(nameOf(one)));
  const [{ file = '' } = {}] = again;
  if (again.length === 0) return [];
  const where = new Set(again.map((one) => one.file)).size > 1 ? '' : ` in ${path.posix.basename(file)}`;
  const many = again.length === 1 ? '1 warning' : `${again.length} warnings`;
  return [paint.yellow(`    ${many} still open${where}${keyOf(hasKeys)}`)];
}

function keyOf(hasKeys: boolean): string {
  return hasKeys ? ' (press w)' : '';
}

/** A finding but for its line, which moves as lines above it come and go. */
function nameOf({ code, file, message }: Finding): string {
  return JSON.stringify([code, file, message]);
}
