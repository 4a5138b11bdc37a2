import { EXTRA_FEATURES, isBeforePlugins } from '../../wazo/contexts.ts';
import { decodeOctets } from './octets.ts';
import { EXTENSIONS_CONF } from './load.ts';
import { byBytes } from './source.ts';

/** The file of a server that opens [xivo-extrafeatures]; no other does. */
export const EXTRA_FILE = '/etc/asterisk/extensions_extra.d/xivo-extrafeatures.conf';

/** A dialplan file: where it is installed, and its text. */
interface InstalledText {
  readonly installed: string;
  readonly content: string | Uint8Array;
}

/** Sections that a server's own files open, as far as the files of plugins add to them by `[name](+)`. */
export interface StockSections {
  /** Those that every file of a plugin finds. */
  readonly before: readonly string[];
  /** The first of the files that comes after the one with [xivo-extrafeatures]; undefined for none. */
  readonly extraBefore: string | undefined;
}

/** The sections that the server opens before each of these files, in the byte order of their names. */
export function stockSections(inOrder: readonly InstalledText[]): StockSections {
  const added = new Set(inOrder.flatMap(({ content }) => additions(content)));
  const after = inOrder.find(({ installed }) => byBytes(EXTRA_FILE, installed) <= 0)?.installed;
  return {
    before: [...added].filter(isBeforePlugins),
    extraBefore: added.has(EXTRA_FEATURES) ? after : undefined,
  };
}

/**
 * Files of plugins with a main file of that text, among what a server opens before them.
 * @param inOrder in the byte order of their names
 */
export function withStock(
  inOrder: readonly InstalledText[],
  main: string,
): ReadonlyMap<string, string | Uint8Array> {
  const { before, extraBefore } = stockSections(inOrder);
  const texts = new Map<string, string | Uint8Array>();
  if (extraBefore !== undefined) texts.set(EXTRA_FILE, opened([EXTRA_FEATURES]));
  for (const { installed, content } of inOrder) texts.set(installed, content);
  return texts.set(EXTENSIONS_CONF, opened(before) + main);
}

/** The text that opens sections. */
export function opened(names: readonly string[]): string {
  return names.map((name) => `[${name}]\n`).join('');
}

/** The names of the sections that a file opens by itself. */
export function openings(content: string | Uint8Array): readonly string[] {
  const text = typeof content === 'string' ? content : decodeOctets(content);
  return [...text.matchAll(/^[ \t]*\[([^\]\r\n]+)\](?![ \t]*\([^)\r\n]*\+)/gm)].map(([, name = '']) => name);
}

/** The names that a file adds to by `[name](+)`. */
function additions(content: string | Uint8Array): readonly string[] {
  const text = typeof content === 'string' ? content : decodeOctets(content);
  return [...text.matchAll(/^[ \t]*\[([^\]\r\n]+)\][ \t]*\([^)\r\n]*\+/gm)].map(([, name = '']) => name);
}
