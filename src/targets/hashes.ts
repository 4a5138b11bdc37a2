import { quote } from '../support/quote.ts';

/** A line of sha256sum about a file; only names that it prints as they are. */
const LINE = /^([0-9a-f]{64}) [ *](.+)$/;

/** How many files one sha256sum is given. */
const AT_A_TIME = 500;

/** Paths that are symbolic links: their hash is that of the text. */
export type Links = ReadonlySet<string>;

const NO_LINKS: Links = new Set();

/**
 * A script that prints the hashes of files on a target, for `readHashLines` with the same paths. Files that
 * are not there are left out. `run` is empty where the script stands in a command substitution.
 */
export function hashScript(paths: readonly string[], links = NO_LINKS, run = 'wdev_do '): string {
  const [plain, odd] = sorted(paths, links);
  const calls: string[] = [];
  for (let at = 0; at < plain.length; at += AT_A_TIME) {
    const words = plain.slice(at, at + AT_A_TIME).map((path) => `"$R"${quote(path)}`);
    calls.push(`${run}sha256sum -- ${words.join(' ')} 2>/dev/null`);
  }
  for (const [index, path] of odd.entries()) {
    calls.push(`${links.has(path) ? 'wdev_link' : 'wdev_hash'} ${index} "$R"${quote(path)}`);
  }
  return calls.join('; ') || ':';
}

/** A question to the helper on the target: whether all files have their hashes. It can't tell of links. */
export function standQuestion(files: ReadonlyMap<string, string>, links = NO_LINKS): string {
  if (files.size > AT_A_TIME || links.size > 0) return 'false';
  const words = [...files].map(([path, hash]) => `${hash} "$R"${quote(path)}`);
  return `wdev_ask stand ${words.join(' ')}`;
}

/** The text that `hashScript` makes when every file has the hash that is told. */
export function expectedHashes(files: ReadonlyMap<string, string>, root: string, links = NO_LINKS): string {
  const [plain, odd] = sorted([...files.keys()], links);
  const lines = plain.map((path) => `${files.get(path)}  ${root}${path}`);
  return [...lines, ...odd.map((path, index) => `${files.get(path)}  #${index}`)].join('\n');
}

/** Path → SHA-256 from the output of `hashScript`. */
export function readHashLines(
  text: string,
  paths: readonly string[],
  root: string,
  links = NO_LINKS,
): ReadonlyMap<string, string> {
  const [, odd] = sorted(paths, links);
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, hash = '', name = ''] = LINE.exec(line) ?? [];
    const path = name.startsWith('#') ? odd[Number(name.slice(1))] : name.slice(root.length);
    if (hash !== '' && path !== undefined) found.set(path, hash);
  }
  return found;
}

/** Names that sha256sum prints as they are, and those that it may not, or that are links. */
function sorted(paths: readonly string[], links: Links): readonly [readonly string[], readonly string[]] {
  const isOdd = (path: string): boolean => links.has(path) || /[\\\n\r]/.test(path);
  return [paths.filter((path) => !isOdd(path)), paths.filter(isOdd)];
}
