import type { Finding } from '../../findings/finding.ts';

/** A file in the answer of `logger show channels`, with the levels that go to it. Source: Asterisk 22, logger.c. */
const FILE = /^(?<file>\/\S+) +File +\S+ +(?<status>\S+) +- (?<levels>.*)$/gm;

/** The files that Asterisk writes its warnings and errors to now; undefined when the answer does not tell. */
export function logFiles(channels: string): readonly string[] | undefined {
  if (!/^Channel +Type/m.test(channels)) return undefined;
  return [...channels.matchAll(FILE)].flatMap(({ groups = {} }) => {
    const { file = '', status = '', levels = '' } = groups;
    const tells = status === 'Enabled' && /\bWARNING\b/.test(levels) && /\bERROR\b/.test(levels);
    return tells ? [file] : [];
  });
}

/** The note where Asterisk's silence proves nothing. */
export const NOT_LOGGED =
  'Asterisk writes no log of its warnings here, so what it complained of is not known';

/** Whether a log was read, and Asterisk says of none that it does not write it. */
export function isLogged(log: string | undefined, channels = ''): boolean {
  return log !== undefined && logFiles(channels)?.length !== 0;
}

/** The line of the far end before a log that was too long for it (wdev_log, log-since). */
const SKIPPED = /^wdev: (\d+) bytes of this log were not read$/gm;

/**
 * The note about a log that was too long to be read: silence in the rest proves nothing.
 * @param kept characters at its end that are read here; all by default
 * @returns undefined for one that was read
 */
export function unreadNote(log: string, kept = Infinity): string | undefined {
  const skipped = [...log.matchAll(SKIPPED)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  const bytes = skipped + Math.max(0, log.length - kept);
  if (bytes === 0) return undefined;
  const size = bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `the log is too long to read: ${size} skipped, so what was complained of there is not known`;
}

/** Where the log was not read whole, the reason may stand there. */
export function withNote(finding: Finding, note: string | undefined): Finding {
  if (note === undefined) return finding;
  const sentence = `${note.charAt(0).toUpperCase()}${note.slice(1)}.`;
  return { ...finding, help: finding.help === undefined ? sentence : `${finding.help}. ${sentence}` };
}
