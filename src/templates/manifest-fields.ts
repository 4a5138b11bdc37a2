/** Reads fields of a manifest that its schema took. */

import { UserError } from '../support/errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function badTemplate(message: string): UserError {
  return new UserError('bad-template', message);
}

export function mapping(value: unknown, where: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  throw badTemplate(`${where} must be a mapping`);
}

export function list(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw badTemplate(`${where} must be a list`);
}

export function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw badTemplate(`${where} must be a text`);
}

export function optionalText(value: unknown, where: string): string {
  return value === undefined ? '' : text(value, where);
}

export function texts(value: unknown, where: string): readonly string[] {
  return list(value, where).map((entry) => text(entry, where));
}

export function textMapping(value: unknown, where: string): Readonly<Record<string, string>> {
  const entries = Object.entries(mapping(value, where));
  return Object.fromEntries(entries.map(([key, entry]) => [key, text(entry, `${where}: ${key}`)]));
}
