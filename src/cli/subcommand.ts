import type { Command, Option } from './commander.ts';

/**
 * Adds a command below another, as `up` of `wdev stack`.
 * @param summary what it does, verb first, without a full stop
 */
export function subcommand(
  parent: Command,
  name: string,
  summary: string,
  how?: { readonly isDefault: true },
): Command {
  return parent
    .command(name, how)
    .summary(how?.isDefault ? `${summary} (default)` : summary)
    .description(summary);
}

/**
 * Lets flags of the commands below another stand before their name, too, as in `wdev stack --name lab down`.
 * @returns a function that adds those to the flags of a command below, which win
 */
export function takesBefore<Flags extends object>(
  parent: Command,
  ...options: readonly Option[]
): (flags: Flags) => Flags {
  for (const option of options) parent.addOption(option.hideHelp());
  return (flags) => ({ ...parent.opts<Flags>(), ...flags });
}
