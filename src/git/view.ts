/**
 * A repository as git may see it: a folder of ours with its own configuration and no hooks, and links to the branches,
 * the index and the objects of the repository. What stands in the repository's configuration names no program then,
 * whatever key it finds for it: what git does not read, it does not obey.
 */

import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { statOf } from '../support/stat.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { descriptionOf, headOf, type Repository } from './repository.ts';

/** The content of a view. As long as it is the same, the view serves every call. */
interface Plan {
  readonly files: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
  /** Name in the view → where it leads. */
  readonly links: Readonly<Record<string, string>>;
}

let folder: string | undefined;
let made = 0;
/** Plan → view. */
const views = new Map<string, string>();

/**
 * The folder of a view; without a repository, one of a repository with no files and no commits. It goes with this
 * process.
 * @param attributes lines that outrank the repository's
 */
export function viewOf(repository: Repository | undefined, attributes?: string): string {
  const plan = withAttributes(repository === undefined ? EMPTY : planFor(repository), attributes);
  const key = JSON.stringify(plan);
  const before = views.get(key);
  if (before !== undefined && existsSync(path.join(before, 'HEAD'))) return before;
  const view = path.join(viewsFolder(), String((made += 1)));
  mkdirSync(view);
  for (const name of plan.folders) mkdirSync(path.join(view, name));
  for (const [name, target] of Object.entries(plan.links)) symlinkSync(target, path.join(view, name));
  for (const [name, text] of Object.entries(plan.files)) writeFileSync(path.join(view, name), text);
  views.set(key, view);
  return view;
}

function viewsFolder(): string {
  if (folder !== undefined && existsSync(folder)) return folder;
  if (folder === undefined)
    process.once('exit', () => rmSync(folder ?? '', { recursive: true, force: true }));
  folder = temporaryFolder('git');
  return folder;
}

/** All that git asks of a repository; git init would take longer than the listing. */
const EMPTY: Plan = {
  files: { HEAD: 'ref: refs/heads/master\n', config: configText(new Map()) },
  folders: ['objects', 'refs'],
  links: {},
};

function withAttributes(plan: Plan, attributes: string | undefined): Plan {
  if (attributes === undefined) return plan;
  const { 'info/attributes': _, ...links } = plan.links;
  const folders = plan.folders.includes('info') ? plan.folders : [...plan.folders, 'info'];
  return { files: { ...plan.files, 'info/attributes': attributes }, folders, links };
}

function planFor(repository: Repository): Plan {
  const { gitDir, commonDir } = repository;
  const own = readdirSync(gitDir).filter((name) => name === 'index' || name.startsWith('sharedindex.'));
  const links = {
    ...linksTo(commonDir, ['objects', 'refs', 'reftable'], 'isDirectory'),
    ...linksTo(commonDir, ['packed-refs', 'shallow', 'info/exclude', 'info/attributes'], 'isFile'),
    ...linksTo(gitDir, [...own, 'info/sparse-checkout'], 'isFile'),
  };
  const files = {
    HEAD: `${headOf(gitDir) ?? ''}\n`,
    config: configText(descriptionOf(repository)),
  };
  return { files, folders: ['info'], links };
}

/** Only what is of its kind: git waits for a pipe, and reads a device for ever. */
function linksTo(
  original: string,
  names: readonly string[],
  is: 'isFile' | 'isDirectory',
): Readonly<Record<string, string>> {
  const there = names.filter((name) => statOf(path.join(original, name))?.[is]() === true);
  return Object.fromEntries(there.map((name) => [name, path.join(original, name)]));
}

function configText(description: ReadonlyMap<string, string>): string {
  const format = description.get('core.repositoryformatversion') ?? '0';
  const rows = [...description].filter(([key]) => key !== 'core.repositoryformatversion');
  return [
    `[core]\n\trepositoryformatversion = ${format}\n\tbare = false\n`,
    ...rows.map(([key, value]) => {
      const [section, name] = key.split('.');
      return `[${section}]\n\t${name} = ${value}\n`;
    }),
  ].join('');
}
