/** The command that runs a program inside a stack, as root, with an environment of its own. */
export function enterCommand(pid: number, terminal?: string): [string, ...string[]] {
  return [
    'nsenter',
    ...['--target', String(pid), '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--'],
    ...['/usr/bin/env', '-i', '-C', '/root', 'HOME=/root', 'USER=root', 'LC_ALL=C.UTF-8'],
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...(terminal === undefined ? [] : [`TERM=${terminal}`]),
  ];
}
