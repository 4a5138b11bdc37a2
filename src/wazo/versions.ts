/** Versions of Wazo: YY.NN, the NNth release of a year, one each three weeks. Source: Wazo Platform, upgrade notes. */

/** Whether a Wazo version has what came with another: `26.05` has what came with `19.12`. */
export function atLeast(version: string, since: string): boolean {
  const [a, b] = [version, since].map((text) => text.split('.').map(Number));
  return (a?.[0] ?? 0) !== (b?.[0] ?? 0) ? (a?.[0] ?? 0) > (b?.[0] ?? 0) : (a?.[1] ?? 0) >= (b?.[1] ?? 0);
}

/** The first that is called Wazo, and the newest whose changes these tables have. */
const OLDEST_WAZO = '16.16';
export const NEWEST_WAZO = '26.07';

const MOST_A_YEAR = 18;

/** Later releases are judged as the newest known, until the end of the next year. */
const LATEST_WAZO = `${Number(NEWEST_WAZO.slice(0, 2)) + 1}.${MOST_A_YEAR}`;

/** The release as which one is judged that these tables do not have yet; undefined for one that they have. */
export function judgedAs(release: string): string | undefined {
  return atLeast(NEWEST_WAZO, release) ? undefined : NEWEST_WAZO;
}

interface ReleaseProblem {
  readonly message: string;
  readonly help: string;
}

/** Why a text is no release of Wazo that can be judged, and what to try; undefined for one. */
export function wazoReleaseProblem(text: string): ReleaseProblem | undefined {
  if (isRelease(text)) return undefined;
  const meant = releaseMeantBy(text);
  const help =
    meant === undefined
      ? `Use YY.NN, from ${OLDEST_WAZO} to ${LATEST_WAZO}, like ${NEWEST_WAZO}.`
      : `Did you mean ${meant}?`;
  return { message: `unknown Wazo version ${text}`, help };
}

function isRelease(text: string): boolean {
  if (!/^\d\d\.\d\d$/.test(text)) return false;
  const number = Number(text.slice(3));
  return number > 0 && number <= MOST_A_YEAR && atLeast(text, OLDEST_WAZO) && atLeast(LATEST_WAZO, text);
}

/** `26.5`, `2605`, `2026.05` and `26.05.1` mean 26.05. */
function releaseMeantBy(text: string): string | undefined {
  const [, year = '', number = ''] = /(?:\b20)?(\d\d)\D?(\d\d?)(?!\d)/.exec(text) ?? [];
  const meant = `${year}.${number.padStart(2, '0')}`;
  return isRelease(meant) ? meant : undefined;
}
