/** The words for a shell that cannot be opened, or was lost. */

import { EXIT, UserError } from '../support/errors.ts';
import { quoteAll } from '../support/quote.ts';

export interface Loss {
  /** The target, as the user named it. */
  readonly id: string;
  /** The command that opened, or should have opened, the shell. */
  readonly command: readonly string[];
  /** Why it is lost: how the command ended, or what it did not do. */
  readonly reason: string;
  /** The exit status of the command, if it has ended. */
  readonly status?: number | null;
  /** Whether the shell has answered before. */
  readonly wasOpen: boolean;
  /** The end of what it wrote to standard error. */
  readonly complaint: string;
}

/** Said by the far end, as the last thing, where it gave no root shell: see open.ts. */
export const NO_ROOT = 'gets no root shell by sudo';

/** Said by the far end where another shell than that of open.ts reads it. */
export const OTHER_SHELL = 'is not root in the shell that answers';

/** The exit status of ssh when the fault is its own: no way there, no key, not let in. */
const SSH_FAILED = 255;

/** The way on where a target gives no root. */
export const NEEDS_ROOT =
  'wdev needs root on the target, or sudo without a password; over ssh, with no profile there that starts another shell (exec).';

/** The error of a shell that is lost. */
export function lostError(loss: Loss): UserError {
  const lines = loss.complaint.trim().split('\n');
  const [, account] = loss.wasOpen ? [] : (/^wdev: (\S+) (.+)$/.exec(lines.at(-1) ?? '') ?? []);
  if (account !== undefined && lines.at(-1)?.endsWith(NO_ROOT) === true)
    return noRoot(loss.id, account, lines.at(-2) ?? '');
  if (account !== undefined && lines.at(-1)?.endsWith(OTHER_SHELL) === true)
    return new UserError('target-unreachable', `target ${loss.id}: ${account} ${OTHER_SHELL}`, {
      help: NEEDS_ROOT,
      exit: EXIT.unreachable,
    });
  const complaint = lines.at(-1) ?? '';
  const said = complaint === '' ? '' : `: ${complaint}`;
  const happened = loss.wasOpen ? 'connection lost' : 'cannot connect';
  const remedy = `${keyHelp(loss)}${profileHelp(loss)}Run it yourself: ${quoteAll(tryOf(loss.command))}`;
  return new UserError('target-unreachable', `target ${loss.id}: ${happened} (${loss.reason})${said}`, {
    help: remedy,
    exit: EXIT.unreachable,
  });
}

function noRoot(id: string, account: string, said: string): UserError {
  const reason = said === '' ? '' : `: ${said}`;
  return new UserError('target-unreachable', `target ${id}: ${account} ${NO_ROOT}${reason}`, {
    help: `wdev asks for no password. Use an account that is root, or add this line there by visudo -f /etc/sudoers.d/wdev:\n      ${account} ALL=(ALL:ALL) NOPASSWD: ALL`,
    exit: EXIT.unreachable,
  });
}

/** A command that shows whether the connection works; of ssh without the options that a person needs not. */
function tryOf(command: readonly string[]): readonly string[] {
  const [options, to] = [command.indexOf('-T'), command.indexOf('--') + 1];
  return command[0] === 'ssh' ? [...command.slice(0, options), command[to] ?? '', 'echo', 'here'] : command;
}

/** The way on when ssh refused the key of a host. */
function keyHelp({ status, complaint }: Loss): string {
  // a greeting may say so too
  if (status !== SSH_FAILED || !complaint.trimEnd().endsWith('Host key verification failed.')) return '';
  const known = /^Offending \S+ key in (.+)$/m.exec(complaint)?.[1];
  return known === undefined
    ? 'ssh does not know its key yet: connect by hand once, and compare it.\n      '
    : `It shows another key than the known one (${known}): it was installed anew, or somebody else answers. Ask who runs it before you remove that line.\n      `;
}

/** The way on when ssh came through, and the login shell there did not come to the command. */
function profileHelp({ command, status, wasOpen }: Loss): string {
  if (command[0] !== 'ssh' || status === SSH_FAILED || wasOpen) return '';
  return 'A profile of the login shell there (.bashrc, .zshenv) may be in the way: without a terminal it has to read nothing, end, and start no other shell.\n      ';
}
