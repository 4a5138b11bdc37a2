import { usageError } from '../support/errors.ts';
import { debianMeantBy, DEBIAN_RELEASES, SUITES } from '../wazo/debian.ts';
import { judgedAs, wazoReleaseProblem } from '../wazo/versions.ts';
import { printAside } from '../terminal/output.ts';

export interface ReleaseFlags {
  readonly engine?: string;
  readonly debian?: string;
}

/**
 * The Wazo version and the Debian release that `--engine` and `--debian` name.
 * @param which Debian releases whose rules are known, or those that plugins are built on
 * @throws UserError `usage` for one that is not known
 */
export function releasesOf(
  { engine, debian }: ReleaseFlags,
  which: 'known' | 'built',
): { readonly engine: string | undefined; readonly debian: number | undefined } {
  const wrong = engine === undefined ? undefined : wazoReleaseProblem(engine);
  if (wrong !== undefined) throw usageError(`--engine: ${wrong.message}`, wrong.help);
  return { engine, debian: debian === undefined ? undefined : debianRelease(debian, which) };
}

/**
 * Tells people, on stderr, of the first release that this version does not know yet; programs get a field for their
 * `--json` instead.
 */
export function noteNewer(
  releases: readonly (string | null | undefined)[],
  isJson: boolean,
): { readonly judgedAs?: string } {
  for (const release of releases) {
    const known = typeof release === 'string' ? judgedAs(release) : undefined;
    if (known === undefined) continue;
    if (!isJson)
      printAside([
        `Note: this version of wdev knows Wazo up to ${known}; what changed from there to ${release} is not checked.`,
      ]);
    return { judgedAs: known };
  }
  return {};
}

function debianRelease(text: string, which: 'known' | 'built'): number {
  const releases = which === 'known' ? DEBIAN_RELEASES : [...SUITES.keys()];
  const asked = releases.find((release) => String(release) === text);
  if (asked !== undefined) return asked;
  const meant = debianMeantBy(text);
  throw usageError(
    which === 'known'
      ? `--debian: unknown Debian release ${text}; choose from ${releases.join(', ')}`
      : `--debian: wdev cannot build for Debian ${text}; choose from ${releases.join(', ')}`,
    meant !== undefined && releases.includes(meant)
      ? `Did you mean ${meant}?`
      : `Like this: --debian ${releases.at(-1)}`,
  );
}
