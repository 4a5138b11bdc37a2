import { generatedBy, type EntryPoint } from './entry-point.ts';
import { serviceOf, type Service } from './services.ts';

/** An entry point group of the stack: who loads it, and which configuration enables its entry points. */
export interface PluginGroup {
  readonly group: string;
  /** Folder below /etc that holds the service's conf.d; its systemd unit, when it is a daemon. */
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

/** Every group but those of wazo-confgend, which has one for each generated file. */
export const PLUGIN_GROUPS: readonly PluginGroup[] = [
  flags('wazo_calld.plugins', 'wazo-calld', 'enabled_plugins', true),
  flags('wazo_confd.plugins', 'wazo-confd', 'enabled_plugins', true),
  flags('wazo_agentd.plugins', 'wazo-agentd', 'enabled_plugins', true),
  flags('wazo_chatd.plugins', 'wazo-chatd', 'enabled_plugins', true),
  { ...flags('wazo_chatd.connectors', 'wazo-chatd', 'connectors'), shape: 'settings' },
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
  { ...flags('wazo_purge_db.archives', 'wazo-purge-db', 'enabled_plugins.archives'), shape: 'list' },
  { ...flags('wazo_purge_db.purgers', 'wazo-purge-db', 'enabled_plugins.purgers'), shape: 'list' },
  flags('wazo_ui.plugins', 'wazo-ui', 'enabled_plugins'),
  flags('wazo_amid.plugins', 'wazo-amid', 'enabled_plugins', true),
  flags('wazo_sysconfd.plugins', 'wazo-sysconfd', 'enabled_plugins'),
];

/** Groups whose code its service imports when it is first asked for, and not at its start. Source: wazo-dird, plugin manager. */
const LOADED_LATE: ReadonlySet<string> = new Set(['wazo_dird.backends']);

/** Whether a start of the service says nothing of the code behind an entry point. */
export function isLoadedLate({ group }: Pick<EntryPoint, 'group'>): boolean {
  return LOADED_LATE.has(group);
}

/** The row of a group; those of wazo-confgend are made from the name. */
export function groupOf(name: string): PluginGroup | undefined {
  const generated = generatedBy(name);
  if (generated === undefined) return PLUGIN_GROUPS.find(({ group }) => group === name);
  const { resource, filename } = generated;
  const keys = ['plugins', `${resource}.${filename}`];
  return { ...flags(name, 'wazo-confgend', ''), keys, shape: 'name' };
}

/** The daemon that loads the entry points of a group. */
export function serviceOfGroup(name: string): Service | undefined {
  const group = groupOf(name);
  return group === undefined ? undefined : serviceOf(group.service);
}

/** Where the settings of a service enable one entry point. */
export interface EnablingKey {
  /** Folder below /etc that holds the settings. */
  readonly service: string;
  /** Keys from the top. */
  readonly keys: readonly string[];
  /** The name that must be the value there, or stand in the list there; anything that is true when absent. */
  readonly value?: string;
}

/** Where an entry point must be enabled; undefined when its group needs no such thing, or none is known. */
export function enablingKey({ group, name }: Pick<EntryPoint, 'group' | 'name'>): EnablingKey | undefined {
  const row = groupOf(group);
  if (row === undefined) return undefined;
  const { service, keys } = row;
  switch (row.shape) {
    case 'flags':
      return { service, keys: [...keys, name] };
    case 'settings':
      return { service, keys: [...keys, name, 'enabled'] };
    case 'name':
    case 'list':
      return { service, keys, value: name };
  }
}
