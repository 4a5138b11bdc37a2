import chalk from 'chalk';
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
        event.standIns.length === 0 ? '' : chalk.dim(`, with stand-ins for ${event.standIns.join(', ')}`);
      return [`Rehearsing ${chalk.bold(event.plugins.join(', '))} on ${chalk.bold(event.target)}${standIns}`];
    }
    case 'action': {
      const sign = event.ok ? chalk.green('✓') : chalk.red('✗');
      const calls =
        event.scripts?.map(
          ({ script, call, status }) => `${script} ${call}${status === 0 ? '' : ` → ${status}`}`,
        ) ?? [];
      const after = calls.length === 0 ? '' : chalk.dim(`  ${calls.join(', ')}`);
      return [`  ${sign} ${event.do}${after}  ${chalk.dim(`${event.ms} ms`)}`];
    }
    case 'finding':
      return findingLines(event, readLine(event.plugin)).map((line) => `    ${line}`);
    case 'verified':
      return [`${chalk.green('✓')} ${chalk.bold(event.plugin)}: ${event.loaded.join(', ')}`];
    case 'failed': {
      const errors = event.findings.filter(({ level }) => level === 'error').length;
      return [`${chalk.red('✗')} ${chalk.bold(event.plugin)}: ${errors} error${errors === 1 ? '' : 's'}`];
    }
    case 'stopped':
      return [chalk.dim(`Stopped: ${event.reason}.`)];
  }
}
