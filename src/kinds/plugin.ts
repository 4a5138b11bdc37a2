import { callLogger } from './call-logger.ts';
import { confgend } from './confgend.ts';
import type { Described, Kind } from './kind.ts';
import { legacy } from './legacy.ts';
import { stack } from './stack.ts';

/** The kinds of plugins, in the order in which people are told of them. */
export const KINDS = { stack, confgend, 'call-logger': callLogger, legacy } satisfies Record<string, Kind>;

export type PluginKind = keyof typeof KINDS;

/** A plugin in a folder: the one description that every later step works from. */
export interface Plugin extends Described {
  readonly kind: PluginKind;
  /** Absolute path of its source folder. */
  readonly dir: string;
}

/** The facts of a plugin that follow from its kind. */
export function kindOf({ kind }: Pick<Plugin, 'kind'>): Kind {
  return KINDS[kind];
}
