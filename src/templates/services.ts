/** Services in the order in which they must be restarted, for generated rules. */

import { SERVICES } from '../wazo/services.ts';

export interface Restart {
  readonly unit: string;
  readonly port: string;
}

/** Each unit once, in the order that they need. Throws on a unit that is not known, or has no port. */
export function inRestartOrder(units: readonly string[]): readonly Restart[] {
  const known = SERVICES.flatMap(({ unit, port, rank }) =>
    port === undefined ? [] : [{ unit, port, rank }],
  );
  const unknown = units.find((unit) => !known.some((service) => service.unit === unit));
  if (unknown !== undefined) throw new Error(`restarts: ${unknown} is not a service of Wazo`);
  return known
    .filter(({ unit }) => units.includes(unit))
    .sort((a, b) => a.rank - b.rank)
    .map(({ unit, port }) => ({ unit, port: String(port) }));
}
