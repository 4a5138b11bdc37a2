/**
 * Templates from folders, git, npm and earlier versions of this package. What came over the network is kept in the
 * cache for good, under its pin.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { cacheFolder, packageRoot, packageVersion } from '../support/paths.ts';
import { builtInNames, demandFolder, unknownTemplate } from './built-in.ts';
import { fetchGit } from './fetch-git.ts';
import { fetchNpm } from './fetch-npm.ts';
import { loadFolder } from './load-folder.ts';
import { hashOf, readTemplateFiles, storeTemplate, type StoredFile } from './template-files.ts';
import {
  isExactVersion,
  parseReference,
  referenceText,
  type TemplatePin,
  type TemplateReference,
} from './reference.ts';
import type { Template } from './template.ts';
import { readTextIfPossible } from '../support/read-file.ts';
import { isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';
import { makeFolders } from '../support/make-folders.ts';

export interface FetchOptions {
  /** Take what the cache has, and ask no network. */
  readonly offline?: boolean;
  /** Fetch exactly this, as an answers file recorded it. */
  readonly pin?: TemplatePin;
  /** Where a relative folder begins; the working directory unless told. */
  readonly cwd?: string;
}

export interface FetchedTemplate {
  readonly kind: TemplateReference['kind'];
  /** Its name can be typed again: a built-in one's, an absolute folder, `git+…`, `npm:…`. */
  readonly template: Template;
  /** Notes for a person, as sentences. */
  readonly notes: readonly string[];
}

const OWN_PACKAGE = 'generator-wazo-plugin';

/** As fetchTemplate, for what is no built-in template of this version. */
export async function fetchElsewhere(text: string, options: FetchOptions): Promise<FetchedTemplate> {
  const reference = parseReference(text, options.pin === undefined ? builtInNames() : namesWith(text));
  const wdev = options.pin?.wdev ?? packageVersion();
  const layers = await layersOf(wdev, options);
  const { notes, pin, ...found } = await find(reference, layers, options);
  demandFolder(found.folder, found.reference);
  return { kind: reference.kind, template: loadFolder({ ...found, layers, pin: { wdev, ...pin } }), notes };
}

interface Found extends Pick<FetchedTemplate, 'notes'> {
  /** As it can be typed again: a name, an absolute folder, `git+…`, `npm:…`. */
  readonly reference: string;
  /** Holds template.yml. */
  readonly folder: string;
  readonly pin: Pin;
}

/** @param layers holds what `extends` may name: templates/ of the package version in the pin */
async function find(reference: TemplateReference, layers: string, options: FetchOptions): Promise<Found> {
  if (reference.kind === 'folder') return await fromFolder(reference, options);
  if (reference.kind !== 'built-in') return await fromAfar(reference, options);
  const folder = path.join(layers, reference.name);
  if (!existsSync(path.join(folder, 'template.yml'))) throw unknownTemplate(`${reference.name} in ${layers}`);
  return { reference: reference.name, folder, pin: {}, notes: [] };
}

/** A recorded name was a template of the version that recorded it, if not of this one. */
function namesWith(text: string): readonly string[] {
  return /^[a-z][a-z0-9-]*$/.test(text) ? [...builtInNames(), text] : builtInNames();
}

/** templates/ of this package, or of an earlier version of it, from npm. */
async function layersOf(version: string, options: FetchOptions): Promise<string> {
  if (version === packageVersion()) return path.join(packageRoot(), 'templates');
  const folder = path.join(cacheFolder(), 'templates', 'wdev', version);
  if (existsSync(folder)) return folder;
  if (options.offline === true) throw notCached(`${OWN_PACKAGE}@${version}`);
  const { files } = await fetchNpm({
    name: OWN_PACKAGE,
    wanted: version,
    subfolder: 'templates',
    whole: true,
  });
  await storeTemplate(folder, files);
  return folder;
}

async function fromFolder(
  reference: Extract<TemplateReference, { kind: 'folder' }>,
  options: FetchOptions,
): Promise<Found> {
  const typed = reference.path.replace(/^~(?=\/)/, homedir());
  const folder = path.resolve(options.cwd ?? '.', typed);
  const there = existsSync(path.join(folder, 'template.yml'));
  const wanted = options.pin?.hash;
  if (there) {
    const files = readTemplateFiles(folder);
    const hash = hashOf(files);
    const kept = keptFolder('folder', hash);
    if (!existsSync(kept)) await storeTemplate(kept, files);
    if (wanted === undefined || wanted === hash)
      return { reference: folder, folder, pin: { hash }, notes: [] };
  }
  if (wanted === undefined) throw unknownTemplate(typed);
  const kept = keptFolder('folder', wanted);
  if (existsSync(kept)) return { reference: folder, folder: kept, pin: { hash: wanted }, notes: [] };
  throw new UserError('pin-mismatch', `${folder} is not the template that was recorded (${wanted})`, {
    help: 'Put the folder back as it was then, or render a new plugin from it and merge by hand.',
  });
}

