import { CommanderError, type Command } from './cli/commander.ts';
import { buildProgram, hintOf, refuseUnknown } from './cli/program.ts';
import { COMMANDS } from './commands/registry.ts';
import { loadColours } from './terminal/paint.ts';
import { doneDoing } from './support/doing.ts';
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
    process.chdir(folder);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? 'there is no such folder' : messageOf(error);
    throw new UserError('usage', `--cwd ${folder}: ${why}`, { exit: EXIT.usage });
  }
}

/** The one place where an error becomes text for a person and an exit status. */
async function report(error: unknown, program: Command | undefined, debug: boolean): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  if (error instanceof CommanderError && program !== undefined)
    return await report(await refused(error, program), program, debug);
  const told = error instanceof UserError ? error : refusalOf(error);
  if (told === undefined) {
    await complain([
      ...paragraph('wdev: unexpected error: ', messageOf(error)),
      ...(debug ? [] : ['      Run it again with --debug to see where; this is a defect of wdev.']),
    ]);
  } else {
    const help = told.help === undefined ? [] : paragraph('      ', told.help);
    await complain([...paragraph('wdev: ', told.message), ...help]);
  }
  if (debug && error instanceof Error) await complain((error.stack ?? '').split('\n'));
  return told?.exit ?? EXIT.failed;
}

/** The fault in a command line, with the remedy that the command knows. */
async function refused(refusal: CommanderError, program: Command): Promise<UserError> {
  const [{ complaintOf }, hint] = await Promise.all([
    import('./cli/complaint.ts'),
    hintOf(refusal, COMMANDS, program),
  ]);
  return complaintOf(refusal, said.splice(0).join('\n'), program, hint);
}

/** A line break in a text, which may be one of a name in it, begins no line that looks like one of ours. */
function paragraph(head: string, text: string): readonly string[] {
  return text.split('\n').map((line, index) => `${index === 0 ? head : '      '}${line}`);
}

async function complain(lines: readonly string[]): Promise<void> {
  const { printAside } = await import('./terminal/output.ts');
  printAside(lines);
}

/** Milliseconds that other work has to come to an end after the command has failed. */
const GRACE = 2000;

/** Complaints of commander, printed once it is done. */
const said: string[] = [];

/** Runs a command line. Never throws: an error is shown, and becomes the exit status. */
export async function main(argv: readonly string[]): Promise<void> {
  let program: Command | undefined;
  try {
    const { rest, color, cwd } = takeCommonOptions(argv);
    // before any module asks what the terminal can do
    if (!color) {
      process.env['NO_COLOR'] = '1';
      delete process.env['FORCE_COLOR'];
    }
    await loadColours();
    if (cwd !== undefined) changeFolder(cwd);
    // throws where the folder is gone, for every command alike (refusalOf)
    process.cwd();
    // wdev help watch
    const words = rest[0] === 'help' ? [...rest.slice(1), '--help'] : rest;
    const wanted = words.find((word) => !word.startsWith('-'));
    await refuseUnknown(COMMANDS, wanted);
    program = await buildProgram(COMMANDS, wanted, words, (text) =>
      said.push(...text.replace(/\n$/, '').split('\n')),
    );
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    doneDoing();
    process.exitCode = await report(error, program, argv.includes('--debug'));
    // what was begun beside it and waits for something must not keep the command from ending
    setTimeout(() => process.exit(), GRACE).unref();
  }
}
