/** How a roll-out and a fleet look to a person: tables of servers. */

import type { RollEvent, ServerResult } from '../fleet/events.ts';
import { isError } from '../findings/finding.ts';
import type { ServerStatus } from '../fleet/status.ts';
import type { Standing } from '../status/standing.ts';
import type { Upgrade, UpgradeVerdict } from '../status/upgrade.ts';
import { compareDebianVersions } from '../wazo/debian-versions.ts';
import { paint } from './paint.ts';
import { upgradeText } from './upgrade-text.ts';

const SHOWN: Readonly<
  Record<ServerResult['outcome'], { readonly mark: () => string; readonly said: string }>
> = {
  done: { mark: () => paint.green('✓'), said: 'passed' },
  back: { mark: () => paint.red('✗'), said: 'rolled back' },
  failed: { mark: () => paint.red('✗'), said: 'failed; no earlier version to restore' },
  refused: { mark: () => paint.red('✗'), said: 'not changed' },
  untouched: { mark: () => paint.dim('·'), said: 'not started' },
};

const AGAIN = 'Fix the cause, then run the same command again: servers that have the version are only asked.';

/** Rows with their columns below each other; the last one is as long as it is. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '),
  );
}

/** The lines of a roll-out so far: what is to come, and then a row for each server as it ends. */
export class RollView {
  private readonly hosts: number;

  private readonly waves: readonly (readonly string[])[];

  private readonly isDryRun: boolean;

  constructor(waves: readonly (readonly string[])[], isDryRun = false) {
    this.waves = waves;
    this.isDryRun = isDryRun;
    this.hosts = Math.max(4, ...waves.flat().map((host) => host.length));
  }

  lines(event: RollEvent): readonly string[] {
    if (event.event === 'plan') {
      const all = event.waves.map((wave, at) => `  wave ${at + 1}: ${wave.join(', ')}`);
      const from = {
        repository: 'published before',
        tag: 'built from its tag',
        folder: 'built from the folder',
      }[event.from];
      return [
        `${this.isDryRun ? 'Would install' : 'Installing'} ${paint.bold(event.plugin)} ${event.version} (${from}) on ${amount(this.waves.flat().length)}`,
        ...all,
      ];
    }
    if (event.event === 'wave') return [];
    if (event.event === 'rehearsal') return rehearsalLines(event);
    if (event.event === 'ended') {
      const { done, back, failed, refused, untouched } = event.counts;
      const parts = [
        `${done} of ${amount(done + back + failed + refused + untouched)} passed`,
        ...(back > 0 ? [`${back} rolled back`] : []),
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(refused > 0 ? [`${refused} not changed`] : []),
        ...(untouched > 0 ? [`${untouched} not started`] : []),
      ];
      return [
        `${event.ok ? paint.green('✓') : paint.red('✗')} ${parts.join(', ')}`,
        ...(event.ok ? [] : [paint.dim(`  ${AGAIN}`)]),
      ];
    }
    return this.row(event);
  }

  private row(result: ServerResult): readonly string[] {
    const { host, wave, outcome, before, after, why, evidence, back } = result;
    const { mark, said } = SHOWN[outcome];
    const was = before === undefined ? '' : before || 'none';
    const is = after === undefined ? '' : after || 'none';
    const passed = evidence.filter(({ ok }) => ok === true).length;
    const asked = evidence.filter(({ ok }) => ok !== null).length;
    const gate = asked === 0 ? '' : ` (${passed} of ${asked} checks)`;
    const versions = before === undefined ? '' : `${was} → ${is}`;
    const head = `${mark()} ${String(wave).padStart(4)}  ${host.padEnd(this.hosts)}  ${versions.padEnd(20)}  ${said}${gate}`;
    const unasked = evidence
      .filter(({ ok }) => ok === null)
      .map((one) => `${one.what}: not verified: ${one.said}`);
    const worse = back
      .filter(({ ok }) => ok === false)
      .map((one) => `the version before fails too: ${one.what}: ${one.said}`);
    const ran = downgradeOf(result);
    return [
      head,
      ...[...(why ?? '').split('\n').filter((line) => line.trim() !== ''), ...unasked, ...worse].map(
        (line) => `        ${line.trim()}`,
      ),
      ...(ran === undefined ? [] : [`        ${ran}`]),
    ];
  }
}

/** The way back on a throw-away stack: by it the older package's postinst runs. */
function rehearsalLines({
  before,
  version,
  ok,
  ms = 0,
  note,
  output = '',
}: Extract<RollEvent, { readonly event: 'rehearsal' }>): readonly string[] {
  if (ok === undefined)
    return [`${paint.yellow('!')} the rollback from ${version} to ${before} was not rehearsed:`, `  ${note}`];
  const said = `rehearsed on a throw-away stack, ${(ms / 1000).toFixed(1)} s: ${note}`;
  if (ok)
    return [`${paint.green('✓')} ${said}`, paint.dim(`  A rollback runs the postinst of ${before} again.`)];
  return [`${paint.red('✗')} ${said}`, ...output.split('\n').map((line) => `    ${line}`)];
}

