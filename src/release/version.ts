/** The next version of a plugin. Pure. */

import { usageError } from '../support/errors.ts';
import { compareDebianVersions } from '../wazo/debian-versions.ts';
import { debianVersionProblem } from '../wazo/names.ts';

export const BUMPS = ['patch', 'minor', 'major'] as const;
export type Bump = (typeof BUMPS)[number];

/**
 * The version that a release gets: the present one with one of its numbers raised, or the one that is named.
 * @throws UserError `usage` (exit 2) for one that cannot be a tag and a Debian version, or that is older
 */
export function nextVersion(present: string, wanted: string): string {
  const bump = BUMPS.find((one) => one === wanted);
  const next = bump === undefined ? wanted : raised(present, bump);
  const problem = debianVersionProblem(next);
  if (problem !== undefined) throw usageError(`${wanted}: ${problem}`);
  if (!/^[\w.+-]+$/.test(next) || next.includes('..') || next.endsWith('.lock') || next.endsWith('.'))
    throw usageError(`${next} cannot be the name of a tag`, 'Name a version like 1.2.3.');
  if (compareDebianVersions(next, present) < 0)
    throw usageError(
      `${next} is older than ${present}, the version in wazo/plugin.yml`,
      'Choose a higher one, e.g. wdev release patch.',
    );
  return next;
}

function raised(present: string, bump: Bump): string {
  const [, major = '', minor = '0', patch = '0'] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(present) ?? [];
  if (major === '')
    throw usageError(
      `the version ${present} is not of the form 1.2.3, so ${bump} means nothing`,
      'Name the next version itself: wdev release VERSION',
    );
  if (bump === 'major') return `${Number(major) + 1}.0.0`;
  if (bump === 'minor') return `${major}.${Number(minor) + 1}.0`;
  return `${major}.${minor}.${Number(patch) + 1}`;
}
