import { bracketed, defaultText } from '../manual/argument-text.ts';
import { Command, type Argument, type CommanderError, type Option } from './commander.ts';
import { doing, SOON } from '../support/doing.ts';
import { usageError } from '../support/errors.ts';
import { packageVersion } from '../support/paths.ts';

/** Options that stand anywhere (cli.md, "Everywhere"), with what they do. */
export const EVERYWHERE: readonly { readonly flags: string; readonly description: string }[] = [
  { flags: '-h, --help', description: 'print this help' },
  { flags: '--debug', description: 'print stack traces, and the programs that are run' },
  { flags: '--no-color', description: 'print without colours, as with NO_COLOR' },
  { flags: '--cwd <dir>', description: 'run as if started in this folder' },
];

/** Command lines that `wdev --help` begins with. */
const EXAMPLES = `
Examples:
  wdev tour                              make a first plugin, step by step
  wdev new stack hello --part dialplan   make a plugin
  wdev watch hello                       install and verify every save
  wdev check hello --fix                 find mistakes, and fix the simple ones
  wdev deploy hello --target ssh://pbx   install a pushed version on a server
`;

/** A module of one command: declares its arguments and options, and what it does. */
export interface CommandModule {
  /** @param cli what the command may ask about the command line as a whole */
  configure(command: Command, cli: CommandLine): void;
  /** The remedy beside commander's own complaint about the command line. */
  hint?(error: CommanderError, command: Command): Promise<string | undefined>;
}

export type Task = 'Make' | 'Check' | 'Run' | 'Look' | 'Release' | 'This machine';

export interface CommandEntry {
  readonly name: string;
  /** As `wdev --help` shows it, without a full stop. */
  readonly summary: string;
  /** The heading of `wdev --help` that it stands under. */
  readonly task: Task;
  /** A sentence for its work, until it tells a more exact one (support/doing.ts); none for one that waits for a person. */
  readonly doing?: string;
  /** For programs: not listed, and not in the guide. */
  readonly hidden?: true;
  readonly load: () => Promise<CommandModule>;
}

/** The command line as a command sees it. */
export interface CommandLine {
  /** The words behind `wdev`; undefined when the tree itself is asked about, with each flag. */
  readonly words: readonly string[] | undefined;
  /** The command tree, with the flags of one command loaded, or of all. */
  readonly program: (wanted: string | undefined) => Promise<Command>;
}

/**
 * The command tree of `wdev`: the wanted command alone, with its flags; else every command, with their flags for `all`.
 * @param words as in CommandLine
 * @param complain takes what commander says of a wrong command line
 */
export async function buildProgram(
  commands: readonly CommandEntry[],
  wanted: string | undefined,
  words?: readonly string[],
  complain: (text: string) => void = () => undefined,
): Promise<Command> {
  const program = new Command('wdev')
    .description('Make Wazo Platform plugins, and verify every save on a running stack')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureHelp(HELP)
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: await helpWriter(), writeErr: complain });
  const common = everywhereText();
  program.addHelpText('after', `${EXAMPLES}${common}`);
  const cli: CommandLine = {
    words,
    program: async (other) => await buildProgram(commands, other, undefined, complain),
  };
  const known = commands.filter(({ name }) => name === wanted);
  program.hook('preAction', (_program, command) => tellWhatTakesLong(command, known[0]?.doing));
  for (const { name, summary, task, hidden = false, load } of known.length > 0 ? known : commands) {
    const command = program.command(name, { hidden }).summary(summary).description(summary);
    command.helpGroup(`${task}:`);
    if (wanted === 'all' || name === wanted) (await load()).configure(command, cli);
    addToAll(command, common);
  }
  program.action(() => program.outputHelp());
  return program;
}

/**
 * From the first second on, what a command does is told; to who reads its JSON nothing but that. WDEV_PROGRESS=off
 * is for who compares what is written.
 */
function tellWhatTakesLong(command: Command, what: string | undefined): void {
  const { json, format } = command.opts<{ json?: true; format?: string }>();
  if (what === undefined || json === true || format === 'json' || process.env['WDEV_PROGRESS'] === 'off')
    return;
  doing(what);
  setTimeout(
    () => void import('../terminal/progress.ts').then(({ showProgress }) => showProgress()),
    SOON,
  ).unref();
}

/** Adds a text to the help of a command, and of those below it. */
function addToAll(command: Command, text: string): void {
  command.addHelpText('after', text);
  if (command.commands.length > 0) command.helpCommand('help [command]', 'Print the help of a command');
  for (const below of command.commands) addToAll(below, text);
}

/** Choices and defaults as people type them. */
const HELP = {
  subcommandTerm: (command: Command): string =>
    [command.name(), ...command.registeredArguments.map(bracketed)].join(' '),
  optionDescription: described,
  argumentDescription: described,
};

function described(one: Option | Argument): string {
  const usual = defaultText(one);
  const demand = 'mandatory' in one && one.mandatory ? ' (required)' : '';
  const choices = one.argChoices === undefined ? '' : `: ${one.argChoices.join(', ')}`;
  return `${one.description}${choices}${usual === undefined ? '' : ` (default: ${usual})`}${demand}`;
}

/**
 * Commander breaks its own lines, but not those that a command adds; these have at most 80 columns. Help is our own
 * text: where nothing has to be broken it costs no module.
 */
async function helpWriter(): Promise<(text: string) => void> {
  if (!(process.stdout.columns > 0 && process.stdout.columns < 80))
    return (text) => void process.stdout.write(text);
  const { print } = await import('../terminal/output.ts');
  return (text) => print(text.replace(/\n$/, '').split('\n'));
}

/** The remedy of the wanted command beside commander's complaint. */
export async function hintOf(
  error: CommanderError,
  commands: readonly CommandEntry[],
  program: Command,
): Promise<string | undefined> {
  const wanted = program.args[0];
  const entry = commands.find(({ name }) => name === wanted);
  const command = program.commands.find((one) => one.name() === wanted);
  if (entry === undefined || command === undefined) return undefined;
  return await (await entry.load()).hint?.(error, command);
}

/** Refuses a command that there is not, with the one that was probably meant. */
export async function refuseUnknown(
  commands: readonly CommandEntry[],
  wanted: string | undefined,
): Promise<void> {
  if (wanted === undefined || commands.some(({ name }) => name === wanted)) return;
  const { nearest } = await import('../support/nearest.ts');
  const names = commands.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
  const meant = nearest(wanted, names);
  throw usageError(
    `unknown command "${wanted}"`,
    meant === undefined ? 'See wdev --help' : `Did you mean wdev ${meant}?`,
  );
}

function everywhereText(): string {
  const rows = EVERYWHERE.slice(1).map(({ flags, description }) => `  ${flags.padEnd(11)}  ${description}`);
  return ['', 'Everywhere:', ...rows, ''].join('\n');
}
