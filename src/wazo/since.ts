/** The version of Wazo with which each thing came, as far as plugins build on it. */

import { atLeast } from './versions.ts';

interface Since {
  readonly version: string;
  /** The thing that came, for a sentence. */
  readonly what: string;
  /** An entry point group. */
  readonly group?: string;
  /** Installed files of plugins that use it. */
  readonly path?: RegExp;
  /** Python of plugins that use it. */
  readonly python?: RegExp;
}

/** Source: wazo-auth, wazo-provd, wazo-chatd, wazo-webhookd and wazo-ui, changelogs and commits up to 2026-08. */
const SINCE: readonly Since[] = [
  {
    version: '24.02',
    what: 'the Python package wazo_provd',
    path: /^\/?var\/lib\/wazo-provd\/plugins\/[^/]+\/entry\.py$/,
  },
  {
    version: '25.08',
    what: 'the interface of identity providers with get_backend',
    group: 'wazo_auth.idp',
  },
  {
    version: '25.02',
    what: 'e-mail plugins of wazo-auth',
    group: 'wazo_auth.email_notification',
  },
  {
    version: '25.15',
    what: 'register_flaskview of wazo-ui',
    python: /^from wazo_ui\.helpers\.menu import .*\bregister_flaskview\b/m,
  },
  { version: '26.05', what: 'connectors of wazo-chatd', group: 'wazo_chatd.connectors' },
  { version: '26.05', what: 'Celery tasks of plugins', group: 'wazo_webhookd.celery_tasks' },
];

/** The newest thing that a plugin builds on, by its groups and by its files with their texts; undefined when every Wazo has it all. */
export function neededSince(
  groups: readonly string[],
  files: ReadonlyMap<string, string>,
): Since | undefined {
  const paths = [...files.keys()];
  const python = [...files].flatMap(([path, text]) => (path.endsWith('.py') ? [text] : []));
  return SINCE.filter(
    (since) =>
      (since.group !== undefined && groups.includes(since.group)) ||
      paths.some((path) => since.path?.test(path)) ||
      python.some((text) => since.python?.test(text)),
  ).reduce<Since | undefined>(
    (last, next) => (last !== undefined && atLeast(last.version, next.version) ? last : next),
    undefined,
  );
}
