import { createHash } from 'node:crypto';
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import { sha256, type SourceListing } from '../git/sources.ts';
import { cacheFolder, packageVersion } from '../support/paths.ts';
import { statOf } from '../support/stat.ts';
import { isListOf, isMode, isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';
import type { InstalledFile } from './tree.ts';
import { readTextIfPossible } from '../support/read-file.ts';
import { makeFolders } from '../support/make-folders.ts';

/** Hash and mode of each installed path. */
export type TreeHashes = ReadonlyMap<string, InstalledFile>;

interface Remembered {
  /** The ingredients of the tree; see `ingredients`. */
  readonly madeOf: string;
  readonly files: readonly (readonly [path: string, hash: string, mode: number])[];
}

/** Days after which the tree of a plugin that was not staged since is forgotten. */
const DAYS = 30;

/**
 * The tree that these sources made when they were staged last on this machine; undefined when they were not, or
 * when something else that makes a tree has changed since.
 */
export function rememberedTree(plugin: Plugin, sources: SourceListing): TreeHashes | undefined {
  if (!isMadeByPrograms(plugin, sources)) return undefined;
  const remembered = read(recordOf(plugin));
  if (remembered?.madeOf !== ingredients(plugin, sources)) return undefined;
  return new Map(remembered.files.map(([installed, hash, mode]) => [installed, { hash, mode }]));
}

/** Keeps what the sources of a plugin have made. A cache that cannot be written is no reason to fail. */
export function rememberTree(plugin: Plugin, sources: SourceListing, tree: TreeHashes): void {
  if (!isMadeByPrograms(plugin, sources)) return;
  const files = [...tree].map(([installed, { hash, mode }]) => [installed, hash, mode] as const);
  const remembered: Remembered = { madeOf: ingredients(plugin, sources), files };
  const record = recordOf(plugin);
  const unfinished = `${record}.${process.pid}`;
  try {
    if (read(record)?.madeOf === remembered.madeOf) return;
    makeFolders(folder(), 0o700);
    forgetOld();
    writeFileSync(unfinished, JSON.stringify(remembered));
    renameSync(unfinished, record);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

/** A tree that needs no program is as quickly made as remembered. */
function isMadeByPrograms(plugin: Plugin, sources: SourceListing): boolean {
  return kindOf(plugin).steps(sources, '').length > 0;
}

/** All that a tree is made of: the sources, as git hands them out, and the programs that rules may start. */
function ingredients({ kind, id, version }: Plugin, sources: SourceListing): string {
  const packages = statOf('/var/lib/dpkg/status');
  const programs = [packageVersion(), process.env['PATH'], packages?.ctimeMs, packages?.size];
  const digest = createHash('sha256').update(JSON.stringify([programs, kind, id, version]));
  for (const name of [...sources.keys()].sort()) {
    const { mode, hash, link } = sources.get(name) ?? {};
    digest.update(JSON.stringify([name, mode, hash, link !== undefined]));
  }
  return digest.digest('hex');
}

function folder(): string {
  return path.join(cacheFolder(), 'stages');
}

function recordOf({ dir }: Plugin): string {
  return path.join(folder(), `${sha256(dir)}.json`);
}

const isRow = (value: unknown): value is Remembered['files'][number] =>
  Array.isArray(value) && value.length === 3 && isText(value[0]) && isText(value[1]) && isMode(value[2]);
const isRemembered = isRecord({ madeOf: isText, files: isListOf(isRow) }) as unknown as Shape<Remembered>;

function read(record: string): Remembered | undefined {
  const remembered = parsedJson(readTextIfPossible(record) ?? '');
  return isRemembered(remembered) ? remembered : undefined;
}

let hasForgotten = false;

function forgetOld(): void {
  if (hasForgotten) return;
  hasForgotten = true;
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const name of readdirSync(folder())) {
    const record = path.join(folder(), name);
    if ((statOf(record)?.mtimeMs ?? oldest) < oldest) rmSync(record, { force: true });
  }
}
