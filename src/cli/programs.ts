/** The options of every command that runs programs of a plugin on this machine. */

import { InvalidArgumentError, Option, type Command } from './commander.ts';

interface Flags {
  readonly sandbox: boolean;
  readonly timeout?: number;
}

/**
 * Adds `--no-sandbox` and `--timeout` to a command, and decides by them before it begins: the flag, else
 * `WDEV_SANDBOX`, else the person's config.yml. Nothing that a plugin brings has a say.
 */
export function runsPrograms(command: Command): Command {
  return mayRunPrograms(command).hook('preAction', async () => {
    const { policy } = await import('../sandbox/policy.ts');
    // it is tried while the sources are read
    if (policy().choice !== 'off')
      void import('../sandbox/way.ts').then(async ({ findWay }) => await findWay());
  });
}

/** As runsPrograms, for a command that seldom runs any: the sandbox is tried when it is needed. */
export function mayRunPrograms(command: Command): Command {
  return command
    .addOption(
      new Option('--no-sandbox', "run the plugin's programs without the sandbox, with all your rights"),
    )
    .addOption(
      new Option('--timeout <seconds>', 'stop a program of the plugin after this many seconds').argParser(
        seconds,
      ),
    )
    .hook('preAction', async (_, acting) => await decide(acting.opts<Flags>()));
}

/** As runsPrograms without the flags: for a command that only meets a stack on which programs of plugins run. */
export function heedsSandbox(command: Command): Command {
  return command.hook('preAction', async () => await decide({ sandbox: true }));
}

async function decide(flags: Flags): Promise<void> {
  const [{ choiceOf, setPolicy }, { readPersonSettings }] = await Promise.all([
    import('../sandbox/policy.ts'),
    import('../settings/person.ts'),
  ]);
  const person = await readPersonSettings();
  const choice = flags.sandbox ? (choiceOf(process.env['WDEV_SANDBOX']) ?? person.sandbox) : 'off';
  const timeout = flags.timeout ?? (person.timeout === undefined ? undefined : seconds(`${person.timeout}`));
  setPolicy({
    ...(choice === undefined ? {} : { choice }),
    ...(timeout === undefined ? {} : { timeout }),
    onNone: (sentence) => void say(sentence),
  });
}

async function say(sentence: string): Promise<void> {
  const { printProgress } = await import('../terminal/output.ts');
  printProgress(sentence);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('not a number of seconds');
  return value;
}
