import type { Mark } from './refusal.ts';

/** `id` is what PyYAML calls the token in its messages. */
export type Token =
  | SimpleToken
  | ScalarToken
  | { readonly id: '<alias>' | '<anchor>'; readonly name: string; readonly start: Mark; readonly end: Mark }
  | TagToken
  | DirectiveToken;

interface SimpleToken {
  readonly id:
    | '<stream start>'
    | '<stream end>'
    | '<document start>'
    | '<document end>'
    | '<block sequence start>'
    | '<block mapping start>'
    | '<block end>'
    | '['
    | '{'
    | ']'
    | '}'
    | ','
    | '-'
    | '?'
    | ':';
  readonly start: Mark;
  readonly end: Mark;
}

export type TokenId = Token['id'];
export type SimpleId = SimpleToken['id'];

export type ScalarStyle = 'plain' | "'" | '"' | '|' | '>';

export interface ScalarToken {
  readonly id: '<scalar>';
  readonly value: string;
  readonly style: ScalarStyle;
  readonly start: Mark;
  readonly end: Mark;
}

/** `!suffix`, `!!suffix`, `!handle!suffix`; no handle for `!<suffix>` and for `!` alone. */
export interface TagToken {
  readonly id: '<tag>';
  readonly handle: string | undefined;
  readonly suffix: string;
  readonly start: Mark;
  readonly end: Mark;
}

export interface DirectiveToken {
  readonly id: '<directive>';
  readonly directive:
    | { readonly name: 'YAML'; readonly major: number }
    | { readonly name: 'TAG'; readonly handle: string; readonly prefix: string }
    | { readonly name: 'other' };
  readonly start: Mark;
  readonly end: Mark;
}
