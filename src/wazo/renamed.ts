import { atLeast } from './versions.ts';

/** Names of Wazo and Asterisk that were renamed or removed, and when: services first, then everything else. */

const NOTES = (version: string): string => `Wazo Platform upgrade notes, ${version}`;
const MODULES = 'Asterisk, module deprecations: removed in 21; Wazo has Asterisk 22 at the latest from 26.07';

/** A service that no present stack has under this name. */
export interface RetiredService {
  /** Its systemd unit; its Python package and its entry point groups begin with the same, in underscores. */
  readonly unit: string;
  /** The service that does its work now. */
  readonly now: string;
  /** It is the same service under another name, so what uses it goes on with the new one. */
  readonly same: boolean;
  /** The end of a sentence that begins with the name, when it is not the same. */
  readonly became?: string;
  /** The remedy then. */
  readonly remedy?: string;
  /** The Wazo version that first has the change; absent for what no version in use has. */
  readonly since?: string;
  readonly source: string;
}

function renamedService(units: string, now: string, since?: string): readonly RetiredService[] {
  return units.split(' ').map((unit) => ({
    unit,
    now: now.replace('$1', unit.replace(/^xivo-/, '')),
    same: true,
    ...(since === undefined ? {} : { since }),
    source: since === undefined ? 'Wazo upgrade notes, XiVO services renamed' : NOTES(since),
  }));
}

export const RETIRED_SERVICES: readonly RetiredService[] = [
  ...renamedService('xivo-ctid-ng', 'wazo-calld', '19.12'),
  ...renamedService('xivo-agentd xivo-agid xivo-confd xivo-dird xivo-provd xivo-nginx', 'wazo-$1', '19.12'),
  ...renamedService('wazo-dird-phoned xivo-dird-phoned', 'wazo-phoned', '19.12'),
  ...renamedService('xivo-amid', 'wazo-amid', '19.13'),
  ...renamedService('xivo-confgend', 'wazo-confgend', '19.14'),
  ...renamedService('xivo-auth xivo-call-logd xivo-sysconfd xivo-websocketd', 'wazo-$1'),
  ...renamedService('xivo-call-logs', 'wazo-call-logd'),
  ...renamedService('wazo-ctid-ng', 'wazo-calld'),
  {
    unit: 'wazo-admin-ui',
    now: 'wazo-ui',
    same: false,
    became: 'was removed',
    remedy: 'Use wazo-ui, which has another interface for plugins.',
    since: '19.12',
    source: 'Wazo upgrade notes, wazo-admin-ui retired',
  },
  {
    unit: 'xivo-ctid',
    now: 'wazo-calld',
    same: false,
    became: 'was removed, with the Wazo Client',
    remedy: 'Remove it; calls are now the work of wazo-calld.',
    since: '19.12',
    source: 'Wazo upgrade notes, xivo-ctid retired',
  },
];

const BY_UNIT = new Map(RETIRED_SERVICES.map((service) => [service.unit, service]));

/** The service that a stack of a Wazo version (of the present one, unless told) has no more. */
export function retiredService(unit: string, engine?: string): RetiredService | undefined {
  const service = BY_UNIT.get(unit);
  return service !== undefined && isPast(service.since, engine) ? service : undefined;
}

/** An entry point group that nothing loads any more. */
export interface RetiredGroup {
  /** The group that took its place. */
  readonly now: string;
  readonly same: boolean;
}

/** The group of a retired service, or one that its service gave up. */
export function retiredGroup(name: string, engine?: string): RetiredGroup | undefined {
  // Source: wazo-auth, plugin loading (mid-2026)
  if (name === 'wazo_auth.services') return { now: 'wazo_auth.http', same: false };
  const [first = ''] = name.split('.');
  const service = retiredService(first.replaceAll('_', '-'), engine);
  if (service === undefined) return undefined;
  return { now: service.now.replaceAll('-', '_') + name.slice(first.length), same: service.same };
}

/** One sentence about an entry point group that a Wazo version does not load; undefined for one that it may. */
export function droppedGroup(name: string, engine?: string): string | undefined {
  const retired = retiredGroup(name, engine);
  return retired === undefined ? undefined : `No service loads the entry point group ${name} any more`;
}

/** An application or a function of the dialplan that Asterisk has no more. */
export interface RetiredApplication {
  readonly name: string;
  /** The name that does its work now. */
  readonly now: string;
  /** The Wazo version that first has an Asterisk without it; absent for what no version in use has. */
  readonly since?: string;
}

const RETIRED_APPLICATIONS: readonly RetiredApplication[] = [
  ...retired('Macro MacroExclusive MacroExit MacroIf', 'Gosub and Return', '26.07'),
  ...retired('Monitor StopMonitor ChangeMonitor', 'MixMonitor', '26.07'),
  ...retired('MeetMe', 'ConfBridge', '26.07'),
  ...retired('SIPAddHeader SIPRemoveHeader SIP_HEADER', 'PJSIP_HEADER', '19.12'),
  ...retired('SetMusicOnHold WaitMusicOnHold', 'Set(CHANNEL(musicclass)=…)'),
];

function retired(names: string, now: string, since?: string): readonly RetiredApplication[] {
  return names.split(' ').map((name) => ({ name, now, ...(since === undefined ? {} : { since }) }));
}

const BY_NAME = new Map(RETIRED_APPLICATIONS.map((entry) => [entry.name.toLowerCase(), entry]));

/** Whether a Wazo version (the present one, unless told) has an application or a function; unknown of most. */
export function hasApplication(name: string, engine?: string): boolean | undefined {
  const found = BY_NAME.get(name.toLowerCase());
  return found === undefined ? undefined : !isPast(found.since, engine);
}

