import { paint } from './paint.ts';
import type { Finding } from '../findings/finding.ts';
import { standing } from './standing-warnings.ts';

/** The last news of one plugin. */
export interface PluginNews {
  /** The live version, with the time since when; undefined before the first verified batch. */
  live?: string;
  /** The batch that made it so, and what was live before. */
  batch?: number;
  before?: string | undefined;
  /** Installed, and nothing proves that what is live is used. */
  isUnproven?: boolean;
  /** The outcome of the last batch when it failed. */
  trouble?: string;
  /** Why its changes wait. */
  waits?: string;
  /** The findings of check about it, which were shown when they came. */
  warnings?: readonly Finding[];
}

/** The line of `s` in watch: what is live of a plugin, and what is not. */
export function stateLine(
  plugin: string,
  { live, trouble, waits, warnings = [], isUnproven = false }: PluginNews,
  hasKeys: boolean,
): string {
  const serves = live ?? (trouble === undefined ? 'not installed yet' : 'nothing verified yet');
  const good = live !== undefined && trouble === undefined && waits === undefined && !isUnproven;
  const parts = [
    ...(trouble === undefined ? [] : [trouble]),
    ...(waits === undefined ? [] : [paint.yellow(`stale: changes wait (${waits})`)]),
    live === undefined ? serves : `${good ? paint.green('live') : 'live'}: ${serves}`,
  ];
  return `  ${paint.bold(plugin)}  ${parts.join('; ')}${standing(warnings.length, hasKeys)}`;
}
