/** The command that runs a program inside a stack, as root, with an environment of its own. */
export function enterCommand(pid: number, terminal?: string): [string, ...string[]] {
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const environment = ['-C', '/root', path, 'HOME=/root', 'USER=root', 'LC_ALL=C.UTF-8'];
  if (terminal !== undefined) environment.push(`TERM=${terminal}`);
  const spaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];
  return ['nsenter', '--target', String(pid), ...spaces, '--', '/usr/bin/env', '-i', ...environment];
}
