/**
 * Cuts a text into tokens exactly as PyYAML does: a port of the Scanner of PyYAML 6 (scanner.py), whose odd rules
 * (simple keys of 1,024 characters, no tabs before tokens) decide what a Wazo server reads.
 */

import { CHAR, Cursor, isBlankOrEnd } from './cursor.ts';
import { Refusal, pythonRepr, type Mark } from './refusal.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-property.ts';
import { scanBlockScalar, scanPlain, scanQuoted } from './scan-scalar.ts';
import type { SimpleId, Token, TokenId } from './tokens.ts';

/** A token that may turn out to be a key, once a `:` follows it. */
interface PossibleKey {
  readonly number: number;
  /** Nothing but a key can stand there. */
  readonly required: boolean;
  readonly index: number;
  readonly mark: Mark;
}

/** Characters of a key before its `:`. */
const KEY_LENGTH = 1024;

export class Scanner {
  readonly cursor: Cursor;
  /** Number of brackets that are open. */
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #allowKey = true;
  readonly #keys = new Map<number, PossibleKey>();
  readonly #tokens: Token[] = [];
  #taken = 0;
  #done = false;

  constructor(text: string) {
    this.cursor = new Cursor(text);
    this.#push('<stream start>', this.cursor.mark());
  }

  /** The next token; the last one is the end of the stream. */
  peek(): Token {
    while (this.#needsMore()) this.#fetch();
    const [token] = this.#tokens;
    if (token === undefined) throw new Error('there is no token after the end of the stream');
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#tokens.shift();
    this.#taken += 1;
    return token;
  }

  /** Whether the next token is one of these. */
  isNext(...ids: readonly TokenId[]): boolean {
    return ids.includes(this.peek().id);
  }

  /** Steps over a character that no token can begin with; false at the end. */
  stepOver(): boolean {
    if (this.cursor.peek() === CHAR.end) return false;
    this.#keys.clear();
    this.cursor.forward();
    return true;
  }

  #needsMore(): boolean {
    if (this.#done) return false;
    if (this.#tokens.length === 0) return true;
    this.#dropStaleKeys();
    return this.#firstKey()?.[1].number === this.#taken;
  }

  #fetch(): void {
    this.#skipToToken();
    this.#dropStaleKeys();
    this.#unwind(this.cursor.column);
    const { cursor } = this;
    const code = cursor.peek();
    if (code === CHAR.end) return this.#fetchEnd();
    if (cursor.column === 0 && code === CHAR.percent) return this.#fetchDirective();
    if (cursor.column === 0 && cursor.isSeparator())
      return this.#fetchSeparator(code === CHAR.dash ? '<document start>' : '<document end>');
    const character = cursor.character();
    switch (character) {
      case '[':
      case '{':
        return this.#fetchOpening(character);
      case ']':
      case '}':
        return this.#fetchClosing(character);
      case ',':
        return this.#fetchIndicator(',', true);
      case '*':
      case '&':
        this.#saveKey();
        this.#allowKey = false;
        this.#tokens.push(scanAnchor(cursor, character === '*' ? '<alias>' : '<anchor>'));
        return;
      case '!':
        this.#saveKey();
        this.#allowKey = false;
        this.#tokens.push(scanTag(cursor));
        return;
      case "'":
      case '"':
        this.#saveKey();
        this.#allowKey = false;
        this.#tokens.push(scanQuoted(cursor, character));
        return;
    }
    if (character === '-' && isBlankOrEnd(cursor.peek(1))) return this.#fetchEntry();
    if (character === '?' && this.#isIndicator()) return this.#fetchKey();
    if (character === ':' && this.#isIndicator()) return this.#fetchValue();
    if ((character === '|' || character === '>') && !this.#inFlow()) {
      this.#allowKey = true;
      this.#removeKey();
      this.#tokens.push(scanBlockScalar(cursor, character, this.#indent));
      return;
    }
    if (this.#startsPlain(character)) return this.#fetchPlain();
    throw new Refusal(
      `found character ${pythonRepr(character)} that cannot start any token`,
      cursor.mark(),
      undefined,
    );
  }

  #inFlow(): boolean {
    return this.#flowLevel !== 0;
  }

  /** In brackets, `?` and `:` are indicators whatever follows. */
  #isIndicator(): boolean {
    return this.#inFlow() || isBlankOrEnd(this.cursor.peek(1));
  }

  #startsPlain(character: string): boolean {
    if (!isBlankOrEnd(this.cursor.peek()) && !'-?:,[]{}#&*!|>\'"%@`'.includes(character)) return true;
    if (isBlankOrEnd(this.cursor.peek(1))) return false;
    return character === '-' || (!this.#inFlow() && (character === '?' || character === ':'));
  }

  #skipToToken(): void {
    const { cursor } = this;
    if (cursor.index === 0 && cursor.peek() === CHAR.bom) cursor.forward();
    for (;;) {
      cursor.skipSpaces();
      cursor.skipComment();
      if (cursor.lineBreak() === '') return;
      if (!this.#inFlow()) this.#allowKey = true;
    }
  }

  #dropStaleKeys(): void {
    for (let first = this.#firstKey(); first !== undefined; first = this.#firstKey()) {
      const [level, key] = first;
      if (key.mark.line === this.cursor.line && this.cursor.index - key.index <= KEY_LENGTH) return;
      if (key.required) throw this.#missingColon(key);
      this.#keys.delete(level);
    }
  }

  /** They stand in the order in which they were met, and so of their levels: those of levels that are left are gone. */
  #firstKey(): readonly [number, PossibleKey] | undefined {
    for (const entry of this.#keys) return entry;
    return undefined;
  }

  #missingColon({ mark }: PossibleKey): Refusal {
    const context = { doing: 'while scanning a simple key', mark };
    return new Refusal("could not find expected ':'", this.cursor.mark(), context);
  }

