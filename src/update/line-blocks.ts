/** Takes texts apart line by line: what starts a part, and what stands between two. Pure. */

import type { Block, Splitter } from './keyed-merge.ts';
import { lines } from './text-merge.ts';

type Part = Omit<Block, 'text'>;

/**
 * Groups lines into parts. `start` gives the part that a line begins; other lines belong to the part before them,
 * except blank lines and comments right before a part: these are a part of their own, `#` and its key.
 */
export function groupLines(
  text: string,
  start: (line: string) => Part | undefined,
  isGap: (line: string) => boolean = (line) => /^\s*(#.*)?$/.test(line),
): readonly Block[] {
  const blocks: (Part & { text: string })[] = [];
  let gap = '';
  for (const line of lines(text)) {
    const part = start(line);
    if (part !== undefined) {
      if (gap !== '') blocks.push({ key: `#${part.key}`, text: gap });
      gap = '';
      blocks.push({ ...part, text: line });
    } else if (isGap(line.trimEnd())) gap += line;
    else if (blocks.length === 0) {
      blocks.push({ key: '', text: gap + line });
      gap = '';
    } else {
      (blocks.at(-1) as { text: string }).text += gap + line;
      gap = '';
    }
  }
  if (gap !== '') blocks.push({ key: '#end', text: gap });
  return blocks;
}

/** A requirement a line: what is required makes it the same one. */
export const requirementLines: Splitter = (text) =>
  groupLines(text, (line) => {
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
    return name === undefined ? undefined : { key: name.toLowerCase().replaceAll(/[-_.]+/g, '-') };
  });

/** Sections and keys of setup.cfg and pyproject.toml; the lines of a value by the name that they begin with. */
export const iniSections: Splitter = (text) =>
  groupLines(text, (line) => {
    const header = /^\[.*\]/.exec(line)?.[0];
    return header === undefined ? undefined : { key: header.replaceAll(/\s/g, ''), inside: iniKeys };
  });

const iniKeys: Splitter = (text) => {
  let open = false;
  return groupLines(text, (line) => {
    if (open) {
      open = !/^\s*\]/.test(line);
      return undefined;
    }
    const match = /^("[^"]*"|'[^']*'|[\w.*-]+)\s*[=:](.*)$/.exec(line.trimEnd());
    if (match === null) return undefined;
    open = /^\s*\[[^\]]*$/.test(match[2] ?? '');
    return { key: match[1] ?? '', ...(open ? {} : { inside: iniItems }) };
  });
};

const iniItems: Splitter = (text) =>
  groupLines(text, (line) => {
    const name = /^\s+([^\s#;=<>~!]+)/.exec(line)?.[1];
    return name === undefined ? undefined : { key: name };
  });
