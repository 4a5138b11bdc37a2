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
  const [before, now, own] = [old, fresh, mine].map(byKey) as [BlockMap, BlockMap, BlockMap];
  let conflicts = 0;
  const merged = new PartList();
  for (const block of mine) {
    const result = mergeBlock(before.get(block.key), now.get(block.key), block, labels);
    conflicts += result.conflicts;
    merged.add({ key: block.key, text: result.text });
  }
  for (const [at, block] of fresh.entries()) {
    if (!own.has(block.key) && !before.has(block.key)) merged.put(block, fresh, at);
  }
  return { text: joinLines(merged.texts()), conflicts };
}

type BlockMap = ReadonlyMap<string, Block>;

function byKey(blocks: readonly Block[]): BlockMap {
  return new Map(blocks.map((block) => [block.key, block]));
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

interface Part {
  readonly key: string;
  readonly text: string;
}

interface Link extends Part {
  next: Link | undefined;
}

/** Parts in an order into which others are put, each found by its key. */
class PartList {
  /** Before the first part. */
  readonly #head: Link = { key: '', text: '', next: undefined };
  readonly #links = new Map<string, Link>();
  /** The part before one, and the last one of all. */
  readonly #before = new Map<Link, Link>();
  #last = this.#head;

  add(part: Part): void {
    this.#insert(this.#last, part);
  }

  /** Behind the nearest part before it that is there; else before the nearest one after it; else at the end. */
  put(part: Part, order: readonly Part[], at: number): void {
    this.#insert(this.#placeFor(order, at), part);
  }

  texts(): readonly string[] {
    const found: string[] = [];
    for (let link = this.#head.next; link !== undefined; link = link.next) found.push(link.text);
    return found;
  }

  #placeFor(order: readonly Part[], at: number): Link {
    for (let index = at - 1; index >= 0; index -= 1) {
      const link = this.#links.get(order[index]?.key ?? '');
      if (link !== undefined) return link;
    }
    for (let index = at + 1; index < order.length; index += 1) {
      const link = this.#links.get(order[index]?.key ?? '');
      if (link !== undefined) return this.#before.get(link) ?? this.#head;
    }
    return this.#last;
  }

  #insert(after: Link, { key, text }: Part): void {
    const link: Link = { key, text, next: after.next };
    if (after.next === undefined) this.#last = link;
    else this.#before.set(after.next, link);
    after.next = link;
    this.#before.set(link, after);
    this.#links.set(key, link);
  }
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
