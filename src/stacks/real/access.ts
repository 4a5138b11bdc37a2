import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../support/errors.ts';
import { run } from '../../support/run.ts';
import { stackFolder } from './run-folder.ts';
import { readText } from '../../support/read-file.ts';
import { makeFolders } from '../../support/make-folders.ts';

/**
 * Gives the stack's sshd a key of its own, and lets the key pair of its folder in as root.
 * @param port where it is reached, on 127.0.0.1
 */
export async function prepareSsh(name: string, port: number): Promise<void> {
  const folder = stackFolder(name);
  const root = path.join(folder, 'root');
  const hostKey = path.join(folder, 'host_key');
  await Promise.all([makeKey(path.join(folder, 'key'), `wdev ${name}`), makeKey(hostKey, `stack ${name}`)]);
  copyFileSync(hostKey, path.join(root, 'etc/ssh/ssh_host_ed25519_key'));
  chmodSync(path.join(root, 'etc/ssh/ssh_host_ed25519_key'), 0o600);
  writeFileSync(
    path.join(root, 'etc/ssh/sshd_config.d/wdev.conf'),
    `HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxSessions 100
MaxStartups 100
UseDNS no
`,
  );
  makeFolders(path.join(root, 'root/.ssh'), 0o700);
  const authorized = path.join(root, 'root/.ssh/authorized_keys');
  copyFileSync(path.join(folder, 'key.pub'), authorized);
  chmodSync(authorized, 0o600);
  const [type, key] = readText(`${hostKey}.pub`).split(' ');
  const knownHosts = path.join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${type} ${key}\n`);
  writeFileSync(
    path.join(folder, 'ssh_config'),
    `Host stack
  HostName 127.0.0.1
  Port ${port}
  User root
  IdentityFile ${folder}/key
  IdentitiesOnly yes
  UserKnownHostsFile ${knownHosts}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
`,
  );
}

/** A machine that starts again keeps its key. */
async function makeKey(file: string, comment: string): Promise<void> {
  if (existsSync(file)) return;
  const result = await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
  if (result.status !== 0) {
    throw new UserError('ssh-keygen', `ssh-keygen could not make a key: ${result.stderr.trim()}`);
  }
}
