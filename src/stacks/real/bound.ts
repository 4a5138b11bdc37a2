/**
 * A command that ends, with all that it started and mounted, when this process does, even by SIGKILL: it is process 1
 * of a name space of its own. Needs root.
 */
export function boundCommand(command: readonly string[]): [string, ...string[]] {
  const spaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', ...spaces, '--', ...command];
}
