import { Option, type Command } from '../cli/commander.ts';
import { eventsOption, jsonOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import { subcommand } from '../cli/subcommand.ts';
import type { RollEvent } from '../fleet/events.ts';
import type { Finding } from '../findings/finding.ts';
import type { ServerStatus } from '../fleet/status.ts';
import type { Wanted } from '../fleet/version.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { EXIT, messageOf, usageError, type ExitCode } from '../support/errors.ts';
import { doing } from '../support/doing.ts';

interface InitFlags {
  readonly inventory: string;
  readonly group?: string;
  readonly key?: string;
  readonly json?: true;
}

interface RollFlags {
  readonly dir?: string;
  readonly from: string;
  readonly waves: string;
  readonly rehearse: boolean;
  readonly dryRun?: true;
  readonly json?: true;
}

interface StatusFlags {
  readonly dir?: string;
  readonly engine?: string;
  readonly debian?: string;
  readonly json?: true;
}

const ROLL = `
Builds the version from its tag, like 0.2.0 (else from the folder, if it has
that version and everything is committed), publishes it in the apt repository of
the fleet, and runs the playbook. Checks package, services, imports, routes and
dialplan on each server. A server that fails is rolled back to the version that
it had, and no later wave starts. First tests that rollback on a real stack, if
this machine can run one (wdev doctor): it runs the postinst of the older
package. Run the same command again to continue a roll-out that was interrupted.

Does not ask, neither before the first wave nor between waves, and restarts
services on the servers: look first with --dry-run.`;

const STATUS = `
Asks every server for its plugins, and marks versions other than the one rolled
out last, servers unlike most others, and files changed since installation.
With --engine, counts the plugins that an upgrade would break, and shows the
lines that break, as wdev compat --target does.`;

const INIT = `
Writes an Ansible playbook and role, and a signed apt repository (aptly), for
you to keep and change. Keep keys/ secret: it holds the key that signs, unless
--key names one of yours; .gitignore lists it. To run the playbook, this machine
needs ansible-core, aptly and gnupg from Debian, not wdev; the servers need sshd
and Python. The inventory stays where it is.`;

export function configure(command: Command): void {
  subcommand(command, 'init', 'Create a fleet folder: playbook, role and apt repository')
    .argument('[dir]', 'folder to create (default: ./fleet)')
    .requiredOption('--inventory <file>', 'read the servers from this Ansible inventory')
    .option(
      '--group <name>',
      'group of the Wazo servers in the inventory (default: uc_engine, else the only group)',
    )
    .option(
      '--key <fingerprint>',
      'sign with this gpg key of yours (default: a new key, in keys/ of the folder)',
    )
    .addOption(jsonOption('the files that were written'))
    .addHelpText('after', INIT)
    .action(async (dir: string | undefined, flags: InitFlags) => {
      process.exitCode = await init(dir ?? 'fleet', flags);
    });
  const rolls = subcommand(command, 'roll', 'Install a version on all servers, wave by wave')
    .argument('<version>', 'plugin and version, like acme/hello=0.2.0')
    .option('--dir <dir>', 'fleet folder (default: this folder, else ./fleet)')
    .option('--from <dir>', 'plugin folder', '.')
    .addOption(
      new Option(
        '--waves <sizes>',
        'size of each wave, in servers or in percent of all; the last size repeats until all are done',
      ).default('1,25%,100%', '1,25%,100%: one, a quarter, the rest'),
    )
    .option('--no-rehearse', 'skip the test of the rollback')
    .option('--dry-run', 'show the waves; change nothing')
    .addOption(eventsOption())
    .addHelpText('after', ROLL)
    .action(async (version: string, flags: RollFlags) => {
      process.exitCode = await rollOut(version, flags);
    });
  runsPrograms(rolls);
  subcommand(command, 'status', 'Show the plugins of every server, and what differs')
    .option('--dir <dir>', 'fleet folder (default: this folder, else ./fleet)')
    .option('--engine <version>', 'show what an upgrade to this Wazo version would break, like 26.10')
    .option('--debian <release>', 'with --engine: check an upgrade to this Debian release, too')
    .addOption(jsonOption('the servers'))
    .addHelpText('after', STATUS)
    .action(async (flags: StatusFlags) => {
      process.exitCode = await status(flags);
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
  // Ansible takes no ansible.cfg from a folder that everyone may write to
  process.umask(0o022);
  const inventory = await readInventory(flags.inventory);
  const group = chooseGroup(inventory, flags.group);
  const { files, fingerprint } = await makeFolder({ dir, inventory: flags.inventory, group, key: flags.key });
  const servers = inventory.get(group) ?? [];
  if (flags.json === true) printJson({ dir, group, servers, key: fingerprint, files });
  else
    print([
      `${paint.green('✓')} ${paint.bold(dir)}: ${servers.length} ${servers.length === 1 ? 'server' : 'servers'} in group ${group}: ${servers.join(', ')}`,
      ...files.map((file) => `  ${file}`),
      `The key ${fingerprint} signs the repository.${flags.key === undefined ? ` Its private part is in ${dir}/keys, which git ignores: do not share it.` : ''}`,
      `${dir}/README.md says what each file is. Next: wdev fleet roll NAMESPACE/NAME=VERSION --dir ${dir}`,
    ]);
  return EXIT.done;
}

async function rollOut(version: string, flags: RollFlags): Promise<ExitCode> {
  const [
    { fleetFolder, hasWayBack, provide, readWanted },
    { readWaves, wavesOf },
    { roll, serversOf },
    { keepAim },
    { interruption },
    { print, printJson },
    { RollView, rollHead },
  ] = await Promise.all([
    import('../fleet/version.ts'),
    import('../fleet/waves.ts'),
    import('../fleet/roll.ts'),
    import('../fleet/status.ts'),
    import('../cli/interruption.ts'),
    import('../terminal/output.ts'),
    import('../terminal/fleet-view.ts'),
  ]);
  const wanted = readWanted(version);
  const sizes = readWaves(flags.waves);
  const dir = fleetFolder(flags.dir);
  process.umask(0o022);
  const waves = wavesOf(await serversOf(dir), sizes);
  const view = new RollView(waves, flags.dryRun === true);
  const emit = (event: RollEvent): void => {
    if (event.event === 'wave') doing(`installing on wave ${event.wave} of ${waves.length}`);
    if (flags.json === true) printJson(event);
    else print(view.lines(event));
  };
  const from = await provide(dir, wanted, flags.from, flags.dryRun === true, showFindings);
  emit({ event: 'plan', plugin: wanted.id, version: wanted.version, from, waves });
  if (flags.dryRun === true) return EXIT.done;
  const { signal } = interruption();
  const there = hasWayBack(dir, wanted)
    ? undefined
    : await publishWhatIsThere(wanted, waves.flat(), { dir, from: flags.from }, signal);
  if (flags.rehearse) {
    const { proveWayBack } = await import('../fleet/way-back.ts');
    await proveWayBack({ dir, wanted, there, emit, onProgress: doing, signal });
  }
  if (flags.json !== true) print([rollHead(waves)]);
  const ok = await roll({ dir, wanted, sizes, waves, emit, signal });
  if (ok) keepAim(dir, wanted);
  return ok ? EXIT.done : EXIT.failed;
}

/** The versions on the servers are published too, or they could not be restored. Gives them back. */
async function publishWhatIsThere(
  wanted: Wanted,
  servers: readonly string[],
  { dir, from }: { readonly dir: string; readonly from: string },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [{ provide }, { fleetStatus }, { printProgress }] = await Promise.all([
    import('../fleet/version.ts'),
    import('../fleet/status.ts'),
    import('../terminal/output.ts'),
  ]);
  doing(`asking ${servers.length} servers which versions they may have to go back to`);
  const all = (await fleetStatus(dir, servers, signal)).flatMap(({ plugins = [] }) => plugins);
  const there = new Set(all.filter((one) => one.package === wanted.package).map(({ version }) => version));
  for (const version of there) {
    if (version === wanted.version) continue;
    try {
      await provide(dir, { ...wanted, version }, from, false, showFindings);
      printProgress(`published ${wanted.id} ${version}, which servers have now`);
    } catch (error) {
      // the role refuses those servers, and says so
      printProgress(`cannot roll back to ${wanted.id} ${version}: ${messageOf(error)}`);
    }
  }
  return [...there];
}

async function showFindings(plugin: Plugin, findings: readonly Finding[]): Promise<void> {
  const [{ printAside }, { findingLines }, { lineReader }] = await Promise.all([
    import('../terminal/output.ts'),
    import('../terminal/finding-text.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const readLine = lineReader(plugin.dir);
  printAside(findings.flatMap((finding) => findingLines(finding, readLine)));
}

async function status(flags: StatusFlags): Promise<ExitCode> {
  const [
    { fleetFolder },
    { serversOf },
    { fleetStatus },
    { noteNewer, releasesOf },
    { interruption },
    { print, printJson },
    { statusLines },
  ] = await Promise.all([
    import('../fleet/version.ts'),
    import('../fleet/roll.ts'),
    import('../fleet/status.ts'),
    import('../cli/releases.ts'),
    import('../cli/interruption.ts'),
    import('../terminal/output.ts'),
    import('../terminal/fleet-view.ts'),
  ]);
  const { engine, debian } = flags;
  if (engine === undefined && debian !== undefined)
    throw usageError(
      `--debian ${debian} goes with --engine`,
      'Name the Wazo too, also where it stays the same: --engine VERSION',
    );
  const upgrade = engine === undefined ? undefined : { engine, debian: releasesOf(flags, 'built').debian };
  const note = noteNewer([engine], flags.json === true);
  const dir = fleetFolder(flags.dir);
  const servers = await serversOf(dir);
  const answers = await fleetStatus(dir, servers, interruption().signal, upgrade);
  if (flags.json === true)
    printJson({ ...(upgrade === undefined ? {} : { upgrade: { ...upgrade, ...note } }), servers: answers });
  else print(statusLines(answers, upgrade));
  return exitOf(answers);
}

function exitOf(servers: readonly ServerStatus[]): ExitCode {
  if (servers.every(({ plugins }) => plugins === undefined)) return EXIT.unreachable;
  const isBad = servers.some(
    ({ drift, upgrade = [] }) => drift.length > 0 || upgrade.some(({ verdict }) => verdict === 'breaks'),
  );
  return isBad ? EXIT.failed : EXIT.done;
}
