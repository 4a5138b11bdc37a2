import { existsSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { layoutHash, writeLayout, type LayoutFile } from '../layout.ts';
import { holdLock, lockOwner, withLock } from '../../support/lock.ts';
import { prune } from './cache.ts';
import { debstrap } from './debstrap.ts';
import { hostMirror } from './mirror.ts';
import { removeTree } from './mounts.ts';
import { RECIPES, recipeKey, type RootKind } from './recipe.ts';
import { rootsFolder } from './root-folder.ts';
import { makeFolders } from '../../support/make-folders.ts';

export type Progress = (text: string) => void;

/**
 * The folders that a stack is an overlay over, uppermost first: our stock files, and a Debian root with
 * Asterisk. Both are made when they are not in the cache.
 * @throws UserError `root-failed` when Debian's packages can't be had
 */
export async function ensureRoot(
  files: readonly LayoutFile[],
  progress: Progress,
  signal?: AbortSignal,
): Promise<string[]> {
  const folder = rootsFolder();
  const base = await ensureBase('real', progress, signal);
  const layer = path.join(folder, `layer-${layoutHash(files)}`);
  if (!existsSync(layer))
    await onlyOnce(layer, progress, (draft) => Promise.resolve(writeLayer(draft, files)));
  prune(folder, [layer, base]);
  return [layer, base];
}

/** The Debian root of a kind of stack, made when it is not in the cache. Throws as ensureRoot. */
export async function ensureBase(kind: RootKind, progress: Progress, signal?: AbortSignal): Promise<string> {
  const base = path.join(rootsFolder(), `root-${recipeKey(kind)}`);
  if (!existsSync(base)) await onlyOnce(base, progress, (draft) => makeBase(draft, kind, progress, signal));
  return base;
}

/** Makes a folder of the cache under another name and renames it, so that it is whole or not there. */
export async function onlyOnce(
  folder: string,
  progress: Progress,
  make: (draft: string) => Promise<void>,
): Promise<void> {
  const onWait = (pid: number): void => progress(`another wdev (process ${pid}) is making it; waiting`);
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return;
      const draft = `${folder}${DRAFT}`;
      await removeTree(draft);
      makeFolders(draft, 0o755);
      try {
        await make(draft);
      } catch (error) {
        await removeTree(draft);
        throw error;
      }
      renameSync(draft, folder);
    },
    { onWait },
  );
}

/** A root that is being made, or that a killed wdev left half-made. */
export interface DraftRoot {
  readonly folder: string;
  /** The living process that makes it. */
  readonly maker: number | undefined;
}

export function draftRoots(): readonly DraftRoot[] {
  const folder = rootsFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(DRAFT))
    .map((name) => {
      const draft = path.join(folder, name);
      return { folder: draft, maker: lockOwner(lockOfDraft(draft)) };
    });
}

/** Removes the roots that killed ones left half-made. */
export async function clearDraftRoots(): Promise<readonly string[]> {
  const cleared: string[] = [];
  for (const { folder } of draftRoots()) {
    const lock = lockOfDraft(folder);
    if (!holdLock(lock)) continue;
    try {
      await removeTree(folder);
      cleared.push(folder);
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return cleared;
}

const DRAFT = '.tmp';

function lockOfDraft(draft: string): string {
  return `${draft.slice(0, -DRAFT.length)}.lock`;
}

const BASES: Readonly<Record<RootKind, string>> = {
  real: 'Debian with Asterisk 22',
  wazo: 'Debian 12 with PostgreSQL and RabbitMQ',
};

async function makeBase(
  draft: string,
  kind: RootKind,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  progress(`making ${BASES[kind]}, once (about a minute)`);
  const started = performance.now();
  await debstrap(draft, { what: 'Debian system', ...RECIPES[kind], mirror: hostMirror() }, progress, signal);
  progress(`made ${BASES[kind]} in ${Math.round((performance.now() - started) / 1000)} s`);
}

function writeLayer(draft: string, files: readonly LayoutFile[]): void {
  writeLayout(draft, files);
  const wants = path.join(draft, 'etc/systemd/system/multi-user.target.wants');
  makeFolders(wants);
  for (const { path: file } of files) {
    const unit = /^usr\/lib\/systemd\/system\/([^/]+\.service)$/.exec(file)?.[1];
    if (unit !== undefined) symlinkSync(`/${file}`, path.join(wants, unit));
  }
}
