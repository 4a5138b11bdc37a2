/** The options of every command that runs programs of a plugin on this machine. */

import { Option, type Command } from 'commander';
import { usageError } from '../support/errors.ts';

interface Flags {
  readonly sandbox: boolean;
  readonly timeout?: number;
  readonly json?: true;
  readonly format?: string;
}

/**
 * Adds `--no-sandbox` and `--timeout` to a command, and decides by them before it begins: the flag, else
 * `WDEV_SANDBOX`, else the person's config.yml. Nothing that a plugin brings has a say.
 */
export function runsPrograms(command: Command): Command {
  return command
    .addOption(new Option('--no-sandbox', 'run programs of the plugin without a sandbox, as you'))
    .addOption(
      new Option('--timeout <seconds>', 'end a step of the plugin after this (default: 900)').argParser(
        seconds,
      ),
    )
    .hook('preAction', async (_, acting) => await decide(acting.opts<Flags>()));
}

async function decide(flags: Flags): Promise<void> {
  const [{ choiceOf, policy, setPolicy }, { readPersonSettings }] = await Promise.all([
    import('../sandbox/policy.ts'),
    import('../settings/person.ts'),
  ]);
  const person = await readPersonSettings();
  const choice = flags.sandbox ? (choiceOf(process.env['WDEV_SANDBOX']) ?? person.sandbox) : 'off';
  const timeout = flags.timeout ?? (person.timeout === undefined ? undefined : seconds(`${person.timeout}`));
  const isForPrograms = flags.json === true || (flags.format !== undefined && flags.format !== 'text');
  setPolicy({
    ...(choice === undefined ? {} : { choice }),
    ...(timeout === undefined ? {} : { timeout }),
    onNone: (sentence) => {
      if (!isForPrograms) void say(sentence);
    },
  });
  // it is tried while the sources are read
  if (policy().choice !== 'off')
    void import('../sandbox/way.ts').then(async ({ findWay }) => await findWay());
}

async function say(sentence: string): Promise<void> {
  const { printProgress } = await import('../terminal/output.ts');
  printProgress(sentence);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw usageError(`timeout ${text}: not a number of seconds`);
  return value;
}
