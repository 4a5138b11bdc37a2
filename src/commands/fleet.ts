import type { Command } from '../cli/commander.ts';
import { jsonOption } from '../cli/options.ts';
import { EXIT, type ExitCode } from '../support/errors.ts';

interface InitFlags {
  readonly inventory: string;
  readonly group?: string;
  readonly key?: string;
  readonly json?: true;
}

const INIT = `
Writes a folder that is yours: an Ansible playbook and role, and an apt
repository of aptly, signed. Running it needs ansible-core, aptly and gnupg of
Debian, on the servers nothing but sshd; it does not need wdev. The group of
the servers is that of wazo-ansible (uc_engine), the only one of the inventory,
or the one that you name. The inventory stays where it is.`;

export function configure(command: Command): void {
  const sub = (name: string, summary: string): Command =>
    command.command(name).summary(summary).description(summary);
  sub('init [dir]', 'write the folder of a fleet (default: ./fleet)')
    .requiredOption('--inventory <file>', 'an inventory of Ansible')
    .option('--group <name>', 'the group of Wazo servers in it')
    .option('--key <fingerprint>', 'a key of your gpg that signs (default: one is made in the folder)')
    .addOption(jsonOption('what was written'))
    .addHelpText('after', INIT)
    .action(async (dir: string | undefined, flags: InitFlags) => {
      process.exitCode = await init(dir ?? 'fleet', flags);
    });
}

async function init(dir: string, flags: InitFlags): Promise<ExitCode> {
  const [{ chooseGroup, readInventory }, { makeFolder }, { print, printJson }, { paint }] = await Promise.all(
    [
      import('../fleet/inventory.ts'),
      import('../fleet/folder.ts'),
      import('../terminal/output.ts'),
      import('../terminal/paint.ts'),
    ],
  );
  const inventory = await readInventory(flags.inventory);
  const group = chooseGroup(inventory, flags.group);
  const { files, fingerprint } = await makeFolder({ dir, inventory: flags.inventory, group, key: flags.key });
  const servers = inventory.get(group) ?? [];
  if (flags.json === true) printJson({ dir, group, servers, key: fingerprint, files });
  else
    print([
      `${paint.green('✓')} ${paint.bold(dir)}: ${servers.length} ${servers.length === 1 ? 'server' : 'servers'} of the group ${group}: ${servers.join(', ')}`,
      ...files.map((file) => `  ${file}`),
      `The key ${fingerprint} signs the repository${flags.key === undefined ? `; it lies in ${dir}/keys, keep that from others` : ''}.`,
      `${dir}/README.md says what each file is. Next: wdev fleet roll NAMESPACE/NAME=VERSION --dir ${dir}`,
    ]);
  return EXIT.done;
}
