/** The classes behind the routes of a service, as flask-restful and Wazo's services have them. */

import type { PythonClass } from './facts.ts';

export const VERBS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'delete', 'patch', 'head']);

/** Verbs that a stock base class implements without an ACL. */
export const INHERITED: Readonly<Record<string, readonly string[]>> = {
  ListResource: ['get', 'post'],
  ItemResource: ['get', 'put', 'delete'],
};

/** Bases that ask for a token, and those that don't. */
export const AUTHENTICATED = /^(?:Token|Legacy)?AuthResource$|^ConfdResource$|^(?:List|Item)Resource$/;
export const OPEN = /^(?:Resource|MethodView)$/;

/** Whether a class says in its own words who may call: a decorator of authentication, or decorators of the class. */
export function isDeclared(found: PythonClass, { decorators }: PythonClass['methods'][number]): boolean {
  if (found.attributes.some((name) => /^(?:method_)?decorators$/.test(name))) return true;
  return decorators.some((name) => /auth|token|acl|login|public|signature/i.test(last(name)));
}

/** The name behind the last dot. */
export function last(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