async function fromAfar(
  reference: Extract<TemplateReference, { kind: 'git' | 'npm' }>,
  options: FetchOptions,
): Promise<Found> {
  const text = referenceText(reference);
  const exact = exactPin(reference, options.pin);
  const cached = exact === undefined ? undefined : await cachedAt(reference, exact);
  if (cached !== undefined) return { reference: text, notes: [], ...cached };
  if (options.offline === true) {
    const last = exact === undefined ? await lastSeen(reference) : undefined;
    if (last === undefined) throw notCached(text);
    return { reference: text, ...last, notes: [] };
  }
  try {
    const { pin, files } = await fetchAfar(reference, exact);
    demandTemplate(files, text);
    const folder = keptFolder(addressOf(reference), pinKey(pin));
    if (!existsSync(folder)) await storeTemplate(folder, files);
    await remember(reference, pin);
    return { reference: text, folder, pin, notes: [] };
  } catch (error) {
    const last = exact === undefined ? await lastSeen(reference) : undefined;
    if (last === undefined || !(error instanceof UserError) || error.code !== 'template-unreachable')
      throw error;
    return { reference: text, ...last, notes: [`${error.message}; the copy in the cache was used`] };
  }
}

type Pin = Omit<TemplatePin, 'wdev'>;
type Afar = Extract<TemplateReference, { kind: 'git' | 'npm' }>;

async function fetchAfar(
  reference: Afar,
  exact: Pin | undefined,
): Promise<{ readonly pin: Pin; readonly files: readonly StoredFile[] }> {
  if (reference.kind === 'git') {
    const { commit, files } = await fetchGit({
      ...reference,
      ...(exact?.commit === undefined ? {} : { ref: exact.commit }),
    });
    if (exact?.commit !== undefined && exact.commit !== commit)
      throw new UserError('pin-mismatch', `${referenceText(reference)} gave ${commit} for ${exact.commit}`);
    return { pin: { commit }, files };
  }
  const wanted = exact?.version ?? reference.wanted;
  const { version, integrity, files } = await fetchNpm({
    name: reference.name,
    subfolder: reference.subfolder,
    ...(wanted === undefined ? {} : { wanted }),
  });
  if (exact?.integrity !== undefined && exact.integrity !== integrity) {
    throw new UserError(
      'pin-mismatch',
      `${reference.name}@${version} of the registry is not what was recorded: ${integrity} instead of ${exact.integrity}`,
      { help: 'A published version does not change. Ask its author before you trust it.' },
    );
  }
  return { pin: { version, integrity }, files };
}

/** The version that the pin of an answers file fixes, or a reference that can only mean one thing. */
function exactPin(reference: Afar, pin: TemplatePin | undefined): Pin | undefined {
  if (reference.kind === 'git') {
    const commit = pin?.commit ?? (/^[0-9a-f]{40}$/.test(reference.ref ?? '') ? reference.ref : undefined);
    return commit === undefined ? undefined : { commit };
  }
  if (pin?.version !== undefined)
    return {
      version: pin.version,
      ...(pin.integrity === undefined ? {} : { integrity: pin.integrity }),
    };
  const wanted = reference.wanted ?? '';
  return isExactVersion(wanted) ? { version: wanted } : undefined;
}

function addressOf(reference: Afar): string {
  return reference.kind === 'git'
    ? `${reference.url}\0${reference.subfolder}`
    : `npm:${reference.name}\0${reference.subfolder}`;
}

function pinKey(pin: Pin): string {
  return pin.commit ?? `${pin.version}\0${pin.integrity}`;
}

function keptFolder(address: string, pin: string): string {
  return path.join(cacheFolder(), 'templates', 'kept', digest(`${address}\0${pin}`));
}

/** The version that a reference (with a ref or a range that moves on) meant when it was last fetched. */
async function lastSeen(reference: Afar): Promise<Pick<Found, 'folder' | 'pin'> | undefined> {
  return readMemory(reference, referenceText(reference));
}

async function cachedAt(reference: Afar, exact: Pin): Promise<Pick<Found, 'folder' | 'pin'> | undefined> {
  if (exact.commit !== undefined || exact.integrity !== undefined) {
    const folder = keptFolder(addressOf(reference), pinKey(exact));
    return existsSync(folder) ? { folder, pin: exact } : undefined;
  }
  return readMemory(reference, `${addressOf(reference)}\0${exact.version}`);
}

const isPin = isRecord({}, { version: isText, commit: isText, integrity: isText }) as unknown as Shape<Pin>;

async function readMemory(reference: Afar, key: string): Promise<Pick<Found, 'folder' | 'pin'> | undefined> {
  const text = readTextIfPossible(memoryFile(key));
  if (text === undefined) return undefined;
  const pin = parsedJson(text);
  if (!isPin(pin)) return undefined;
  const folder = keptFolder(addressOf(reference), pinKey(pin));
  return existsSync(folder) ? { folder, pin } : undefined;
}

async function remember(reference: Afar, pin: Pin): Promise<void> {
  const keys = [referenceText(reference), `${addressOf(reference)}\0${pin.version ?? pin.commit}`];
  for (const key of keys) {
    const file = memoryFile(key);
    makeFolders(path.dirname(file));
    await writeFile(`${file}.${process.pid}`, JSON.stringify(pin));
    await rename(`${file}.${process.pid}`, file);
  }
}

function memoryFile(key: string): string {
  return path.join(cacheFolder(), 'templates', 'seen', `${digest(key)}.json`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function demandTemplate(files: readonly StoredFile[], text: string): void {
  if (files.some((file) => file.path === 'template.yml')) return;
  throw unknownTemplate(text);
}

function notCached(what: string): UserError {
  return new UserError('template-unreachable', `${what} is not in the cache, and --offline asks no network`, {
    help: 'Run it once without --offline.',
  });
}
