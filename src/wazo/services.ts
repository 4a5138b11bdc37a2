/**
 * The daemons of the stack as data: which unit answers on which port, logs where and starts after which others.
 * Source: the services' own repositories as of mid-2026 (wazo-contracts, units and ports).
 */
export interface Service {
  /** systemd unit without `.service`. */
  readonly unit: string;
  /** TCP port that answers once it is up. */
  readonly port: number;
  /** First part of its routes, for those that merge the routes of plugins. */
  readonly api?: string;
  readonly log: string;
  /** Rank in the order of restarts: a service never starts before what it calls at start. */
  readonly rank: number;
}

/** The services that others call when they start. Source: wazo services, order of starts. */
const CALLED_AT_START = new Set(['wazo-confgend', 'wazo-auth', 'wazo-confd']);

/** Whether services that come after this one have to start after it. */
export function isCalledAtStart(unit: string): boolean {
  return CALLED_AT_START.has(unit);
}

function service(rank: number, unit: string, port: number, api?: string): Service {
  const log = `/var/log/${unit}.log`;
  return api === undefined ? { unit, log, rank, port } : { unit, log, rank, port, api };
}

export const SERVICES: readonly Service[] = [
  service(1, 'wazo-confgend', 8669),
  service(2, 'wazo-auth', 9497, '0.1'),
  service(3, 'wazo-confd', 9486, '1.1'),
  service(4, 'wazo-agentd', 9493, '1.0'),
  service(5, 'wazo-dird', 9489, '0.1'),
  service(6, 'wazo-calld', 9500, '1.0'),
  service(7, 'wazo-call-logd', 9298, '1.0'),
  service(8, 'wazo-chatd', 9304, '1.0'),
  service(9, 'wazo-webhookd', 9300, '1.0'),
  service(10, 'wazo-agid', 4573),
  service(11, 'wazo-phoned', 9498, '0.1'),
  service(12, 'wazo-provd', 8666),
  service(13, 'wazo-amid', 9491, '1.0'),
  service(14, 'wazo-sysconfd', 8668),
  service(15, 'wazo-plugind', 9503),
  service(16, 'wazo-ui', 9296),
];

const BY_UNIT = new Map(SERVICES.map((entry) => [entry.unit, entry]));

export function serviceOf(unit: string): Service | undefined {
  return BY_UNIT.get(unit);
}

/** Where a unit logs; units of plugins as those of Wazo do. */
export function logPath(unit: string): string {
  return serviceOf(unit)?.log ?? `/var/log/${unit}.log`;
}
