/** The value of `--template`: a template of this package, a folder, a git repository or an npm package. Pure. */

import { usageError } from '../support/errors.ts';
import { nearest } from '../support/nearest.ts';
import { hasSecret } from '../support/secrets.ts';

export type TemplateReference =
  | { readonly kind: 'built-in'; readonly name: string }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'git'; readonly url: string; readonly ref?: string; readonly subfolder: string }
  | { readonly kind: 'npm'; readonly name: string; readonly wanted?: string; readonly subfolder: string };

/** The pin that fixes a template for good, as the answers file keeps it. */
export interface TemplatePin {
  /** Version of generator-wazo-plugin whose layers (`extends`) were used; alone for its own templates. */
  readonly wdev: string;
  /** Commit of a git repository. */
  readonly commit?: string;
  /** Version of an npm package, and the hash of its archive as npm writes it. */
  readonly version?: string;
  readonly integrity?: string;
  /** Hash of a folder's files, `sha256-…`. */
  readonly hash?: string;
}

const GIT_URL = /^(?:(?:https?|ssh|git):\/\/(?!-|[^/]*@-)|file:\/\/\/)[^\s\u0000-\u001f\u007f]+$/;
const GIT_REF = /^(?![-/.])(?!.*(\.\.|@\{|\/\/|\.lock$))[A-Za-z0-9_./+@-]+$/;
const NPM = /^((?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*)(?:@([A-Za-z0-9^~<>=.*+-]+))?$/;

/** A version of npm, and no range. */
const EXACT = String.raw`\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z-]{1,40}(?:\.[0-9A-Za-z-]{1,40}){0,9})?`;
/** A range or a tag, in a form that npm takes for nothing else: neither a file, nor an address, nor another package. */
const MOVING = String.raw`\*|(?:[~^]|[<>]=?|=)?\d{1,9}(?:\.(?:\d{1,9}|[x*])){0,2}|[a-z][a-z0-9-]{0,40}`;

const EXACT_VERSION = new RegExp(`^(?:${EXACT})$`);
const NPM_WANTED = new RegExp(`^(?:[~^]?${EXACT}|${MOVING})$`);

/** Whether a text is an exact version, as `2.1.0` and `2.1.0-rc.1` are. */
export function isExactVersion(text: string): boolean {
  return EXACT_VERSION.test(text);
}

/**
 * The one argument that npm gets for a package: it means the registry, whatever it holds.
 * @throws Error for what is neither a version, a range nor a tag of a package: it was not read by parseReference
 */
export function npmArgument(name: string, wanted: string): string {
  if (!NPM.test(name) || !isOfRegistry(name, wanted))
    throw new Error(`${name}@${wanted} is not an npm package`);
  return `${name}@${wanted}`;
}

/** The forms of the fields of a pin, and their names for a person. */
const PIN: Readonly<Record<keyof TemplatePin, readonly [RegExp, string]>> = {
  wdev: [EXACT_VERSION, 'an exact version, like 2.1.0'],
  commit: [/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a commit, in full'],
  version: [EXACT_VERSION, 'an exact version, like 2.1.0'],
  integrity: [/^sha512-[A-Za-z0-9+/]{86}==$/, 'a hash, sha512-…'],
  hash: [/^sha256-[A-Za-z0-9_-]{43}$/, 'a hash, sha256-…'],
};

/** The fault of a pin as the end of a sentence, and the key of the field that has it; undefined when it is right. */
export function pinProblem(pin: unknown): { readonly key?: string; readonly must: string } | undefined {
  if (typeof pin !== 'object' || pin === null || Array.isArray(pin)) return { must: 'must be a mapping' };
  const fields = pin as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(fields, 'wdev')) return { must: `needs wdev, ${PIN.wdev[1]}` };
  for (const [key, value] of Object.entries(fields)) {
    const [grammar, words] = Object.hasOwn(PIN, key) ? PIN[key as keyof TemplatePin] : [];
    if (grammar === undefined)
      return { key, must: `is an unknown key (known: ${Object.keys(PIN).join(', ')})` };
    if (typeof value !== 'string' || !grammar.test(value)) return { key, must: `must be ${words}` };
  }
  return undefined;
}

/**
 * Reads a reference; `builtIns` are the names that this package has, and `said` is how messages call it.
 * @throws UserError `usage` for one that cannot be meant, or that is one letter away from a template's name
 */
export function parseReference(
  text: string,
  builtIns: readonly string[],
  said = `--template ${text}`,
): TemplateReference {
  if (text.startsWith('git+')) return gitReference(text, said);
  if (text.startsWith('npm:')) return npmReference(text.slice(4), said);
  if (/^(\.{1,2}|~|[A-Za-z]:)?[/\\]|^\.{1,2}$/.test(text)) return { kind: 'folder', path: text };
  if (builtIns.includes(text)) return { kind: 'built-in', name: text };
  if (/^[A-Za-z][A-Za-z0-9+.-]*::?\/?\//.test(text) || /^[^/@]+@[^/]+:/.test(text)) {
    throw usageError(`${said}: not a template`, `For a git repository, write git+${exampleUrl}.`);
  }
  if (!text.startsWith('@') && text.includes('/')) return { kind: 'folder', path: text };
  const meant = nearest(text, builtIns, 1);
  if (meant !== undefined) {
    throw usageError(
      `${said}: there is no template of this name`,
      `Did you mean ${meant}? An npm package is named npm:${text}.`,
    );
  }
  return npmReference(text, said);
}

const exampleUrl = 'https://example.org/templates.git#main:folder';

/** `git+URL[#ref][:subfolder]` */
function gitReference(text: string, said: string): TemplateReference {
  const whole = text.slice(4);
  const hash = whole.indexOf('#');
  const [address, rest] = hash === -1 ? splitAddress(whole) : [whole.slice(0, hash), whole.slice(hash + 1)];
  const colon = rest.indexOf(':');
  const ref = hash === -1 ? '' : colon === -1 ? rest : rest.slice(0, colon);
  const subfolder = hash === -1 ? rest : colon === -1 ? '' : rest.slice(colon + 1);
  const url = address.replace(/^git\+/, '');
  if (hasSecret(text)) throw withSecret(said);
  if (!GIT_URL.test(url)) {
    throw usageError(
      `${said}: ${url} is not an address of https, ssh, git or file`,
      `Use git+${exampleUrl}.`,
    );
  }
  if (ref !== '' && !GIT_REF.test(ref))
    throw usageError(`${said}: ${ref} is not a branch, a tag or a commit`);
  return { kind: 'git', url, ...(ref === '' ? {} : { ref }), subfolder: checkedSubfolder(subfolder, said) };
}

/** It would end in the answers file, and from there in the first commit. */
function withSecret(said: string): Error {
  return usageError(
    `${said}: it holds credentials, which wdev neither keeps nor passes on`,
    'Leave them out: git asks your credential helper (git help credentials), and ssh your keys. A secret that was\n' +
      'committed once has to be revoked where it is good for something.',
  );
}

/** Without `#` a colon behind the host (and its port) begins the subfolder. */
function splitAddress(url: string): readonly [string, string] {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  const colon = path === -1 ? -1 : url.indexOf(':', path);
  return colon === -1 ? [url, ''] : [url.slice(0, colon), url.slice(colon + 1)];
}

function npmReference(text: string, said: string): TemplateReference {
  const colon = text.indexOf(':');
  const [, name, wanted] = NPM.exec(colon === -1 ? text : text.slice(0, colon)) ?? [];
  if (name === undefined || name.includes('..') || !isOfRegistry(name, wanted)) {
    throw usageError(
      `${said}: neither a template, a folder nor an npm package`,
      'wdev templates lists what there is. Right are also ./folder, npm:name@1.2.3, git+https://….',
    );
  }
  const subfolder = checkedSubfolder(colon === -1 ? '' : text.slice(colon + 1), said);
  return { kind: 'npm', name, ...(wanted === undefined ? {} : { wanted }), subfolder };
}

/** Whether npm takes it for nothing but a package of the registry; without `wanted` it is the latest. */
function isOfRegistry(name: string, wanted = 'latest'): boolean {
  return !/\.(?:tgz|tar|tar\.gz)$/.test(name) && NPM_WANTED.test(wanted);
}

function checkedSubfolder(subfolder: string, said: string): string {
  const plain = subfolder.replace(/(?<!\/)\/+$/, '');
  if (plain === '') return '';
  const parts = plain.split('/');
  if (parts.every((part) => /^[A-Za-z0-9_@+][A-Za-z0-9_.@+ -]*$/.test(part) && part !== '..')) return plain;
  throw usageError(`${said}: ${subfolder} is not a folder inside of it`);
}

/** The reference as a person would type it; a folder's path as it is given. */
export function referenceText(reference: TemplateReference): string {
  switch (reference.kind) {
    case 'built-in':
      return reference.name;
    case 'folder':
      return reference.path;
    case 'git': {
      const ref = reference.ref === undefined ? '' : `#${reference.ref}`;
      return `git+${reference.url}${ref}${reference.subfolder === '' ? '' : `:${reference.subfolder}`}`;
    }
    case 'npm': {
      const wanted = reference.wanted === undefined ? '' : `@${reference.wanted}`;
      return `npm:${reference.name}${wanted}${reference.subfolder === '' ? '' : `:${reference.subfolder}`}`;
    }
  }
}
