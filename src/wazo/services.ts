/**
 * The daemons of the stack as data: which unit serves which entry point groups, reads which folder, answers
 * on which port. Source: the services' own repositories as of mid-2026 (wazo-contracts, units and ports).
 */
export interface Service {
  /** systemd unit without `.service`. */
  readonly unit: string;
  /** Entry point groups, or their common beginning when it ends in `.`. */
  readonly groups: readonly string[];
  /** TCP port that answers once it is up; absent when it has none. */
  readonly port?: number;
  readonly log: string;
  /** Rank in the order of restarts: a service never starts before what it calls at start. */
  readonly rank: number;
}

function service(rank: number, unit: string, port: number | undefined, groups: readonly string[]): Service {
  const log = `/var/log/${unit}.log`;
  return port === undefined ? { unit, groups, log, rank } : { unit, groups, log, rank, port };
}

export const SERVICES: readonly Service[] = [
  service(1, 'wazo-confgend', 8669, ['wazo_confgend.']),
  service(2, 'wazo-auth', 9497, ['wazo_auth.']),
  service(3, 'wazo-confd', 9486, ['wazo_confd.plugins']),
  service(4, 'wazo-agentd', 9493, ['wazo_agentd.plugins']),
  service(5, 'wazo-dird', 9489, ['wazo_dird.views', 'wazo_dird.services', 'wazo_dird.backends']),
  service(6, 'wazo-calld', 9500, ['wazo_calld.plugins']),
  service(7, 'wazo-call-logd', 9298, ['wazo_call_logd.plugins', 'wazo_call_logd.celery_tasks']),
  service(8, 'wazo-chatd', 9304, ['wazo_chatd.plugins', 'wazo_chatd.connectors']),
  service(9, 'wazo-webhookd', 9300, [
    'wazo_webhookd.services',
    'wazo_webhookd.plugins',
    'wazo_webhookd.celery_tasks',
  ]),
  service(10, 'wazo-agid', 4573, []),
  service(11, 'wazo-phoned', 9498, ['wazo_phoned.plugins']),
  service(12, 'wazo-provd', 8666, []),
  service(13, 'wazo-amid', 9491, ['wazo_amid.plugins']),
  service(14, 'wazo-sysconfd', 8668, ['wazo_sysconfd.plugins']),
  service(15, 'wazo-plugind', 9503, []),
  service(16, 'wazo-ui', 9296, ['wazo_ui.plugins']),
];

const BY_UNIT = new Map(SERVICES.map((entry) => [entry.unit, entry]));

export function serviceOf(unit: string): Service | undefined {
  return BY_UNIT.get(unit);
}

/** Where a unit logs; units of plugins as those of Wazo do. */
export function logPath(unit: string): string {
  return serviceOf(unit)?.log ?? `/var/log/${unit}.log`;
}

/** The service whose daemon loads the entry points of a group. */
export function serviceOfGroup(group: string): Service | undefined {
  return SERVICES.find((entry) =>
    entry.groups.some((name) => (name.endsWith('.') ? group.startsWith(name) : group === name)),
  );
}
