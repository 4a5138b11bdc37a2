import { join, relative } from 'node:path';
import type { Change } from '../effects/change.ts';
import type { Finding } from '../findings/finding.ts';
import { expectedHashes, hashScript, readHashLines, standQuestion, type Links } from './hashes.ts';
import { sourceOfByteCode } from './packages.ts';
import { quote, quoteAll, typedPath } from '../support/quote.ts';
import { sectionText, type Section } from '../effects/sections.ts';
import type { Session } from './session.ts';
import type { Target } from './target.ts';

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

/** An installed path where a person finds it: below the folder of an embedded stack, or as it is on another machine. */
export function placeOn({ root }: Rooted, path: string): string {
  return root === '' ? path : relative('', `${root}${path}`);
}

type Rooted = Pick<Target, 'root'>;

/** Told of a file that somebody else changed on the target: `done` says what became of it. */
function foreignEdit(
  shown: string,
  plugin: string | undefined,
  done: string,
  more: { readonly file?: string; readonly help: string },
): Finding {
  const whose = plugin === undefined ? '' : ` (of ${plugin})`;
  const message = `${shown}${whose} was edited on the target after wdev wrote it; ${done}`;
  return { code: 'foreign-edit', level: 'error', message, ...more };
}

/** How to delete an installed file: the command, for where the person stands, or for a shell on the target. */
function deletion(target: Rooted, path: string): string {
  return target.root === '' ? `on the target: rm ${quote(path)}` : `rm ${typedPath(placeOn(target, path))}`;
}

/** Advice about an edit that a removal kept. */
function keptHelp(target: Rooted, path: string): string {
  return `Copy what you need from it. Then delete it${target.root === '' ? ' ' : ': '}${deletion(target, path)}`;
}

function restoreAgain(target: Rooted, path: string): string {
  return `${keptHelp(target, path)}\nThen run wdev restore again.`;
}

/**
 * Advice about an edit on the target.
 * @param source where its file is in the sources, from where the person stands
 */
export function editHelp(target: Rooted, path: string, source: string | undefined): string {
  const copy =
    target.root === ''
      ? `To keep the edit, copy it into ${source}.`
      : `To keep the edit: cp ${typedPath(placeOn(target, path))} ${typedPath(source ?? '')}`;
  const discard = `To discard it${target.root === '' ? ', ' : ': '}${deletion(target, path)}`;
  return source === undefined ? discard : `${copy}\n${discard}`;
}

/** Told by a restore that has no record any more of what wdev wrote there. */
export function unknownThere(target: Rooted, path: string): Finding {
  return {
    code: 'foreign-edit',
    level: 'error',
    message: `${placeOn(target, path)} was not restored: wdev has no record of what it wrote there`,
    help: restoreAgain(target, path),
  };
}

/** Told by a restore of a file that it keeps. */
export function leftByRestore(target: Rooted, path: string, plugin: string | undefined): Finding {
  return foreignEdit(placeOn(target, path), plugin, 'it was kept', { help: restoreAgain(target, path) });
}

/**
 * Told by a removal of one plugin of a file that it keeps.
 * @param hadEarlier whether another file was there before wdev
 */
export function leftByRemoval(target: Rooted, path: string, plugin: string, hadEarlier: boolean): Finding {
  const earlier = hadEarlier
    ? '\nThe file that was there before wdev comes back with wdev restore, which removes all plugins.'
    : '';
  return foreignEdit(placeOn(target, path), plugin, 'it was kept', {
    help: `${keptHelp(target, path)}${earlier}`,
  });
}

/** Told later of a file that a removal kept. */
export function stillThere(target: Rooted, path: string): Finding {
  return {
    code: 'foreign-edit',
    level: 'warning',
    message: `${placeOn(target, path)} was edited on the target, so it was kept when its plugin was uninstalled`,
    help: keptHelp(target, path),
  };
}

/** The finding about files that somebody else changed on the target. */
export function foreignFindings(
  target: Rooted,
  change: Change,
  foreign: readonly string[],
  done = 'nothing was written',
): readonly Finding[] {
  const { put, removed } = change.difference;
  const own = [...put.map(({ path }) => path), ...removed].filter((path) => foreign.includes(path));
  const folder = relative('', change.plugin.dir);
  const install = ['wdev install', folder].join(' ').trim();
  return own.map((path) => {
    const source = change.tree.get(path)?.source;
    const help = editHelp(target, path, source === undefined ? undefined : join(folder, source));
    return foreignEdit(placeOn(target, path), change.plugin.id, done, {
      ...(source === undefined ? {} : { file: source }),
      help: `${help}\nThen run ${install} (in wdev watch, press r).`,
    });
  });
}
