import { UserError } from '../support/errors.ts';
import { masked } from '../support/secrets.ts';

/** `ext::command`, by which git starts a program that the address names. */
const HELPER = /^[\w+.-]+::/;
/** Text that git, ssh or a server's git would take for an option: the whole, or a host. */
const OPTION = /^-|^[\w+.-]+:\/\/(?:[^/@]*@)?-|^(?=[^/]*:)[^/:]*@-/;

/**
 * Refuses an address by which git would start a program that it names, here or on a server that clones from it.
 * @throws UserError `not-an-address`
 */
export function refuseProgram(address: string): void {
  const why = HELPER.test(address)
    ? 'it names a program that git would start'
    : OPTION.test(address)
      ? 'it would be read as an option'
      : undefined;
  if (why === undefined) return;
  throw new UserError('not-an-address', `${masked(address)} is no address of a repository: ${why}`, {
    help: 'Use one like https://git.example.org/plugin.git or git@git.example.org:plugin.git.',
  });
}

/** `scheme://…`, or ssh's `host:path`. */
const ADDRESS = /^[\w+.-]+:\/\/|^[^/]+:(?!\/\/)/;

/**
 * Refuses the path of a folder of this machine where a server is to clone; `help` says how to name another address.
 * @throws UserError `not-an-address`
 */
export function refuseOwnFolder(address: string, help: string): void {
  if (ADDRESS.test(address)) return;
  throw new UserError(
    'not-an-address',
    `a server cannot clone ${masked(address)}, which is on this machine`,
    { help },
  );
}
