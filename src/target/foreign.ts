import type { Change } from '../plan/plan.ts';
import type { Finding } from '../support/finding.ts';
import { expectedHashes, hashScript, readHashLines } from './hashes.ts';
import { quote, quoteAll } from './quote.ts';
import { sectionText, type Section } from './sections.ts';
import type { Session } from './session.ts';

/**
 * Paths that a batch would write or remove and that wdev had its hands on before: what stands there now must
 * be what wdev left there. Paths that wdev never touched are originals, and kept as such.
 */
export function guardedPaths(session: Session, changes: readonly Change[]): readonly string[] {
  const paths = changes.flatMap(({ difference }) => [
    ...difference.put.filter(({ folder }) => folder !== true).map(({ path }) => path),
    ...difference.removed,
  ]);
  return paths.filter((path) => session.touched.has(path));
}

/** Steps that end a script with status 76 and two sections when something differs from what wdev left. */
export function foreignGuard(session: Session, paths: readonly string[]): readonly string[] {
  const [expected, absent] = expectations(session, paths);
  const steps: string[] = [];
  const stop = `wdev_section foreign; printf '%s\\n' "$__now"; wdev_section present; wdev_present ${quoteAll(absent)}; exit 76`;
  if (expected.size > 0) {
    const text = quote(expectedHashes(expected, session.target.root));
    steps.push(`__now=$(${hashScript([...expected.keys()])}); [ "$__now" = ${text} ] || { ${stop}; }`);
  }
  if (absent.length > 0) {
    steps.push(`__now=\${__now-}; [ -z "$(wdev_present ${quoteAll(absent)})" ] || { ${stop}; }`);
  }
  return steps;
}

/** Which paths of a batch somebody else changed, from the sections of a guard that stopped its script. */
export function foreignEdits(
  session: Session,
  changes: readonly Change[],
  guard: readonly Section[],
): readonly string[] {
  const coming = new Map(
    changes.flatMap(({ difference }) => difference.put.map(({ path, hash }) => [path, hash])),
  );
  return foreignPaths(session, guardedPaths(session, changes), guard, coming);
}

/** As `foreignEdits`, of any paths. `coming` are hashes that somebody else may well have written already. */
export function foreignPaths(
  session: Session,
  paths: readonly string[],
  guard: readonly Section[],
  coming: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const [expected, absent] = expectations(session, paths);
  const found = readHashLines(sectionText(guard, 'foreign'), [...expected.keys()], session.target.root);
  const edited = [...found].filter(
    ([path, hash]) => hash !== expected.get(path) && hash !== coming.get(path),
  );
  const made = sectionText(guard, 'present')
    .split('\n')
    .flatMap((index) => (index === '' ? [] : (absent[Number(index)] ?? [])));
  return [...edited.map(([path]) => path), ...made];
}

/** The hash that each path must have, and the paths that must not be there. */
function expectations(
  session: Session,
  paths: readonly string[],
): readonly [ReadonlyMap<string, string>, readonly string[]] {
  const installed = new Map([...session.installed.values()].flatMap(({ files }) => [...files]));
  const expected = new Map<string, string>();
  const absent: string[] = [];
  for (const path of paths) {
    const file = installed.get(path);
    if (file === undefined) absent.push(path);
    // of a shared file only a part is the plugin's; a link's hash is that of its text
    else if (file.partOf === undefined && file.mode !== LINK && file.hash !== 'folder') {
      expected.set(path, file.stands ?? file.hash);
    }
  }
  return [expected, absent];
}

const LINK = 0o777;

/** What a plugin's author is told of files that somebody else changed on the target. */
export function foreignFindings(change: Change, foreign: readonly string[]): readonly Finding[] {
  const { put, removed } = change.difference;
  const own = [...put.map(({ path }) => path), ...removed].filter((path) => foreign.includes(path));
  return own.map((path) => {
    const source = change.tree.get(path)?.source;
    return {
      code: 'target-file-edited',
      level: 'error',
      message: `${path} was changed on the target by someone else, so nothing was written.`,
      ...(source === undefined ? {} : { file: source }),
      help: 'Take that change over into the source; or remove the file there, and save again to put yours.',
    };
  });
}
