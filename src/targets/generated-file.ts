import { UserError } from '../support/errors.ts';
import { openTarget } from './open.ts';
import { quote } from '../support/quote.ts';

/**
 * The present answer of a target's wazo-confgend for `resource/filename`; empty when it has none.
 * Changes nothing there, beyond what asking does.
 * @throws UserError `confgend-unreachable` when the service cannot be asked
 */
export async function readGenerated(targetName: string, name: string): Promise<string> {
  const target = await openTarget(targetName);
  try {
    const { status, stdout, stderr } = await target.run(`wazo-confgen ${quote(name)}`);
    if (status === 0) return stdout.toString('utf8');
    throw new UserError(
      'confgend-unreachable',
      `wazo-confgen ${name} on ${targetName} failed: ${stderr.toString('utf8').trim()}`,
      { help: 'Is wazo-confgend running there?' },
    );
  } finally {
    await target.close();
  }
}
