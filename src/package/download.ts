import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { gitIn } from '../git/call.ts';
import { quoteAll } from '../support/quote.ts';
import type { SourceListing } from '../git/sources.ts';
import { nearManifest } from '../stage/precheck.ts';
import type { StagedFile } from '../stage/tree.ts';
import type { Gathered } from './gather.ts';
import { PLUGIN_YML } from '../kinds/plugin-metadata.ts';

/** Reports what git would not hand out, or not under the name that wazo-plugind asks for. */
export async function downloadFindings(
  dir: string,
  { sources, refs }: Pick<Gathered, 'sources' | 'refs'>,
): Promise<readonly Finding[]> {
  const hidden = sources.has(PLUGIN_YML) ? [] : [await missingManifest(dir, sources)];
  const branch = refs === undefined ? undefined : branchFinding(refs);
  return branch === undefined ? hidden : [...hidden, branch];
}

async function missingManifest(dir: string, sources: SourceListing): Promise<Finding> {
  const base = {
    code: 'manifest-missing',
    level: 'error',
    source: 'wazo-plugind, extracting step',
  } as const;
  if (!existsSync(path.join(dir, PLUGIN_YML))) {
    const near = nearManifest(sources);
    if (near !== undefined) return near;
    return { ...base, message: 'wazo/plugin.yml is missing', file: PLUGIN_YML, line: 1 };
  }
  const ignored = await gitIn(dir, ['check-ignore', '-v', '--no-index', PLUGIN_YML]);
  const [, file, line] = /^(.*?):(\d+):/.exec(ignored.stdout) ?? [];
  return {
    ...base,
    message: 'wazo/plugin.yml is ignored by git, so a clone does not contain it',
    file: file ?? '.gitignore',
    line: Number(line ?? 1),
    help: 'Remove the pattern, or add the file: git add --force wazo/plugin.yml',
  };
}

/** How many files a message names. */
const NAMED = 5;

/** Files as they can be typed behind a command; many are not listed. */
function typed(files: readonly string[]): string {
  return files.length > NAMED ? 'FILE…' : quoteAll(files);
}

/** Reports files of the package that a clone does not hold, since git does not track them yet. */
export async function untrackedFindings(
  dir: string,
  { refs }: Pick<Gathered, 'refs'>,
  files: readonly StagedFile[],
): Promise<readonly Finding[]> {
  // outside a repository, and before the first commit, all of them are
  if (refs === undefined || refs.length === 0) return [];
  const { status, stdout } = await gitIn(dir, ['ls-files', '-z', '--others', '--exclude-standard']);
  const untracked = new Set(status === 0 ? stdout.split('\0').filter(Boolean) : []);
  const missing = [...new Set(files.flatMap(({ source = '' }) => (untracked.has(source) ? [source] : [])))];
  const [file] = missing;
  const gone = await deletedFindings(dir);
  if (file === undefined) return gone;
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : '';
  return [
    ...gone,
    {
      code: 'git-untracked',
      level: 'warning',
      message: `Not in git, so a clone does not contain it: ${missing.slice(0, NAMED).join(', ')}${more}`,
      file,
      line: 1,
      help: `Run git add ${typed(missing)} and commit.`,
      source: 'wazo-plugind, downloading step',
    },
  ];
}

/** Reports files that are deleted here alone: a clone still has them, and makes another package. */
async function deletedFindings(dir: string): Promise<readonly Finding[]> {
  const { status, stdout } = await gitIn(dir, ['ls-files', '-z', '--deleted']);
  const gone = status === 0 ? stdout.split('\0').filter(Boolean) : [];
  const [file] = gone;
  if (file === undefined) return [];
  const more = gone.length > NAMED ? ` and ${gone.length - NAMED} more` : '';
  const finding: Finding = {
    code: 'git-deleted-here',
    level: 'warning',
    message: `Deleted but still in git, so a clone contains it: ${gone.slice(0, NAMED).join(', ')}${more}`,
    file,
    line: 1,
    help: `Run git rm ${typed(gone)} and commit, or git restore ${typed(gone)}.`,
    source: 'wazo-plugind, downloading step',
  };
  return [finding];
}

/** `master` is what wazo-plugind clones unless the caller names another branch or tag. */
function branchFinding(names: readonly string[]): Finding | undefined {
  const base = {
    level: 'info',
    file: '.git/HEAD',
    line: 1,
    source: 'wazo-plugind, downloading step',
  } as const;
  if (names.length === 0) {
    const message = 'The repository has no commit, so wazo-plugind cannot clone it';
    return {
      ...base,
      code: 'git-no-commit',
      message,
      help: 'Commit the plugin before you share its address.',
    };
  }
  if (names.some((name) => /^refs\/(heads|remotes\/[^/]+|tags)\/master$/.test(name))) return undefined;
  const first = names.find((name) => name.startsWith('refs/heads/'))?.slice('refs/heads/'.length) ?? 'main';
  return {
    ...base,
    code: 'git-branch-not-master',
    message: `wazo-plugind clones branch master unless told otherwise; this repository has ${first}`,
    help: `Nothing to do for wdev deploy, which names the branch. Who installs by the API of wazo-plugind adds "ref": "${first}" to the options of the request.`,
  };
}
