import { Argument, type Command } from '../cli/commander.ts';
import type { AnyStack, StackKind } from '../stacks/any-stack.ts';
import type { StackStatus } from '../stacks/status.ts';
import { jsonOption } from '../cli/options.ts';
import { heedsSandbox } from '../cli/programs.ts';
import type { RealStack, ServicesOrder } from '../stacks/real.ts';
import { apiExample, type ApiAccess } from '../stacks/wazo/access.ts';
import { print, printJson, printProgress } from '../terminal/output.ts';
import { serviceOf } from '../wazo/services.ts';
import { usageError } from '../support/errors.ts';
import { doing } from '../support/doing.ts';

interface StackFlags {
  readonly name?: string;
  readonly kind?: StackKind;
  readonly with?: string;
  readonly repository?: string;
  readonly key?: string;
  readonly follow?: true;
  readonly json?: true;
}

const ACTIONS = ['up', 'down', 'status', 'exec', 'shell', 'logs', 'snapshot', 'reset', 'prune'] as const;

const DETAILS = `
  up      start it, and wait until it answers
  down    end it and remove everything of it, and what a killed wdev left
  status  every stack of this machine, what is left of others, what removes it
  exec    run a command in it: wdev stack exec -- asterisk -rx 'dialplan show'
  shell   a shell in it
  logs    what Asterisk, the services and the system in it logged
  snapshot LABEL   keep its state, to go back to it (real, wazo)
  reset [LABEL]    go back to that state, or to the one that up made
  prune   clear the cache of what no stack uses: Debian roots, installed
          services, fetched packages; the next up makes them again

A stack with Wazo's services (--kind wazo) is a Debian 12 machine with
PostgreSQL, RabbitMQ and Wazo's own packages. They come from Wazo's repository,
or from another that you name. Without --with it has the services that the
plugins below this folder touch, and Asterisk for a dialplan or an AGI handler:
  wdev stack up --kind wazo
  wdev stack up --kind wazo --with calld,dird,asterisk
  wdev stack up --kind wazo --repository 'deb http://mirror.local/ ./'

A real stack is a Debian machine with Asterisk 22, systemd and sshd; it needs
root here (wdev doctor tells what else). Both have a network of their own, which
reaches nothing that listens on this machine. An embedded one is a folder of the
project, .wdev/stack, and runs everywhere. up makes a real one unless told
otherwise; the others take the real one that runs, else the embedded one of this
project.`;

export function configure(command: Command): void {
  command
    .addArgument(new Argument('<action>', 'what to do with it').choices(ACTIONS))
    .argument('[command...]', 'for exec: the command, after --')
    .option('--name <name>', 'name of a real stack (default: "default")')
    .option('--kind <kind>', 'embedded, real, or wazo')
    .option('--with <services>', 'up --kind wazo: services, by commas (default: what the plugins here touch)')
    .option('--repository <line>', "up --kind wazo: apt's line of the repository")
    .option('--key <file|url>', 'up --kind wazo: the key that signs it')
    .option('-f, --follow', 'logs: go on with what is being logged')
    .addOption(jsonOption('the answer of up, down and status'))
    .addHelpText('after', DETAILS)
    .action(async (action: (typeof ACTIONS)[number], words: string[], flags: StackFlags) => {
      const { stackKind } = await import('../stacks/any-stack.ts');
      if (flags.kind !== undefined) stackKind(flags.kind);
      if (flags.kind === 'embedded' && flags.name !== undefined) {
        throw usageError('--name is for real stacks: a project has one embedded stack');
      }
      demandWords(action, words);
      demandWazo(action, flags);
      await ACTION[action](flags, words);
    });
  heedsSandbox(command);
}

const ACTION: Record<(typeof ACTIONS)[number], (flags: StackFlags, words: string[]) => Promise<void>> = {
  up,
  down,
  status,
  snapshot,
  reset,
  prune,
  exec: async (flags, words) => {
    const [program, ...args] = words;
    if (program === undefined) throw usageError('stack exec needs a command', 'wdev stack exec -- CMD…');
    await runIn(await choose(flags), [program, ...args]);
  },
  shell: async (flags) => {
    const { shellIn } = await import('../stacks/any-stack.ts');
    const stack = await choose(flags);
    await runIn(stack, shellIn(stack));
  },
  logs: async (flags) => {
    const { logCommand } = await import('../stacks/any-stack.ts');
    const stack = await choose(flags);
    await runIn(stack, logCommand(stack, flags.follow === true));
  },
};

/** How many words an action takes, at least and at most. */
const WORDS: Readonly<Partial<Record<(typeof ACTIONS)[number], readonly [number, number]>>> = {
  exec: [0, Infinity],
  snapshot: [1, 1],
  reset: [0, 1],
};

function demandWords(action: (typeof ACTIONS)[number], words: readonly string[]): void {
  const [least, most] = WORDS[action] ?? [0, 0];
  if (words.length < least) throw usageError(`stack ${action} needs a label`, `wdev stack ${action} LABEL`);
  if (words.length > most)
    throw usageError(`wdev stack ${action} takes no ${words[most]}`, 'See wdev stack --help');
}

function demandWazo(action: string, flags: StackFlags): void {
  const given = (['with', 'repository', 'key'] as const).find((name) => flags[name] !== undefined);
  if (given === undefined || (action === 'up' && flags.kind === 'wazo')) return;
  throw usageError(`--${given} is for a stack with Wazo's services`, 'wdev stack up --kind wazo …');
}

async function up(flags: StackFlags): Promise<void> {
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

async function snapshot(flags: StackFlags, [label = '']: readonly string[]): Promise<void> {
  const { takeSnapshotOf } = await import('../stacks/snapshots.ts');
  await again(flags, `state kept as ${label}`, (name, say) => takeSnapshotOf(name, label, say));
}

async function reset(flags: StackFlags, [label]: readonly string[]): Promise<void> {
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
  return name === undefined ? 'No stack is running.' : `No stack named ${name} is running.`;
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

async function prune(flags: StackFlags): Promise<void> {
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
  wazo: ({ name }) => `Wazo stack ${name}`,
  embedded: () => 'embedded stack',
  tools: ({ name }) => `build tools ${name}`,
  root: ({ name }) => `cached root ${name}`,
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
