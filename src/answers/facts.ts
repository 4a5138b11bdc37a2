import { userInfo } from 'node:os';
import path from 'node:path';
import { isFolder, statOf } from '../support/stat.ts';
import type { Facts } from './answers.ts';
import { namesIn, type Question } from './question.ts';

/**
 * The facts of this machine for the defaults of questions that `given` leaves open: the year, git's user, branch and
 * folder, the login name; empty texts where unknown, and without asking git where no default names something of it.
 * @param isAnonymous leaves git's user and branch out
 * @param folder where the plugin is, or will be; `{name}` in it stands for the answer
 */
export async function readFacts(
  questions: readonly Question[],
  given: Readonly<Record<string, unknown>>,
  isAnonymous = false,
  folder = '.',
): Promise<Facts> {
  const asks = (fact: keyof Facts): boolean =>
    questions.some(
      ({ name, default: pattern }) =>
        typeof pattern === 'string' &&
        pattern.includes(fact) &&
        given[name] === undefined &&
        namesIn(pattern).includes(fact),
    );
  return {
    year: String(new Date().getFullYear()),
    gitName: !isAnonymous && asks('gitName') ? await gitUser() : '',
    ...(!isAnonymous && asks('gitBranch') ? { gitBranch: await gitBranch(folder) } : {}),
    gitFolder: asks('gitFolder') ? await folderInRepository(folder) : '',
    user: asks('user') ? loginName() : '',
  };
}

/**
 * The facts for a plugin that is there, whose record may lack what is asked since: one with files for continuous
 * integration keeps them where they are.
 */
export async function factsOfRecord(
  questions: readonly Question[],
  recorded: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<Facts> {
  const facts = await readFacts(questions, recorded, false, folder);
  return (recorded['ci'] ?? 'none') === 'none' ? facts : { ...facts, gitFolder: '' };
}

async function gitUser(): Promise<string> {
  const [{ gitNowhere }, { findRepository, userNameOf }] = await Promise.all([
    import('../git/start.ts'),
    import('../git/repository.ts'),
  ]);
  const here = findRepository('.');
  const own = here === undefined ? undefined : userNameOf(here);
  if (own !== undefined) return own;
  const { status, stdout } = await gitNowhere(['config', '--get', 'user.name']);
  return status === 0 ? stdout.trim() : '';
}

/** The path of a folder in the repository that has it already, with `/`; empty where it is a repository's root, or in none. */
async function folderInRepository(folder: string): Promise<string> {
  // what reads repositories takes longer to load than all of a dry run
  if (!hasGitAbove(existing(folder))) return '';
  const { findRepository } = await import('../git/repository.ts');
  const here = findRepository(existing(folder));
  return here === undefined ? '' : path.relative(here.root, path.resolve(folder)).split(path.sep).join('/');
}

function hasGitAbove(folder: string): boolean {
  if (statOf(path.join(folder, '.git')) !== undefined) return true;
  const above = path.dirname(folder);
  return above !== folder && hasGitAbove(above);
}

/** The folder, or the nearest one above that exists. */
function existing(folder: string): string {
  let there = path.resolve(folder);
  while (!isFolder(there) && there !== path.dirname(there)) there = path.dirname(there);
  return there;
}

/** Also where git is not installed: a plugin names a branch then that may come to be. */
async function gitBranch(folder: string): Promise<string> {
  const [{ gitNowhere }, { findRepository }, { branchOf }] = await Promise.all([
    import('../git/start.ts'),
    import('../git/repository.ts'),
    import('../git/head.ts'),
  ]);
  const here = findRepository(existing(folder));
  const checkedOut = here === undefined ? undefined : branchOf(here);
  if (checkedOut !== undefined) return checkedOut;
  const { status, stdout } = await gitNowhere(['config', '--get', 'init.defaultBranch']);
  return (status === 0 && stdout.trim()) || 'master';
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return ''; // a user id without an entry in passwd, as in containers
  }
}
