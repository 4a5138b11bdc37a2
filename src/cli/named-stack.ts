/** The meaning of `stack:NAME` where no stack of that name stands: a slip is as likely as a wish. */

import type { UserError } from '../support/errors.ts';
import { parseAddress } from '../targets/address.ts';
import { isTerminal } from '../terminal/output.ts';
import { during } from '../support/doing.ts';

interface AskFlags {
  readonly json?: true;
}

/**
 * The address with the stack that is meant: asks on a terminal, and makes one when that is wanted.
 * @throws UserError `no-stack` (exit 3) without a terminal, or when none is meant
 */
export async function namedStack(address: string, flags: AskFlags): Promise<string> {
  const target = parseAddress(address);
  if (target.kind !== 'stack' || target.name === 'default') return address;
  const [{ hasTrace, upReal }, { noStack, stackMeantBy }] = await Promise.all([
    import('../stacks/real.ts'),
    import('../stacks/any-stack.ts'),
  ]);
  const { name } = target;
  if (hasTrace(name)) return address;
  const none = noStack({ name, project: process.cwd() });
  if (!isTerminal() || flags.json === true) throw none;
  const meant = stackMeantBy(name);
  if (meant !== undefined && (await agreed(`There is no stack named ${name}. Use ${meant}?`, none)))
    return `stack:${meant}`;
  const make = `${meant === undefined ? `There is no stack named ${name}. ` : ''}Make one (a machine with Asterisk 22)?`;
  if (!(await agreed(make, none))) throw none;
  await during('starting the stack', async (say) => await upReal(name, { onProgress: say }));
  return address;
}

async function agreed(question: string, none: UserError): Promise<boolean> {
  const { confirm } = await import('../terminal/prompt.ts');
  return await confirm(question, none.help ?? '');
}
