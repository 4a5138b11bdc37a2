interface DebianRelease {
  /** Absent for a release that plugins are not tried on any more. */
  readonly suite?: string;
  readonly python: string;
}

/** Releases of Debian by their number. */
const DEBIANS: Readonly<Record<number, DebianRelease>> = {
  10: { python: '3.7' },
  11: { python: '3.9' },
  12: { suite: 'bookworm', python: '3.11' },
  13: { suite: 'trixie', python: '3.13' },
};

/** The release of present servers. Source: Wazo Platform, installation (mid-2026). */
export const PRESENT_DEBIAN = 12;

/** The releases that plugins are tried on. */
export const SUITES: ReadonlyMap<number, string> = new Map(
  Object.entries(DEBIANS).flatMap(([release, { suite }]) =>
    suite === undefined ? [] : [[Number(release), suite] as const],
  ),
);

/** The releases whose rules are known. */
export const DEBIAN_RELEASES: readonly number[] = Object.keys(DEBIANS).map(Number);

/** The release that a text with its code name or its number means; undefined when it has neither. */
export function debianMeantBy(text: string): number | undefined {
  const number = Number(/\d+/.exec(text)?.[0]);
  const named = DEBIAN_RELEASES.find((release) => DEBIANS[release]?.suite === text.toLowerCase());
  return named ?? DEBIAN_RELEASES.find((release) => release === number);
}

/** The version of a release's Python; undefined for a release that is not known. */
export function pythonOf(debian: number): string | undefined {
  return DEBIANS[debian]?.python;
}

/** Packages of Debian that authors take for plugins. Source: the package lists of Debian 10 to 13. */
const TAKEN_FOR_PLUGINS =
  /^(?:asterisk-(?:core-sounds|moh|prompt|espeak|flite|mp3|mysql|dahdi|modules|config|voicemail|mobile|ooh323)(?:-.*)?|sox|ffmpeg|mpg123|lame|espeak|espeak-ng|flite|festival|jq|curl|wget|git)$/;

/** Whether a name is that of a package of Debian, and of no plugin. */
export function isDebianPackage(name: string): boolean {
  return TAKEN_FOR_PLUGINS.test(name);
}
