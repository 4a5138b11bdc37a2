import { Argument, type Command } from '../cli/commander.ts';
import type { AnyStack, StackKind } from '../stacks/any-stack.ts';
import type { StackStatus } from '../stacks/status.ts';
import { jsonOption } from '../cli/options.ts';
import { print, printJson, printProgress } from '../terminal/output.ts';
import { heedsSandbox } from '../cli/programs.ts';
import { usageError } from '../support/errors.ts';

interface StackFlags {
  readonly name?: string;
  readonly kind?: StackKind;
  readonly follow?: true;
  readonly json?: true;
}

const ACTIONS = ['up', 'down', 'status', 'exec', 'shell', 'logs'] as const;

const DETAILS = `
  up      start it, and wait until it answers
  down    end it and remove everything of it, and what a killed wdev left
  status  every stack of this machine, what is left of others, what removes it
  exec    run a command in it: wdev stack exec -- asterisk -rx 'dialplan show'
  shell   a shell in it
  logs    what Asterisk, the services and the system in it logged

A real stack is a Debian machine with Asterisk 22, systemd and sshd; it needs
root here (wdev doctor tells what else). An embedded one is a folder of the
project, .wdev/stack, and runs everywhere. up makes a real one unless told
otherwise; the others take the real one that runs, else the embedded one of this
project.`;

export function configure(command: Command): void {
  command
    .addArgument(new Argument('<action>', 'what to do with it').choices(ACTIONS))
    .argument('[command...]', 'for exec: the command, after --')
    .option('--name <name>', 'name of a real stack (default: "default")')
    .option('--kind <kind>', 'embedded or real')
    .option('-f, --follow', 'logs: go on with what is being logged')
    .addOption(jsonOption('the answer of up, down and status'))
    .addHelpText('after', DETAILS)
    .action(async (action: (typeof ACTIONS)[number], words: string[], flags: StackFlags) => {
      const { stackKind } = await import('../stacks/any-stack.ts');
      if (flags.kind !== undefined) stackKind(flags.kind);
      if (flags.kind === 'embedded' && flags.name !== undefined) {
        throw usageError('--name is for real stacks: a project has one embedded stack');
      }
      if (action !== 'exec' && words.length > 0) throw usageError(`stack ${action} takes no ${words[0]}`);
      await ACTION[action](flags, words);
    });
  heedsSandbox(command);
}

const ACTION: Record<(typeof ACTIONS)[number], (flags: StackFlags, words: string[]) => Promise<void>> = {
  up,
  down,
  status,
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

async function up(flags: StackFlags): Promise<void> {
  const { startStack } = await import('../stacks/any-stack.ts');
  const query = { ...flags, project: process.cwd() };
  const result = await startStack(query, printProgress);
  if (flags.json) return printJson({ ...result.status, started: result.started, ms: result.ms });
  const took = result.started ? `ready in ${(result.ms / 1000).toFixed(2)} s` : 'was running already';
  print([`${title(result.status)}: ${took}`, ...details(result.status)]);
}

async function down(flags: StackFlags): Promise<void> {
  const { endStack } = await import('../stacks/any-stack.ts');
  const ended = await endStack({ ...flags, project: process.cwd() });
  if (flags.json) return printJson({ ended });
  print([ended.length === 0 ? 'Nothing was running.' : `Ended and removed: ${ended.join(', ')}`]);
}

async function status(flags: StackFlags): Promise<void> {
  const { stackStatuses } = await import('../stacks/status.ts');
  const all = stackStatuses(process.cwd());
  const wanted = all
    .filter((one) => flags.kind === undefined || one.kind === flags.kind)
    .filter((one) => flags.name === undefined || one.name === flags.name);
  if (flags.json) return printJson({ stacks: wanted });
  if (wanted.length === 0)
    return print(['No stack runs, and nothing is left of one. Start one: wdev stack up']);
  for (const one of wanted)
    print([`${title(one)}: ${stateText(one)}`, ...details(one), `  remove  ${one.remove}`]);
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
  ended: 'ended by itself',
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
  return [`  target  stack:${status.name}`, `  ssh     ssh -F ${status.sshConfig} stack`];
}
