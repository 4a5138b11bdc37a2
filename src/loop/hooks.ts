import type { Finding } from '../support/finding.ts';
import { run } from '../support/run.ts';

/** Runs the programs that wdev.yml names around a batch, in the project's folder; what the first that failed said. */
export async function runHooks(
  hooks: readonly (readonly [string, ...string[]])[] | undefined,
  when: 'before' | 'after',
  folder: string,
): Promise<readonly Finding[]> {
  for (const argv of hooks ?? []) {
    const { status, stdout, stderr } = await run(argv, { cwd: folder });
    if (status === 0) continue;
    const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
    const finding: Finding = {
      code: 'hook-failed',
      level: 'error',
      message: `hooks.${when}: ${argv.join(' ')} ended with status ${status}${said === '' ? '' : `: ${said}`}`,
      help:
        when === 'before'
          ? 'Nothing was brought to the target; the next save tries again.'
          : 'What was brought to the target stays there.',
    };
    return [finding];
  }
  return [];
}
