import { lookAtPackages } from '../../src/targets/past.ts';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EntryPoint } from '../../src/wazo/entry-point.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import type { Plan, PlannedEffect } from '../../src/effects/change.ts';
import { sha256, withContentOf, type Content } from '../../src/git/content.ts';
import { LARGE, readLarge } from '../../src/git/large-files.ts';
import { diffTrees, type StagedFile, type StagedTree } from '../../src/stage/tree.ts';
import { decodeName, encodeName } from '../../src/support/file-name.ts';
import { applyBatch, commitBatch, type ApplyResult } from '../../src/targets/apply.ts';
import { undoBatch } from '../../src/targets/roll-back.ts';
import { STATE_FOLDER, type InstalledPlugin, type Session } from '../../src/targets/session.ts';
import { Shell } from '../../src/targets/shell.ts';
import type { Target } from '../../src/targets/target.ts';
import type { ShellCommand } from '../../src/stacks/shell-command.ts';
import { tempFolder } from './temp.ts';

/** The folder of a `systemctl` that has nothing to manage: a folder has no services, whatever this machine has. */
const noServices = ((): (() => string) => {
  let folder = '';
  return () => {
    if (folder !== '') return folder;
    folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(path.join(folder, 'systemctl'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    return folder;
  };
})();

/** A target behind any shell, with its files below a folder, and no systemd. */
export async function shellTarget(command: ShellCommand, root: string): Promise<Target> {
  const PATH = `${noServices()}:${command.env?.['PATH'] ?? process.env['PATH']}`;
  const quiet = { ...command, env: { ...command.env, PATH } };
  const shell = new Shell('test', quiet, { R: root, S: `${root}${STATE_FOLDER}` });
  await shell.ready();
  return {
    id: 'test',
    root,
    mark: shell.mark,
    runsRules: false,
    run: async (script, options) => await shell.run(script, options),
    close: async () => await shell.close(),
  };
}

/**
 * Puts an Asterisk below a root that says of each reload that it was done, logs nothing by itself, and shows the same
 * dialplan whatever its files say. Asterisk logs beside what it does, so its log may come late.
 * @returns the environment of a shell that finds it
 */
export function silentAsterisk(root: string, shows: string): Record<string, string> {
  for (const folder of ['bin', 'var/log/asterisk', 'var/lib'])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, 'var/log/asterisk/full'), '');
  const script = `#!/bin/sh\ncase $2 in *reload) echo 'Dialplan reloaded.' ;; *) printf '%s' "${shows}" ;; esac\n`;
  writeFileSync(path.join(root, 'bin/asterisk'), script, { mode: 0o755 });
  return { PATH: `${path.join(root, 'bin')}:${process.env['PATH']}` };
}

