import { UserError } from '../support/errors.ts';
import { run } from '../support/run.ts';

/**
 * Runs the programs that wdev.yml names around a batch, in the project's folder.
 * @throws UserError `hook-failed` with what the program said
 */
export async function runHooks(
  hooks: readonly (readonly [string, ...string[]])[] | undefined,
  when: 'before' | 'after',
  folder: string,
): Promise<void> {
  for (const argv of hooks ?? []) {
    const { status, stdout, stderr } = await run(argv, { cwd: folder });
    if (status === 0) continue;
    const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    throw new UserError(
      'hook-failed',
      `hooks.${when}: ${argv.join(' ')} ended with status ${status}: ${said}`,
    );
  }
}
