import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Attack } from './attack.ts';

/** The effect of an attack when its guards were switched off, as `npm run hostile:guards` saw it. */
export interface Shown {
  /** Of which guards: an attack whose guards are others has to be tried again. */
  readonly guards: string;
  readonly seen: string;
  /** The day, e.g. `2026-11-29`. */
  readonly on: string;
}

export const SHOWN_FILE = path.join(import.meta.dirname, 'shown.json');

export function readShown(): Readonly<Record<string, Shown>> {
  return JSON.parse(readFileSync(SHOWN_FILE, 'utf8')) as Record<string, Shown>;
}

/** The files of the guards, and a hash of what is changed in them. */
export function guardsOf({ guards }: Attack): string {
  const files = [...new Set(guards.map(({ file }) => file.replace(/js$/, 'ts')))];
  return `${files.join(' ')} ${hash('sha256', JSON.stringify(guards)).slice(0, 12)}`;
}

export function isShown(attack: Attack, shown: Readonly<Record<string, Shown>>): boolean {
  return shown[attack.name]?.guards === guardsOf(attack);
}
