import { confNeed, confOutline, confWords, sectionHover } from './conf-names.ts';
import type { Mention } from './dialplan-names.ts';
import { outlineOf } from './dialplan-outline.ts';
import {
  definitionsOf,
  mentionAt,
  mentionsOf,
  type PlacedMention,
  referencesOf,
  renamesOf,
} from './dialplan-places.ts';
import { contextWords, hoverOf, wordsAt } from './dialplan-words.ts';
import { confOf, isDialplan } from './file-kinds.ts';
import type { Asked, EditorText, Language, OutlinePart, Place, Renamed, Word } from './language.ts';

/** The files of Asterisk among those of a plugin: a context of the dialplan is named in many. */
function asteriskFiles(files: readonly EditorText[]): readonly EditorText[] {
  return files.filter(({ name }) => isDialplan(name) || confOf(name) !== undefined);
}

function isRenamed({ kind }: Mention): boolean {
  return kind !== 'application' && kind !== 'function';
}

function placesOf(found: readonly PlacedMention[]): readonly Place[] {
  return found.map(({ uri, mention: { start, end } }) => ({ uri, start, end }));
}

function nameAt({
  file,
  offset,
  files,
}: Asked): { mention: Mention; files: readonly EditorText[] } | undefined {
  const mention = mentionAt(file, offset);
  return mention === undefined ? undefined : { mention, files: asteriskFiles(files) };
}

const NAMES = {
  definitions: (asked) => {
    const found = nameAt(asked);
    return found === undefined ? [] : placesOf(definitionsOf(found.mention, found.files));
  },
  references: (asked) => {
    const found = nameAt(asked);
    return found === undefined ? [] : placesOf(referencesOf(found.mention, found.files));
  },
  rename: (asked): Renamed | undefined => {
    const found = nameAt(asked);
    if (found === undefined || !isRenamed(found.mention)) return undefined;
    const { mention, files } = found;
    return {
      at: mention,
      name: mention.name,
      kind: mention.kind,
      places: placesOf(renamesOf(mention, files)),
    };
  },
} satisfies Partial<Language>;

export const DIALPLAN: Language = {
  name: 'dialplan',
  takes: isDialplan,
  ...NAMES,
  hover: ({ file, files, offset }) => hoverOf(file, asteriskFiles(files), offset),
  words: ({ file, files, before, offset }) =>
    wordsAt(
      file,
      asteriskFiles(files).filter(({ name }) => isDialplan(name)),
      before,
      offset,
    ),
  outline: (file) =>
    outlineOf(file).map(({ name, at, whole, extensions }): OutlinePart => ({
      name,
      kind: 'module',
      at,
      whole,
      parts: extensions.map((one) => ({
        name: one.name || '?',
        kind: 'method',
        at: one.at,
        whole: one.whole,
        parts: [],
      })),
    })),
};

export const ASTERISK_CONF: Language = {
  name: 'another file of Asterisk',
  takes: (file) => confOf(file) !== undefined,
  ...NAMES,
  hover: ({ file, files, offset, line }) => {
    const mention = mentionAt(file, offset);
    if (mention?.kind === 'section') return sectionHover(file, mention.name);
    if (mention !== undefined) return hoverOf(file, asteriskFiles(files), offset);
    return /^\s*[\w-]+\s*=/.test(line) ? confNeed(file.name) || undefined : undefined;
  },
  words: ({ file, files, before }) =>
    confWords(
      file,
      before,
      () => contextWords(files.filter(({ name }) => isDialplan(name))),
      () => sectionWords(file, files),
    ),
  outline: confOutline,
};

/** The sections of the same configuration. */
function sectionWords(file: EditorText, files: readonly EditorText[]): readonly Word[] {
  const conf = confOf(file.name);
  const names = files
    .filter(({ name }) => confOf(name) === conf)
    .flatMap((one) => mentionsOf(one))
    .filter(({ kind, role }) => kind === 'section' && role === 'definition')
    .map(({ name }) => name);
  return [...new Set(names)].map((label) => ({
    label,
    kind: 'value',
    detail: `section of ${conf ?? ''}.conf`,
  }));
}
