import { paint } from './paint.ts';
import type { RehearsalEvent } from '../rehearse/events.ts';
import { findingLines, type LineReader } from './finding-text.ts';

/** Lines for people about one event of a rehearsal. */
export function rehearsalLines(
  event: RehearsalEvent,
  readLine: (plugin: string) => LineReader,
): readonly string[] {
  switch (event.event) {
    case 'ready': {
      const standIns =
        event.standIns.length === 0 ? '' : paint.dim(`, with stand-ins for ${event.standIns.join(', ')}`);
      return [`Rehearsing ${paint.bold(event.plugins.join(', '))} on ${paint.bold(event.target)}${standIns}`];
    }
    case 'action': {
      const sign = event.ok ? paint.green('✓') : paint.red('✗');
      const calls =
        event.scripts?.map(
          ({ script, call, status }) => `${script} ${call}${status === 0 ? '' : ` → ${status}`}`,
        ) ?? [];
      const after = calls.length === 0 ? '' : paint.dim(`  ${calls.join(', ')}`);
      return [`  ${sign} ${event.do}${after}  ${paint.dim(`${event.ms} ms`)}`];
    }
    case 'finding':
      return findingLines(event, readLine(event.plugin)).map((line) => `    ${line}`);
    case 'verified':
      return [`${paint.green('✓')} ${paint.bold(event.plugin)}: ${event.loaded.join(', ')}`];
    case 'failed': {
      const errors = event.findings.filter(({ level }) => level === 'error').length;
      return [`${paint.red('✗')} ${paint.bold(event.plugin)}: ${errors} error${errors === 1 ? '' : 's'}`];
    }
    case 'stopped':
      return [paint.dim(`Stopped: ${event.reason}.`)];
  }
}
