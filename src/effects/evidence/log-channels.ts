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
