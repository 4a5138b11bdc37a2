import { durationText } from './duration.ts';
import path from 'node:path';
import type { ReleaseEvent } from '../release/events.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { paint } from './paint.ts';

const WORDS = {
  check: 'check --strict',
  tests: 'tests',
  package: 'package',
  rehearsal: 'rehearsal',
  commit: 'commit',
  tag: 'tag',
  push: 'push',
} as const;

/** Lines for people about one event of a release. */
export function releaseLines(event: ReleaseEvent, readLine: LineReader): readonly string[] {
  switch (event.event) {
    case 'planned': {
      const { plugin, from, version, branch } = event;
      const step = from === version ? version : `${from} → ${version}`;
      return [`${paint.bold(plugin)} ${step}, on ${branch}`];
    }
    case 'step': {
      const sign = event.ok === undefined ? paint.yellow('-') : event.ok ? paint.green('✓') : paint.red('✗');
      const time = event.ms === undefined ? '' : paint.dim(`  ${durationText(event.ms)}`);
      const note =
        event.note === undefined ? '' : `  ${event.ok === undefined ? 'skipped: ' : ''}${event.note}`;
      const output = (event.output ?? '').split('\n').filter((line) => line !== '');
      return [
        `  ${sign} ${WORDS[event.do].padEnd(14)}${note}${time}`,
        ...output.slice(-40).map((line) => `      ${line}`),
      ];
    }
    case 'finding':
      return findingLines(event, readLine).map((line) => `    ${line}`);
    case 'released': {
      const { plugin, version, deb, sha256, pushed, push } = event;
      return [
        `${paint.green('✓')} ${paint.bold(plugin)} ${version}: ${path.relative('', deb) || deb}`,
        `  sha256 ${sha256}`,
        ...(pushed
          ? []
          : [
              paint.dim(
                `  Not pushed${push === undefined ? ': the repository has no remote' : ''}. ${push === undefined ? '' : `Push it: ${push}. `}Roll it back: wdev release --undo`,
              ),
            ]),
      ];
    }
  }
}
