import { Option, type Command } from '../cli/commander.ts';
import { eventsOption, targetOption, trustOption } from '../cli/options.ts';
import { runsPrograms } from '../cli/programs.ts';
import type { DeployEvent } from '../deploy/events.ts';
import type { InstallBody, PluginName, PlugindServer, ServerLook } from '../deploy/server.ts';
import type { Source } from '../deploy/what-goes.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { Why } from '../status/why.ts';
import { EXIT, usageError } from '../support/errors.ts';
import type { Target } from '../targets/target.ts';
import { doing } from '../support/doing.ts';
import { quoteAll, typedPath } from '../support/quote.ts';
import { trimEnd } from '../support/trim-end.ts';

interface DeployFlags {
  readonly target?: string;
  readonly server?: string;
  readonly user?: string;
  readonly tokenCommand?: string;
  readonly ref?: string;
  readonly url?: string;
  readonly reinstall?: true;
  readonly market?: true;
  readonly remove?: true;
  readonly yes?: true;
  readonly trust?: true;
  readonly json?: true;
}

const DETAILS = `
Deploys what is committed and pushed: wazo-plugind on the server clones the
branch or tag from the remote, builds, packages and installs it. Prints each
step as wazo-plugind reports it, then verifies that the server uses the new
version, as wdev why does. If a step fails, explains it: by building the same
commit on this machine, or from what apt, dpkg and journalctl say on the server.
Uses the token of --token-command, else the key of wazo-plugind-cli on the
server. With --server, says only whether it succeeded.

Asks before it installs or removes; --yes answers. The target needs
wazo-plugind, which the embedded stack does not have.`;

export function configure(command: Command): void {
  command
    .argument('[path]', 'plugin folder (default: this folder)')
    .addOption(targetOption('server to deploy to'))
    .option('--server <url>', 'use only the HTTP API at this address, without a shell, like https://pbx')
    .option('--user <name>', 'with --server: log in to wazo-auth as this user; asks for the password')
    .option('--token-command <command>', 'run this command to get a wazo-auth token')
    .option(
      '--ref <ref>',
      'deploy this branch or tag (default: the current branch; with --market, the tag of the version)',
    )
    .option('--url <url>', 'address that the server clones from (default: that of the remote)')
    .option('--reinstall', 'install even if that version is installed')
    .option('--market', "install from the server's market instead of git")
    .option('--remove', 'remove the plugin from the server')
    .addOption(new Option('--yes', 'do not ask for confirmation'))
    .addOption(trustOption())
    .addOption(eventsOption())
    .addHelpText('after', DETAILS)
    .action(async (given: string | undefined, flags: DeployFlags) => {
      process.exitCode = await deploy(given ?? '.', flags);
    });
  runsPrograms(command);
}

async function deploy(given: string, flags: DeployFlags): Promise<number> {
  if (flags.server !== undefined && flags.target !== undefined)
    throw usageError('--server and --target are two ways to one server', 'Use one of the two.');
  const [{ findPlugins }, { severalPlugins }] = await Promise.all([
    import('../cli/plugins.ts'),
    import('../kinds/several-plugins.ts'),
  ]);
  const [plugin, ...others] = findPlugins([given]);
  if (others.length > 0) throw severalPlugins(given, [plugin, ...others]);
  if (plugin.kind !== 'stack')
    throw usageError(
      `wazo-plugind takes no plugin of kind ${plugin.kind}`,
      'wdev install installs it on a target.',
    );
  process.umask(0o022);
  if (flags.remove === true)
    return await withServer(flags, async (at) => await removeFrom(at, plugin, flags));
  const [{ whatGoes, sourceFolder }, { temporaryFolder }, { removeFolder }] = await Promise.all([
    import('../deploy/what-goes.ts'),
    import('../support/temp-folder.ts'),
    import('../support/remove-folder.ts'),
  ]);
  // a market is made of tags, which are named as the version
  const wanted = flags.ref ?? (flags.market === true ? plugin.version : undefined);
  const source = await whatGoes(plugin, wanted, flags.url);
  const folder = temporaryFolder('deploy');
  try {
    const dir = await sourceFolder(source, `${folder}/commit`);
    const { readPlugin } = await import('../kinds/discover.ts');
    const sent = readPlugin(dir);
    if (sent === undefined)
      throw usageError(`commit ${source.commit} holds no plugin in ${source.subdirectory || '/'}`);
    return await withServer(flags, async (at) => await installOn(at, sent, source, flags));
  } finally {
    removeFolder(folder);
  }
}

