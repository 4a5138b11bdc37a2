/** The files that wazo-confgend generates by itself: who writes each, in which format, and which sections it has. */

import { generatedBy, generatedName, type GeneratedFile } from './entry-point.ts';

/** A setting that a server takes, with the value that it has there anyway. */
export interface SampleSetting {
  readonly section: string;
  readonly option: string;
  /** As YAML. */
  readonly value: string;
}

export interface StockFile {
  /** `resource/filename`, as wazo-confgend is asked for it. */
  readonly name: string;
  /** A driver is found by its entry point `wazo`, a frontend has a method for the file. */
  readonly by: 'driver' | 'frontend';
  readonly format: 'asterisk' | 'yaml';
  /** Its sections (of YAML its keys) on every server. */
  readonly sections: readonly string[];
  /** Whether it has others, as the server's data are. */
  readonly open: boolean;
  /** A text to add, or why nothing can be added. */
  readonly adds: SampleSetting | string;
  /** The command by which Asterisk reads it again; empty for none. */
  readonly reload: string;
  /** The service that has to be restarted after a change. */
  readonly reader: string;
}

/** Source: wazo-confgend (plugins, frontends), xivo-manage-db (rows of every server), Asterisk 22 (defaults). */
export const STOCK_FILES: readonly StockFile[] = [
  driver(
    'confbridge.conf',
    [
      'general',
      'wazo_default_bridge',
      'wazo_default_user',
      'wazo-default-user-menu',
      'wazo-default-admin-menu',
      'wazo-meeting-bridge-profile',
      'wazo-meeting-user-profile',
      'wazo-meeting-menu',
    ],
    sample('wazo_default_user', 'hear_own_join_sound', 'true'),
    'module reload app_confbridge.so',
    true,
  ),
  driver(
    'features.conf',
    ['general', 'featuremap', 'applicationmap'],
    sample('general', 'transferdialattempts', '3'),
    'module reload features',
  ),
  driver('hep.conf', ['general'], sample('general', 'uuid_type', 'call-id'), 'module reload res_hep.so'),
  // Asterisk reads it at its start only
  driver('modules.conf', ['modules'], sample('modules', 'noload', '[app_festival.so]'), ''),
  driver('musiconhold.conf', ['default'], sample('default', 'sort', 'alpha'), 'moh reload', true),
  driver(
    'pjsip.conf',
    ['global', 'system'],
    sample('global', 'max_forwards', '70'),
    'module reload res_pjsip.so',
    true,
  ),
  driver(
    'rtp.conf',
    ['general', 'ice_host_candidates'],
    sample('general', 'rtcpinterval', '5000'),
    'module reload res_rtp_asterisk.so',
  ),
  frontend(
    'extensions.conf',
    [],
    'a file in extensions_extra.d adds to the dialplan (part dialplan)',
    'dialplan reload',
  ),
  frontend('iax.conf', ['general'], sample('general', 'jittertargetextra', '40'), 'iax2 reload'),
  frontend(
    'queues.conf',
    ['general'],
    sample('general', 'negative_penalty_invalid', 'false'),
    'module reload app_queue.so',
  ),
  frontend(
    'queueskills.conf',
    [],
    'it has a section for each agent, and a file in queueskills.d adds more (part asterisk-conf)',
    'module reload app_queue.so',
  ),
  frontend(
    'queueskillrules.conf',
    [],
    'it has a section for each rule, and a file in queueskillrules.d adds more (part asterisk-conf)',
    'module reload app_queue.so',
  ),
  frontend(
    'res_parking.conf',
    ['default'],
    sample('default', 'parkedplay', 'caller'),
    'module reload res_parking.so',
  ),
  frontend(
    'sccp.conf',
    ['general', 'xivo_device_tpl', 'guest', 'xivo_line_tpl', 'guestline'],
    sample('general', 'max_guests', '100'),
    'module reload chan_sccp.so',
  ),
  frontend(
    'voicemail.conf',
    ['general', 'zonemessages'],
    sample('general', 'minpassword', '0'),
    'voicemail reload',
  ),
  yaml('provd/network.yml', 'driver', 'general', sample('general', 'verbose', 'false'), 'wazo-provd'),
  yaml(
    'phoned/config.yml',
    'frontend',
    'rest_api',
    sample('rest_api', 'authorized_subnets', '[]'),
    'wazo-phoned',
  ),
  yaml('wazo/uuid.yml', 'frontend', 'uuid', 'it is the identity of the server', 'wazo-confgend'),
];

/** The remedy for a file that no service reads any more. */
export function replacedFile(now: string): string {
  return `Write ${now} instead: wdev new confgend --generated-file ${now}`;
}

/** Files that nothing reads any more, each with the one that took its place. */
export const UNREAD_FILES: Readonly<Record<string, string>> = { 'asterisk/sip.conf': 'asterisk/pjsip.conf' };

/** The stock file that a driver would write; undefined for a file of its own. */
export function stockFile(file: GeneratedFile): StockFile | undefined {
  return STOCK_FILES.find(({ name }) => name === generatedName(file));
}

/** `resource/filename` of a stock file of which only the last part is known; each has another one. */
export function stockNameOf(filename: string): string {
  return STOCK_FILES.find(({ name }) => name.endsWith(`/${filename}`))?.name ?? `asterisk/${filename}`;
}

/** Whether wazo-confgend itself brings a driver called `wazo` for the file of a group. */
export function hasStockDriver(group: string): boolean {
  const generated = generatedBy(group);
  return generated !== undefined && stockFile(generated)?.by === 'driver';
}

/** The format of a generated file, by its name where Wazo has none of it. */
export function formatOf(file: GeneratedFile): StockFile['format'] {
  return stockFile(file)?.format ?? (/\.ya?ml$/.test(file.filename) ? 'yaml' : 'asterisk');
}

function driver(
  filename: string,
  sections: readonly string[],
  adds: StockFile['adds'],
  reload: string,
  open = false,
): StockFile {
  const name = `asterisk/${filename}`;
  return { name, by: 'driver', format: 'asterisk', sections, open, adds, reload, reader: 'wazo-confgend' };
}

/** Frontends write what follows from rows of the database: queues, trunks, lines, parking lots. */
function frontend(
  filename: string,
  sections: readonly string[],
  adds: StockFile['adds'],
  reload: string,
): StockFile {
  return { ...driver(filename, sections, adds, reload, true), by: 'frontend' };
}

function yaml(
  name: string,
  by: StockFile['by'],
  key: string,
  adds: StockFile['adds'],
  reader: string,
): StockFile {
  return { name, by, format: 'yaml', sections: [key], open: false, adds, reload: '', reader };
}

function sample(section: string, option: string, value: string): SampleSetting {
  return { section, option, value };
}
