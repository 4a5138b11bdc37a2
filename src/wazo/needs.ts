import type { Effect } from './effect.ts';

/** One row: files whose installed path matches `pattern` need `effects`; none where they take effect by themselves. */
export interface ReloadRule {
  /** Over the whole installed path; the groups of a regular expression may stand in `effects` as `$1`. */
  readonly pattern: { exec(path: string): readonly (string | undefined)[] | null };
  readonly effects: readonly Effect[];
  /** A command line that is left to a person, since it would end the calls; it may be the only one that helps. */
  readonly left?: string | undefined;
  /** Why, as a clause for people. */
  readonly because: string;
  /** Where this is known from. */
  readonly source: string;
}

/** A row of the table that comes with wdev. */
export interface TableRow extends ReloadRule {
  readonly pattern: RegExp;
}

const consoleCommand = (command: string): Effect => ({ do: 'console', command });
const restart = (unit: string): Effect => ({ do: 'restart', unit });
const command = (rank: number, ...argv: [string, ...string[]]): Effect => ({ do: 'command', argv, rank });
const ASTERISK_RESTART = 'systemctl restart asterisk';

function asterisk(names: string, ...commands: string[]): TableRow {
  return {
    pattern: new RegExp(`^/etc/asterisk/(?:${names})(?:\\.d/.*|\\.conf)$`),
    effects: commands.map(consoleCommand),
    because: `Asterisk reads ${names.replaceAll('|', ', ')} on ${commands.join(', then ')}`,
    source: 'Asterisk, reload command per file',
  };
}

function service(pattern: RegExp, unit: string, because: string): TableRow {
  return { pattern, effects: [restart(unit)], because, source: `${unit}, read at start only` };
}

/**
 * The needs of a changed file, by installed path; the first row that matches counts. Order matters: the
 * particular stands before the general.
 */
