import type { Command } from './commander.ts';

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
  return parent.command(name, how).summary(summary).description(summary);
}
