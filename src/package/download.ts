import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { gitIn } from '../git/call.ts';
import type { SourceListing } from '../git/sources.ts';
import { nearManifest } from '../stage/precheck.ts';
import type { Gathered } from './gather.ts';
import { PLUGIN_YML } from './metadata.ts';

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
    return { ...base, message: 'There is no wazo/plugin.yml.', file: PLUGIN_YML, line: 1 };
  }
  const ignored = await gitIn(dir, ['check-ignore', '-v', '--no-index', PLUGIN_YML]);
  const [, file, line] = /^(.*?):(\d+):/.exec(ignored.stdout) ?? [];
  return {
    ...base,
    message: 'wazo/plugin.yml is ignored by git, so a clone of the repository does not hold it.',
    file: file ?? '.gitignore',
    line: Number(line ?? 1),
    help: 'Remove the pattern, or add the file: git add --force wazo/plugin.yml',
  };
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
    const message = 'The repository has no commit yet, so there is nothing that wazo-plugind could clone.';
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
    message: `The repository has no branch master, which wazo-plugind clones unless it is told another.`,
    help: `Install it with the option ref: {"method": "git", "options": {"url": "…", "ref": "${first}"}}`,
  };
}
