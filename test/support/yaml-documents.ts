/** Documents after a grammar of YAML, every other one spoilt by a slip or two. The same seed gives the same ones. */

const SCALARS = (
  'yes no on off y n Y N true True TRUE tRue null Null ~ 1.10 24.10 20.00 1e3 1.0e3 1.0e+3 1.5E-7 017 08 0o17 0x1F ' +
  '0b101 0b_ 0x_ 1_000 1_0.5 -1 +1 -0 -0.0 .5 5. . .. ... .inf -.inf +.INF .nan 1:30 190:20:30 1:30.5 01:30 1:60 ' +
  '2024-01-02 2024-1-2 2024-13-01 2023-02-29 2024-01-02T03:04:05Z 0000-01-01 2024-01-02T25:00:00 1.2.3 1.2-1 v1.0 >= = ' +
  'a=b a:b 1e16 12345678901234567890.0 123456789012345678901 0.0001 0.00001 1.0e+16 0 00 0_ _1 0.1 100.0 1e+3 name ' +
  'demo http://wazo.io/x?y=z#w é 😀 -x ?x :x a#b x-y - ? : a, [ { } ] @a `b %c & * ! | > -- --- ... .-. 0.30 9007199254740993'
).split(' ');
const PHRASES = [
  'two words',
  '2024-01-02 03:04:05.5 +01:30',
  '2024-1-2 3:04:05 -23:59',
  'a: b',
  'x # y',
  'a :b',
  '- a',
];
const KEYS = 'name namespace version depends on 2 1 1.0 true ~ a b c <<'
  .split(' ')
  .concat('x y', '=', 'é', '"q"', "'s'");
const ESCAPES = [
  '\\n',
  '\\t',
  '\\x41',
  '\\u00e9',
  '\\U0001F600',
  '\\\n',
  '\\\\',
  '\\"',
  '\\/',
  '\\N',
  '\\_',
  '\\L',
  '\\P',
  '\\0',
  '\\ud800',
];
const TAGS = [
  '!!str',
  '!!int',
  '!!float',
  '!!bool',
  '!!null',
  '!!seq',
  '!!map',
  '!!set',
  '!!omap',
  '!!pairs',
  '!!binary',
].concat([
  '!!timestamp',
  '!',
  '!local',
  '!exec',
  '!<tag:yaml.org,2002:str>',
  '!e!x',
  '!!python/name:os.system',
  '!%41',
  '!!st%72',
]);
const NOISE = Array.from(':,[]{}#&*!|>\'"%@`-?\t \n\n\r\u0085\u2028\ufeff\0\\é😀~=<.09aZ_+/').concat(
  '---',
  '...',
  ': ',
  '- ',
  '? ',
  '\r\n',
  '<<: ',
  ' #',
  '\n\n',
  '  ',
);
const BREAKS = ['\n', '\n', '\n', '\n', '\n', '\n', '\r\n', '\r', '\u0085'];

