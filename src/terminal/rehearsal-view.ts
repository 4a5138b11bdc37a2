import { durationText } from './duration.ts';
import { paint } from './paint.ts';
import type { RehearsalEvent } from '../rehearse/events.ts';
import type { ScriptCall } from '../rehearse/dpkg.ts';
import { linkLines } from './deploy-view.ts';
import { findingLines, type LineReader } from './finding-text.ts';

const NO_PLUGIND =
  '  by dpkg alone, since it has no wazo-plugind: wdev stack up --kind wazo --with …,plugind';

/**
 * Lines for people about one event of a rehearsal.
 * @param isBelow whether its head line was shown: findings of the build come before
 */
export function rehearsalLines(
  event: RehearsalEvent,
  readLine: (plugin: string) => LineReader,
  isBelow = true,
): readonly string[] {
  switch (event.event) {
    case 'ready': {
      const standIns =
        event.standIns.length === 0 ? '' : paint.dim(`, with stand-ins for ${event.standIns.join(', ')}`);
      const which =
        event.copyOf === undefined ? `, ${paint.bold(event.target)}` : ` like ${paint.bold(event.copyOf)}`;
      return [
        `Rehearsing ${paint.bold(event.plugins.join(', '))} on a throw-away stack${which}${standIns}`,
        ...(event.plugind === false ? [paint.dim(NO_PLUGIND)] : []),
      ];
    }
    case 'action': {
      const sign = event.ok ? paint.green('✓') : paint.red('✗');
      const calls = (event.scripts ?? []).map((call) => callText(call, event.ok));
      const words = [...calls, ...(event.steps ?? []).map(({ step, ok }) => (ok ? step : `${step} failed`))];
      const after = words.length === 0 ? '' : paint.dim(`  ${words.join(', ')}`);
      return [
        `  ${sign} ${event.do}${after}  ${paint.dim(durationText(event.ms))}`,
        ...linkLines(event.evidence ?? []).map((line) => `  ${line}`),
      ];
    }
    case 'finding':
      return findingLines(event, readLine(event.plugin)).map((line) => `${isBelow ? '    ' : ''}${line}`);
    case 'verified':
      return [`${paint.green('✓')} ${paint.bold(event.plugin)}: ${event.loaded.join(', ')}`];
    case 'failed': {
      const errors = event.findings.filter(({ level }) => level === 'error').length;
      return [`${paint.red('✗')} ${paint.bold(event.plugin)}: ${errors} error${errors === 1 ? '' : 's'}`];
    }
    case 'stopped':
      if (event.reason === 'done') return [];
      return [paint.dim(`Stopped: ${event.reason}.`)];
  }
}

function callText({ script, call, status }: ScriptCall, isFine: boolean): string {
  if (status === 0) return `${script} ${call}`;
  // the only failure that is not the plugin's (rehearse/judge.ts)
  const whose = isFine ? ' (ignored: a bug of wazo-plugind, whose removal deletes what the purge calls)' : '';
  return `${script} ${call}: exit status ${status}${whose}`;
}