/** The Wazo version that first has WAZO_… for each XIVO_… variable of the dialplan. */
const VARIABLES_RENAMED = '23.01';

/** Whether a Wazo version (the present one, unless told) has another name for XIVO_… variables. */
export function renamesVariables(engine?: string): boolean {
  return isPast(VARIABLES_RENAMED, engine);
}

function isPast(since: string | undefined, engine: string | undefined): boolean {
  return since === undefined || engine === undefined || atLeast(engine, since);
}

/** A name as it stands in texts. */
export interface NameChange {
  readonly kind: 'renamed' | 'removed' | 'deprecated';
  /** The Wazo version that first has the change. */
  readonly since: string;
  /** Matches the name; its groups may stand in `replacement`. Always global. */
  readonly pattern: RegExp;
  /** Paths of files that the name is looked for in, relative to the plugin's folder. */
  readonly files: RegExp;
  /** The replacement that `wdev migrate` writes; absent where a person must decide. */
  readonly replacement?: string;
  /** One clause: what became of it. */
  readonly became: string;
  /** The remedy where `wdev migrate` has none. */
  readonly remedy?: string;
  /** The dialplan linter reports it in files that it reads. */
  readonly isLinted?: true;
  readonly source: string;
}

const PYTHON = /\.(?:py|cfg|toml)$/;
const DIALPLAN_FILES = /\.conf$/;
const ANY = /./;

function renamed(since: string, pattern: RegExp, files: RegExp, replacement: string): NameChange {
  const became = 'was renamed';
  return { kind: 'renamed', since, pattern, files, replacement, became, source: NOTES(since) };
}

function removed(
  since: string,
  pattern: RegExp,
  files: RegExp,
  became: string,
  remedy: string,
  source = NOTES(since),
): NameChange {
  return { kind: 'removed', since, pattern, files, became, remedy, source };
}

/** A service in texts, and its Python package in code. */
function ofService({ unit, now, became, remedy = '', since }: RetiredService): readonly NameChange[] {
  if (since === undefined) return [];
  const module = unit.replaceAll('-', '_');
  // a longer name, as xivo-ctid-ng is one of xivo-ctid, has a row of its own
  const longer = [...BY_UNIT.keys()].filter((other) => other.startsWith(`${unit}-`));
  const rest = longer.map((other) => `(?!${other.slice(unit.length)}\\b)`).join('');
  const plain = new RegExp(`\\b${unit}\\b${rest}`, 'g');
  const python = new RegExp(`\\b${module}(?=_client\\b|\\b)`, 'g');
  if (became === undefined)
    return [renamed(since, plain, ANY, now), renamed(since, python, PYTHON, now.replaceAll('-', '_'))];
  return [removed(since, plain, ANY, became, remedy), removed(since, python, PYTHON, became, remedy)];
}

function ofApplications(names: readonly RetiredApplication[]): readonly NameChange[] {
  return names.flatMap(({ name, now, since }) =>
    since === undefined
      ? []
      : [
          {
            ...removed(
              since,
              new RegExp(`\\b${name}\\(`, 'g'),
              DIALPLAN_FILES,
              'was removed',
              `Use ${now}.`,
              MODULES,
            ),
            isLinted: true,
          },
        ],
  );
}

/** Every change that shows in the text of a file. */
export const NAME_CHANGES: readonly NameChange[] = [
  ...RETIRED_SERVICES.flatMap(ofService),
  ...ofApplications(RETIRED_APPLICATIONS),
  renamed('19.12', /\/var\/lib\/xivo\/sounds\b/g, ANY, '/var/lib/wazo/sounds'),
  renamed('19.14', /\bxivo-confgen\b/g, ANY, 'wazo-confgen'),
  renamed(
    '19.15',
    /(?<![\w.])(auth|confd|dird|calld|agentd|amid)_client\.commands\b/g,
    PYTHON,
    'wazo_$1_client.commands',
  ),
  removed(
    '19.12',
    /\bDial\(SIP\//g,
    DIALPLAN_FILES,
    'channels (chan_sip) were removed',
    'Use PJSIP/… channels.',
  ),
  removed(
    '20.09',
    /\b(?:wazo|xivo)_confgend\.asterisk\.sip\.conf\b/g,
    ANY,
    'generates sip.conf, which only chan_sip read',
    'Generate asterisk/pjsip.conf instead.',
  ),
  removed(
    '26.07',
    /\bchan_sip(?:\.so)?\b|\bsip reload\b/g,
    ANY,
    'was removed',
    'Use chan_pjsip and pjsip.conf.',
    MODULES,
  ),
  {
    kind: 'deprecated',
    since: VARIABLES_RENAMED,
    pattern: /\bXIVO_[A-Z][A-Z0-9_]*\b/g,
    files: DIALPLAN_FILES,
    isLinted: true,
    became: 'is deprecated',
    remedy: 'Use the WAZO_ variable of the same name.',
    source: 'Wazo dialplan, subroutines: variables are copied and a deprecation is logged',
  },
];

/** The fate of a name, as the end of a sentence that begins with it. */
export function whatBecame({ became, since, pattern, replacement }: NameChange, name: string): string {
  return replacement === undefined
    ? `${became} (since Wazo ${since})`
    : `was renamed to ${name.replace(pattern, replacement)} in Wazo ${since}`;
}

/** The remedy for a name; `wdev migrate` writes what needs no person. */
export function remedyOf({ kind, remedy, replacement }: NameChange, name: string): string | undefined {
  if (kind === 'deprecated') return `Use ${name.replace(/^XIVO_/, 'WAZO_')}.`;
  return replacement === undefined ? remedy : 'Run wdev migrate.';
}
