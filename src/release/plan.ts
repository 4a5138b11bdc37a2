/** The files that a release would write. */

import { readGitHead } from '../git/head.ts';
import { typedGit } from '../git/typed.ts';
import { refsOfRemote, upstreamOf, type Upstream } from '../git/remote.ts';
import type { SourceListing } from '../git/sources.ts';
import { editsBetween, readTree, stateOf, type FileEdit, type FileState } from '../edits/file-tree.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { PluginToCheck } from '../check/check.ts';
import { UserError, usageError } from '../support/errors.ts';
import { bumpOf, saysUnreleased, withSection } from './changelog.ts';
import { releaseFacts, subjectsSince, type ReleaseFacts } from './facts.ts';
import { nextVersion } from './version.ts';
import { sourcesWith, versionTexts } from '../package/version-edits.ts';

const CHANGELOG = 'CHANGELOG.md';

export interface ReleasePlan {
  readonly plugin: Plugin;
  readonly facts: ReleaseFacts;
  readonly version: string;
  readonly changes: readonly string[];
  /** Relative to the plugin's folder. */
  readonly edits: readonly FileEdit[];
  /** The sources as they are after the edits. */
  readonly sources: SourceListing;
  /** Where it is published; undefined without a remote. */
  readonly upstream: Upstream | undefined;
}

export interface PlanOptions {
  /** `patch`, `minor`, `major` or a version; undefined: what the notes of changes ask for. */
  readonly wanted: string | undefined;
  /** `2026-11-29` */
  readonly date: string;
  readonly push: boolean;
}

/**
 * Plans a release; writes nothing.
 * @throws UserError as releaseFacts and nextVersion, `tag-exists`, `nothing-new`; with `push` also `no-remote` and
 *   `remote-unreachable` (exit 3)
 */
export async function planRelease(plugin: Plugin, options: PlanOptions): Promise<ReleasePlan> {
  const facts = await releaseFacts(plugin);
  const notes = [...facts.changesets.values()];
  const wanted = options.wanted ?? bumpOf(notes);
  if (wanted === undefined)
    throw usageError(
      'no version given',
      'Run wdev release patch (or minor, major, or a version like 1.2.3). Notes in .changeset would choose it.',
    );
  const version = nextVersion(facts.present, wanted);
  if (facts.tags.includes(version)) throw tagExists(`tag ${version} already exists`);
  const upstream = upstreamOf(facts.repository, facts.branch);
  if (options.push && upstream === undefined)
    throw new UserError('no-remote', 'the repository has no remote to push to', {
      help: `Add one: ${typedGit(facts.repository.root)} remote add origin ADDRESS`,
    });
  if (options.push && upstream !== undefined) {
    const refs = await refsOfRemote(facts.repository, upstream.remote);
    if (refs.has(`refs/tags/${version}`))
      throw tagExists(`${upstream.remote.name} has a tag ${version} already`);
  }
  const before = facts.sources.get(CHANGELOG)?.bytes.toString('utf8');
  const changes = notes.length > 0 ? notes.map(({ text }) => text) : await changesOf(facts, before);
  if (changes.length === 0 && !saysUnreleased(before))
    throw new UserError('nothing-new', `nothing to release: no commit since ${facts.present}`, {
      help: 'Commit a change first.',
    });
  const texts = new Map<string, string | undefined>([
    ...(await versionTexts(plugin.dir, facts.sources, facts.present, version)),
    [CHANGELOG, withSection(before, { version, date: options.date, changes })],
    ...[...facts.changesets.keys()].map((name): [string, undefined] => [name, undefined]),
  ]);
  const edits = await editsOf(plugin.dir, texts);
  return { plugin, facts, version, changes, edits, sources: sourcesWith(facts.sources, texts), upstream };
}

function tagExists(sentence: string): UserError {
  return new UserError('tag-exists', sentence, { help: 'A version is released once: name a higher one.' });
}

/** The text under Unreleased was written for people, so subjects of commits are not added. */
async function changesOf(facts: ReleaseFacts, changelog: string | undefined): Promise<readonly string[]> {
  return saysUnreleased(changelog) ? [] : await subjectsSince(facts);
}

async function editsOf(
  dir: string,
  texts: ReadonlyMap<string, string | undefined>,
): Promise<readonly FileEdit[]> {
  const before = await readTree(dir, texts.keys());
  const after = [...texts].flatMap(([name, text]): readonly [string, FileState][] =>
    text === undefined ? [] : [[name, stateOf(text, before.get(name)?.mode ?? 0o644)]],
  );
  return editsBetween(before, new Map(after));
}

/** The plugin as it is after the edits, for check. */
export function plannedPlugin({ plugin, sources }: ReleasePlan): PluginToCheck {
  return { plugin, sources, git: readGitHead(plugin.dir) };
}
