/** The templates that come with this package. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../support/paths.ts';

/** The kinds of plugins, in the order of `wdev templates`. */
export const KINDS = ['stack', 'confgend', 'call-logger'] as const;

export type Kind = (typeof KINDS)[number];

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

function isExample(name: string): boolean {
  const manifest = path.join(templates(), name, 'template.yml');
  return !isKind(name) && existsSync(manifest) && /^kind: /m.test(readFileSync(manifest, 'utf8'));
}

function templates(): string {
  return path.join(packageRoot(), 'templates');
}
