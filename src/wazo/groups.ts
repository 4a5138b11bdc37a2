/** Entry point groups of the stack: who loads them, and which configuration enables them. */
export interface PluginGroup {
  readonly group: string;
  /** Folder below /etc that holds the service's conf.d. */
  readonly service: string;
  /** Where the configuration enables an entry point: keys from the top. */
  readonly keys: readonly string[];
  /**
   * `flags`: `NAME: true`. `settings`: `NAME: {enabled: true, …}`. `name`: the key's value is the one name.
   * `list`: a list of names.
   */
  readonly shape: 'flags' | 'settings' | 'name' | 'list';
  /** The service merges an api.yml that lies beside the module. */
  readonly http: boolean;
  readonly source: string;
}

function flags(group: string, service: string, keys: string, http = false): PluginGroup {
  const source = `${service}, plugin loading (mid-2026)`;
  return { group, service, keys: keys.split('.'), shape: 'flags', http, source };
}

export const PLUGIN_GROUPS: readonly PluginGroup[] = [
  flags('wazo_calld.plugins', 'wazo-calld', 'enabled_plugins', true),
  flags('wazo_confd.plugins', 'wazo-confd', 'enabled_plugins', true),
  flags('wazo_agentd.plugins', 'wazo-agentd', 'enabled_plugins', true),
  flags('wazo_chatd.plugins', 'wazo-chatd', 'enabled_plugins', true),
  flags('wazo_phoned.plugins', 'wazo-phoned', 'enabled_plugins', true),
  flags('wazo_call_logd.plugins', 'wazo-call-logd', 'enabled_plugins', true),
  flags('wazo_call_logd.celery_tasks', 'wazo-call-logd', 'enabled_celery_tasks'),
  flags('wazo_dird.views', 'wazo-dird', 'enabled_plugins.views', true),
  flags('wazo_dird.services', 'wazo-dird', 'enabled_plugins.services'),
  flags('wazo_dird.backends', 'wazo-dird', 'enabled_plugins.backends'),
  flags('wazo_webhookd.services', 'wazo-webhookd', 'enabled_services'),
  flags('wazo_webhookd.plugins', 'wazo-webhookd', 'enabled_plugins', true),
  flags('wazo_webhookd.celery_tasks', 'wazo-webhookd', 'enabled_celery_tasks'),
  flags('wazo_auth.http', 'wazo-auth', 'enabled_http_plugins', true),
  flags('wazo_auth.external_auth', 'wazo-auth', 'enabled_external_auth_plugins', true),
  flags('wazo_auth.backends', 'wazo-auth', 'enabled_backend_plugins'),
  flags('wazo_auth.metadata', 'wazo-auth', 'enabled_metadata_plugins'),
  { ...flags('wazo_auth.idp', 'wazo-auth', 'idp_plugins'), shape: 'settings' },
  { ...flags('wazo_auth.email_notification', 'wazo-auth', 'email_notification_plugin'), shape: 'name' },
  { ...flags('wazo_chatd.connectors', 'wazo-chatd', 'connectors'), shape: 'settings' },
  { ...flags('wazo_purge_db.archives', 'wazo-purge-db', 'enabled_plugins.archives'), shape: 'list' },
  { ...flags('wazo_purge_db.purgers', 'wazo-purge-db', 'enabled_plugins.purgers'), shape: 'list' },
];

/** Groups that nothing loads any more, and what took their place. */
export const DROPPED_GROUPS: readonly {
  readonly group: string;
  readonly now?: string;
  readonly source: string;
}[] = [
  {
    group: 'wazo_admin_ui.plugins',
    now: 'wazo_ui.plugins',
    source: 'Wazo upgrade notes, wazo-admin-ui retired',
  },
  {
    group: 'xivo_ctid_ng.plugins',
    now: 'wazo_calld.plugins',
    source: 'Wazo upgrade notes, xivo-ctid-ng renamed',
  },
  { group: 'wazo_auth.services', now: 'wazo_auth.http', source: 'wazo-auth, plugin loading (mid-2026)' },
  { group: 'xivo_confgend', now: 'wazo_confgend', source: 'Wazo upgrade notes, xivo-confgend renamed' },
  { group: 'xivo_auth', now: 'wazo_auth', source: 'Wazo upgrade notes, XiVO services renamed' },
  { group: 'xivo_confd', now: 'wazo_confd', source: 'Wazo upgrade notes, XiVO services renamed' },
  { group: 'xivo_dird', now: 'wazo_dird', source: 'Wazo upgrade notes, XiVO services renamed' },
];

export function groupOf(name: string): PluginGroup | undefined {
  return PLUGIN_GROUPS.find(({ group }) => group === name);
}

/** The group that is gone, by its name or by its first part. */
export function droppedGroup(name: string): (typeof DROPPED_GROUPS)[number] | undefined {
  return DROPPED_GROUPS.find(({ group }) => name === group || name.startsWith(`${group}.`));
}
