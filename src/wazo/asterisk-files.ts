import { isWazoPackage } from './python-modules.ts';

/**
 * Folders below /etc/asterisk that a file of Wazo includes (`NAME.d/*.conf`). Source: wazo-asterisk-config,
 * etc/asterisk (mid-2026).
 */
export const ASTERISK_FOLDERS: ReadonlySet<string> = new Set(
  (
    'acl agents alsa amqp ari ccss cdr cel cel_odbc chan_dahdi codecs confbridge dundi enum extconfig ' +
    'extensions features hep http iax iaxprov indications logger manager musiconhold oss pbxconfig pjsip ' +
    'pjsip_notify privacy queuerules queues queueskillrules queueskills res_fax res_odbc res_parking ' +
    'resolver_unbound rtp sccp sip sip_notify smdi stasis_amqp udptl voicemail'
  )
    .split(' ')
    .map((name) => `${name}.d`)
    .concat('extensions_extra.d'),
);

/** Files that packages of Wazo own: dpkg refuses a second package with one of them. */
const OWNED: readonly { readonly pattern: RegExp; readonly owner: string }[] = [
  { pattern: /^\/etc\/asterisk\/[a-z_]+\.d\/(?:01-wazo|99-general)\.conf$/, owner: 'wazo-asterisk-config' },
  { pattern: /^\/etc\/asterisk\/(?:asterisk|modules)\.conf$/, owner: 'wazo-asterisk-config' },
  { pattern: /^\/usr\/share\/wazo-asterisk-config\//, owner: 'wazo-asterisk-config' },
  { pattern: /^\/etc\/xivo\/asterisk\/xivo_globals\.conf$/, owner: 'wazo-asterisk-config' },
  { pattern: /^\/etc\/wazo-confgend\/templates\/contexts\.conf$/, owner: 'wazo-confgend' },
];

/** Files of which each service of Wazo has one, by the service's name; other packages may be called `wazo-…` too. */
const EACH = [
  /^\/etc\/(wazo-[a-z-]+)\/config\.yml$/,
  /^\/usr\/lib\/python3\/dist-packages\/(wazo_[a-z_]+)\/__init__\.py$/,
];

/** The package of Wazo that owns an installed path. */
export function ownerOf(path: string): string | undefined {
  const root = /^\/etc\/asterisk\/([a-z_]+)\.conf$/.exec(path)?.[1];
  if (root !== undefined && ASTERISK_FOLDERS.has(`${root}.d`)) return 'wazo-asterisk-config';
  for (const { pattern, owner } of OWNED) {
    if (pattern.test(path)) return owner;
  }
  for (const pattern of EACH) {
    const name = pattern.exec(path)?.[1]?.replaceAll('-', '_');
    if (name !== undefined && isWazoPackage(name)) return name.replaceAll('_', '-');
  }
  return undefined;
}
