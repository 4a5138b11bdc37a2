import { serviceOf } from './services.ts';

/** What has to happen on a target so that a changed file takes effect. */
export type Effect =
  /** A command of Asterisk's console. */
  | { readonly do: 'console'; readonly command: string }
  | { readonly do: 'restart'; readonly unit: string }
  /** A program, by argument vector; never a shell line. */
  | { readonly do: 'command'; readonly argv: readonly [string, ...string[]]; readonly rank: number }
  /** A file that wazo-confgend generates must be generated anew and looked at. */
  | { readonly do: 'generate'; readonly resource: string; readonly filename: string }
  /** The plugin's own `rules install`. */
  | { readonly do: 'rules'; readonly argument: 'install' }
  /** The call logger's plugins must import, with the settings that belong to them. */
  | { readonly do: 'call-logger' }
  /** Takes effect by itself. */
  | { readonly do: 'nothing' }
  /** Only a restart of Asterisk would do, and wdev never restarts Asterisk unasked. */
  | { readonly do: 'ask'; readonly what: string };

/** Two effects with the same key are done once. */
export function effectKey(effect: Effect): string {
  switch (effect.do) {
    case 'console':
      return `console ${effect.command}`;
    case 'restart':
      return `restart ${effect.unit}`;
    case 'command':
      return `command ${effect.argv.join(' ')}`;
    case 'generate':
      return `generate ${effect.resource}/${effect.filename}`;
    case 'rules':
      return `rules ${effect.argument}`;
    case 'call-logger':
    case 'nothing':
      return effect.do;
    case 'ask':
      return `ask ${effect.what}`;
  }
}

/** How the person reads it: `dialplan reload`, `restart wazo-calld`. */
export function effectLabel(effect: Effect): string {
  switch (effect.do) {
    case 'console':
      return effect.command;
    case 'command':
      return effect.argv.join(' ');
    case 'rules':
      return 'wazo/rules install';
    case 'call-logger':
      return 'import into the call logger';
    default:
      return effectKey(effect);
  }
}

const LAST = 1000;

/**
 * Place of an effect in a batch: rules, then programs and restarts (confgend first, what calls it later),
 * generated files, and Asterisk's reloads last.
 */
export function effectRank(effect: Effect): number {
  switch (effect.do) {
    case 'rules':
      return 0;
    case 'command':
      return effect.rank;
    case 'restart':
      return 100 + (serviceOf(effect.unit)?.rank ?? 90);
    case 'call-logger':
      // a module that does not import must be known before the call logger starts with it
      return 90;
    case 'generate':
      return 300;
    case 'console':
      return effect.command === 'dialplan reload' ? LAST - 1 : 400;
    case 'nothing':
    case 'ask':
      return LAST;
  }
}
