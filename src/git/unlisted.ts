import { UserError } from '../support/errors.ts';
import type { RunResult } from '../support/run.ts';
import { statOf } from '../support/stat.ts';

/** The error about files that git did not list. */
export async function unlisted(dir: string, { status, stderr }: RunResult): Promise<UserError> {
  if (statOf(dir)?.isDirectory() !== true) return new UserError('git-missing', `${dir} is gone`);
  if (status === 127)
    return new UserError(
      'git-missing',
      `git is not installed, and wdev needs it to list the files of ${dir}`,
      {
        help: 'Install it (Debian: apt-get install git).',
      },
    );
  const { gitReason } = await import('./reason.ts');
  return new UserError('git-missing', `git cannot list the files of ${dir}: ${gitReason(stderr)}`);
}