interface At {
  readonly server: PlugindServer;
  readonly target: Target | undefined;
}

async function withServer(flags: DeployFlags, work: (at: At) => Promise<number>): Promise<number> {
  const token = flags.tokenCommand === undefined ? undefined : await givenToken(flags.tokenCommand);
  if (flags.server !== undefined) {
    const { serverAt } = await import('../deploy/http.ts');
    const address = serverAddress(flags.server);
    return await work({
      server: serverAt(address, token ?? (await askedToken(address, flags))),
      target: undefined,
    });
  }
  const [{ onTarget }, { serverOn }] = await Promise.all([
    import('../cli/target.ts'),
    import('../deploy/far-end.ts'),
  ]);
  return await onTarget(flags, async (target) => await work({ server: serverOn(target, token), target }));
}

async function givenToken(command: string): Promise<string> {
  const { tokenOf } = await import('../targets/token.ts');
  return await tokenOf(command);
}

function serverAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined &&
    ['https:', 'http:'].includes(url.protocol) &&
    url.username === '' &&
    url.search === '';
  if (!isPlain) throw usageError(`--server ${text}: not an address like https://pbx`);
  if (url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    throw usageError(`--server ${text}: the token would go in plain text`, 'Use https://.');
  return trimEnd(url.href, '/');
}

async function askedToken(server: string, { user }: DeployFlags): Promise<string> {
  if (user === undefined) throw usageError('--server needs --user NAME or --token-command COMMAND');
  const [{ askSecret }, { tokenFor }] = await Promise.all([
    import('../terminal/prompt.ts'),
    import('../deploy/http.ts'),
  ]);
  const password = await askSecret(
    `Password of ${user} at ${server}`,
    'Give a token: --token-command COMMAND',
  );
  return await tokenFor(server, user, password);
}

async function nameOf({ namespace, name }: Plugin): Promise<PluginName> {
  const { debianPackageName } = await import('../wazo/names.ts');
  return { namespace: namespace ?? '', name, package: debianPackageName(namespace ?? '', name) };
}

/** The command that removes the plugin from where these flags lead. */
function removalOf({ dir }: Plugin, { target, server }: DeployFlags): string {
  const where =
    server === undefined ? ['--target', target ?? ''] : ['--server', server, '--token-command', '…'];
  return `wdev deploy ${typedPath(dir)} ${quoteAll(where)} --remove`;
}

async function installOn(
  { server, target }: At,
  plugin: Plugin,
  source: Source,
  flags: DeployFlags,
): Promise<number> {
  const [{ install }, { boundsOf, refuseMarket, refuseVersion }, { readMetadata }, { readTextIfPossible }] =
    await Promise.all([
      import('../deploy/deploy.ts'),
      import('../deploy/refusals.ts'),
      import('../kinds/plugin-metadata.ts'),
      import('../support/read-file.ts'),
    ]);
  const emit = await printer(plugin.dir, flags.json === true);
  const text = readTextIfPossible(`${plugin.dir}/wazo/plugin.yml`) ?? '';
  const manifest = readMetadata(text);
  if (!manifest.ok) {
    for (const finding of manifest.findings) emit({ event: 'finding', plugin: plugin.id, ...finding });
    emit({ event: 'failed', plugin: plugin.id, step: 'before anything', ms: 0, findings: manifest.findings });
    return EXIT.failed;
  }
  const { version } = manifest.metadata;
  const name = await nameOf({ ...plugin, ...manifest.metadata });
  const look = await server.look(name, flags.market === true);
  const candidate = { id: plugin.id, version, ...boundsOf(text), removal: removalOf(plugin, flags) };
  const reinstall = flags.reinstall === true;
  refuseVersion(candidate, look, reinstall);
  if (flags.market === true) refuseMarket(candidate, look.market, reinstall);
  const body = bodyOf(flags.market === true, name, version, source);
  emit(plannedEvent(server, plugin, version, look, body, source));
  const [{ noteNewer }, { addressFindings }] = await Promise.all([
    import('../cli/releases.ts'),
    import('../deploy/address.ts'),
  ]);
  noteNewer([candidate.min, look.wazo], flags.json === true);
  for (const finding of addressFindings(body)) emit({ event: 'finding', plugin: plugin.id, ...finding });
  await agreed(`Install ${plugin.id} ${version} on ${server.id}?`, flags);
  const options = { emit, ...(target === undefined ? {} : { evidence: await evidenceOn(target) }) };
  const job = { plugin, name, version, body, reinstall, before: look.installed?.version };
  return (await install(server, job, options)) ? EXIT.done : EXIT.failed;
}