/** Which older postinst ran, where one did. */
function downgradeOf({ outcome, before = '', after = '' }: ServerResult): string | undefined {
  if (outcome === 'back' && before !== '') return `the postinst of ${before} ran in the rollback`;
  if (outcome !== 'done' || before === '' || compareDebianVersions(before, after) <= 0) return undefined;
  return `a downgrade: the postinst of ${after} ran; what ${before} converted stays converted`;
}

function amount(servers: number): string {
  return `${servers} ${servers === 1 ? 'server' : 'servers'}`;
}

/** The head of the table of a roll-out. */
export function rollHead(waves: readonly (readonly string[])[]): string {
  const hosts = Math.max(4, ...waves.flat().map((host) => host.length));
  return paint.dim(`  wave  ${'host'.padEnd(hosts)}  ${'before → after'.padEnd(20)}  result`);
}

/** A row for each server: its plugins, Wazo and Debian, and below it what differs, and what an upgrade would break. */
export function statusLines(servers: readonly ServerStatus[], upgrade?: Upgrade): readonly string[] {
  const rows = servers.map(({ host, plugins, wazo, debian, upgrade: verdicts }) => [
    host,
    wazo ?? '',
    debian ?? '',
    ...(upgrade === undefined ? [] : [verdictText(verdicts)]),
    plugins?.map(standingText).join(', ') || (plugins === undefined ? 'no answer' : 'no plugins'),
  ]);
  const named = byPlugin(servers);
  const column = upgrade === undefined ? [] : [`→ ${upgradeText(upgrade)}`];
  const [head = '', ...lines] = columns([['host', 'Wazo', 'Debian', ...column, 'plugins'], ...rows]);
  return [
    paint.dim(`  ${head}`),
    ...servers.flatMap(({ plugins, drift, upgrade: verdicts = [] }, at) => {
      const breaking = verdicts.flatMap(breakingLines);
      const unknown = verdicts.flatMap(unknownLines);
      return [
        `${drift.length + breaking.length === 0 ? paint.green('✓') : paint.red('✗')} ${lines[at] ?? ''}`,
        ...(plugins === undefined ? [] : drift.map((one) => `    ${named(one)}`)),
        ...[...breaking, ...unknown].map((one) => `    ${one}`),
      ];
    }),
    ...(servers.some(({ plugins }) => plugins === undefined)
      ? [
          paint.dim(
            "  To see why a server does not answer, in the fleet's folder: ansible-playbook status.yml",
          ),
        ]
      : []),
    ...(servers.some(({ plugins, drift }) => plugins !== undefined && drift.length > 0)
      ? [paint.dim('  To give all servers one version of a plugin: wdev fleet roll PLUGIN=VERSION')]
      : []),
    ...(upgrade === undefined
      ? [paint.dim('  To see what an upgrade of Wazo would break: wdev fleet status --engine VERSION')]
      : servers.some(({ upgrade: verdicts = [] }) => verdicts.some(({ verdict }) => verdict === 'breaks'))
        ? [paint.dim(`  To see how to fix it: wdev compat --target ssh://HOST --engine ${upgrade.engine}`)]
        : []),
  ];
}

function standingText({ by, plugin, version }: Standing): string {
  return by === 'wdev' ? `${plugin} ${version} (by wdev)` : `${plugin} ${version}`;
}

/** The cell of one server. */
function verdictText(verdicts: readonly UpgradeVerdict[] | undefined): string {
  if (verdicts === undefined) return 'not known';
  const count = (wanted: UpgradeVerdict['verdict']): number =>
    verdicts.filter(({ verdict }) => verdict === wanted).length;
  const parts = [
    ...(count('breaks') > 0 ? [`breaks ${count('breaks')}`] : []),
    ...(count('unknown') > 0 ? [`${count('unknown')} not known`] : []),
  ];
  return parts.length === 0 ? 'breaks none' : parts.join(', ');
}

/** Why an upgrade would break a plugin, with the first place; wdev compat --target has them all. */
function breakingLines({ plugin, version, verdict, findings }: UpgradeVerdict): readonly string[] {
  if (verdict !== 'breaks') return [];
  const [first, ...more] = findings.filter(isError);
  const place = [first?.file, first?.line].filter((part) => part !== undefined).join(':');
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return [
    `the upgrade would break ${plugin} ${version}: ${place}${place === '' ? '' : ': '}${first?.message ?? ''}${others}`,
  ];
}

/** Why it is not known whether an upgrade would break a plugin. */
function unknownLines({ plugin, version, verdict, unknown }: UpgradeVerdict): readonly string[] {
  if (verdict !== 'unknown') return [];
  return [`not known of ${plugin} ${version}: ${unknown.join('; ')}`];
}

/** Sentences about packages, with the plugins that these hold. */
function byPlugin(servers: readonly ServerStatus[]): (text: string) => string {
  const ids = new Map(
    servers.flatMap(({ plugins = [] }) => plugins.map((one) => [one.package, one.plugin] as const)),
  );
  return (text) => text.replace(/^wazo-plugind-[^\s:]+/, (name) => ids.get(name) ?? name);
}
