import { existsSync } from 'node:fs';
import path from 'node:path';
import { listSources, type SourceListing } from '../git/sources.ts';
import { run } from '../support/run.ts';

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
  const { status, stdout } = await run(['git', 'log', '-1', '--format=%ct'], { cwd: dir });
  return status === 0 && stdout.trim() !== '' ? Number(stdout) : undefined;
}

async function refsOf(dir: string): Promise<readonly string[] | undefined> {
  if (!existsSync(path.join(dir, '.git/HEAD'))) return undefined;
  const kinds = ['refs/heads', 'refs/remotes', 'refs/tags'];
  const { stdout } = await run(['git', 'for-each-ref', '--format=%(refname)', ...kinds], { cwd: dir });
  return stdout.split('\n').filter((name) => name !== '');
}
