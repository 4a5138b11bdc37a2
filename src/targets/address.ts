import { usageError } from '../support/errors.ts';
import { hasSecret } from '../support/secrets.ts';

/** A target as the user names it, taken apart. */
export type TargetAddress =
  | { readonly kind: 'embedded' }
  | { readonly kind: 'stack'; readonly name: string }
  | { readonly kind: 'local' }
  | { readonly kind: 'ssh'; readonly destination: string; readonly port: string | undefined }
  | { readonly kind: 'container'; readonly name: string }
  | { readonly kind: 'exec'; readonly argv: readonly [string, ...string[]] };

const FORMS = 'embedded, stack[:NAME], local, ssh://[user@]host[:port], container:NAME, exec:COMMAND…';

/**
 * Reads a target's name.
 * @throws UserError `usage` when it has none of the known forms
 */
export function parseAddress(text: string, isNew = false): TargetAddress {
  if (hasSecret(text))
    throw usageError(
      `--target ${text}: it holds credentials, which wdev neither keeps nor passes on`,
      'Remove them: ssh uses your keys and your agent (ssh-copy-id puts a key there).',
    );
  if (text === 'embedded') return { kind: 'embedded' };
  if (text === 'local') return { kind: 'local' };
  if (text === 'stack') return { kind: 'stack', name: 'default' };
  const [, scheme = '', rest = ''] = /^(stack|container|exec):(.+)$/s.exec(text) ?? [];
  if (scheme === 'stack' && /^[\w.-]+$/.test(rest)) return { kind: 'stack', name: rest };
  if (scheme === 'container' && /^\w[\w.-]*$/.test(rest)) return { kind: 'container', name: rest };
  if (scheme === 'exec') {
    const [program = '', ...args] = rest.trim().split(/\s+/);
    if (program !== '') return { kind: 'exec', argv: [program, ...args] };
  }
  // ssh puts both into commands of the person's configuration (ProxyCommand): nothing in them is of a shell
  const ssh =
    /^ssh:\/\/((?:[\p{L}\p{N}_][\p{L}\p{N}_.+-]*@)?(?:\[[\da-fA-F:]+\]|[\p{L}\p{N}_][\p{L}\p{N}_.-]*))(?::(\d+))?\/?$/u.exec(
      text,
    );
  if (ssh?.[1] !== undefined) return { kind: 'ssh', destination: ssh[1].replace(/[[\]]/g, ''), port: ssh[2] };
  const [, login] = /^\w*sh?:\/\/(.+)$/.exec(text) ?? [];
  throw usageError(
    `unknown target ${text}`,
    login === undefined
      ? `${isNew ? 'Use an address' : 'Use a name that wdev targets lists, or an address'}: ${FORMS}`
      : `Did you mean ssh://${login}?`,
  );
}
