/**
 * Services in the order in which they must be restarted, each with the port on which it answers
 * (upstream units; a restart returns before most of them listen).
 */
const SERVICES: readonly (readonly [unit: string, port: number])[] = [
  ['wazo-confgend', 8669],
  ['wazo-auth', 9497],
  ['wazo-confd', 9486],
  ['wazo-agentd', 9493],
  ['wazo-dird', 9489],
  ['wazo-calld', 9500],
  ['wazo-call-logd', 9298],
  ['wazo-chatd', 9304],
  ['wazo-webhookd', 9300],
  ['wazo-agid', 4573],
  ['wazo-phoned', 9498],
  ['wazo-provd', 8666],
];

export interface Restart {
  readonly unit: string;
  readonly port: string;
}

/** Each unit once, in the order that they need. Throws on a unit that is not known. */
export function inRestartOrder(units: readonly string[]): readonly Restart[] {
  const unknown = units.find((unit) => !SERVICES.some(([known]) => known === unit));
  if (unknown !== undefined) throw new Error(`restarts: ${unknown} is not a service of Wazo`);
  return SERVICES.filter(([unit]) => units.includes(unit)).map(([unit, port]) => ({
    unit,
    port: String(port),
  }));
}