/** With this folder first in PATH a shell has to do without perl, and so without helper.pl. */
export function hidePerl(folder: string): void {
  writeFileSync(path.join(folder, 'perl'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
}

export const PLUGIN: Plugin = {
  kind: 'stack',
  dir: '/nowhere',
  id: 'demo/hello',
  name: 'hello',
  namespace: 'demo',
  version: '1.0',
};

type Entry = string | Buffer | { readonly link: string } | { readonly folder: number };

/** A staged tree: path → text, bytes, link or empty folder. `modes` are those that are not 0644. */
export function tree(
  entries: Readonly<Record<string, Entry>>,
  modes: Record<string, number> = {},
): StagedTree {
  return new Map(
    Object.entries(entries).map(([path, entry]): [string, StagedFile] => [
      path,
      file(path, entry, modes[path]),
    ]),
  );
}

function file(name: string, entry: Entry, mode = 0o644): StagedFile {
  if (typeof entry === 'string' || Buffer.isBuffer(entry)) {
    const bytes = Buffer.from(entry);
    if (bytes.length > LARGE)
      return withContentOf({ path: name, mode, hash: '', bytes: Buffer.alloc(0) }, onDisk(bytes));
    return { path: name, mode, hash: sha256(bytes), bytes };
  }
  if ('link' in entry) {
    return { path: name, mode: 0o777, hash: sha256(entry.link), link: entry.link, bytes: Buffer.alloc(0) };
  }
  return { path: name, mode: entry.folder, hash: 'folder', folder: true, bytes: Buffer.alloc(0) };
}

/** The content of a large file, as a stage has it. */
function onDisk(bytes: Buffer): Content {
  const full = path.join(tempFolder(), 'large');
  writeFileSync(full, bytes);
  return readLarge(full);
}

const RELOAD: PlannedEffect = {
  effect: { do: 'console', command: 'dialplan reload' },
  plugins: [PLUGIN.id],
  because: 'a test',
};

/** The plan that makes a target hold `staged`, with a dialplan reload where anything changes. */
export function planFor(session: Session, staged: StagedTree, plugin = PLUGIN, effects = [RELOAD]): Plan {
  const difference = diffTrees(session.installed.get(plugin.id)?.files ?? new Map(), staged);
  const oldEntryPoints: readonly EntryPoint[] = [];
  const any = difference.put.length + difference.removed.length > 0;
  return {
    changes: [{ plugin, tree: staged, difference, oldEntryPoints }],
    effects: any ? effects : [],
    skipped: [],
  };
}

/** Brings a tree to a target as the loop does; throws when files could not be written. */
export async function bring(
  session: Session,
  staged: StagedTree,
  last: 'commit' | 'undo' = 'commit',
  plugin = PLUGIN,
): Promise<ApplyResult> {
  if (session.look.isDue) await lookAtPackages(session);
  const plan = planFor(session, staged, plugin);
  const before = new Map<string, InstalledPlugin | undefined>([
    [plugin.id, session.installed.get(plugin.id)],
  ]);
  const result = await applyBatch(session, { plan, contexts: [] });
  if (result.problem !== undefined || result.unwritten.length > 0) {
    await undoBatch(session, plan, before, result);
    throw new Error(`${result.problem ?? 'unwritten:'} ${result.unwritten.join(' ')}`);
  }
  if (result.foreign.length > 0) return result;
  if (last === 'commit') await commitBatch(session);
  else await undoBatch(session, plan, before, result);
  return result;
}

/** All that is below a folder: path → kind, mode and content. `without` are paths that are left out. */
export function snapshot(root: string, without: readonly string[] = []): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (below: string): void => {
    for (const entry of readdirSync(encodeName(`${root}${below}`), { encoding: 'buffer' })) {
      const path = `${below}/${decodeName(entry)}`;
      if (without.includes(path)) continue;
      const what = kindOf(`${root}${path}`);
      found.set(path, what);
      if (what.startsWith('folder')) visit(path);
    }
  };
  visit('');
  return found;
}

/** Kind, mode and content of what has a name. */
function kindOf(name: string): string {
  const full = encodeName(name);
  const stat = lstatSync(full);
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isSymbolicLink()) return `link ${decodeName(readlinkSync(full, 'buffer'))}`;
  if (stat.isDirectory()) return `folder ${mode}`;
  return stat.isFile() ? `file ${mode} ${sha256(readFileSync(full))}` : `special ${mode}`;
}

/** The same of a path below a root, whose folders are none that a link leads to. */
function standsAt(root: string, below: string): string {
  const parts = below.split('/');
  for (let length = 2; length < parts.length; length += 1) {
    const parent = encodeName(`${root}${parts.slice(0, length).join('/')}`);
    if (lstatSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) return 'nothing';
  }
  const there = lstatSync(encodeName(`${root}${below}`), { throwIfNoEntry: false });
  return there === undefined ? 'nothing' : kindOf(`${root}${below}`);
}

export function digest(found: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [path, what] of [...found].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path}\0${what}\n`);
  return hash.digest('hex');
}

/** The entries that a target must hold below its root for a staged tree to be there: only the tree's own paths. */
export function differences(root: string, staged: StagedTree): readonly string[] {
  return [...staged.values()].flatMap((wanted) => {
    const mode = wanted.mode.toString(8);
    const there = standsAt(root, wanted.path);
    const expected =
      wanted.link !== undefined
        ? `link ${wanted.link}`
        : wanted.folder === true
          ? `folder ${mode}`
          : `file ${mode} ${wanted.hash}`;
    return there === expected ? [] : [`${wanted.path}: ${there} instead of ${expected}`];
  });
}
