/** The templates that come with this package. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../support/errors.ts';
import { didYouMean } from '../support/nearest.ts';
import { KINDS as PLUGIN_KINDS, type PluginKind } from '../kinds/plugin.ts';
import { packageRoot } from '../support/paths.ts';

/** The kinds of plugins that can be made, in the order of `wdev templates`. */
export const KINDS = (Object.keys(PLUGIN_KINDS) as PluginKind[]).filter(isCreated);

export type Kind = {
  [Name in PluginKind]: (typeof PLUGIN_KINDS)[Name]['can']['create'] extends true ? Name : never;
}[PluginKind];

function isCreated(kind: PluginKind): kind is Kind {
  return PLUGIN_KINDS[kind].can.create;
}

export function isKind(value: string): value is Kind {
  return (KINDS as readonly string[]).includes(value);
}

let names: readonly string[] | undefined;

/** Kinds first, then the others by name. A folder whose manifest has no kind is a layer for others. */
export function builtInNames(): readonly string[] {
  names ??= [...KINDS, ...readdirSync(templates()).filter(isExample).sort()];
  return names;
}

/** Templates that are no kind of their own: a small real plugin each, and the start of a template. */
export function exampleNames(): readonly string[] {
  return builtInNames().filter((name) => !isKind(name));
}

/** There is no such template: its name, or the folder that was looked into. Exit 2. */
export function unknownTemplate(what: string): UserError {
  const all = `Built-in templates are ${builtInNames().join(', ')}; a folder needs a template.yml.`;
  const help = what.includes('/') ? all : didYouMean(what, builtInNames(), all);
  return new UserError('unknown-template', `there is no template ${what}`, { exit: EXIT.usage, help });
}

function isExample(name: string): boolean {
  const manifest = path.join(templates(), name, 'template.yml');
  return !isKind(name) && existsSync(manifest) && /^kind: /m.test(readFileSync(manifest, 'utf8'));
}

function templates(): string {
  return path.join(packageRoot(), 'templates');
}
