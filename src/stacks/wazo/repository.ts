/** The apt repository that a stack's services come from. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError, messageOf, usageError } from '../../support/errors.ts';
import { readText } from '../../support/read-file.ts';
import { removeFolder } from '../../support/remove-folder.ts';
import { run } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temp-folder.ts';
import { APT_HELPER } from '../real/proxies.ts';
import { trimEnd } from '../../support/trim-end.ts';

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
  /** The key that signs it: a file or an address, and where it lies in the stack. */
  readonly key?: { readonly from: string; readonly to: string };
  /** The addresses of which one answers when it can be reached; none for a folder of this machine. */
  readonly asked: readonly string[];
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
 * Finds out what a repository is, without the net: a layer that was made of it may be there already.
 * @param wanted by default WDEV_WAZO_REPOSITORY, else Wazo's public one
 * @throws UserError `usage`, `repository-key` when its file cannot be read or it has none, `no-repository` when its
 *   folder is not there
 */
export function findRepository(wanted?: string, wantedKey?: string): Repository {
  const line = wanted ?? (process.env['WDEV_WAZO_REPOSITORY'] || PUBLIC);
  const keyFrom = wantedKey ?? (wanted === undefined ? process.env['WDEV_WAZO_KEY'] || undefined : undefined);
  const { options, uri, rest } = parseLine(line);
  const isOpen = /\b(?:trusted|signed-by)=/.test(options);
  const from = keyFrom ?? (line === PUBLIC && !isOpen ? PUBLIC_KEY : undefined);
  if (from === undefined && !isOpen)
    throw new UserError('repository-key', `--repository ${line}: apt takes nothing from it without its key`, {
      help: 'Name the key: --key FILE. One that you trust unsigned: deb [trusted=yes] …',
    });
  const key = from === undefined ? undefined : { from, to: KEYRING };
  const allOptions = [options, ...(key === undefined ? [] : [`signed-by=${KEYRING}`])]
    .filter(Boolean)
    .join(' ');
  const carried = uri.startsWith('file:') ? { from: folderOf(uri), to: CARRIED } : undefined;
  const shownUri = carried === undefined ? uri : `file:${carried.to}`;
  const whole = `deb ${allOptions === '' ? '' : `[${allOptions}] `}${shownUri} ${rest}`;
  const hash = createHash('sha256').update(JSON.stringify([whole, stateOfKey(from)]));
  if (carried !== undefined) hash.update(stateOf(carried.from));
  return {
    line: whole,
    fingerprint: hash.digest('hex'),
    asked: carried === undefined ? releasesOf(uri, rest) : [],
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

/** Where apt looks for what a repository has: below `dists`, or straight there for a suite that is a path. */
function releasesOf(uri: string, rest: string): readonly string[] {
  const suite = rest.split(/\s+/)[0] ?? '';
  const base = `${trimEnd(uri, '/')}/`;
  const folder = suite.endsWith('/') ? new URL(suite, base).href : new URL(`dists/${suite}/`, base).href;
  return ['InRelease', 'Release'].map((file) => `${folder}${file}`);
}

/** Seconds that a repository has to answer. */
const PATIENCE = 15;

/**
 * Looks whether a repository answers, before a machine is made for it.
 * @throws UserError `no-repository`
 */
export async function demandAnswer({ asked }: Repository): Promise<void> {
  let why = '';
  for (const url of asked) {
    const answer = await fetchAsApt(url);
    if (answer.is === 'there') return;
    ({ why } = answer);
    // one that answers may have it under the other name
    if (!/\b404\b/.test(why)) break;
  }
  if (why === '') return;
  throw new UserError('no-repository', `the repository does not answer: ${asked[0]}: ${why}`, {
    help: "Look at the address, or name another: --repository 'deb …' --key FILE",
  });
}

type Answer = { readonly is: 'there'; readonly text: string } | { readonly is: 'none'; readonly why: string };

/** Fetches as apt of this machine does, by its proxies. */
async function fetchAsApt(url: string): Promise<Answer> {
  const folder = temporaryFolder('fetch');
  const file = path.join(folder, 'file');
  const limits = ['http', 'https'].flatMap((scheme) => ['-o', `Acquire::${scheme}::Timeout=${PATIENCE}`]);
  try {
    const command = [APT_HELPER, '-o', 'Acquire::Retries=0', ...limits, 'download-file', url, file] as const;
    const { status, stdout, stderr } = await run([...command]);
    if (status === 0) return { is: 'there', text: readText(file) };
    const said = /^E: Failed to fetch \S+\s+(.*)$/m.exec(`${stdout}\n${stderr}`)?.[1] ?? stderr.trim();
    return { is: 'none', why: said.replaceAll(/\s+/g, ' ') };
  } finally {
    removeFolder(folder);
  }
}

function isAddress(from: string): boolean {
  return /^https?:\/\//.test(from);
}

/** The difference between two keys: the address of one, the text of a file. */
function stateOfKey(from: string | undefined): string {
  if (from === undefined) return '';
  return isAddress(from) ? from : demandKey(from, readFile(from));
}

/**
 * Reads the key of a repository, from a file or from the net.
 * @throws UserError `repository-key`
 */
export async function readKey(from: string): Promise<string> {
  return demandKey(from, isAddress(from) ? await download(from) : readFile(from));
}

function demandKey(from: string, text: string): string {
  if (text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) return text;
  throw new UserError('repository-key', `${from} is not an OpenPGP public key in text form (.asc)`, {
    help: 'Write it as text: gpg --armor --export KEY > key.asc',
  });
}

function readFile(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new UserError('repository-key', `cannot read the key ${file}: ${why}`, {
      help: 'Write it there as text: gpg --armor --export KEY > key.asc',
    });
  }
}

async function download(url: string): Promise<string> {
  const answer = await fetchAsApt(url);
  if (answer.is === 'there') return answer.text.slice(0, 200_000);
  throw new UserError('repository-key', `cannot fetch the key of the repository, ${url}: ${answer.why}`, {
    help: "Where Wazo's public repository cannot be reached, name another: --repository 'deb …' --key FILE",
  });
}
