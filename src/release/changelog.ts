/** CHANGELOG.md and notes of changes (changesets), read and written. Pure. */

import { BUMPS, type Bump } from './version.ts';

/** A note of a change, as `npx changeset` writes it: how much it raises the version, and what it says. */
export interface Changeset {
  readonly bump: Bump;
  readonly text: string;
}

/** Reads a note; undefined for a file that is none, like the README beside them. Source: changesets, file format. */
export function readChangeset(text: string): Changeset | undefined {
  const [, head, body] = /^---\r?\n([\s\S]*?)\r?\n?---\r?\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined) return undefined;
  const bumps = [...head.matchAll(/:\s*["']?(patch|minor|major)["']?\s*$/gm)].map(([, word]) => word);
  const bump = BUMPS.findLast((one) => bumps.includes(one));
  return bump === undefined ? undefined : { bump, text: body.trim() };
}

/** The greatest of what the notes ask for. */
export function bumpOf(changesets: readonly Changeset[]): Bump | undefined {
  return BUMPS.findLast((one) => changesets.some(({ bump }) => bump === one));
}

/** The changes of a release, one text each. */
export interface Section {
  readonly version: string;
  /** `2026-11-29` */
  readonly date: string;
  readonly changes: readonly string[];
}

const TITLE = '# Changelog';

/** The text with a section at its top; one named Unreleased becomes it, with what it holds already. */
export function withSection(before: string | undefined, section: Section): string {
  const text = (before ?? `${TITLE}\n`).replaceAll('\r\n', '\n').trimEnd();
  const head = `## ${section.version} (${section.date})`;
  const own = section.changes.map(bullet).join('\n');
  const unreleased = /^## +\[?unreleased\]?.*\n?/im.exec(text);
  if (unreleased !== null) {
    const from = unreleased.index + unreleased[0].length;
    const next = text.slice(from).search(/^## /m);
    const to = next < 0 ? text.length : from + next;
    const held = text.slice(from, to).trim();
    const body = [held, own].filter((part) => part !== '').join('\n');
    return joined([text.slice(0, unreleased.index), `${head}\n\n${body}`, text.slice(to)]);
  }
  const at = text.search(/^## /m);
  const top = at < 0 ? text : text.slice(0, at);
  return joined([top, `${head}\n\n${own}`, at < 0 ? '' : text.slice(at)]);
}

/** Whether a section named Unreleased says something. */
export function saysUnreleased(text: string | undefined): boolean {
  const [, held = ''] = /^## +\[?unreleased\]?.*\n([\s\S]*?)(?=^## |$(?![\s\S]))/im.exec(text ?? '') ?? [];
  return held.trim() !== '';
}

function joined(parts: readonly string[]): string {
  return `${parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** A change of several lines stays one item. */
function bullet(change: string): string {
  return `- ${change.trim().replaceAll(/\n(?=.)/g, '\n  ')}`;
}
