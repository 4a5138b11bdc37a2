/** Every regular expression of the sources, and texts made from it on which it could take long. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import regexpTree from 'regexp-tree';
import ts from 'typescript';
import { packageRoot } from '../../src/support/paths.ts';

export interface Pattern {
  /** `src/…/file.ts` */
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly flags: string;
}

/** The literals of all sources, from their syntax. */
export function patternsOfSources(): readonly Pattern[] {
  const root = packageRoot();
  return readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .sort()
    .flatMap((name) => patternsIn(`src/${name}`, readFileSync(path.join(root, 'src', name), 'utf8')));
}

function patternsIn(file: string, text: string): readonly Pattern[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ file, line, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    node.forEachChild(visit);
  };
  visit(tree);
  return found;
}

type Node = {
  readonly type: string;
  readonly expression?: Node | null;
  readonly expressions?: readonly (Node | null)[];
  readonly left?: Node | null;
  readonly right?: Node | null;
  readonly body?: Node | null;
  readonly quantifier?: { readonly kind: string; readonly from?: number; readonly to?: number };
  readonly symbol?: string;
  readonly kind?: string;
  readonly value?: string;
};

/** Characters that are tried where a class stands; what of them it takes, stands for it. */
const SIGNS = 'a0 -_.:,;/\\"\'`()[]{}<>$&|#=!%@+*?~^AZz9\t\n\r\u00e9\u2028\ufffd'.split('');

/** Quantifiers up to this are no loop. */
const FEW = 20;

/** A part that repeats, what can stand for one turn of it, and what can stand before it. */
interface Loop {
  readonly before: string;
  readonly turns: readonly string[];
}

class Reading {
  readonly loops: Loop[] = [];
  /** Beginnings of a match. */
  readonly starts = new Set<string>();
  readonly #flags: string;

  constructor(flags: string) {
    this.#flags = flags.replaceAll(/[gyd]/g, '');
  }

  /** Texts that can stand for a part, the likeliest first; `before` is what stands before it. */
  read(node: Node | null | undefined, before: string): readonly string[] {
    if (node === null || node === undefined) return [''];
    switch (node.type) {
      case 'Char':
      case 'CharacterClass': {
        const found = this.#signs(node);
        return found.length === 0 ? [''] : found;
      }
      case 'Alternative': {
        let all: readonly string[] = [''];
        for (const one of node.expressions ?? []) {
          const [first = ''] = all;
          const own = this.read(one, before + first);
          this.starts.add(before + first + (own[0] ?? ''));
          all = [
            ...all.map((text) => text + (own[0] ?? '')),
            ...own.slice(1).map((text) => first + text),
          ].slice(0, 6);
        }
        return all;
      }
      case 'Disjunction':
        return [...this.read(node.left, before), ...this.read(node.right, before)].slice(0, 12);
      case 'Group':
        return this.read(node.expression, before);
      case 'Repetition': {
        const turns = [...new Set(this.read(node.expression, before))].filter((text) => text !== '');
        const { kind, from = 0, to } = node.quantifier ?? {};
        if (kind !== '?' && (to ?? Infinity) > FEW && turns.length > 0) this.loops.push({ before, turns });
        const least = kind === '*' || kind === '?' ? 0 : kind === 'Range' ? Math.min(from, 64) : 1;
        if (least === 0) return ['', ...turns];
        return turns.map((text) => text.repeat(least));
      }
      case 'Assertion':
        // what is looked for is looked for in a loop, too
        if (node.kind?.startsWith('Look') === true || 'assertion' in node)
          this.read(node.expression ?? (node as { assertion?: Node }).assertion, before);
        return [''];
      default:
        return [''];
    }
  }

  #signs(node: Node): readonly string[] {
    const source = regexpTree.generate(node as never);
    let one: RegExp;
    try {
      one = new RegExp(`^(?:${source})$`, this.#flags);
    } catch {
      return [];
    }
    const own = /^[^\\[]$/.test(source) ? [source] : [];
    const taken = [...own, ...SIGNS].filter((sign) => one.test(sign));
    return [...new Set(taken)].slice(0, 8);
  }
}

/** Characters of a text that a pattern is held against. */
const LENGTH = 2 ** 14;

/** Texts that a pattern could take long for: each of its loops turned, each beginning of a match again and again. */
export function hostileTexts(
  { source, flags }: Pick<Pattern, 'source' | 'flags'>,
  length = LENGTH,
): readonly string[] {
  const reading = new Reading(flags);
  let tree: Node;
  try {
    tree = regexpTree.parse(`/${source}/${flags.replaceAll(/[vd]/g, 'u')}`).body as never;
  } catch {
    return [];
  }
  reading.read(tree, '');
  const texts = new Set<string>();
  const add = (before: string, turn: string): void => {
    if (turn === '') return;
    const many = turn.repeat(Math.ceil(length / turn.length));
    for (const end of ['\u0000', '\n\u0000']) texts.add(before + many + end);
  };
  const common = new Set<string>();
  for (const { before, turns } of reading.loops) {
    for (const turn of turns) {
      add(before, turn);
      add('', before + turn);
      common.add(turn);
    }
    add(before, turns.join(''));
  }
  for (const start of reading.starts) add('', start);
  for (const turn of [...common].slice(0, 12)) add('', turn);
  return [...texts];
}

const script = new vm.Script('globalThis.tried()');

/**
 * Milliseconds of processor time that a pattern takes for a text, as its flags want it to be used; Infinity beyond
 * `limit`, of which a busy machine gives us a part in that time: then we wait for `patience`.
 */
export function timeOf(
  pattern: Pick<Pattern, 'source' | 'flags'>,
  text: string,
  limit: number,
  patience = limit,
): number {
  const regexp = new RegExp(pattern.source, pattern.flags);
  const work = (): void => {
    if (pattern.flags.includes('y')) {
      // as a tokenizer: up to where nothing matches
      while (regexp.lastIndex < text.length && regexp.exec(text)?.[0] !== undefined)
        if (regexp.lastIndex === 0) break;
    } else if (pattern.flags.includes('g')) text.replace(regexp, '');
    else regexp.exec(text);
  };
  (globalThis as { tried?: () => void }).tried = work;
  const began = process.cpuUsage();
  const spent = (): number => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  try {
    script.runInThisContext({ timeout: patience });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    const isStarved = spent() < limit / 2 && patience < 100 * limit;
    return isStarved ? timeOf(pattern, text, limit, 4 * patience) : Number.POSITIVE_INFINITY;
  }
  return spent();
}

/** Milliseconds for a text of that length below which nothing is asked. */
const SLOW = 30;
/** Milliseconds for a text after which a pattern is slow without a question. */
const LIMIT = 400;

/** The text on which a pattern's time grows faster than the text, if there is one. */
export function slowTextOf(pattern: Pick<Pattern, 'source' | 'flags'>): string | undefined {
  const [whole, quarter] = [hostileTexts(pattern), hostileTexts(pattern, LENGTH / 4)];
  const at = whole.findIndex((text, index) => {
    const isSlow = (): boolean => {
      const ms = timeOf(pattern, text, LIMIT);
      // four times the text takes four times as long, and not sixteen times
      return ms > SLOW && (ms === Infinity || ms > 8 * timeOf(pattern, quarter[index] ?? '', LIMIT));
    };
    // the machine has other things to do, too
    return isSlow() && isSlow() && isSlow();
  });
  return whole[at];
}