export class YamlDocuments {
  #state: number;
  #anchors: string[] = [];

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): string {
    this.#anchors = [];
    const lines = this.#stream();
    const sound = lines.replaceAll('\n', this.#one(BREAKS));
    return this.#chance(0.25) ? this.#spoilt(sound) : sound;
  }

  /** A scalar that is easily taken for another type. */
  scalar(): string {
    return this.#one(SCALARS);
  }

  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T;
  }

  #stream(): string {
    const start = this.#chance(0.03) ? '\ufeff' : '';
    const directives = this.#chance(0.04)
      ? this.#one(['%YAML 1.1\n', '%YAML 1.2\n', '%TAG !e! tag:e,2000:\n', '%X y\n', '%YAML 2.0\n'])
      : '';
    const marker =
      directives !== '' || this.#chance(0.1) ? this.#one(['---\n', '--- ', '---\n', '--- # c\n']) : '';
    const tail = this.#chance(0.06)
      ? this.#one(['...\n', '...\n...\n', '---\n', '---\na: 1\n', '... # c\n'])
      : '';
    const body = this.#chance(0.02) ? '' : this.#block(0, 0);
    return `${start}${directives}${marker}${body}${tail}`;
  }

  /** Whole lines of a block node. */
  #block(indent: number, depth: number): string {
    const kind = this.#random();
    if (kind < 0.55) return this.#mapping(indent, depth);
    if (kind < 0.8) return this.#list(indent, depth);
    return `${' '.repeat(indent)}${this.#inline(indent, depth)}\n`;
  }

  #mapping(indent: number, depth: number): string {
    let text = '';
    for (let left = 1 + this.#below(4); left > 0; left -= 1) {
      text += this.#comment(indent);
      const pad = ' '.repeat(indent);
      if (this.#chance(0.04)) {
        text += `${pad}? ${this.#inline(indent, depth)}\n`;
        if (this.#chance(0.8)) text += `${pad}: ${this.#inline(indent, depth)}\n`;
      } else {
        text += `${pad}${this.#key()}:${this.#value(indent, depth)}`;
      }
    }
    return text;
  }

  #key(): string {
    if (this.#chance(0.02) && this.#anchors.length > 0) return `*${this.#one(this.#anchors)} `;
    if (this.#chance(0.03)) return this.#flow(1);
    if (this.#chance(0.01)) return 'k'.repeat(1015 + this.#below(20));
    return `${this.#properties(0.03)}${this.#one(KEYS)}${this.#chance(0.05) ? ' ' : ''}`;
  }

  /** The text behind a key's colon, up to the end of its lines. */
  #value(indent: number, depth: number): string {
    const kind = this.#random();
    if (kind < 0.05) return '\n';
    if (kind < 0.35 && depth < 4) {
      const at = this.#chance(0.3) ? indent : indent + 1 + this.#below(3);
      const properties = this.#properties(0.1).trimEnd();
      const nested =
        this.#chance(0.5) || at === indent ? this.#list(at, depth + 1) : this.#mapping(at, depth + 1);
      return `${properties === '' ? '' : ` ${properties}`}\n${nested}`;
    }
    return ` ${this.#inline(indent, depth)}${this.#chance(0.05) ? ' # c' : ''}\n`;
  }

  #list(indent: number, depth: number): string {
    let text = '';
    for (let left = 1 + this.#below(4); left > 0; left -= 1) {
      text += this.#comment(indent);
      const nested = this.#chance(0.25) && depth < 4;
      const item = nested
        ? this.#block(indent + 2, depth + 1).trimStart()
        : `${this.#inline(indent, depth)}\n`;
      text += `${' '.repeat(indent)}-${this.#chance(0.05) ? '\n' : ` ${item}`}`;
    }
    return text;
  }

  #comment(indent: number): string {
    if (this.#chance(0.92)) return '';
    return this.#one(['\n', `${' '.repeat(indent)}# note: x\n`, '# flush\n', ' \n', '\t\n']);
  }

  #inline(indent: number, depth: number): string {
    const kind = this.#random();
    if (kind < 0.04 && this.#anchors.length > 0) return `*${this.#one(this.#anchors)}`;
    const properties = this.#properties(0.12);
    if (kind < 0.2) return `${properties}${this.#flow(depth)}`;
    if (kind < 0.3) return `${properties}${this.#blockScalar(indent)}`;
    return `${properties}${this.#scalar(indent)}`;
  }

  #properties(share: number): string {
    if (!this.#chance(share)) return '';
    const tag = this.#chance(0.6) ? this.#one(TAGS) : '';
    if (tag !== '' && this.#chance(0.7)) return `${tag} `;
    const anchor = this.#one(['a', 'b', 'c', 'base', 'x-1', 'A_']);
    this.#anchors.push(anchor);
    return this.#chance(0.5) ? `${`&${anchor} ${tag}`.trimEnd()} ` : `${`${tag} &${anchor}`.trimStart()} `;
  }

  #scalar(indent: number): string {
    const kind = this.#random();
    if (kind < 0.5) return this.#one(SCALARS);
    if (kind < 0.6) return this.#one(PHRASES);
    if (kind < 0.7) return `"${this.#quoted(indent, true)}"`;
    if (kind < 0.8) return `'${this.#quoted(indent, false)}'`;
    if (kind < 0.85) return `${this.#word()}\n${' '.repeat(indent + 1 + this.#below(2))}${this.#word()}`;
    if (kind < 0.88) return this.#one(['YWJj', 'YWJ', 'YQ==', 'YW Jj', '=', 'YWJjZA']);
    return this.#word();
  }

  #quoted(indent: number, isDouble: boolean): string {
    let text = '';
    for (let left = this.#below(4); left > 0; left -= 1) {
      const kind = this.#random();
      if (kind < 0.25 && isDouble) text += this.#one(ESCAPES);
      else if (kind < 0.35) text += isDouble ? "'" : "''";
      else if (kind < 0.45) text += `\n${' '.repeat(indent + 1)}`;
      else text += `${this.#word()}${this.#one(['', ' ', '  ', ': ', ' #'])}`;
    }
    return text;
  }

  #word(): string {
    return this.#chance(0.3) ? this.#one(SCALARS) : this.#one(['alpha', 'beta', 'gamma delta', 'a.b', 'x/y']);
  }

  #blockScalar(indent: number): string {
    const pad = ' '.repeat(indent + 1 + this.#below(3));
    const head = `${this.#one(['|', '>'])}${this.#one(['', '', '', '+', '-', '1', '2', '2-', '+1', '0'])}`;
    const lines: string[] = [];
    for (let left = this.#below(5); left > 0; left -= 1)
      lines.push(
        this.#one([
          '',
          pad,
          `${pad}${this.#word()}`,
          `${pad}${this.#word()}`,
          `${pad}  more`,
          `${pad}# no`,
          `${pad}\ttab`,
        ]),
      );
    return `${head}${this.#chance(0.1) ? ' # c' : ''}\n${lines.join('\n')}`.trimEnd();
  }

  #flow(depth: number): string {
    const items: string[] = [];
    const isList = this.#chance(0.5);
    for (let left = this.#below(4); left > 0; left -= 1) {
      const value = this.#flowValue(depth);
      const key = this.#chance(0.9) ? this.#one(KEYS) : `? ${this.#flowValue(depth)}`;
      items.push(
        isList && this.#chance(0.85) ? value : `${key}${this.#one([': ', ': ', ':', ' : '])}${value}`,
      );
    }
    const gap = this.#one([' ', '', ' ', '\n', '\n  ']);
    const inner = items.join(`,${gap}`) + (this.#chance(0.1) && items.length > 0 ? ',' : '');
    const edge = this.#one(['', '', ' ', '\n', '\n  ']);
    return isList ? `[${edge}${inner}${edge}]` : `{${edge}${inner}${edge}}`;
  }

  #flowValue(depth: number): string {
    if (this.#chance(0.15) && depth < 4) return this.#flow(depth + 1);
    if (this.#chance(0.05) && this.#anchors.length > 0) return `*${this.#one(this.#anchors)}`;
    const kind = this.#random();
    if (kind < 0.2) return `"${this.#quoted(0, true)}"`;
    if (kind < 0.3) return `'${this.#quoted(0, false)}'`;
    return `${this.#properties(0.08)}${this.#word()}`;
  }

  #spoilt(text: string): string {
    let spoilt = text;
    for (let left = 1 + this.#below(2); left > 0; left -= 1) spoilt = this.#spoiltOnce(spoilt);
    return spoilt.replaceAll(/\p{Cs}/gu, '?');
  }

  #spoiltOnce(text: string): string {
    const at = this.#below(text.length + 1);
    const kind = this.#below(7);
    const lines = text.split('\n');
    const line = this.#below(lines.length);
    switch (kind) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + this.#one(NOISE) + text.slice(at + 1);
      case 2:
        return lines.with(line, ` ${lines[line] ?? ''}`).join('\n');
      case 3:
        return lines.with(line, (lines[line] ?? '').replace(/^ /, '')).join('\n');
      case 4:
        return this.#chance(0.3) ? text.slice(0, at) : text.slice(0, at) + this.#one(NOISE) + text.slice(at);
      case 5:
        return text.replace(this.#one([/["'](?=[^"']*$)/, /[\]}](?=[^\]}]*$)/, /["']/, /:/, /[[{]/]), '');
      default:
        return text.slice(0, at) + this.#one(NOISE) + text.slice(at);
    }
  }
}
