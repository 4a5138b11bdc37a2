/** Takes `wazo/rules` apart: its functions, its case, and the arms of that. Pure. */

import { parse, type Statement } from 'unbash';
import type { Block, Splitter } from './keyed-merge.ts';

interface Mark extends Omit<Block, 'text'> {
  readonly from: number;
  readonly to: number;
}

/** Functions, statements and the case of a script; undefined when the shell's parser does not understand it. */
export const shellScript: Splitter = (text) => {
  const script = parse(text);
  if ((script.errors ?? []).length > 0) return undefined;
  return cut(
    text,
    script.commands.map((statement) => markOf(text, statement)),
    '#head',
  );
};

function markOf(text: string, { command, pos, end }: Statement): Mark {
  if (command.type === 'Function')
    return { from: pos, to: end, key: `fn ${command.name.value}`, union: true };
  if (command.type === 'Case') return { from: pos, to: end, key: 'case', inside: caseArms };
  return { from: pos, to: end, key: text.slice(pos, end) };
}

export const caseArms: Splitter = (text) => {
  const script = parse(text);
  const command = script.commands[0]?.command;
  if ((script.errors ?? []).length > 0 || script.commands.length !== 1 || command?.type !== 'Case')
    return undefined;
  const head: Mark = { from: 0, to: command.word.end, key: '' };
  const arms = command.items.map((item): Mark => {
    const key = item.pattern.map((pattern) => pattern.value).join('|');
    return { from: item.pos, to: item.end, key, union: true };
  });
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
