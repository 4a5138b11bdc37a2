import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GIT_IDENTITY } from './wdev.ts';

export function git(dir: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd: dir, stdio: 'pipe', env: { ...process.env, ...GIT_IDENTITY } });
}

/** Makes a repository below `work` whose tags hold these manifests, and its bare remote; gives its folder. */
export function taggedRepository(
  work: string,
  name: string,
  tags: Readonly<Record<string, string>>,
  folder = '.',
): string {
  const [dir, bare] = [path.join(work, name), path.join(work, `${name}.git`)];
  mkdirSync(path.join(dir, folder, 'wazo'), { recursive: true });
  git(dir, 'init', '--quiet', '--initial-branch=master');
  git(dir, 'init', '--quiet', '--bare', bare);
  git(dir, 'remote', 'add', 'origin', `file://${bare}`);
  for (const [tag, text] of Object.entries(tags)) {
    const file = path.join(dir, folder, 'wazo/plugin.yml');
    if (text === '') rmSync(file, { force: true });
    else writeFileSync(file, text);
    git(dir, 'add', '--all');
    git(dir, 'commit', '--quiet', '--allow-empty', '--message', tag);
    git(dir, 'tag', tag);
  }
  git(dir, 'push', '--quiet', '--tags', 'origin', 'master');
  return dir;
}

/** A wazo/plugin.yml with these fields. */
export function manifestOf(name: string, version: string, more = ''): string {
  return `namespace: acme\nname: ${name}\nversion: "${version}"\n${more}`;
}
