/** The apt repository that a stack's services come from. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError, usageError } from '../../support/errors.ts';
import { readText } from '../../support/read-file.ts';

/** Wazo's own, as its installer writes it (wazo-ansible, repository of packages). */
const PUBLIC = 'deb http://mirror.wazo.community/debian/ pelican-bookworm main';
const PUBLIC_KEY = 'https://mirror.wazo.community/wazo_current.key';

/** Where things of ours lie in the stack. */
const KEYRING = '/etc/apt/keyrings/wazo.asc';
const CARRIED = '/srv/wazo-repository';

export interface Repository {
  /** The line for apt in the stack. */
  readonly line: string;
  /** A folder of this machine that is carried into the stack, and where it lies there. */
  readonly carried?: { readonly from: string; readonly to: string };
  readonly key?: { readonly text: string; readonly to: string };
  /** Changes when what it holds is known to have changed. */
  readonly fingerprint: string;
}

interface Line {
  readonly options: string;
  readonly uri: string;
  readonly rest: string;
}

/**
 * Reads a line of apt's one-line format, `deb [options] URI SUITE [COMPONENT…]`.
 * @throws UserError `usage`
 */
export function parseLine(text: string): Line {
  const match =
    /^deb[ \t]+(?:\[([^\]\n]*)\][ \t]+)?((?:https?|file):[^\s'"]+)[ \t]+([\w.+/-]+(?:[ \t]+[\w.+/-]+)*)$/.exec(
      text.trim(),
    );
  if (match?.[2] !== undefined && match[3] !== undefined)
    return { options: (match[1] ?? '').trim(), uri: match[2], rest: match[3] };
  throw usageError(
    `--repository ${text}: not a line of apt`,
    'For example: --repository "deb [trusted=yes] file:/srv/packages ./"',
  );
}

/**
 * Finds out what a repository is. Reads its key, from a file or from the net.
 * @param wanted by default WDEV_WAZO_REPOSITORY, else Wazo's public one
 * @throws UserError `usage`, `repository-key` when the key cannot be had, `no-repository` when its folder is not there
 */
export async function findRepository(wanted?: string, wantedKey?: string): Promise<Repository> {
  const line = wanted ?? (process.env['WDEV_WAZO_REPOSITORY'] || PUBLIC);
  const keyFrom = wantedKey ?? (wanted === undefined ? process.env['WDEV_WAZO_KEY'] || undefined : undefined);
  const { options, uri, rest } = parseLine(line);
  const isOpen = /\b(?:trusted|signed-by)=/.test(options);
  const from = keyFrom ?? (line === PUBLIC && !isOpen ? PUBLIC_KEY : undefined);
  const key = from === undefined ? undefined : { text: await readKey(from), to: KEYRING };
  const allOptions = [options, ...(key === undefined ? [] : [`signed-by=${KEYRING}`])]
    .filter(Boolean)
    .join(' ');
  const carried = uri.startsWith('file:') ? { from: folderOf(uri), to: CARRIED } : undefined;
  const shownUri = carried === undefined ? uri : `file:${carried.to}`;
  const whole = `deb ${allOptions === '' ? '' : `[${allOptions}] `}${shownUri} ${rest}`;
  const hash = createHash('sha256').update(JSON.stringify([whole, key?.text ?? '']));
  if (carried !== undefined) hash.update(stateOf(carried.from));
  return {
    line: whole,
    fingerprint: hash.digest('hex'),
    ...(carried === undefined ? {} : { carried }),
    ...(key === undefined ? {} : { key }),
  };
}

function folderOf(uri: string): string {
  const folder = decodeURIComponent(uri.replace(/^file:(?:\/\/(?=\/))?/, ''));
  if (path.isAbsolute(folder) && existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new UserError('no-repository', `--repository: ${folder} is not a folder`, {
    help: 'Give the absolute path of the folder: deb [trusted=yes] file:/srv/packages ./',
  });
}

/** Names, sizes and times of what the folder holds. */
function stateOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const states = files.map((file) => {
    const { size, mtimeMs, isDirectory } = infoOf(path.join(folder, file));
    return isDirectory ? [file] : [file, size, mtimeMs];
  });
  return JSON.stringify(states);
}

function infoOf(file: string): { size: number; mtimeMs: number; isDirectory: boolean } {
  const info = statSync(file);
  return { size: info.size, mtimeMs: info.mtimeMs, isDirectory: info.isDirectory() };
}

async function readKey(from: string): Promise<string> {
  const text = /^https?:\/\//.test(from) ? await download(from) : readFile(from);
  if (text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) return text;
  throw new UserError('repository-key', `${from} is not an OpenPGP public key in text form (.asc)`, {
    help: 'Write it as text: gpg --armor --export KEY > key.asc',
  });
}

function readFile(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw new UserError('repository-key', `cannot read the key ${file}: ${(error as Error).message}`);
  }
}

async function download(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(15_000) });
    if (answer.ok) return (await answer.text()).slice(0, 200_000);
    throw new Error(`HTTP status ${answer.status}`);
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new UserError('repository-key', `cannot fetch the key of the repository, ${url}: ${why}`, {
      help: "Where Wazo's public repository cannot be reached, name another: --repository 'deb …' --key FILE",
    });
  }
}
