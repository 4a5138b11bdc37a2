import type { ReloadRow, ReloadStep } from './settings.ts';
import { deepMatcher } from '../support/glob.ts';
import type { Effect } from '../wazo/effect.ts';
import type { ReloadRule } from '../wazo/needs.ts';

/** The rows of wdev.yml in the form of the reload table; they are asked first. */
export function customRules(rows: readonly ReloadRow[]): readonly ReloadRule[] {
  return rows.map((row) => ({
    pattern: patternOf(row.path),
    effects: row.do.flatMap(toEffects),
    because: row.because ?? `wdev.yml says so for ${row.path}`,
    source: 'wdev.yml',
  }));
}

function patternOf(path: string): ReloadRule['pattern'] {
  const matches = deepMatcher(path);
  return { exec: (installed) => (matches(installed) ? [installed] : null) };
}

function toEffects(step: ReloadStep): readonly Effect[] {
  if ('console' in step) return [{ do: 'console', command: step.console }];
  if ('restart' in step) return [{ do: 'restart', unit: step.restart }];
  if ('run' in step) return [{ do: 'command', argv: step.run, rank: 50 }];
  if ('rules' in step) return [{ do: 'rules' }];
  return [];
}
