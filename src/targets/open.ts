import type { ShellCommand } from '../stacks/shell-command.ts';
import { run } from '../support/run.ts';
import { parseAddress, type TargetAddress } from './address.ts';
import { NO_ROOT } from './lost.ts';
import { STATE_FOLDER } from './session.ts';
import { Shell } from './shell.ts';
import type { Target } from './target.ts';
import { during } from '../support/doing.ts';

export interface OpenOptions {
  /** Project folder: the embedded stack lives in its `.wdev/stack/`. The current folder by default. */
  readonly folder?: string;
  /** For who only looks, or takes away: a stack that is not there is not made for that. */
  readonly asItIs?: boolean;
  /** Told what takes a moment, such as a stack that is started. */
  readonly say?: (sentence: string) => void;
}

interface Way {
  readonly command: ShellCommand;
  readonly root: string;
  readonly runsRules: boolean;
}

/** As root where it can be had: straight away, or by sudo without a password; says so where it cannot. */
const ROOT_SHELL = `if [ "$(id -u)" = 0 ]; then exec sh; else sudo -n sh -s root || { s=$?; sudo -n sh -c : || echo "wdev: $(id -un) ${NO_ROOT}" >&2; exit $s; }; fi`;

/**
 * Opens the shell of a target.
 * @throws UserError `usage` for a name that is none, `target-unreachable` (exit 3) when no shell answers, and
 *   `no-stack` (exit 3) with `asItIs`
 */
export async function openTarget(name: string, options: OpenOptions = {}): Promise<Target> {
  const address = parseAddress(name);
  const { way, shell } = await during(`connecting to target ${name}`, async (say) => {
    const found = await findWay(address, { say, ...options });
    const opened = new Shell(name, found.command, {
      R: found.root,
      S: `${found.root}${STATE_FOLDER}`,
      // without it, a shell that is not root was started by a profile
      __given: address.kind === 'ssh' ? 'root' : '',
    });
    await opened.ready();
    return { way: found, shell: opened };
  });
  return {
    id: name,
    root: way.root,
    mark: shell.mark,
    runsRules: way.runsRules,
    isOurs: address.kind === 'stack',
    run: async (script, runOptions) => await shell.run(script, runOptions),
    close: async () => await shell.close(),
  };
}

async function findWay(address: TargetAddress, options: OpenOptions): Promise<Way> {
  const project = options.folder ?? process.cwd();
  if (options.asItIs === true) await mustStand(address, project);
  switch (address.kind) {
    case 'embedded': {
      const { embeddedShell, ensureEmbedded } = await import('../stacks/embedded.ts');
      const stack = await ensureEmbedded(project);
      return { command: embeddedShell(stack), root: stack.root, runsRules: false };
    }
    case 'stack': {
      const { hasTrace, realShell, upReal } = await import('../stacks/real.ts');
      // another name than the usual one is a slip as likely as a wish
      if (address.name !== 'default' && !hasTrace(address.name)) await mustStand(address, project);
      const { paced } = await import('../support/pace.ts');
      const stack = await upReal(
        address.name,
        options.say === undefined ? {} : { onProgress: paced(options.say) },
      );
      return machine(realShell(stack));
    }
    case 'local':
      return machine({ argv: ['sh', '-c', ROOT_SHELL] });
    case 'ssh':
      return machine({ argv: sshCommand(address.destination, address.port) });
    case 'container':
      return machine({ argv: ['docker', 'exec', '-i', address.name, 'sh'] });
    case 'exec':
      return machine({ argv: address.argv });
  }
}

async function mustStand(address: TargetAddress, project: string): Promise<void> {
  const { chooseStack } = await import('../stacks/any-stack.ts');
  if (address.kind === 'embedded') await chooseStack({ kind: 'embedded', project });
  if (address.kind === 'stack') await chooseStack({ kind: 'real', name: address.name, project });
}

/** The name or number by which ssh reaches a host, as the person's own configuration has it; what was named, else. */
export async function sshHost({ destination, port }: TargetAddress & { kind: 'ssh' }): Promise<string> {
  const [, ...words] = sshCommand(destination, port);
  const { stdout } = await run(['ssh', '-G', ...words.slice(0, -1)]);
  return /^hostname (\S+)$/m.exec(stdout)?.[1] ?? destination.replace(/^.*@/, '');
}

/** A machine that the user named: all of it is the target, and a plugin's own install may run. */
function machine(command: ShellCommand): Way {
  return { command, root: '', runsRules: true };
}

/**
 * The system's OpenSSH with the user's own configuration, agent and known_hosts; never a password prompt,
 * never an unknown host. `WDEV_SSH_CONFIG` names another configuration file.
 */
function sshCommand(destination: string, port: string | undefined): readonly [string, ...string[]] {
  const config = process.env['WDEV_SSH_CONFIG'];
  return [
    'ssh',
    ...(config === undefined ? [] : ['-F', config]),
    ...(port === undefined ? [] : ['-p', port]),
    '-T',
    ...[
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      'ConnectTimeout=10',
      'ServerAliveInterval=5',
      'ServerAliveCountMax=3',
    ].flatMap((option) => ['-o', option]),
    '--',
    destination,
    // by its path, which no alias of a profile has
    `/bin/sh -c '${ROOT_SHELL}'`,
  ];
}