function bodyOf(
  isMarket: boolean,
  { namespace, name }: PluginName,
  version: string,
  source: Source,
): InstallBody {
  if (isMarket) return { method: 'market', options: { namespace, name, version } };
  const { url, ref, subdirectory } = source;
  return { method: 'git', options: { url, ref, ...(subdirectory === '' ? {} : { subdirectory }) } };
}

function plannedEvent(
  server: PlugindServer,
  plugin: Plugin,
  version: string,
  look: ServerLook,
  { method }: InstallBody,
  { url, ref, commit }: Source,
): DeployEvent {
  const from = method === 'git' ? { url, ref, commit } : {};
  const there = { installed: look.installed?.version ?? null, wazo: look.wazo };
  return {
    event: 'planned',
    do: 'install',
    plugin: plugin.id,
    target: server.id,
    version,
    ...there,
    ...from,
  };
}

async function removeFrom({ server }: At, plugin: Plugin, flags: DeployFlags): Promise<number> {
  const { remove } = await import('../deploy/deploy.ts');
  const name = await nameOf(plugin);
  const look = await server.look(name, false);
  if (look.installed === null) throw usageError(`${plugin.id} is not installed on ${server.id}`);
  const { version } = look.installed;
  const emit = await printer(plugin.dir, flags.json === true);
  emit({
    event: 'planned',
    do: 'remove',
    plugin: plugin.id,
    target: server.id,
    version,
    installed: version,
    wazo: look.wazo,
  });
  await agreed(`Remove ${plugin.id} ${version} from ${server.id}?`, flags);
  return (await remove(server, plugin, name, version, { emit })) ? EXIT.done : EXIT.failed;
}

async function agreed(question: string, flags: DeployFlags): Promise<void> {
  if (flags.yes === true) return;
  const [{ confirm }, { isTerminal }] = await Promise.all([
    import('../terminal/prompt.ts'),
    import('../terminal/output.ts'),
  ]);
  const help = 'Agree in advance: --yes';
  if (flags.json === true || !isTerminal())
    throw usageError(`${question} There is no terminal to ask on`, help);
  if (await confirm(question, help)) return;
  throw usageError('nothing was done', help);
}

/** As `wdev why` looks, on the target that is open. */
async function evidenceOn(target: Target): Promise<(plugin: Plugin) => Promise<Why>> {
  const { findWhy } = await import('../status/why.ts');
  const open = { ...target, close: async () => undefined };
  return async (plugin) => await findWhy(plugin.dir, target.id, async () => open);
}

async function printer(dir: string, json: boolean): Promise<(event: DeployEvent) => void> {
  const { eventPrinter, print } = await import('../terminal/output.ts');
  if (json) return eventPrinter();
  const [{ deployLines }, { lineReader }] = await Promise.all([
    import('../terminal/deploy-view.ts'),
    import('../terminal/source-lines.ts'),
  ]);
  const readLine = lineReader(dir);
  return (event) => {
    print(deployLines(event, readLine));
    if (event.event === 'begun') doing(`${event.step} on the server`);
  };
}
