import { Option, type Command } from '../cli/commander.ts';
import type { AnyStack, StackKind } from '../stacks/any-stack.ts';
import type { StackStatus } from '../stacks/status.ts';
import { eventsOption, jsonOption } from '../cli/options.ts';
import { heedsSandbox } from '../cli/programs.ts';
import { subcommand, takesBefore } from '../cli/subcommand.ts';
import type { RealStack, ServicesOrder } from '../stacks/real.ts';
import { apiExample, type ApiAccess } from '../stacks/wazo/access.ts';
import { print, printJson, printProgress } from '../terminal/output.ts';
import { serviceOf } from '../wazo/services.ts';
import { usageError } from '../support/errors.ts';
import { doing } from '../support/doing.ts';
import { PAGES } from './stack-pages.ts';

interface StackFlags {
  readonly name?: string;
  readonly kind?: StackKind;
  readonly with?: string;
  readonly repository?: string;
  readonly key?: string;
  readonly follow?: true;
  readonly json?: true;
}

export function configure(command: Command): void {
  command.addHelpText('after', PAGES.stack);
  const sub = (name: string, summary: string): Command =>
    subcommand(command, name, summary)
      .option(
        '--name <name>',
        'use the stack with this name (default: the first that exists of those named default and wazo, and the embedded stack)',
      )
      .option('--kind <kind>', 'use the stack of this kind: embedded, real or wazo');
  const json = jsonOption();
  // what they print is theirs
  const ignored = jsonOption().hideHelp();
  const all = takesBefore<StackFlags>(
    command,
    new Option('--name <name>'),
    new Option('--kind <kind>'),
    jsonOption(),
  );
  subcommand(command, 'up', 'Start a stack, and wait until it is ready')
    .option('--name <name>', 'give the stack this name (default: "default", or "wazo" with --kind wazo)')
    .option('--kind <kind>', 'start a stack of this kind: embedded, real or wazo (default: real)')
    .option(
      '--with <services>',
      'with --kind wazo: run these services, comma-separated (default: those that the plugins here need)',
    )
    .option(
      '--repository <line>',
      'with --kind wazo: install from this apt repository, as a line of sources.list',
    )
    .option('--key <file|url>', 'with --kind wazo: the key that signs the repository')
    .addOption(json)
    .addHelpText('after', PAGES.up)
    .action(async (flags: StackFlags) => await acted(up, all(flags)));
  sub('down', 'Stop and remove a stack, and what is left of others')
    .addOption(json)
    .addHelpText('after', PAGES.down)
    .action(async (flags: StackFlags) => await acted(down, all(flags)));
  subcommand(command, 'status', 'List stacks and what is left of others, with the command that removes each')
    .option('--name <name>', 'list the stack with this name only')
    .option('--kind <kind>', 'list stacks of this kind only: embedded, real or wazo')
    .addOption(json)
    .action(async (flags: StackFlags) => await acted(status, all(flags)));
  sub('exec', 'Run a command in a stack')
    .argument('<command...>', 'command to run, after --')
    .addOption(ignored)
    .addHelpText('after', PAGES.exec)
    .action(
      async (words: readonly [string, ...string[]], flags: StackFlags) =>
        await acted(exec, all(flags), words),
    );
  sub('shell', 'Open a shell in a stack')
    .addOption(ignored)
    .action(async (flags: StackFlags) => await acted(shell, all(flags)));
  sub('logs', 'Show what Asterisk, the services and the system of a stack logged')
    .option('-f, --follow', 'keep printing new lines; stop with Ctrl-C')
    .addOption(eventsOption('lines'))
    .action(async (flags: StackFlags) => await acted(logs, all(flags)));
  sub('snapshot', 'Save the state of a real or wazo stack under a label')
    .argument('<label>', 'label, for wdev stack reset')
    .addOption(json)
    .addHelpText('after', PAGES.snapshot)
    .action(async (label: string, flags: StackFlags) => await acted(snapshot, all(flags), label));
  sub('reset', 'Return a real or wazo stack to a saved state')
    .argument('[label]', 'label of the state (default: the state after wdev stack up)')
    .addOption(json)
    .addHelpText('after', PAGES.reset)
    .action(async (label: string | undefined, flags: StackFlags) => await acted(reset, all(flags), label));
  subcommand(command, 'prune', 'Remove cached Debian systems and downloads that no stack uses')
    .addOption(json)
    .addHelpText('after', PAGES.prune)
    .action(async (flags: StackFlags) => await prune(all(flags)));
  heedsSandbox(command);
}

