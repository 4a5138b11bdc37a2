/** Answers to an editor, as far as somebody looks at them. */
import { type DocumentSymbol, type Location, SymbolKind } from 'vscode-languageserver/node';
import { locations } from './addresses.ts';
import type { Asked, OutlinePart, Place } from './language.ts';
import type { Lines } from './span.ts';

/** The most parts, places or words of one answer: each is some two hundred bytes, and of a few in the text. */
export const MOST_ANSWERED = 5_000;

/** The most places of one rename: it is done whole, or not at all. */
export const MOST_RENAMED = 50_000;

const SYMBOLS: Readonly<Record<OutlinePart['kind'], SymbolKind>> = {
  module: SymbolKind.Module,
  method: SymbolKind.Method,
  key: SymbolKind.Key,
  function: SymbolKind.Function,
};

/** The outline of a file, up to that many parts. */
export function symbolsOf(all: readonly OutlinePart[], lines: Lines): DocumentSymbol[] {
  let left = MOST_ANSWERED;
  const some = (parts: readonly OutlinePart[]): DocumentSymbol[] => {
    const own = parts.slice(0, left);
    left -= own.length;
    return own.map(symbolOf);
  };
  const symbolOf = ({ name, kind, at, whole, parts }: OutlinePart): DocumentSymbol => ({
    name,
    kind: SYMBOLS[kind],
    range: lines.rangeOf(whole),
    selectionRange: lines.rangeOf(at),
    children: some(parts),
  });
  return some(all);
}

/** Places of the plugin's texts, up to that many. */
export function placesAsked(places: readonly Place[] = [], { files }: Asked): Location[] {
  return locations(places.slice(0, MOST_ANSWERED), files);
}
