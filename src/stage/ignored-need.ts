import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import type { SourceListing } from '../git/sources.ts';
import type { RunResult } from '../support/run.ts';
import { lstatOf } from '../support/stat.ts';
import { trimEnd } from '../support/trim-end.ts';

const LACKS = /no such file|cannot stat|cannot open|can't open|not found|does not exist|can't find/i;

/**
 * The finding of a step that failed, with the file that it lacked where that lies in the plugin's folder and git
 * ignores it: here it is left out as a clone on a server leaves it out.
 */
export function withIgnored(
  finding: Finding,
  { stdout, stderr }: Pick<RunResult, 'stdout' | 'stderr'>,
  dir: string,
  sources: SourceListing,
): Finding {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => LACKS.test(line));
  const words = lines.flatMap((line) => line.match(/[\w@%+.,/*?-]+/g) ?? []);
  const ignored = words.map(named).find((name) => name !== '' && isIgnored(name, dir, sources));
  if (ignored === undefined) return finding;
  const told = `git ignores ${ignored}, which lies here: neither this copy nor a server's clone has it. Remove it from .gitignore, or let build make it.`;
  return { ...finding, help: finding.help === undefined ? told : `${told}\n${finding.help}` };
}

/** A word as a path relative to the sources; of a pattern its folder. Empty for none. */
function named(word: string): string {
  const inside = word.slice(word.lastIndexOf('/source/') < 0 ? 0 : word.lastIndexOf('/source/') + 8);
  const [plain = ''] = inside.split(/[*?]/, 1);
  const whole = plain === inside ? plain : plain.slice(0, plain.lastIndexOf('/') + 1);
  const name = path.posix.normalize(trimEnd(whole, '.,:')).replace(/\/$/, '');
  return name === '.' || name.startsWith('/') || name.startsWith('..') ? '' : name;
}

function isIgnored(name: string, dir: string, sources: SourceListing): boolean {
  if (sources.has(name) || lstatOf(path.join(dir, name)) === undefined) return false;
  return ![...sources.keys()].some((file) => file.startsWith(`${name}/`));
}
