/** Reads what apt tells on its status channel, a line at a time. Pure. */

/** One thing that a person would like to know of a long installation. */
export interface AptStep {
  readonly phase: 'download' | 'install';
  /** From 0 to 100. */
  readonly percent: number;
  /** The file or package. */
  readonly what: string;
}

/** Undefined for a line that tells nothing of the progress (apt, APT::Status-Fd: `dlstatus`, `pmstatus`). */
export function parseAptStatus(line: string): AptStep | undefined {
  const match = /^(dl|pm)status:([^:]*(?::\w+)?):(\d+(?:\.\d+)?):(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, channel, about = '', percent, text = ''] = match;
  const phase = channel === 'dl' ? 'download' : 'install';
  return { phase, percent: Number(percent), what: phase === 'download' ? text : about };
}

/** As a person reads it, with the megabytes that come over the net. */
export function stepText({ phase, percent, what }: AptStep, megabytes: number): string {
  const done = `${Math.round(percent)} %`;
  if (phase === 'install') return `installing the services: ${done}, ${what}`;
  return `downloading ${megabytes.toFixed(0)} MB of packages: ${done}`;
}

/** Megabytes that apt would download, of what `apt-get install --print-uris` printed: `'URI' FILE SIZE HASH`. */
export function downloadSize(printed: string): number {
  const sizes = [...printed.matchAll(/^'[^']+' \S+ (\d+) /gm)].map((match) => Number(match[1]));
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}
