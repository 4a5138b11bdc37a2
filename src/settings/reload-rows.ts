import type { ReloadRow, ReloadStep } from './settings.ts';
import type { Effect } from '../wazo/effect.ts';
import type { ReloadRule } from '../wazo/needs.ts';

/** The rows of wdev.yml in the form of the reload table; they are asked first. */
export function customRules(rows: readonly ReloadRow[]): readonly ReloadRule[] {
  return rows.map((row) => ({
    pattern: patternToRegExp(row.path),
    effects: row.do.flatMap(toEffects),
    because: row.because ?? `wdev.yml says so for ${row.path}`,
    source: 'wdev.yml',
  }));
}

function toEffects(step: ReloadStep): readonly Effect[] {
  if ('console' in step) return [{ do: 'console', command: step.console }];
  if ('restart' in step) return [{ do: 'restart', unit: step.restart }];
  if ('run' in step) return [{ do: 'command', argv: step.run, rank: 50 }];
  if ('rules' in step) return [{ do: 'rules' }];
  return [];
}

/** A path pattern as a regular expression: `*` within a folder, `**` across folders, `?` one character. */
export function patternToRegExp(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 's');
}
