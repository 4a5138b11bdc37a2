/** The value of `--template`: a template of this package, a folder, a git repository or an npm package. Pure. */

import { usageError } from '../support/errors.ts';
import { nearest } from '../support/nearest.ts';

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

/**
 * Reads a reference; `builtIns` are the names that this package has.
 * @throws UserError `usage` for one that cannot be meant, or that is one letter away from a template's name
 */
export function parseReference(text: string, builtIns: readonly string[]): TemplateReference {
  if (text.startsWith('git+')) return gitReference(text);
  if (text.startsWith('npm:')) return npmReference(text.slice(4), text);
  if (/^(\.{1,2}|~|[A-Za-z]:)?[/\\]|^\.{1,2}$/.test(text)) return { kind: 'folder', path: text };
  if (builtIns.includes(text)) return { kind: 'built-in', name: text };
  if (/^[A-Za-z][A-Za-z0-9+.-]*::?\/?\//.test(text) || /^[^/@]+@[^/]+:/.test(text)) {
    throw usageError(`--template ${text}: not a template`, `For a git repository, write git+${exampleUrl}.`);
  }
  if (!text.startsWith('@') && text.includes('/')) return { kind: 'folder', path: text };
  const meant = nearest(text, builtIns, 1);
  if (meant !== undefined) {
    throw usageError(
      `--template ${text}: there is no template of this name`,
      `Did you mean ${meant}? An npm package is named npm:${text}.`,
    );
  }
  return npmReference(text, text);
}

const exampleUrl = 'https://example.org/templates.git#main:folder';

/** `git+URL[#ref][:subfolder]` */
function gitReference(text: string): TemplateReference {
  const whole = text.slice(4);
  const hash = whole.indexOf('#');
  const [address, rest] = hash === -1 ? splitAddress(whole) : [whole.slice(0, hash), whole.slice(hash + 1)];
  const colon = rest.indexOf(':');
  const ref = hash === -1 ? '' : colon === -1 ? rest : rest.slice(0, colon);
  const subfolder = hash === -1 ? rest : colon === -1 ? '' : rest.slice(colon + 1);
  const url = address.replace(/^git\+/, '');
  if (!GIT_URL.test(url)) {
    throw usageError(
      `--template ${text}: ${url} is not an address of https, ssh, git or file`,
      `Right is git+${exampleUrl}.`,
    );
  }
  if (ref !== '' && !GIT_REF.test(ref))
    throw usageError(`--template ${text}: ${ref} is not a branch, a tag or a commit`);
  return { kind: 'git', url, ...(ref === '' ? {} : { ref }), subfolder: checkedSubfolder(subfolder, text) };
}

/** Without `#` a colon behind the host (and its port) begins the subfolder. */
function splitAddress(url: string): readonly [string, string] {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  const colon = path === -1 ? -1 : url.indexOf(':', path);
  return colon === -1 ? [url, ''] : [url.slice(0, colon), url.slice(colon + 1)];
}

function npmReference(text: string, whole: string): TemplateReference {
  const colon = text.indexOf(':');
  const [, name, wanted] = NPM.exec(colon === -1 ? text : text.slice(0, colon)) ?? [];
  if (name === undefined || name.includes('..')) {
    throw usageError(
      `--template ${whole}: neither a template, a folder nor an npm package`,
      'wdev templates lists what there is. Right are also ./folder, npm:name@1.2.3, git+https://….',
    );
  }
  const subfolder = checkedSubfolder(colon === -1 ? '' : text.slice(colon + 1), whole);
  return { kind: 'npm', name, ...(wanted === undefined ? {} : { wanted }), subfolder };
}

function checkedSubfolder(subfolder: string, whole: string): string {
  const plain = subfolder.replace(/(?<!\/)\/+$/, '');
  if (plain === '') return '';
  const parts = plain.split('/');
  if (parts.every((part) => /^[A-Za-z0-9_@+][A-Za-z0-9_.@+ -]*$/.test(part) && part !== '..')) return plain;
  throw usageError(`--template ${whole}: ${subfolder} is not a folder inside of it`);
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
