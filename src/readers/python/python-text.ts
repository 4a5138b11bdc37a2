/**
 * The reading of a setup.py on a machine without Python: its calls of setup() and yaml.load() as far as they are
 * written out, and its imports of distutils. The only reading of Python that is not Python's own. Pure.
 */

import type { PythonCall, PythonFile, PythonValue } from './facts.ts';

/** The reading of a Python text; `readPythonText` where Python was not asked. */
export type PythonTexts = (text: string) => PythonFile;

export function readPythonText(text: string): PythonFile {
  const calls = [
    ...text.matchAll(/^[ \t]*((?:\w+\.)?setup)[ \t]*\(/gm),
    ...text.matchAll(/^[^#\n]*?\b(yaml\.load(?:_all)?)\(/gm),
  ].flatMap((match) => {
    const [whole, name = ''] = match;
    const from = match.index + whole.lastIndexOf(name);
    const call = new Literals(text, from + name.length).call(name, from);
    return call === undefined ? [] : [{ ...call, ...placeOf(text, from) }];
  });
  const imports = [...text.matchAll(/^from (distutils(?:\.\w+)?) import (.*)$/gm)].map((match) => ({
    module: match[1] ?? '',
    level: 0,
    names: (match[2] ?? '').split(',').map((name) => name.trim()),
    ...placeOf(text, match.index),
    standard: true,
    optional: false,
  }));
  return { imports, names: [], open: true, classes: [], calls };
}

function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** Reads expressions that are literals; any other one is passed over, to the comma or bracket that ends it. */
class Literals {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** From the opening bracket; undefined when nothing closes it. */
  call(name: string, from: number): Omit<PythonCall, 'line' | 'column'> | undefined {
    const args: PythonValue[] = [];
    const keywords: Record<string, PythonValue> = {};
    this.#take('(');
    let argsTo = this.#at;
    while (!this.#take(')')) {
      const keyword = /^(\w+)\s*=(?!=)/.exec(this.#rest());
      this.#at += keyword?.[0].length ?? 0;
      const value = this.#value();
      if (keyword?.[1] === undefined) args.push(value);
      else keywords[keyword[1]] = value;
      argsTo = value.to;
      if (!this.#take(',') && !this.#sees(')')) return undefined;
    }
    if (args.length + Object.keys(keywords).length === 0) argsTo = this.#at - 1;
    return { name, args, keywords, from, to: this.#at, argsTo };
  }

  #value(): PythonValue {
    this.#skip();
    const from = this.#at;
    const value = this.#literal(from);
    this.#skip();
    if (value !== undefined && /^(?:[,)\]}:]|$)/.test(this.#rest())) return value;
    this.#at = from;
    this.#pass();
    return { is: 'other', from, to: this.#at };
  }

  #literal(from: number): PythonValue | undefined {
    const rest = this.#rest();
    const text = /^(["'])((?:(?!\1)[^\\\n])*)\1(?!\1)/.exec(rest);
    if (text !== null) {
      this.#at += text[0].length;
      return { is: 'text', value: text[2] ?? '', from, to: this.#at, ...placeOf(this.#text, from) };
    }
    const called = /^[A-Za-z_][\w.]*(?=\()/.exec(rest)?.[0];
    if (called !== undefined) {
      this.#at += called.length;
      const call = this.call(called, from);
      return call === undefined ? undefined : { is: 'call', ...call };
    }
    if (rest.startsWith('[')) return this.#list(from);
    return rest.startsWith('{') ? this.#dict(from) : undefined;
  }

  #list(from: number): PythonValue | undefined {
    const items: PythonValue[] = [];
    this.#take('[');
    while (!this.#take(']')) {
      items.push(this.#value());
      if (!this.#take(',') && !this.#sees(']')) return undefined;
    }
    return { is: 'list', items, from, to: this.#at };
  }

  #dict(from: number): PythonValue | undefined {
    const entries: [PythonValue, PythonValue][] = [];
    this.#take('{');
    while (!this.#take('}')) {
      const key = this.#value();
      if (!this.#take(':')) return undefined;
      entries.push([key, this.#value()]);
      if (!this.#take(',') && !this.#sees('}')) return undefined;
    }
    return { is: 'dict', entries, from, to: this.#at };
  }

  /** To what ends an expression, with its brackets and texts. */
  #pass(): void {
    let depth = 0;
    for (let end = this.#at; this.#at < this.#text.length;) {
      const [piece = ''] = PIECE.exec(this.#rest()) ?? [];
      if (depth === 0 && /^[,:)\]}]/.test(piece)) {
        this.#at = end;
        return;
      }
      if (/^[([{]/.test(piece)) depth += 1;
      if (/^[)\]}]/.test(piece)) depth -= 1;
      this.#at += piece.length;
      if (!/^[\s#]/.test(piece)) end = this.#at;
    }
  }

  #rest(): string {
    return this.#text.slice(this.#at);
  }

  #sees(sign: string): boolean {
    this.#skip();
    return this.#text[this.#at] === sign;
  }

  #take(sign: string): boolean {
    if (!this.#sees(sign)) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    this.#at += /^(?:\s|#[^\n]*)*/.exec(this.#rest())?.[0].length ?? 0;
  }
}

/** A text, a comment, a blank, or one sign. */
const PIECE = /^(?:"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|\s+|[^])/;
