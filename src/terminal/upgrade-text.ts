/** How an upgrade of a server looks to a person: what would break, at which line of which installed file. */

import type { ServerStanding } from '../status/standing.ts';
import type { Upgrade, UpgradeVerdict } from '../status/upgrade.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { paint } from './paint.ts';

/** The lines about one server. */
export function upgradeLines(
  target: string,
  { wazo, debian, plugins }: ServerStanding,
  upgrade: Upgrade,
  verdicts: readonly UpgradeVerdict[],
): readonly string[] {
  const now = [
    wazo === null ? 'a Wazo that does not say its version' : `Wazo ${wazo}`,
    ...(debian === null ? [] : [`Debian ${debian}`]),
  ].join(', ');
  const head = `${paint.bold(target)}: ${now} → ${upgradeText(upgrade)}`;
  if (verdicts.length === 0) return [head, 'No plugin is installed there.'];
  const texts = new Map(plugins.flatMap(({ files = [] }) => files));
  const readLine: LineReader = (file, line) => texts.get(file)?.split('\n')[line - 1];
  const breaking = verdicts.filter(({ verdict }) => verdict === 'breaks').length;
  return [
    head,
    ...verdicts.flatMap((one) => [
      `${MARKS[one.verdict]()} ${paint.bold(one.plugin)} ${one.version} (${BY[one.by]}): ${SAID[one.verdict]}`,
      ...one.findings.flatMap((finding) => findingLines(finding, readLine)).map((line) => `  ${line}`),
      ...one.unknown.map((text) => `  ${paint.dim(`not known: ${text}`)}`),
    ]),
    breaking === 0
      ? 'No plugin would break, as far as wdev knows.'
      : `The upgrade would break ${breaking} of ${verdicts.length} ${verdicts.length === 1 ? 'plugin' : 'plugins'}.`,
  ];
}

/** `Wazo 26.10, Debian 13` */
export function upgradeText({ engine, debian }: Upgrade): string {
  return `Wazo ${engine}${debian === undefined ? '' : `, Debian ${debian}`}`;
}

const MARKS: Readonly<Record<UpgradeVerdict['verdict'], () => string>> = {
  breaks: () => paint.red('✗'),
  fits: () => paint.green('✓'),
  unknown: () => paint.yellow('?'),
};

const SAID: Readonly<Record<UpgradeVerdict['verdict'], string>> = {
  breaks: 'would break',
  fits: 'nothing known would break it',
  unknown: 'not known',
};

const BY: Readonly<Record<UpgradeVerdict['by'], string>> = { package: 'Debian package', wdev: 'by wdev' };
