/** Merges texts whose parts have names: keys of a mapping, arms of a case, sections. Pure. */

import { joinLines, mergeText, type Labels, type Merged, type Three } from './text-merge.ts';

/** A part of a text. All parts of a text, in order, are the text. */
export interface Block {
  /** The key that makes it the same part in all three texts. */
  readonly key: string;
  readonly text: string;
  /** How it is taken apart itself; as plain lines unless told. */
  readonly inside?: Splitter;
  /** Lines that both sides add at one place stand beside each other. */
  readonly union?: boolean;
}

/** Takes a text apart; undefined when it is not of the expected form. */
export type Splitter = (text: string) => readonly Block[] | undefined;

/**
 * The author's text is the frame: each of its parts is kept, merged with what the template changed of the same
 * part. Parts that the template brings stand behind the part that they follow there. A part that the author
 * removed stays removed.
 */
export function mergeKeyed(three: Three, split: Splitter, labels: Labels): Merged | undefined {
  const [old, fresh, mine] = [split(three.old), split(three.new), split(three.mine)].map(numbered);
  if (old === undefined || fresh === undefined || mine === undefined) return undefined;
  const out: { key: string; text: string }[] = [];
  let conflicts = 0;
  for (const block of mine) {
    const merged = mergeBlock(old.find(same(block)), fresh.find(same(block)), block, labels);
    conflicts += merged.conflicts;
    out.push({ key: block.key, text: merged.text });
  }
  for (const [at, block] of fresh.entries()) {
    if (mine.some(same(block)) || old.some(same(block))) continue;
    out.splice(placeFor(out, fresh, at), 0, block);
  }
  return { text: joinLines(out.map(({ text }) => text)), conflicts };
}

function mergeBlock(old: Block | undefined, fresh: Block | undefined, mine: Block, labels: Labels): Merged {
  if (old === undefined && fresh === undefined) return { text: mine.text, conflicts: 0 };
  const three = { old: old?.text ?? '', new: fresh?.text ?? '', mine: mine.text };
  if (three.old === three.new || three.mine === three.new) return { text: three.mine, conflicts: 0 };
  if (three.mine === three.old) return { text: three.new, conflicts: 0 };
  const { inside = fresh?.inside ?? old?.inside, union = false } = mine;
  const merged = inside === undefined || fresh === undefined ? undefined : mergeKeyed(three, inside, labels);
  return merged ?? mergeText(three, labels, union);
}

/** Behind the nearest part before it that is there; else before the nearest one after it; else at the end. */
function placeFor(out: readonly { key: string }[], fresh: readonly Block[], at: number): number {
  for (let before = at - 1; before >= 0; before -= 1) {
    const found = out.findIndex(({ key }) => key === fresh[before]?.key);
    if (found >= 0) return found + 1;
  }
  for (let after = at + 1; after < fresh.length; after += 1) {
    const found = out.findIndex(({ key }) => key === fresh[after]?.key);
    if (found >= 0) return found;
  }
  return out.length;
}

function same(block: Block): (other: Block) => boolean {
  return ({ key }) => key === block.key;
}

/** The second part of one name gets a name of its own. */
function numbered(blocks: readonly Block[] | undefined): readonly Block[] | undefined {
  const seen = new Map<string, number>();
  return blocks?.map((block) => {
    const count = seen.get(block.key) ?? 0;
    seen.set(block.key, count + 1);
    return count === 0 ? block : { ...block, key: `${block.key}\0${count}` };
  });
}
