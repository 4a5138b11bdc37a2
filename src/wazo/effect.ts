import type { GeneratedFile } from './entry-point.ts';

/** The fields of each kind of effect, beside its `do`. */
export interface EffectFields {
  /** A command of Asterisk's console. */
  readonly console: { readonly command: string };
  /** A systemd unit, without `.service`. */
  readonly restart: { readonly unit: string };
  /** A program, by argument vector, never a shell line; `rank` is its place in a batch. */
  readonly command: { readonly argv: readonly [string, ...string[]]; readonly rank: number };
  /** A file that wazo-confgend must generate anew. */
  readonly generate: GeneratedFile;
  /** The plugin's own `rules install`. */
  readonly rules: object;
  /** The import of a call-logger plugin, with its settings, by the call logger's Python. */
  readonly 'call-logger': object;
}

export type EffectKind = keyof EffectFields;

/** Something that has to happen on a target so that a changed file takes effect. */
export type Effect<K extends EffectKind = EffectKind> = {
  readonly [P in K]: { readonly do: P } & EffectFields[P];
}[K];
