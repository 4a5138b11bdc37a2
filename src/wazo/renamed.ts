/** Names that Wazo or Asterisk renamed or removed. Data; a test holds each row against an example. */

export interface NameChange {
  readonly code: 'name-renamed' | 'name-removed' | 'name-deprecated';
  /** The Wazo version that first has the change. */
  readonly since: string;
  /** Matches the name; its groups may stand in `replacement`. Always global. */
  readonly pattern: RegExp;
  /** Paths of files that the name is looked for in, relative to the plugin's folder. */
  readonly files: RegExp;
  /** What `wdev migrate` writes in its place; absent where a person must decide. */
  readonly replacement?: string;
  /** One clause: what became of it. */
  readonly became: string;
  readonly source: string;
}

const PYTHON = /\.(?:py|cfg|toml)$/;
const DIALPLAN = /(?:^|\/)(?:asterisk\/.*|[^/]+)\.conf$/;
const ANY = /./;

const NOTES = (version: string): string => `Wazo Platform upgrade notes, ${version}`;
const MODULES = 'Asterisk, module deprecations: removed in 21; Wazo has Asterisk 22 at the latest from 26.07';

function renamed(since: string, pattern: RegExp, files: RegExp, replacement: string): NameChange {
  const became = 'has another name now';
  return { code: 'name-renamed', since, pattern, files, replacement, became, source: NOTES(since) };
}

function removed(
  since: string,
  pattern: RegExp,
  files: RegExp,
  became: string,
  source = NOTES(since),
): NameChange {
  return { code: 'name-removed', since, pattern, files, became, source };
}

export const NAME_CHANGES: readonly NameChange[] = [
  renamed('19.12', /\bxivo-ctid-ng\b/g, ANY, 'wazo-calld'),
  renamed('19.12', /\bxivo_ctid_ng\b/g, PYTHON, 'wazo_calld'),
  renamed('19.12', /\bxivo-(agentd|agid|confd|dird|provd|nginx)\b/g, ANY, 'wazo-$1'),
  renamed('19.12', /\bxivo_(agentd|agid|confd|dird|provd)(?=_client\b|\b)/g, PYTHON, 'wazo_$1'),
  renamed('19.12', /\bwazo-dird-phoned\b/g, ANY, 'wazo-phoned'),
  renamed('19.12', /\/var\/lib\/xivo\/sounds\b/g, ANY, '/var/lib/wazo/sounds'),
  renamed('19.13', /\bxivo-amid\b/g, ANY, 'wazo-amid'),
  renamed('19.13', /\bxivo_amid(?=_client\b|\b)/g, PYTHON, 'wazo_amid'),
  renamed('19.14', /\bxivo-confgend\b/g, ANY, 'wazo-confgend'),
  renamed('19.14', /\bxivo_confgend\b/g, PYTHON, 'wazo_confgend'),
  renamed('19.14', /\bxivo-confgen\b/g, ANY, 'wazo-confgen'),
  renamed(
    '19.15',
    /(?<![\w.])(auth|confd|dird|calld|agentd|amid)_client\.commands\b/g,
    PYTHON,
    'wazo_$1_client.commands',
  ),
  removed(
    '19.12',
    /\bwazo-admin-ui\b|\bwazo_admin_ui\b/g,
    ANY,
    'is gone; wazo-ui took its place, with another interface for plugins',
  ),
  removed('19.12', /\bxivo-ctid\b(?!-ng)/g, ANY, 'is gone, with the Wazo Client that it served'),
  removed(
    '19.12',
    /\b(?:SIPAddHeader|SIPRemoveHeader|SIP_HEADER)\b/g,
    DIALPLAN,
    'belongs to chan_sip; PJSIP_HEADER takes its place',
  ),
  removed('19.12', /\bDial\(SIP\//g, DIALPLAN, 'belongs to chan_sip; the channels are PJSIP/… now'),
  removed(
    '20.09',
    /\b(?:wazo|xivo)_confgend\.asterisk\.sip\.conf\b/g,
    ANY,
    'generates a file that only chan_sip read',
  ),
  removed(
    '26.07',
    /\b(?:Macro|MacroExclusive|MacroExit|MacroIf)\(/g,
    DIALPLAN,
    'is gone; Gosub and Return take its place',
    MODULES,
  ),
  removed(
    '26.07',
    /\b(?:Monitor|StopMonitor|ChangeMonitor)\(/g,
    DIALPLAN,
    'is gone; MixMonitor takes its place',
    MODULES,
  ),
  removed(
    '26.07',
    /\bchan_sip(?:\.so)?\b|\bsip reload\b/g,
    ANY,
    'is gone; chan_pjsip takes its place',
    MODULES,
  ),
  removed(
    '26.07',
    /\bMeetMe\(/g,
    DIALPLAN,
    'is not built for Wazo; ConfBridge takes its place',
    'Wazo asterisk-config, meetme.d removed in 26.02',
  ),
  {
    code: 'name-deprecated',
    since: '23.01',
    pattern: /\bXIVO_[A-Z][A-Z0-9_]*\b/g,
    files: DIALPLAN,
    became: 'still works, by a copy that costs two calls of an AGI each time; WAZO_… is the name now',
    source: 'Wazo dialplan, subroutines: variables are copied and a deprecation is logged',
  },
];

/** What became of a name, as the end of a sentence that begins with it. */
export function whatBecame({ became, pattern, replacement }: NameChange, name: string): string {
  return replacement === undefined ? became : `is ${name.replace(pattern, replacement)} now`;
}

/** Whether a Wazo version has what came with another: `26.05` has what came with `19.12`. */
export function atLeast(version: string, since: string): boolean {
  const [a, b] = [version, since].map((text) => text.split('.').map(Number));
  return (a?.[0] ?? 0) !== (b?.[0] ?? 0) ? (a?.[0] ?? 0) > (b?.[0] ?? 0) : (a?.[1] ?? 0) >= (b?.[1] ?? 0);
}
