import type { Change } from '../effects/change.ts';
import type { Finding } from '../findings/finding.ts';
import { expectedHashes, hashScript, readHashLines, standQuestion, type Links } from './hashes.ts';
import { sourceOfByteCode } from './packages.ts';
import { quote, quoteAll } from '../support/quote.ts';
import { sectionText, type Section } from '../effects/sections.ts';
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
  const { hashes, links, absent } = expectations(session, paths);
  const steps: string[] = [];
  const stop = `wdev_section foreign; printf '%s\\n' "$__now"; wdev_section present; wdev_present ${quoteAll(absent)}; exit 76`;
  if (hashes.size > 0) {
    const text = quote(expectedHashes(hashes, session.target.root, links));
    const now = hashScript([...hashes.keys()], links, '');
    const look = `{ __now=$(${now}); [ "$__now" = ${text} ]; }`;
    steps.push(`${standQuestion(hashes, links)} || ${look} || { ${stop}; }`);
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
  const { hashes, links, absent } = expectations(session, paths);
  const text = sectionText(guard, 'foreign');
  const found = readHashLines(text, [...hashes.keys()], session.target.root, links);
  const edited = [...found].filter(([path, hash]) => hash !== hashes.get(path) && hash !== coming.get(path));
  const made = sectionText(guard, 'present')
    .split('\n')
    .flatMap((index) => (index === '' ? [] : (absent[Number(index)] ?? [])));
  return [...edited.map(([path]) => path), ...made];
}

/** The files on the target that nobody but wdev changed. */
interface Expectations {
  readonly hashes: ReadonlyMap<string, string>;
  readonly links: Links;
  /** Paths where there is nothing. */
  readonly absent: readonly string[];
}

function expectations(session: Session, paths: readonly string[]): Expectations {
  const installed = new Map([...session.installed.values()].flatMap(({ files }) => [...files]));
  const hashes = new Map<string, string>();
  const links = new Set<string>();
  const absent: string[] = [];
  for (const path of paths) {
    const file = installed.get(path);
    // Python makes byte-code anew
    if (file === undefined && sourceOfByteCode(path) !== undefined) continue;
    if (file === undefined) absent.push(path);
    // of a shared file only a part is the plugin's
    else if (file.partOf === undefined && file.hash !== 'folder') {
      hashes.set(path, file.stands ?? file.hash);
      if (file.mode === LINK) links.add(path);
    }
  }
  return { hashes, links, absent };
}

const LINK = 0o777;

/** Told of a file that somebody else changed on the target: `done` says what became of it. */
function foreignEdit(
  path: string,
  plugin: string | undefined,
  done: string,
  more: { readonly file?: string; readonly help: string },
): Finding {
  const whose = plugin === undefined ? '' : ` (of ${plugin})`;
  const message = `${path}${whose} was edited on the target after wdev wrote it; ${done}`;
  return { code: 'foreign-edit', level: 'error', message, ...more };
}

const KEEP =
  'Copy what you need from it, delete it on the target, then run wdev restore to bring back the original.';

/** Told by a restore that has no record any more of what wdev wrote there. */
export function unknownThere(path: string): Finding {
  return {
    code: 'foreign-edit',
    level: 'error',
    message: `${path} was not restored: wdev has no record of what it wrote there`,
    help: KEEP,
  };
}

/** Told where files are taken off, of one that is not. */
export function leftThere(path: string, plugin: string | undefined): Finding {
  return foreignEdit(path, plugin, 'it was kept', {
    help: KEEP,
  });
}

/** The finding about files that somebody else changed on the target. */
export function foreignFindings(
  change: Change,
  foreign: readonly string[],
  done = 'nothing was written',
): readonly Finding[] {
  const { put, removed } = change.difference;
  const own = [...put.map(({ path }) => path), ...removed].filter((path) => foreign.includes(path));
  return own.map((path) => {
    const source = change.tree.get(path)?.source;
    const take = source === undefined ? '' : `To keep the edit, copy it into ${source}. To drop it, `;
    const help = `${take}delete the file on the target. Then press r, or run wdev install.`;
    const text = `${help.charAt(0).toUpperCase()}${help.slice(1)}`;
    return foreignEdit(path, change.plugin.id, done, {
      ...(source === undefined ? {} : { file: source }),
      help: text,
    });
  });
}
