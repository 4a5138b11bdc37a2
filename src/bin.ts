#!/usr/bin/env node
import { chdir } from 'node:process';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/registry.ts';
import { EXIT, UserError, messageOf } from './support/errors.ts';
import { packageVersion } from './support/paths.ts';

/** The options that every command takes (cli.md, "Everywhere"). */
function addCommonOptions(command: Command): Command {
  return command
    .option('--debug', 'show stack traces and what is run')
    .option('--no-color', 'plain output, as with NO_COLOR')
    .option('--cwd <dir>', 'work as if started in this folder');
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
  addCommonOptions(program);
  const wanted = argv.find((word) => !word.startsWith('-'));
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    command.helpOption('--help', 'print this help').exitOverride();
    addCommonOptions(command);
    if (entry.name === wanted) (await entry.load()).configure(command);
  }
  program.action(() => program.outputHelp());
  program.hook('preAction', (_program, action) => {
    const { cwd, color } = action.optsWithGlobals<{ cwd?: string; color: boolean }>();
    if (!color) process.env['NO_COLOR'] = '1';
    if (cwd !== undefined) changeFolder(cwd);
  });
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
    const program = await buildProgram(argv);
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, argv.includes('--debug'));
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});
await main(process.argv.slice(2));
