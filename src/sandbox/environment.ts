/** The environment of somebody's program. Pure. */

import { HOME } from './enclose.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Of the person's variables, a program gets those that say how to speak, and how late it is. */
const PASSED = /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|SOURCE_DATE_EPOCH)$/;

/** With the network: the way to it, unless it holds a password. */
const TO_THE_NETWORK = /^(?:https?|all|ftp|no)_proxy$/i;

/**
 * The variables of a program: few of the person's, none that holds a key or leads to one, and those of the step.
 * `home` is where it lives: in a sandbox an empty folder.
 */
export function programEnvironment(
  person: Variables,
  step: Variables,
  { network, enclosed }: { readonly network: boolean; readonly enclosed: boolean },
): Record<string, string> {
  const kept = Object.entries(person).filter(
    ([name, value = '']) =>
      PASSED.test(name) || (network && TO_THE_NETWORK.test(name) && !value.includes('@')),
  );
  const own = enclosed
    ? { HOME, TMPDIR: '/tmp', PERL_BADLANG: '0' }
    : { HOME: person['HOME'], TMPDIR: person['TMPDIR'] };
  const all = { ...Object.fromEntries(kept), ...own, ...step };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
