/** Shapes of values that others wrote as JSON: what is held against one is what its type says. */

/** Whether a value is what it should be. */
export type Shape<T> = (value: unknown) => value is T;

export const isText: Shape<string> = (value) => typeof value === 'string';
export const isNumber: Shape<number> = (value) => typeof value === 'number';
/** A line or a column, from 1. */
export const isPlaceNumber: Shape<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 1;
/** Permission bits of a file. */
export const isMode: Shape<number> = (value): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0o7777;
export const isFlag: Shape<boolean> = (value) => typeof value === 'boolean';
export const isNothing: Shape<null> = (value) => value === null;
export const isAnything: Shape<unknown> = (_value): _value is unknown => true;

export function isLike(form: RegExp): Shape<string> {
  return (value): value is string => typeof value === 'string' && form.test(value);
}

export function isOneOf<T extends string>(...words: readonly T[]): Shape<T> {
  return (value): value is T => words.some((word) => word === value);
}

export function isEither<A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> {
  return (value): value is A | B => one(value) || other(value);
}

export function isListOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(item);
}

export function isPairOf<A, B>(first: Shape<A>, second: Shape<B>): Shape<readonly [A, B]> {
  return (value): value is readonly [A, B] =>
    Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1]);
}

export function isMapOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isMapping(value) && Object.values(value).every(item);
}

/** Fields that must be there, and those that may; others are not looked at. */
export function isRecord(
  fields: Readonly<Record<string, Shape<unknown>>>,
  optional: Readonly<Record<string, Shape<unknown>>> = {},
): Shape<Readonly<Record<string, unknown>>> {
  return (value): value is Readonly<Record<string, unknown>> =>
    isMapping(value) &&
    Object.entries(fields).every(([name, is]) => Object.hasOwn(value, name) && is(value[name])) &&
    Object.entries(optional).every(([name, is]) => !Object.hasOwn(value, name) || is(value[name]));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A line of JSON; undefined when it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
