import { createHash } from 'node:crypto';
import type { Row } from './row.ts';
import { DIALPLAN_ROWS } from './rows-dialplan.ts';
import { PACKAGE_ROWS } from './rows-package.ts';
import { PYTHON_ROWS } from './rows-python.ts';
import { YAML_ROWS } from './rows-yaml.ts';

/** Each was once a wrong success or a wrong failure, or is its neighbour. */
export const ROWS: readonly Row[] = [...DIALPLAN_ROWS, ...YAML_ROWS, ...PYTHON_ROWS, ...PACKAGE_ROWS];

/** Every so many rows; they change with `from`. */
export function share(every: number, from: number): readonly Row[] {
  return ROWS.filter((_, at) => at % every === from % every);
}

/** Tells one change from another. */
export function changeOf({ plugin, files, server, asks, wants }: Row): string {
  const text = JSON.stringify([plugin, files, server, asks, wants]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