/** Refuses flags that contradict each other before the work begins. */
async function acted<Rest extends readonly unknown[]>(
  work: (flags: StackFlags, ...rest: Rest) => Promise<void>,
  flags: StackFlags,
  ...rest: Rest
): Promise<void> {
  const { stackKind } = await import('../stacks/any-stack.ts');
  if (flags.kind !== undefined) stackKind(flags.kind);
  if (flags.kind === 'embedded' && flags.name !== undefined)
    throw usageError('--name is for real stacks: a project has one embedded stack');
  await work(flags, ...rest);
}

async function exec(flags: StackFlags, words: readonly [string, ...string[]]): Promise<void> {
  await runIn(await choose(flags), [...words]);
}

async function shell(flags: StackFlags): Promise<void> {
  const { shellIn } = await import('../stacks/any-stack.ts');
  const stack = await choose(flags);
  await runIn(stack, shellIn(stack));
}

async function logs(flags: StackFlags): Promise<void> {
  const { logCommand } = await import('../stacks/any-stack.ts');
  const stack = await choose(flags);
  const words = logCommand(stack, flags.follow === true);
  if (flags.json !== true) return await runIn(stack, words);
  const [{ commandIn }, { runLines }, { interruption }] = await Promise.all([
    import('../stacks/any-stack.ts'),
    import('../support/run-lines.ts'),
    import('../cli/interruption.ts'),
  ]);
  const { command, env } = commandIn(stack, words);
  const tell = (line: string): boolean => {
    printJson({ line });
    return true;
  };
  process.exitCode = (await runLines(command, tell, interruption().signal, { env })).status;
}

function demandWazo(flags: StackFlags): void {
  const given = (['with', 'repository', 'key'] as const).find((name) => flags[name] !== undefined);
  if (given === undefined || flags.kind === 'wazo') return;
  throw usageError(`--${given} is for a stack with Wazo's services`, 'wdev stack up --kind wazo …');
}

async function up(flags: StackFlags): Promise<void> {
  demandWazo(flags);
  doing('starting the stack');
  const [{ startStack }, { interruption }] = await Promise.all([
    import('../stacks/any-stack.ts'),
    import('../cli/interruption.ts'),
  ]);
  const signal = flags.kind === 'embedded' ? undefined : interruption().signal;
  const services = flags.kind === 'wazo' ? await servicesOrder(flags) : undefined;
  const { kind, name } = flags;
  const query = { project: process.cwd(), ...(kind && { kind }), ...(name && { name }) };
  const result = await startStack(query, {
    onProgress: doing,
    signal,
    ...(services === undefined ? {} : { services }),
  });
  if (flags.json) return printJson({ ...result.status, started: result.started, ms: result.ms });
  const took = result.started ? `ready in ${(result.ms / 1000).toFixed(2)} s` : 'already running';
  print([`${title(result.status)}: ${took}`, ...details(result.status)]);
}

async function servicesOrder(flags: StackFlags): Promise<ServicesOrder> {
  const [{ readServices, selectServices }, { findRepository }, { demandRequirements }] = await Promise.all([
    import('../stacks/wazo/services.ts'),
    import('../stacks/wazo/repository.ts'),
    import('../stacks/real.ts'),
  ]);
  const words = flags.with?.split(',').filter((word) => word !== '');
  const named = words === undefined ? undefined : readServices(words);
  await demandRequirements('wazo');
  const repository = findRepository(flags.repository, flags.key);
  return { selection: selectServices(named ?? (await touchedHere())), repository };
}

async function touchedHere(): Promise<readonly string[]> {
  const { touchedServices } = await import('../cli/touched-services.ts');
  doing('looking which services the plugins below this folder touch');
  const { units, unread } = await touchedServices(process.cwd());
  for (const id of unread)
    printProgress(`${id} cannot be built (see wdev check); name its services by --with`);
  return units;
}

async function snapshot(flags: StackFlags, label: string): Promise<void> {
  const { takeSnapshotOf } = await import('../stacks/snapshots.ts');
  await again(flags, `state kept as ${label}`, (name, say) => takeSnapshotOf(name, label, say));
}

async function reset(flags: StackFlags, label: string | undefined): Promise<void> {
  const { resetTo } = await import('../stacks/snapshots.ts');
  await again(flags, `is as ${label ?? 'up made it'} again`, (name, say) => resetTo(name, label, say));
}

async function again(
  flags: StackFlags,
  what: string,
  work: (name: string, say: (text: string) => void) => Promise<RealStack>,
): Promise<void> {
  const { realStatus } = await import('../stacks/status.ts');
  const any = await choose(flags);
  if (any.kind !== 'real')
    throw usageError(
      'snapshots need a real stack',
      'The embedded stack is a folder, so copy it: .wdev/stack',
    );
  const began = performance.now();
  const stack = await work(any.stack.name, doing);
  const ms = Math.round(performance.now() - began);
  if (flags.json) return printJson({ ...realStatus(stack), ms });
  print([`${title(realStatus(stack))}: ${what}, ready in ${(ms / 1000).toFixed(2)} s`]);
}

