/**
 * Credentials in addresses. They are refused where an address is read (templates/reference.ts, targets/address.ts,
 * answers), so that nothing stores them, and masked where a text is shown (visible.ts), whoever wrote it.
 */

/** An address from behind its scheme; of two that stand together, each by itself. */
const ADDRESS = /:\/\/(?:(?!:\/\/)[^\s"'<>`\\]){1,4000}/g;
const PARAMETER = /([?&;#])([\w.[\]-]{1,80})=([^&;#]*)/g;
const SECRET =
  /token|passw|pwd|secret|credential|signature|(?:api|access|private|auth)[_-]?key|^(?:auth|key|sig|jwt|code)$/i;
/** Protocols that log in with keys: a name before the host says who, and is no secret. */
const BY_KEY = /(?:ssh|sftp)$/i;
const MASK = '***';

/** The text with each credential in an address as `***`. */
export function masked(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(ADDRESS, (address, at: number) =>
    maskedAddress(address.slice(3), BY_KEY.test(text.slice(Math.max(0, at - 4), at))),
  );
}

/** Whether an address, or a text with one in it, has credentials. */
export function hasSecret(text: string): boolean {
  return masked(text) !== text;
}

function maskedAddress(address: string, byKey: boolean): string {
  const end = userInfoEnd(address);
  const userInfo = address.slice(0, Math.max(0, end));
  const rest = address
    .slice(Math.max(0, end))
    .replace(PARAMETER, (all, mark: string, name: string, value: string) =>
      SECRET.test(name) && value !== '' ? `${mark}${name}=${MASK}` : all,
    );
  return `://${end < 0 ? '' : maskedUser(userInfo, byKey)}${rest}`;
}

function maskedUser(userInfo: string, byKey: boolean): string {
  const colon = userInfo.search(/:|%3a/i);
  if (!byKey) return MASK;
  return colon < 0 ? userInfo : `${userInfo.slice(0, colon)}:${MASK}`;
}

/** Where the `@` behind a name and a password stands, -1 without one. */
function userInfoEnd(address: string): number {
  const authority = /^[^/?#]*/.exec(address)?.[0] ?? '';
  const at = authority.lastIndexOf('@');
  if (at >= 0) return at;
  // a password may hold what ends the host for others; a port is no password
  return /^[^:[\]]+:(?!\d{0,5}$)/.test(authority) ? address.indexOf('@') : -1;
}
