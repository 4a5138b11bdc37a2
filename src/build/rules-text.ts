import type { SourceListing } from '../stage/listing.ts';

/** The first line of `wazo/rules`, counted from 1, that a pattern matches outside of comments. */
export function rulesLine(sources: SourceListing, pattern: RegExp): number | undefined {
  const lines = sources.get('wazo/rules')?.bytes.toString('utf8').split('\n') ?? [];
  const at = lines.findIndex((line) => !/^\s*#/.test(line) && pattern.test(line));
  return at < 0 ? undefined : at + 1;
}
