/**
 * The reading of a setup.py on a machine without Python: its calls of setup() and yaml.load() as far as they are
 * written out, and its imports of distutils. The only reading of Python that is not Python's own. Pure.
 */

import { SourceText } from '../source-text.ts';
import type { PythonCall, PythonFile, PythonValue } from './facts.ts';

/** The reading of a Python text; `readPythonText` where Python was not asked. */
export type PythonTexts = (text: string) => PythonFile;

export function readPythonText(text: string): PythonFile {
  const tokens = readTokens(text);
  const places = new SourceText('', text);
  const calls = tokens.flatMap((token, at) => {
    const before = text.slice(tokens[at - 1]?.to ?? 0, token.from);
    const name = calledAt(before, token, tokens[at + 1]);
    if (name === undefined) return [];
    const call = new Literals(tokens, at + 1, places).call(name, token.to - name.length);
    return call === undefined ? [] : [{ ...call, ...placeOf(places, call.from) }];
  });
  const imports = [...text.matchAll(/^from (distutils(?:\.\w+)?) import (.*)$/gm)].map((match) => ({
    module: match[1] ?? '',
    level: 0,
    names: (match[2] ?? '').split(',').map((name) => name.trim()),
    ...placeOf(places, match.index),
    standard: true,
    optional: false,
  }));
  return { imports, names: [], open: true, classes: [], calls };
}

/** `setup` at the beginning of a line, `yaml.load` anywhere; `before` stands between it and the token before. */
function calledAt(before: string, token: Token, next: Token | undefined): string | undefined {
  if (token.kind !== 'name' || next?.text !== '(') return undefined;
  const isFirst = before.includes('\n') || before.length === token.from;
  if (isFirst && /^(?:\w+\.)?setup$/.test(token.text)) return token.text;
  return next.from === token.to ? /(?:^|\.)(yaml\.load(?:_all)?)$/.exec(token.text)?.[1] : undefined;
}

function placeOf(places: SourceText, offset: number): { readonly line: number; readonly column: number } {
  const { line, column } = places.at(offset);
  return { line, column };
}

interface Token {
  readonly kind: 'text' | 'name' | 'other';
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** Of an opening bracket: the index of the token that closes it, whatever bracket that is. */
  closedBy?: number;
}

/** Blanks, a text, a text that its line does not close, a name, or one sign. */
const TOKEN =
  /(?<blank>\s+|#[^\n]*)|(?<block>"""[^]*?"""|'''[^]*?''')|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<open>["'][^\n]*)|(?<name>[A-Za-z_][\w.]*)|[^]/gy;

function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  for (const { 0: found, index: from, groups = {} } of text.matchAll(TOKEN)) {
    if (groups['blank'] !== undefined) continue;
    const kind = groups['text'] !== undefined ? 'text' : groups['name'] !== undefined ? 'name' : 'other';
    const token: Token = { kind, text: found, from, to: from + found.length };
    if (/^[([{]$/.test(found)) open.push(token);
    else if (/^[)\]}]$/.test(found)) {
      const opening = open.pop();
      if (opening !== undefined) opening.closedBy = tokens.length;
    }
    tokens.push(token);
  }
  return tokens;
}

/** Brackets within brackets that are read; deeper ones are passed over. */
const DEPTH = 50;

/** Reads expressions that are literals; any other one is passed over, to the comma or bracket that ends it. */
class Literals {
  readonly #tokens: readonly Token[];
  readonly #places: SourceText;
  #at: number;
  #depth = 0;

  constructor(tokens: readonly Token[], at: number, places: SourceText) {
    this.#tokens = tokens;
    this.#at = at;
    this.#places = places;
  }

