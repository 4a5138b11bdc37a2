import { gitIn } from '../git/call.ts';
import { rootedAt } from '../git/head.ts';
import { listSources, type SourceListing } from '../git/sources.ts';

/** The facts of git about a plugin's folder. Small, so that git works while the rest of a build is loaded. */
export interface Gathered {
  readonly sources: SourceListing;
  /** Time of the last commit in seconds since 1970; undefined without one. */
  readonly commitTime: number | undefined;
  /** Names of branches and tags; undefined when the folder is not the root of a repository. */
  readonly refs: readonly string[] | undefined;
}

export async function gather(dir: string): Promise<Gathered> {
  const [sources, commitTime, refs] = await Promise.all([listSources(dir), lastCommit(dir), refsOf(dir)]);
  return { sources, commitTime, refs };
}

async function lastCommit(dir: string): Promise<number | undefined> {
  // then nobody asks git
  if ((process.env['SOURCE_DATE_EPOCH'] ?? '') !== '') return undefined;
  const asked = ['rev-list', '-1', '--no-commit-header', '--format=%ct', 'HEAD'];
  const { status, stdout } = await gitIn(dir, asked);
  return status === 0 && stdout.trim() !== '' ? Number(stdout) : undefined;
}

async function refsOf(dir: string): Promise<readonly string[] | undefined> {
  if (rootedAt(dir) === undefined) return undefined;
  const kinds = ['refs/heads', 'refs/remotes', 'refs/tags'];
  const { stdout } = await gitIn(dir, ['for-each-ref', '--format=%(refname)', ...kinds]);
  return stdout.split('\n').filter((name) => name !== '');
}