async function down(flags: StackFlags): Promise<void> {
  const { endStack } = await import('../stacks/any-stack.ts');
  const { ended, left } = await endStack({ ...flags, project: process.cwd() });
  if (flags.json) return printJson({ ended: [...ended, ...left] });
  print([ended.length === 0 ? nothingEnded(flags) : `Stopped and removed: ${ended.join(', ')}`]);
  if (left.length > 0) print([`Removed: ${left.join(', ')}`]);
}

function nothingEnded({ name }: StackFlags): string {
  return name === undefined ? 'No stack is running.' : `There is no stack named ${name}.`;
}

async function status(flags: StackFlags): Promise<void> {
  const { stackStatuses } = await import('../stacks/status.ts');
  const all = stackStatuses(process.cwd());
  const wanted = all
    .filter((one) => flags.kind === undefined || one.kind === flags.kind)
    .filter((one) => flags.name === undefined || one.name === flags.name);
  if (flags.json) return printJson({ stacks: wanted });
  if (wanted.length === 0) print(['No stack runs, and nothing is left of one. Start one: wdev stack up']);
  for (const one of wanted)
    print([`${title(one)}: ${stateText(one)}`, ...details(one), `  remove  ${one.remove}`]);
  const { cacheState } = await import('../stacks/real/cache.ts');
  const cache = cacheState();
  if (cache !== undefined)
    print([`Cache: ${cache.folder} (folders that no stack uses: ${cache.idle})`, `  remove  ${PRUNE}`]);
}

const PRUNE = 'wdev stack prune';

async function prune(flags: Pick<StackFlags, 'json'>): Promise<void> {
  const { clearCache } = await import('../stacks/real/cache.ts');
  doing('clearing the cache');
  const { folder, removed, bytes } = await clearCache();
  if (flags.json) return printJson({ folder, removed, bytes });
  const size = `${Math.round(bytes / 1e6)} MB`;
  print([removed.length === 0 ? `Nothing to clear in ${folder}.` : `Removed ${size} from ${folder}.`]);
}

async function choose(flags: StackFlags): Promise<AnyStack> {
  const { chooseStack } = await import('../stacks/any-stack.ts');
  return await chooseStack({ ...flags, project: process.cwd() });
}

async function runIn(stack: AnyStack, words: [string, ...string[]]): Promise<void> {
  const { commandIn } = await import('../stacks/any-stack.ts');
  const { runInForeground } = await import('../stacks/foreground.ts');
  const { command, env } = commandIn(stack, words);
  process.exitCode = await runInForeground(command, env);
}

const TITLES: Readonly<Record<StackStatus['kind'], (status: StackStatus) => string>> = {
  real: ({ name }) => `real stack ${name}`,
  wazo: ({ name }) => `wazo stack ${name}`,
  embedded: () => 'embedded stack',
  tools: ({ name }) => `build tools ${name}`,
  root: ({ name }) => `cached Debian system ${name}`,
  mount: ({ name }) => `mount ${name}`,
};

function title(status: StackStatus): string {
  return TITLES[status.kind](status);
}

const STATES: Readonly<Record<StackStatus['state'], string>> = {
  running: 'running',
  asleep: 'asleep',
  stopped: 'stopped',
  making: 'being made',
  booting: 'booting',
  ending: 'ending',
  ended: 'exited by itself',
  left: 'left by a process that is gone',
};

function stateText({ state, pid, uptime, owner }: StackStatus): string {
  return [
    STATES[state],
    ...(pid === undefined ? [] : [`process ${pid}`]),
    ...(uptime === undefined ? [] : [`up ${duration(uptime)}`]),
    ...(owner === undefined ? [] : [state === 'running' ? `for process ${owner}` : `by process ${owner}`]),
  ].join(', ');
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

function details(status: StackStatus): readonly string[] {
  if (status.sshConfig === undefined) return [`  folder  ${status.folder}`];
  const { units = [], api, snapshots = [] } = status;
  return [
    `  target  stack:${status.name}`,
    `  ssh     ssh -F ${status.sshConfig} stack`,
    ...(units.length === 0 ? [] : [`  with    ${units.join(', ')}`]),
    ...(api === undefined ? [] : apiLines(status, api)),
    ...(snapshots.length === 0 ? [] : [`  reset   to ${snapshots.join(', ')}`]),
  ];
}

function apiLines({ units = [] }: StackStatus, api: ApiAccess): readonly string[] {
  const unit = units.findLast((name) => name !== 'wazo-auth' && serviceOf(name)?.api !== undefined);
  const [first = '', ...others] = apiExample(api, unit);
  const lines = [`  try     ${first}`, ...others.map((line) => `          ${line}`)];
  return [`  api     ${api.url}`, `          user ${api.user}, password ${api.password}`, ...lines];
}
