/** The templates that come with this package. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../support/errors.ts';
import { didYouMean } from '../support/nearest.ts';
import { COMPILED_FILE, readCompiled, type BuiltIns, type Kind } from './compiled.ts';
import type { Template } from './template.ts';

/** Read from their folders when wdev runs from its sources; the build compiles manifests and lists of files. */
const ofFolders =
  existsSync(COMPILED_FILE) && !import.meta.filename.endsWith('.ts') ? undefined : await readFolders();

async function readFolders(): Promise<BuiltIns> {
  return (await import('./compile.ts')).builtInsOfFolders();
}

let compiled: BuiltIns | undefined;

/** Read when they are needed: most commands need none. */
function builtIns(): BuiltIns {
  return ofFolders ?? (compiled ??= readCompiled());
}

export type { Kind } from './compiled.ts';

/** The kinds of plugins that can be made, in the order of `wdev templates`. */
export const KINDS = Object.keys({
  stack: true,
  confgend: true,
  'call-logger': true,
} satisfies Record<Kind, true>) as readonly Kind[];

export function isKind(value: string): value is Kind {
  return (KINDS as readonly string[]).includes(value);
}

/** The title of a template as it stands within a sentence: "stack plugin". */
export function inSentence(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

let names: readonly string[] | undefined;

/** Kinds first, then the others by name. */
export function builtInNames(): readonly string[] {
  names ??= [
    ...KINDS,
    ...builtIns()
      .names()
      .filter((name) => !isKind(name)),
  ];
  return names;
}

/** Templates that are no kind of their own: a small real plugin each, and the start of a template. */
export function exampleNames(): readonly string[] {
  return builtInNames().filter((name) => !isKind(name));
}

const known = new Map<string, Template>();

/** A template by one of `builtInNames`; the package's own templates do not change while it runs. */
export function builtInTemplate(name: string): Template {
  const template = known.get(name) ?? builtIns().template(name);
  known.set(name, template);
  return template;
}

/**
 * Refuses a folder that holds no template.
 * @throws UserError `unknown-template` (exit 2)
 */
export function demandFolder(folder: string, reference: string): void {
  if (existsSync(path.join(folder, 'template.yml'))) return;
  if (!existsSync(folder)) throw unknownTemplate(reference);
  throw new UserError('unknown-template', `${reference} is not a template: it has no template.yml`, {
    exit: EXIT.usage,
    help: 'Start one: wdev new template',
  });
}

/** There is no such template: its name, or the folder that was searched. Exit 2. */
export function unknownTemplate(what: string): UserError {
  const all = `List the built-in ones: wdev templates. A folder needs a template.yml.`;
  const help = what.includes('/') ? all : didYouMean(what, builtInNames(), all);
  return new UserError('unknown-template', `there is no template ${what}`, { exit: EXIT.usage, help });
}
