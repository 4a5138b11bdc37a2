/** Takes `wazo/rules` apart: its functions, its case, and the arms of that. Pure. */

import { readShellParts, type ShellPart } from '../readers/shell/script-parts.ts';
import type { Block, Splitter } from './keyed-merge.ts';

interface Mark extends Omit<Block, 'text'> {
  readonly from: number;
  readonly to: number;
}

/** Functions, statements and the case of a script; undefined when the shell's parser does not understand it. */
export const shellScript: Splitter = (text) => {
  const { isSound, parts } = readShellParts(text);
  if (!isSound) return undefined;
  return cut(
    text,
    parts.map((part) => markOf(text, part)),
    '#head',
  );
};

function markOf(text: string, part: ShellPart): Mark {
  const { from, to } = part;
  if (part.function !== undefined) return { from, to, key: `fn ${part.function}`, union: true };
  if (part.case !== undefined) return { from, to, key: 'case', inside: caseArms };
  return { from, to, key: text.slice(from, to) };
}

export const caseArms: Splitter = (text) => {
  const { isSound, parts } = readShellParts(text);
  const found = parts[0]?.case;
  if (!isSound || parts.length !== 1 || found === undefined) return undefined;
  const head: Mark = { from: 0, to: found.wordTo, key: '' };
  const arms = found.arms.map(({ from, to, names }): Mark => ({
    from,
    to,
    key: names.join('|'),
    union: true,
  }));
  return cut(text, [head, ...arms]);
};

/** Whole lines from mark to mark; what stands between two is a part of its own. */
function cut(text: string, marks: readonly Mark[], first?: string): readonly Block[] | undefined {
  const blocks: Block[] = [];
  let done = 0;
  for (const { from, to, ...part } of marks) {
    const start = text.lastIndexOf('\n', from - 1) + 1;
    const newline = text.indexOf('\n', Math.max(from, to - 1));
    const end = newline < 0 ? text.length : newline + 1;
    // two on one line cannot be told apart by lines
    if (start < done) return undefined;
    if (start > done) {
      const key = done === 0 && first !== undefined ? first : `#${part.key}`;
      blocks.push({ key, text: text.slice(done, start), union: key !== first });
    }
    blocks.push({ ...part, text: text.slice(start, end) });
    done = end;
  }
  if (done < text.length) blocks.push({ key: '#end', text: text.slice(done) });
  return blocks;
}
