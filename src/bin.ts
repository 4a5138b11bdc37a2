#!/usr/bin/env node
import { chdir } from 'node:process';
import { CommanderError, type Command } from 'commander';
import { buildProgram, hintOf, refuseUnknown } from './cli/program.ts';
import { COMMANDS } from './commands/registry.ts';
import { EXIT, UserError, messageOf, refusalOf, usageError } from './support/errors.ts';

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

function changeFolder(folder: string): void {
  try {
    chdir(folder);
  } catch (error) {
    throw new UserError('usage', `--cwd ${folder}: ${messageOf(error)}`, { exit: EXIT.usage });
  }
}

/** The one place where an error becomes text for a person and an exit status. */
async function report(error: unknown, program: Command | undefined, debug: boolean): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    const hint = program === undefined ? undefined : await hintOf(error, COMMANDS, program);
    if (hint !== undefined) await complain(hint);
    return EXIT.usage;
  }
  const told = error instanceof UserError ? error : refusalOf(error);
  if (told === undefined) {
    await complain(`wdev: unexpected error: ${messageOf(error)}`);
    if (!debug) await complain('      Run it again with --debug to see where; this is a defect of wdev.');
  } else {
    await complain(`wdev: ${told.message}`);
    if (told.help !== undefined) await complain(`      ${told.help}`);
  }
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return told?.exit ?? EXIT.failed;
}

async function complain(text: string): Promise<void> {
  const { fit } = await import('./terminal/fit.ts');
  const lines = text.split('\n').flatMap((line) => fit(line, process.stderr.columns ?? Infinity));
  process.stderr.write(`${lines.join('\n')}\n`);
}

async function main(argv: readonly string[]): Promise<void> {
  let program: Command | undefined;
  try {
    const { rest, color, cwd } = takeCommonOptions(argv);
    // before any module asks what the terminal can do
    if (!color) process.env['NO_COLOR'] = '1';
    if (cwd !== undefined) changeFolder(cwd);
    // throws where the folder is gone, for every command alike (refusalOf)
    process.cwd();
    // wdev help watch
    const words = rest[0] === 'help' ? [...rest.slice(1), '--help'] : rest;
    const wanted = words.find((word) => !word.startsWith('-'));
    await refuseUnknown(COMMANDS, wanted);
    program = await buildProgram(COMMANDS, wanted);
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    process.exitCode = await report(error, program, argv.includes('--debug'));
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});
// chalk looks at the command line, but not at NO_COLOR
if ((process.env['NO_COLOR'] ?? '') !== '') process.argv.splice(2, 0, '--no-color');
await main(process.argv.slice(2));
