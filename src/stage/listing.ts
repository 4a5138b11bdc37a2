import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run } from '../support/run.ts';
import { UserError } from '../support/errors.ts';

/** A source file as git would hand it out. */
export interface SourceFile {
  /** Relative to the plugin's folder, with `/`. */
  readonly path: string;
  /** 0o755 or 0o644, as git keeps them; 0o777 for a symbolic link. */
  readonly mode: number;
  readonly link?: string;
  readonly bytes: Buffer;
  readonly hash: string;
}

export type SourceListing = ReadonlyMap<string, SourceFile>;

/** What editors and wdev itself leave in a folder for a moment, whatever git thinks of it. */
const PASSING =
  /(^|\/)(\.git|\.wdev|node_modules|__pycache__)(\/|$)|(^|\/)(4913|\.#[^/]*|#[^/]*#|\.[^/]*\.sw[a-z]|[^/]*~|[^/]*___jb_(tmp|old)___)$/;

export function isPassing(file: string): boolean {
  return PASSING.test(file);
}

/**
 * The files of a plugin's folder that git would hand out: tracked, and untracked but not ignored, with git's
 * exec bits. The folder need not be a git repository.
 */
export async function listSources(dir: string): Promise<SourceListing> {
  const index = await gitIndex(dir);
  const names = index ?? (await listWithoutRepository(dir));
  const files = new Map<string, SourceFile>();
  for (const [name, gitMode] of names) {
    if (isPassing(name)) continue;
    const file = await readSource(dir, name, gitMode);
    if (file !== undefined) files.set(name, file);
  }
  return files;
}

/** Reads one source file; nothing when it is gone, a folder, or a socket. */
export async function readSource(
  dir: string,
  name: string,
  gitMode?: number,
): Promise<SourceFile | undefined> {
  const full = path.join(dir, name);
  try {
    const stat = await lstat(full);
    if (stat.isSymbolicLink()) {
      const link = await readlink(full);
      return { path: name, mode: 0o777, link, bytes: Buffer.alloc(0), hash: sha256(link) };
    }
    if (!stat.isFile()) return undefined;
    const bytes = await readFile(full);
    const mode = gitMode ?? ((stat.mode & 0o100) === 0 ? 0o644 : 0o755);
    return { path: name, mode, bytes, hash: sha256(bytes) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError('file-unreadable', `${full} cannot be read (${code ?? 'unknown reason'})`);
  }
}

/** Whether two listings hand out the same files. */
export function sameListing(a: SourceListing, b: SourceListing): boolean {
  if (a.size !== b.size) return false;
  return [...a.values()].every((file) => {
    const other = b.get(file.path);
    return other !== undefined && other.hash === file.hash && other.mode === file.mode;
  });
}

/** The text of `wazo/rules`; empty when there is none. */
export function rulesOf(sources: SourceListing): string {
  return sources.get('wazo/rules')?.bytes.toString('utf8') ?? '';
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Names with the mode that the index holds where the file system can't (`core.fileMode` false). */
async function gitIndex(dir: string): Promise<Map<string, number | undefined> | undefined> {
  const listed = await run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: dir,
  });
  if (listed.status !== 0) return undefined;
  const names = new Map<string, number | undefined>();
  for (const name of listed.stdout.split('\0')) if (name !== '') names.set(name, undefined);
  const fileMode = await run(['git', 'config', '--bool', 'core.fileMode'], { cwd: dir });
  if (fileMode.stdout.trim() !== 'false') return names;
  const staged = await run(['git', 'ls-files', '-z', '--stage'], { cwd: dir });
  for (const row of staged.stdout.split('\0')) {
    const match = /^(\d{6}) \S+ \d\t([\s\S]+)$/.exec(row);
    if (match?.[2] !== undefined) names.set(match[2], match[1] === '100755' ? 0o755 : 0o644);
  }
  return names;
}

/** A folder outside git, listed as git would list it after `git init`: its `.gitignore` files count. */
async function listWithoutRepository(dir: string): Promise<Map<string, number | undefined>> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'wdev-git-'));
  try {
    const gitDir = path.join(scratch, 'repository.git');
    const init = await run(['git', 'init', '--quiet', '--bare', gitDir]);
    if (init.status !== 0) {
      throw new UserError('git-missing', `git is needed to list the files of ${dir}: ${init.stderr.trim()}`, {
        help: 'Install it (Debian: apt-get install git).',
      });
    }
    const listed = await run(
      [
        'git',
        `--git-dir=${gitDir}`,
        `--work-tree=${dir}`,
        'ls-files',
        '-z',
        '--others',
        '--exclude-standard',
      ],
      { cwd: dir },
    );
    return new Map(
      listed.stdout
        .split('\0')
        .filter((name) => name !== '')
        .map((name) => [name, undefined]),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
