import { durationText } from './duration.ts';
import type { DeployEvent } from '../deploy/events.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import type { JudgedLink } from '../status/why.ts';
import { paint } from './paint.ts';

/** Lines for people about one event of a deployment; none for those that only a moving line shows. */
export function deployLines(event: DeployEvent, readLine: LineReader): readonly string[] {
  switch (event.event) {
    case 'planned': {
      const { plugin, target, version, installed, wazo, url, ref, commit } = event;
      const what = event.do === 'remove' ? 'remove' : version;
      const there = `now: ${installed ?? 'none'}`;
      const from = url === undefined ? '' : `${ref} (${commit?.slice(0, 12)}) of ${url}`;
      return [
        `${paint.bold(plugin)} ${what} → ${paint.bold(target)} (${wazo === null ? '' : `Wazo ${wazo}, `}${there})`,
        ...(from === '' ? [] : [paint.dim(`  ${from}`)]),
      ];
    }
    case 'begun':
      return [];
    case 'step': {
      const sign = event.ok ? paint.green('✓') : paint.red('✗');
      return [`  ${sign} ${event.step.padEnd(24)}${paint.dim(durationText(event.ms))}`];
    }
    case 'unseen':
      return [`  ${paint.yellow('-')} steps not shown: ${event.reason}`];
    case 'finding':
      return findingLines(event, readLine).map((line) => `    ${line}`);
    case 'evidence':
      return linkLines(event.links);
    case 'deployed':
    case 'removed': {
      const seen = event.proven ? '' : paint.dim(' (not verified: that needs --target)');
      return [
        `${paint.green('✓')} ${paint.bold(event.plugin)} ${event.version} ${event.event === 'removed' ? 'removed' : 'installed'}, ${durationText(event.ms)}${event.event === 'removed' ? '' : seen}`,
      ];
    }
    case 'failed':
      if (event.step === 'evidence')
        return [
          `${paint.red('✗')} ${paint.bold(event.plugin)}: installed, but not in use, ${durationText(event.ms)}`,
        ];
      return [
        `${paint.red('✗')} ${paint.bold(event.plugin)}: failed at ${event.step}, ${durationText(event.ms)}`,
      ];
  }
}

/** The links between a plugin and what runs, as far as something was found out about them. */
export function linkLines(links: readonly JudgedLink[]): readonly string[] {
  return links
    .filter(({ state }) => state === 'ok' || state === 'broken')
    .map(({ title, state, says }) => {
      const sign = state === 'ok' ? paint.green('✓') : paint.red('✗');
      return `  ${sign} ${title.padEnd(24)}${says}`;
    });
}