export const RELOAD_TABLE: readonly TableRow[] = [
  {
    pattern:
      /^\/etc\/(?:asterisk\/(?:extensions\.d|extensions_extra\.d)\/.*|asterisk\/extensions\.conf|xivo\/asterisk\/xivo_globals\.conf)$/,
    effects: [consoleCommand('dialplan reload')],
    because: 'it is part of the dialplan',
    source: 'Asterisk, pbx_config',
  },
  asterisk('pjsip', 'module reload res_pjsip.so'),
  asterisk('pjsip_notify', 'module reload res_pjsip_notify.so'),
  asterisk('queues|queueskills|queueskillrules', 'module reload app_queue.so'),
  asterisk('queuerules', 'queue reload rules'),
  asterisk('musiconhold', 'moh reload'),
  asterisk('voicemail', 'voicemail reload'),
  asterisk('features', 'module reload features'),
  asterisk('confbridge', 'module reload app_confbridge.so'),
  asterisk('rtp', 'module reload res_rtp_asterisk.so'),
  asterisk('res_parking', 'module reload res_parking.so'),
  asterisk('hep', 'module reload res_hep.so'),
  asterisk('iax|iaxprov', 'iax2 reload'),
  asterisk('sccp', 'module reload chan_sccp.so'),
  asterisk('manager', 'manager reload'),
  asterisk('logger', 'logger reload'),
  asterisk('http', 'module reload http'),
  asterisk('ari', 'module reload res_ari.so'),
  asterisk('acl', 'module reload acl'),
  asterisk('cdr', 'module reload cdr'),
  asterisk('cel', 'module reload cel'),
  asterisk('cel_odbc', 'module reload cel_odbc.so'),
  asterisk('res_odbc', 'module reload res_odbc.so'),
  asterisk('indications', 'module reload indications'),
  asterisk('udptl', 'module reload udptl'),
  asterisk('enum', 'module reload enum'),
  asterisk('extconfig', 'module reload extconfig'),
  asterisk('codecs', 'module reload plc'),
  asterisk('agents', 'module reload app_agent_pool.so'),
  asterisk('res_fax', 'module reload res_fax.so'),
  asterisk('ccss', 'module reload ccss'),
  asterisk('dundi', 'module reload pbx_dundi.so'),
  asterisk('resolver_unbound', 'module reload res_resolver_unbound.so'),
  asterisk('amqp', 'module reload res_amqp.so'),
  asterisk('stasis_amqp', 'module reload res_stasis_amqp.so'),
  {
    pattern: /^\/etc\/asterisk\/(?:sip|sip_notify)(?:\.d\/.*|\.conf)$/,
    effects: [],
    because: 'chan_sip is gone since Asterisk 21: nothing reads this file',
    source: 'Asterisk 21, removed modules',
  },
  {
    pattern: /^\/etc\/asterisk\/(modules|asterisk)(?:\.d\/.*|\.conf)$/,
    effects: [],
    left: ASTERISK_RESTART,
    because: '$1.conf is read only when Asterisk starts',
    source: 'Asterisk, read at start only',
  },
  {
    pattern: /^\/etc\/wazo-auth-keys\/conf\.d\/.*\.yml$/,
    effects: [command(-10, 'wazo-auth-keys', 'service', 'update')],
    because: 'wazo-auth-keys gives the services their accounts',
    source: 'wazo-auth-keys, service update',
  },
  {
    pattern: /^\/etc\/wazo-confgend\/templates\/contexts\.conf$/,
    effects: [consoleCommand('dialplan reload')],
    because: 'wazo-confgend reads it each time that Asterisk asks for its dialplan',
    source: 'wazo-confgend, generated contexts',
  },
  {
    pattern: /^\/etc\/wazo-confgend\/templates\/asterisk\/pjsip[./_-].*$/,
    effects: [
      restart('wazo-confgend'),
      command(200, 'wazo-confgen', 'asterisk/pjsip.conf', '--invalidate'),
      consoleCommand('module reload res_pjsip.so'),
    ],
    because: 'wazo-confgend keeps the templates that it has read, and Asterisk reads a cached text',
    source: 'wazo-confgend, template helper',
  },
  {
    pattern: /^\/etc\/wazo-confgend\/templates\/.*$/,
    effects: [restart('wazo-confgend')],
    because: 'wazo-confgend keeps the templates that it has read',
    source: 'wazo-confgend, template helper',
  },
  {
    pattern: /^\/etc\/(wazo-[a-z-]+)\/conf\.d\/.*\.yml$/,
    effects: [restart('$1')],
    because: '$1 reads its configuration at start only',
    source: 'Wazo services, configuration merging',
  },
  {
    pattern: /^\/etc\/(wazo-[a-z-]+)\/conf\.d\/.*$/,
    effects: [],
    because: '$1 reads only *.yml in conf.d',
    source: 'Wazo services, configuration merging',
  },
  service(
    /^\/usr\/lib\/python3\/dist-packages\/wazo_agid\/.*$/,
    'wazo-agid',
    'wazo-agid imports its modules at start',
  ),
  {
    pattern: /\/quartx_call_logger\/(?:plugins|data)\/|^\/etc\/xdg\/quartx\/call-logger\.yml$/,
    effects: [{ do: 'call-logger' }, restart('call-logger')],
    because: 'the call logger imports its plugins and reads their settings at start',
    source: 'quartx_call_logger 0.1, plugin discovery',
  },
  {
    pattern: /^(?:\/usr\/lib|\/lib|\/etc)\/systemd\/system\/asterisk\.service\.d\/.*$/,
    effects: [command(-20, 'systemctl', 'daemon-reload')],
    left: ASTERISK_RESTART,
    because: 'a drop-in of Asterisk takes effect when Asterisk starts',
    source: 'systemd, daemon-reload',
  },
  {
    pattern: /^(?:\/usr\/lib|\/lib|\/etc)\/systemd\/system\/([^/]+)\.service\.d\/.*$/,
    effects: [command(-20, 'systemctl', 'daemon-reload'), restart('$1')],
    because: 'systemd must read the drop-in, and $1 must start with it',
    source: 'systemd, daemon-reload',
  },
  {
    pattern: /^(?:\/usr\/lib|\/lib|\/etc)\/systemd\/system\/([^/]+)\.(?:service|timer|socket|path)$/,
    effects: [command(-20, 'systemctl', 'daemon-reload'), { do: 'rules' }],
    because: 'systemd must read the unit, and wazo/rules says whether it is enabled',
    source: 'systemd, daemon-reload',
  },
  {
    pattern: /^\/etc\/nginx\/.*$/,
    effects: [command(190, 'nginx', '-t'), command(191, 'systemctl', 'reload', 'nginx')],
    because: 'nginx reads its locations on reload, and is tested before',
    source: 'nginx, reload',
  },
  {
    pattern: /^\/var\/lib\/wazo-provd\/plugins\/([^/]+)\/.*$/,
    effects: [restart('wazo-provd')],
    because: 'wazo-provd runs the code of $1 that it loaded at start',
    source: 'wazo-provd, plugin manager',
  },
  {
    pattern: /^\/usr\/share\/wazo-ui\/.*$|^\/usr\/lib\/python3[^/]*\/dist-packages\/wazo_ui\/.*$/,
    effects: [restart('wazo-ui')],
    because: 'wazo-ui keeps its templates in memory',
    source: 'wazo-ui, Flask application without debug',
  },
  {
    pattern: /^(?:\/usr\/share|\/var\/lib)\/asterisk\/sounds\/.*$/,
    effects: [],
    because: 'a sound is read when it is played',
    source: 'Asterisk, sounds',
  },
  {
    pattern: /^(?:\/usr\/share|\/var\/lib)\/asterisk\/moh\/.*$/,
    effects: [consoleCommand('moh reload')],
    because: 'music on hold is listed on moh reload',
    source: 'Asterisk, musiconhold',
  },
  {
    pattern:
      /^\/(?:usr\/share\/asterisk|var\/lib\/asterisk)\/agi-bin\/.*$|^\/usr\/(?:local\/)?s?bin\/.*$|^\/usr\/share\/doc\/.*$|^\/var\/www\/.*$/,
    effects: [],
    because: 'it is read each time that it is used',
    source: 'programs and static files',
  },
  {
    pattern: /^\/usr\/lib\/wazo-plugind\/plugins\/[^/]+\/[^/]+\/wazo\/rules$/,
    effects: [{ do: 'rules' }],
    because: 'wazo/rules changed, and its install is part of an upgrade',
    source: 'wazo-plugind, postinst',
  },
  {
    pattern: /^\/usr\/lib\/wazo-plugind\/.*$/,
    effects: [],
    because: 'wazo-plugind reads it when the plugin is listed',
    source: 'wazo-plugind, packaging step',
  },
];

/** Files of Python packages are not in the table: their services come from entry points (python-services.ts). */
export const PYTHON_PATH = /^\/usr\/(?:local\/)?lib\/python3[^/]*\/(?:dist|site)-packages\/(.+)$/;

/** The needs of a file. */
export type Need = Pick<ReloadRule, 'effects' | 'left' | 'because'>;

/** The row for an installed path, its groups filled in; nothing when no row knows the path. */
export function matchPath(path: string, table: readonly ReloadRule[] = RELOAD_TABLE): Need | undefined {
  for (const rule of table) {
    const groups = rule.pattern.exec(path);
    if (groups === null) continue;
    const fill = (text: string): string => text.replaceAll('$1', groups[1] ?? '');
    const effects = rule.effects.map((effect): Effect =>
      effect.do === 'restart' ? { do: 'restart', unit: fill(effect.unit) } : effect,
    );
    return { effects, left: rule.left, because: fill(rule.because) };
  }
  return undefined;
}

/** Whether something of Wazo or Asterisk reads a file at this installed path. */
export function isReadByService(path: string): boolean {
  return (matchPath(path)?.effects.length ?? 0) > 0 || PYTHON_PATH.test(path);
}
