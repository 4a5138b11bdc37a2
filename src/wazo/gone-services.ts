/** Services that a stack has no more. */
export interface GoneService {
  readonly unit: string;
  /** What took its place; undefined when nothing did. */
  readonly now?: string;
  readonly source: string;
}

const RENAMED = 'Wazo upgrade notes, XiVO services renamed';

const GONE_SERVICES: readonly GoneService[] = [
  { unit: 'wazo-admin-ui', now: 'wazo-ui', source: 'Wazo upgrade notes, wazo-admin-ui retired' },
  { unit: 'xivo-ctid-ng', now: 'wazo-calld', source: RENAMED },
  { unit: 'wazo-ctid-ng', now: 'wazo-calld', source: RENAMED },
  { unit: 'xivo-ctid', now: 'wazo-calld', source: 'Wazo upgrade notes, xivo-ctid retired' },
  { unit: 'xivo-confgend', now: 'wazo-confgend', source: RENAMED },
  { unit: 'xivo-auth', now: 'wazo-auth', source: RENAMED },
  { unit: 'xivo-confd', now: 'wazo-confd', source: RENAMED },
  { unit: 'xivo-dird', now: 'wazo-dird', source: RENAMED },
  { unit: 'xivo-dird-phoned', now: 'wazo-phoned', source: RENAMED },
  { unit: 'wazo-dird-phoned', now: 'wazo-phoned', source: RENAMED },
  { unit: 'xivo-agid', now: 'wazo-agid', source: RENAMED },
  { unit: 'xivo-agentd', now: 'wazo-agentd', source: RENAMED },
  { unit: 'xivo-amid', now: 'wazo-amid', source: RENAMED },
  { unit: 'xivo-call-logs', now: 'wazo-call-logd', source: RENAMED },
  { unit: 'xivo-call-logd', now: 'wazo-call-logd', source: RENAMED },
  { unit: 'xivo-provd', now: 'wazo-provd', source: RENAMED },
  { unit: 'xivo-sysconfd', now: 'wazo-sysconfd', source: RENAMED },
  { unit: 'xivo-websocketd', now: 'wazo-websocketd', source: RENAMED },
];

const BY_UNIT = new Map(GONE_SERVICES.map((entry) => [entry.unit, entry]));

export function goneService(unit: string): GoneService | undefined {
  return BY_UNIT.get(unit);
}