  #saveKey(): void {
    const { cursor } = this;
    if (!this.#allowKey) return;
    this.#removeKey();
    this.#keys.set(this.#flowLevel, {
      number: this.#taken + this.#tokens.length,
      required: !this.#inFlow() && this.#indent === cursor.column,
      index: cursor.index,
      mark: cursor.mark(),
    });
  }

  #removeKey(): void {
    const key = this.#keys.get(this.#flowLevel);
    if (key?.required === true) throw this.#missingColon(key);
    this.#keys.delete(this.#flowLevel);
  }

  #unwind(column: number): void {
    if (this.#inFlow()) return;
    while (this.#indent > column) {
      this.#indent = this.#indents.pop() ?? -1;
      this.#push('<block end>', this.cursor.mark());
    }
  }

  /** Reports whether a block collection begins at a column. */
  #indentTo(column: number): boolean {
    if (this.#indent >= column) return false;
    this.#indents.push(this.#indent);
    this.#indent = column;
    return true;
  }

  #push(id: SimpleId, mark: Mark): void {
    this.#tokens.push({ id, start: mark, end: mark });
  }

  #pushIndicator(id: SimpleId, length = 1): void {
    const start = this.cursor.mark();
    this.cursor.forward(length);
    this.#tokens.push({ id, start, end: this.cursor.mark() });
  }

  #fetchEnd(): void {
    this.#unwind(-1);
    this.#removeKey();
    this.#allowKey = false;
    this.#keys.clear();
    this.#push('<stream end>', this.cursor.mark());
    this.#done = true;
  }

  #fetchDirective(): void {
    this.#unwind(-1);
    this.#removeKey();
    this.#allowKey = false;
    this.#tokens.push(scanDirective(this.cursor));
  }

  #fetchSeparator(id: '<document start>' | '<document end>'): void {
    this.#unwind(-1);
    this.#removeKey();
    this.#allowKey = false;
    this.#pushIndicator(id, 3);
  }

  #fetchOpening(id: '[' | '{'): void {
    this.#saveKey();
    this.#flowLevel += 1;
    this.#allowKey = true;
    this.#pushIndicator(id);
  }

  #fetchClosing(id: ']' | '}'): void {
    this.#removeKey();
    this.#flowLevel -= 1;
    this.#allowKey = false;
    this.#pushIndicator(id);
  }

  #fetchIndicator(id: SimpleId, allowKey: boolean): void {
    this.#allowKey = allowKey;
    this.#removeKey();
    this.#pushIndicator(id);
  }

  #fetchEntry(): void {
    if (!this.#inFlow()) this.#beginBlock('<block sequence start>', 'sequence entries are not allowed here');
    this.#fetchIndicator('-', true);
  }

  #fetchKey(): void {
    if (!this.#inFlow()) this.#beginBlock('<block mapping start>', 'mapping keys are not allowed here');
    this.#fetchIndicator('?', !this.#inFlow());
  }

  #beginBlock(id: SimpleId, refusal: string): void {
    if (!this.#allowKey) throw new Refusal(refusal, this.cursor.mark());
    if (this.#indentTo(this.cursor.column)) this.#push(id, this.cursor.mark());
  }

  #fetchValue(): void {
    const key = this.#keys.get(this.#flowLevel);
    if (key === undefined) {
      if (!this.#inFlow()) this.#beginBlock('<block mapping start>', 'mapping values are not allowed here');
      this.#fetchIndicator(':', !this.#inFlow());
      return;
    }
    this.#keys.delete(this.#flowLevel);
    const before: Token[] = [{ id: '?', start: key.mark, end: key.mark }];
    if (!this.#inFlow() && this.#indentTo(key.mark.column))
      before.unshift({ id: '<block mapping start>', start: key.mark, end: key.mark });
    this.#tokens.splice(key.number - this.#taken, 0, ...before);
    this.#allowKey = false;
    this.#pushIndicator(':');
  }

  #fetchPlain(): void {
    this.#saveKey();
    const { token, broken } = scanPlain(this.cursor, this.#indent + 1, this.#inFlow());
    this.#allowKey = broken;
    this.#tokens.push(token);
  }
}
