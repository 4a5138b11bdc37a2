#!/usr/bin/env node
import { chdir } from 'node:process';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/registry.ts';
import { EXIT, UserError, messageOf, usageError } from './support/errors.ts';
import { packageVersion } from './support/paths.ts';

const EVERYWHERE = `
Everywhere:
  --debug      show stack traces and what is run
  --no-color   plain output, as with NO_COLOR
  --cwd <dir>  work as if started in this folder
`;

interface CommonOptions {
  readonly rest: readonly string[];
  readonly color: boolean;
  readonly cwd: string | undefined;
}

/** Takes the options that stand anywhere (cli.md, "Everywhere") out of a command line, up to `--`. */
function takeCommonOptions(argv: readonly string[]): CommonOptions {
  const rest: string[] = [];
  let color = true;
  let cwd: string | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') {
      rest.push(...argv.slice(index));
      break;
    }
    if (word === '--debug') continue;
    if (word === '--no-color') color = false;
    else if (word.startsWith('--cwd=')) cwd = word.slice('--cwd='.length);
    else if (word === '--cwd') {
      index += 1;
      cwd = argv[index];
      if (cwd === undefined) throw usageError('--cwd needs a folder');
    } else rest.push(word);
  }
  return { rest, color, cwd };
}

async function buildProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('wdev')
    .description('Make Wazo Platform plugins, and see every save load on a stack')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({ writeErr: (text) => void process.stderr.write(text) });
  program.addHelpText('after', EVERYWHERE);
  const wanted = argv.find((word) => !word.startsWith('-'));
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    command.helpOption('--help', 'print this help').exitOverride();
    command.addHelpText('after', EVERYWHERE);
    if (entry.name === wanted) (await entry.load()).configure(command);
  }
  if (wanted !== undefined && !COMMANDS.some(({ name }) => name === wanted)) {
    const { nearest } = await import('./check/nearest.ts');
    const meant = nearest(
      wanted,
      COMMANDS.map(({ name }) => name),
    );
    throw usageError(
      `wdev has no command ${wanted}`,
      meant === undefined ? 'wdev --help lists them.' : `Did you mean wdev ${meant}?`,
    );
  }
  program.action(() => program.outputHelp());
  return program;
}

function changeFolder(folder: string): void {
  try {
    chdir(folder);
  } catch (error) {
    throw new UserError('usage', `--cwd ${folder}: ${messageOf(error)}`, { exit: EXIT.usage });
  }
}

/** The one place where an error becomes text for a person and an exit status. */
function report(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof UserError) {
    process.stderr.write(`wdev: ${error.message}\n`);
    if (error.help !== undefined) process.stderr.write(`      ${error.help}\n`);
    if (debug) process.stderr.write(`${error.stack ?? ''}\n`);
    return error.exit;
  }
  process.stderr.write(`wdev: unexpected error: ${messageOf(error)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  else process.stderr.write('      Run it again with --debug to see where; this is a defect of wdev.\n');
  return EXIT.failed;
}

async function main(argv: readonly string[]): Promise<void> {
  try {
    const { rest, color, cwd } = takeCommonOptions(argv);
    // before any module asks what the terminal can do
    if (!color) process.env['NO_COLOR'] = '1';
    if (cwd !== undefined) changeFolder(cwd);
    const program = await buildProgram(rest);
    await program.parseAsync([...rest], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, argv.includes('--debug'));
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});
await main(process.argv.slice(2));
