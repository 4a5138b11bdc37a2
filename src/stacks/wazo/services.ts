/** Which packages a stack with Wazo's services is made of. Pure. */

import { usageError } from '../../support/errors.ts';
import { meantBy } from '../../support/nearest.ts';
import { SERVICES, serviceOf } from '../../wazo/services.ts';

/** The packages that every service needs, in the order of installation. */
const ALWAYS = ['wazo-auth', 'wazo-auth-keys', 'wazo-nginx'];

/** It is asked for as services are, and comes with its settings. */
export const ASTERISK = 'asterisk';
const ASTERISK_PACKAGES: readonly string[] = [ASTERISK, 'wazo-asterisk-config'];

/** The services that a service needs beside those: it calls them at its start, or its routes answer by them. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  // files that it reads are generated; source: wazo-asterisk-config, etc/asterisk
  [ASTERISK]: ['wazo-confgend'],
  'wazo-agid': ['wazo-confd'],
  'wazo-phoned': ['wazo-confgend', 'wazo-confd', 'wazo-dird'],
  // it asks for the version of the server
  'wazo-plugind': ['wazo-confd'],
  'wazo-provd': ['wazo-confgend'],
  'wazo-ui': ['wazo-confd'],
};

/** A service of a stack, and the packages that bring it. */
export interface Selection {
  /** Units, in the order in which they start. */
  readonly units: readonly string[];
  readonly packages: readonly string[];
}

/**
 * Reads the words of `--with`: units with or without `wazo-`, and `asterisk`.
 * @throws UserError `usage` for a word that is no service
 */
export function readServices(words: readonly string[]): readonly string[] {
  return words.map((word) => {
    if (word === ASTERISK) return word;
    const unit = word.startsWith('wazo-') ? word : `wazo-${word}`;
    if (serviceOf(unit) !== undefined) return unit;
    const known = SERVICES.map((service) => service.unit.replace('wazo-', ''));
    const meant = meantBy(word.replace('wazo-', ''), [...known, ASTERISK]);
    throw usageError(
      `--with ${word}: no service of Wazo`,
      `${meant === undefined ? '' : `Did you mean ${meant}? `}The services are ${known.join(', ')}, and asterisk.`,
    );
  });
}

/** The units asked for with all that they need, and their packages. */
export function selectServices(units: readonly string[]): Selection {
  const wanted = new Set<string>(['wazo-auth']);
  const add = (unit: string): void => {
    if (wanted.has(unit)) return;
    wanted.add(unit);
    for (const need of NEEDS[unit] ?? []) add(need);
  };
  for (const unit of units) add(unit);
  const ranked = SERVICES.filter(({ unit }) => wanted.has(unit)).map(({ unit }) => unit);
  const packages = [...new Set([...ALWAYS, ...ranked])];
  if (!wanted.has(ASTERISK)) return { units: ranked, packages };
  return { units: [...ranked, ASTERISK], packages: [...packages, ...ASTERISK_PACKAGES] };
}
