import { YAML11_SCHEMA, YAMLException, loadAll } from 'js-yaml';
import type { EntryPoint } from '../readers/entry-points.ts';
import { serviceOfGroup } from './services.ts';

/** A settings file of a service, as it stands on a target. */
export interface SettingsFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Where a service's settings enable an entry point: keys from the top, the last one being the entry point's name.
 * `value` tells what must stand there; without it, anything that is true. Source: the services' controllers,
 * mid-2026.
 */
export interface EnablingKey {
  readonly unit: string;
  readonly keys: readonly string[];
  readonly value?: string;
}

/** Group → keys above the name. */
export const ENABLING_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'wazo_agentd.plugins': ['enabled_plugins'],
  'wazo_auth.backends': ['enabled_backend_plugins'],
  'wazo_auth.external_auth': ['enabled_external_auth_plugins'],
  'wazo_auth.http': ['enabled_http_plugins'],
  'wazo_auth.metadata': ['enabled_metadata_plugins'],
  'wazo_call_logd.celery_tasks': ['enabled_celery_tasks'],
  'wazo_call_logd.plugins': ['enabled_plugins'],
  'wazo_calld.plugins': ['enabled_plugins'],
  'wazo_chatd.plugins': ['enabled_plugins'],
  'wazo_confd.plugins': ['enabled_plugins'],
  'wazo_dird.backends': ['enabled_plugins', 'backends'],
  'wazo_dird.services': ['enabled_plugins', 'services'],
  'wazo_dird.views': ['enabled_plugins', 'views'],
  'wazo_phoned.plugins': ['enabled_plugins'],
  'wazo_webhookd.celery_tasks': ['enabled_celery_tasks'],
  'wazo_webhookd.plugins': ['enabled_plugins'],
  'wazo_webhookd.services': ['enabled_services'],
};

/** Where an entry point must be enabled; undefined when its group needs no such thing, or none is known. */
export function enablingKey({ group, name }: EntryPoint): EnablingKey | undefined {
  const unit = serviceOfGroup(group)?.unit;
  if (unit === undefined) return undefined;
  const generated = /^wazo_confgend\.(.+)$/.exec(group)?.[1];
  if (generated !== undefined) return { unit, keys: ['plugins', generated], value: name };
  if (group === 'wazo_auth.idp') return { unit, keys: ['idp_plugins', name, 'enabled'] };
  if (group === 'wazo_chatd.connectors') return { unit, keys: ['connectors', name, 'enabled'] };
  if (group === 'wazo_auth.email_notification')
    return { unit, keys: ['email_notification_plugin'], value: name };
  const above = ENABLING_GROUPS[group];
  return above === undefined ? undefined : { unit, keys: [...above, name] };
}

/** What settings say about a key. */
export type Setting =
  | { readonly state: 'set'; readonly value: unknown; readonly path: string }
  | { readonly state: 'absent' }
  /** A key above it holds no mapping: that hides every later file. */
  | { readonly state: 'hidden'; readonly key: string; readonly path: string };

/**
 * Looks a key up as services do: the first file that sets it wins, and mappings are merged over all files.
 * Files that are no YAML are skipped, as services skip them.
 */
export function settingOf(files: readonly SettingsFile[], keys: readonly string[]): Setting {
  for (const { path, text } of files) {
    const read = readSettings(text);
    let value: unknown = read.ok ? read.value : undefined;
    for (const [index, key] of keys.entries()) {
      if (value === undefined) break;
      if (value === null || typeof value !== 'object' || Array.isArray(value)) {
        if (index === 0) break;
        return { state: 'hidden', key: keys.slice(0, index).join('.'), path };
      }
      value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      if (value === undefined) break;
      if (index === keys.length - 1) return { state: 'set', value, path };
    }
  }
  return { state: 'absent' };
}

export type SettingsText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string; readonly line: number };

/** Reads settings as PyYAML does; a value that a program would give (`!exec`) stays unknown. */
export function readSettings(text: string): SettingsText {
  try {
    return { ok: true, value: loadAll(text.replaceAll(/!exec\b/g, ''), { schema: YAML11_SCHEMA })[0] };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { ok: false, reason: error.reason, line: (error.mark?.line ?? 0) + 1 };
  }
}
