/** Entry points as text: `name = package.module:attribute`, alone or in the INI text of `entry_points.txt`. Pure. */

import type { EntryPoint } from '../wazo/entry-point.ts';
import { readIni } from './ini.ts';

/** An entry point, with its line in a text, from 1. */
export interface PlacedEntryPoint extends EntryPoint {
  readonly line: number;
}

/** The entry points of an `entry_points.txt`. */
export function parseEntryPoints(text: string): readonly EntryPoint[] {
  return placedEntryPoints(text).map(({ group, name, value }) => ({ group, name, value }));
}

/** The same with their lines. Source: PyPA entry points specification; importlib.metadata strips each line. */
export function placedEntryPoints(text: string): readonly PlacedEntryPoint[] {
  return [...readIni(text.replaceAll(/^[^\S\n]+/gm, ''), '=').sections].flatMap(([group, options]) =>
    options.flatMap(({ name, line, lines: [first] }) => {
      const point = parseEntryPoint(`${name} = ${first?.text ?? ''}`);
      return point === undefined ? [] : [{ group: group.trim(), ...point, line }];
    }),
  );
}

/** `name = value`, without its extras; undefined when it is none. */
export function parseEntryPoint(text: string): Omit<EntryPoint, 'group'> | undefined {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  if (name === '') return undefined;
  const value = text.slice(equals + 1).trim();
  if (!value.endsWith(']')) return { name, value };
  const extras = value.indexOf('[', value.lastIndexOf(']', value.length - 2) + 1);
  return { name, value: extras < 0 ? value : value.slice(0, extras).trimEnd() };
}