  /** From the opening bracket; undefined when nothing closes it. */
  call(name: string, from: number): Omit<PythonCall, 'line' | 'column'> | undefined {
    if (this.#tokens[this.#at]?.closedBy === undefined) return undefined;
    const args: PythonValue[] = [];
    const keywords: Record<string, PythonValue> = {};
    let argsTo = this.#step().to;
    while (!this.#take(')')) {
      const keyword = this.#keyword();
      const value = this.#value();
      if (keyword === undefined) args.push(value);
      else keywords[keyword] = value;
      argsTo = value.to;
      if (!this.#take(',') && !this.#sees(')')) return undefined;
    }
    const to = this.#end();
    if (args.length + Object.keys(keywords).length === 0) argsTo = to - 1;
    return { name, args, keywords, from, to, argsTo };
  }

  /** `name =`, which is stepped over. */
  #keyword(): string | undefined {
    const [name, equals, next] = this.#tokens.slice(this.#at, this.#at + 3);
    if (name === undefined || equals?.text !== '=' || !/^\w+$/.test(name.text)) return undefined;
    if (next?.text === '=' && next.from === equals.to) return undefined;
    this.#at += 2;
    return name.text;
  }

  #value(): PythonValue {
    const start = this.#at;
    const from = this.#tokens[start]?.from ?? this.#end();
    this.#depth += 1;
    const value = this.#depth > DEPTH ? undefined : this.#literal(from);
    this.#depth -= 1;
    const next = this.#tokens[this.#at]?.text;
    if (value !== undefined && (next === undefined || /^[,)\]}:]$/.test(next))) return value;
    this.#at = start;
    this.#pass();
    return { is: 'other', from, to: this.#at === start ? from : this.#end() };
  }

  #literal(from: number): PythonValue | undefined {
    const token = this.#tokens[this.#at];
    const next = this.#tokens[this.#at + 1];
    if (token === undefined) return undefined;
    if (token.kind === 'text') {
      if (
        token.text.includes('\\') ||
        (next?.from === token.to && next.text.startsWith(token.text.charAt(0)))
      )
        return undefined;
      this.#at += 1;
      const value = token.text.slice(1, -1);
      return { is: 'text', value, from, to: token.to, ...placeOf(this.#places, from) };
    }
    if (token.kind === 'name') {
      if (next?.text !== '(' || next.from !== token.to) return undefined;
      this.#at += 1;
      const call = this.call(token.text, from);
      return call === undefined ? undefined : { is: 'call', ...call };
    }
    if (token.closedBy === undefined) return undefined;
    if (token.text === '[') return this.#list(from);
    return token.text === '{' ? this.#dict(from) : undefined;
  }

  #list(from: number): PythonValue | undefined {
    const items: PythonValue[] = [];
    this.#step();
    while (!this.#take(']')) {
      items.push(this.#value());
      if (!this.#take(',') && !this.#sees(']')) return undefined;
    }
    return { is: 'list', items, from, to: this.#end() };
  }

  #dict(from: number): PythonValue | undefined {
    const entries: [PythonValue, PythonValue][] = [];
    this.#step();
    while (!this.#take('}')) {
      const key = this.#value();
      if (!this.#take(':')) return undefined;
      entries.push([key, this.#value()]);
      if (!this.#take(',') && !this.#sees('}')) return undefined;
    }
    return { is: 'dict', entries, from, to: this.#end() };
  }

  /** To what ends an expression, over its brackets and texts. */
  #pass(): void {
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || /^[,:)\]}]$/.test(token.text)) return;
      const isOpening = /^[([{]$/.test(token.text);
      this.#at = isOpening ? (token.closedBy ?? this.#tokens.length) : this.#at;
      this.#at += 1;
    }
  }

  /** Steps over a token. */
  #step(): Token {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token ?? { kind: 'other', text: '', from: this.#end(), to: this.#end() };
  }

  /** Where the last token ended. */
  #end(): number {
    return this.#tokens[Math.min(this.#at, this.#tokens.length) - 1]?.to ?? 0;
  }

  #sees(sign: string): boolean {
    return this.#tokens[this.#at]?.text === sign;
  }

  #take(sign: string): boolean {
    if (!this.#sees(sign)) return false;
    this.#at += 1;
    return true;
  }
}
