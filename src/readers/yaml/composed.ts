import type { Mark } from './refusal.ts';
import type { ScalarStyle } from './tokens.ts';

/** A value before its type is applied, as PyYAML's nodes.py. An alias is the very node that it names. */
export type Composed = ComposedScalar | ComposedSequence | ComposedMapping;

interface ComposedNode {
  tag: string;
  /** Where PyYAML says that it begins: at its tag or anchor. */
  readonly mark: Mark;
  /** Offset of its first character, behind tag and anchor. */
  readonly start: number;
}

export interface ComposedScalar extends ComposedNode {
  readonly id: 'scalar';
  readonly value: string;
  readonly style: ScalarStyle;
  readonly end: number;
}

export interface ComposedSequence extends ComposedNode {
  readonly id: 'sequence';
  readonly value: Composed[];
  end: number;
}

export interface ComposedMapping extends ComposedNode {
  readonly id: 'mapping';
  value: ComposedPair[];
  end: number;
}

export interface ComposedPair {
  readonly key: Composed;
  readonly value: Composed;
  /** Comes from another mapping, by `<<`. */
  readonly merged: boolean;
}
