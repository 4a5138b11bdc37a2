import { rulesOf } from '../stage/listing.ts';
import type { BuiltPackage } from '../build/build.ts';
import type { Finding } from '../support/finding.ts';
import { dpkg, type DpkgRun } from './dpkg.ts';
import {
  differenceFinding,
  earlyFindings,
  ghostFinding,
  rulesFinding,
  scriptFindings,
  staleFinding,
  upgradeFinding,
  unserved,
} from './judge.ts';
import { HERE, type Machine, type WatchedCall } from './machine.ts';
import { needsOf, type Need } from './needs.ts';
import { makeVariant, type Variant } from './packages.ts';
import { lineNaming } from '../plugin/rules-text.ts';
import { compareSnapshots, type Snapshot, type SnapshotDifference } from './snapshot.ts';

export type Report = (name: string, run: DpkgRun, findings: readonly Finding[]) => void;

/** Programs whose calls by maintainer scripts are noted in a plain rehearsal. */
const WATCHED = ['systemctl', 'asterisk', 'service', 'invoke-rc.d'];

/**
 * Takes a package through install, reinstall, upgrade, remove, install after remove, and purge. Every phase is
 * judged by what stands on the machine after it. Source: Debian policy, chapter 6.
 */
export class Rehearsal {
  readonly #machine: Machine;
  readonly #built: BuiltPackage;
  readonly #signal: AbortSignal;
  readonly #report: Report;
  readonly #needs: readonly Need[];
  /** Needs that the installation served. */
  #served: readonly Need[] = [];
  #installed: Snapshot = new Map();
  /** The file that the upgrade renamed, as long as the upgraded package is installed. */
  #renamed: Variant['renamed'];

  constructor(machine: Machine, built: BuiltPackage, signal: AbortSignal, report: Report) {
    this.#machine = machine;
    this.#built = built;
    this.#signal = signal;
    this.#report = report;
    this.#needs = needsOf(built);
  }

  async run(): Promise<void> {
    const first = await makeVariant(this.#built, {});
    const changed = this.#needs.flatMap(({ files }) => files);
    const next = await makeVariant(this.#built, { next: { changed } });
    this.#machine.put(`${HERE}/first.deb`, first.bytes);
    this.#machine.put(`${HERE}/next.deb`, next.bytes);
    await this.#machine.watch(WATCHED, [...new Set([...first.files, ...next.files])]);
    const before = this.#machine.snapshot();
    if (!(await this.#install(before, first))) return;
    const rest = [
      () => this.#reinstall(),
      () => this.#upgrade(next),
      () => this.#remove(before),
      () => this.#installAgain(),
      () => this.#purge(),
    ];
    for (const phase of rest) {
      if (this.#signal.aborted) return;
      await phase();
    }
  }

  async #install(before: Snapshot, first: Variant): Promise<boolean> {
    const { done, calls } = await this.#dpkg(`-i ${HERE}/first.deb`);
    const findings = [...(await scriptFindings(this.#machine, this.#built, done))];
    this.#installed = this.#machine.snapshot();
    if (done.status === 0) {
      const removed = compareSnapshots(before, this.#installed).filter(({ how }) => how === 'removed');
      findings.push(
        ...this.#different(
          'rehearse-not-restored',
          'install',
          'install removes a file that is not the plugin’s',
          removed,
        ),
      );
      findings.push(
        ...this.#lost(first),
        ...(await this.#stale(calls)),
        ...(await this.#servicesDown('install')),
      );
    }
    this.#report('install', done, findings);
    return done.status === 0;
  }

  async #reinstall(): Promise<void> {
    const { done } = await this.#dpkg(`-i ${HERE}/first.deb`);
    const differences = compareSnapshots(this.#installed, this.#machine.snapshot());
    this.#report('reinstall', done, [
      ...(await scriptFindings(this.#machine, this.#built, done)),
      ...this.#different(
        'rehearse-install-not-repeatable',
        'install',
        'A second install gives another result',
        differences,
      ),
    ]);
  }

  async #upgrade(next: Variant): Promise<void> {
    const { done, calls } = await this.#dpkg(`-i ${HERE}/next.deb`);
    const findings = [...(await scriptFindings(this.#machine, this.#built, done))];
    const { renamed } = next;
    this.#renamed = renamed;
    const after = this.#machine.snapshot();
    if (renamed !== undefined && done.status === 0) {
      const kept = after.has(renamed.from) && after.get(renamed.from) !== 'removed';
      if (kept) {
        const sentence = 'After an upgrade that renames a file the old one is still there';
        findings.push(
          ...this.#different('rehearse-file-left-behind', 'install', sentence, [
            { path: renamed.from, how: 'added' },
          ]),
        );
      }
      const loaded = await this.#loadedFrom([renamed.from]);
      if (!kept && loaded !== undefined) {
        const message = `After an upgrade that renames ${renamed.from}, Asterisk still has the dialplan of the old file.`;
        findings.push(
          rulesFinding(
            'rehearse-ghost',
            'error',
            message,
            lineNaming(rulesOf(this.#built.sources), 'install', 'dialplan reload'),
          ),
        );
      }
    }
    if (done.status === 0) findings.push(...this.#staleAfterUpgrade(calls));
    const meant = new Set([renamed?.from, renamed?.to, ...(next.changed ?? [])]);
    const others = compareSnapshots(this.#installed, after).filter(({ path }) => !meant.has(path));
    findings.push(
      ...this.#different(
        'rehearse-install-not-repeatable',
        'install',
        'An upgrade gives another result than an installation',
        others,
      ),
    );
    this.#report('upgrade', done, findings);
  }

  async #remove(before: Snapshot): Promise<void> {
    const markers = await this.#leaveData();
    const { done, calls } = await this.#dpkg(`-r ${this.#built.name}`);
    const findings = [...(await scriptFindings(this.#machine, this.#built, done))];
    const after = this.#machine.snapshot();
    if (done.status === 0) {
      findings.push(...this.#dataLost(markers, after), ...this.#leftBehind(before, after, markers));
      findings.push(...(await this.#ghosts(calls)), ...(await this.#servicesDown('uninstall')));
    }
    for (const marker of markers) await this.#machine.sh(`rm -f '${marker}'`);
    this.#report('remove', done, findings);
  }

  async #installAgain(): Promise<void> {
    const { done } = await this.#dpkg(`-i ${HERE}/first.deb`);
    const differences = compareSnapshots(this.#installed, this.#machine.snapshot());
    this.#report('install after remove', done, [
      ...(await scriptFindings(this.#machine, this.#built, done)),
      ...this.#different(
        'rehearse-install-not-repeatable',
        'install',
        'An installation after a removal gives another result',
        differences,
      ),
    ]);
  }

  async #purge(): Promise<void> {
    const { done } = await this.#dpkg(`-P ${this.#built.name}`);
    const findings = await scriptFindings(this.#machine, this.#built, done);
    this.#report('purge', done, findings);
    await forceAway(this.#machine, this.#built);
  }

  async #dpkg(words: string): Promise<{ done: DpkgRun; calls: readonly WatchedCall[] }> {
    const done = await dpkg(this.#machine, words);
    return { done, calls: await this.#machine.calls() };
  }

  #different(
    code: string,
    branch: string,
    sentence: string,
    differences: readonly SnapshotDifference[],
  ): readonly Finding[] {
    return differenceFinding(this.#built, code, branch, sentence, differences);
  }

  /** Files of the package that the package's own install took away. */
  #lost(first: Variant): readonly Finding[] {
    const gone = first.files.filter(
      (file) => !this.#installed.has(file) || this.#installed.get(file) === 'removed',
    );
    const differences = gone.map((path): SnapshotDifference => ({ path, how: 'removed' }));
    return this.#different(
      'rehearse-file-lost',
      'install',
      'After install a file of the package is not there',
      differences,
    );
  }

  /** What is needed after the files came, and did not happen. */
  async #stale(calls: readonly WatchedCall[]): Promise<readonly Finding[]> {
    const missing = unserved(calls, this.#needs);
    this.#served = this.#needs.filter((need) => !isDialplan(need) && !missing.includes(need));
    const dialplan = missing.filter(isDialplan);
    const found = missing.filter((need) => !isDialplan(need)).map((need) => staleFinding(this.#built, need));
    for (const need of dialplan) {
      // whatever way it was done: Asterisk itself tells
      if ((await this.#loadedFrom(need.files)) === undefined) found.push(staleFinding(this.#built, need));
    }
    return found;
  }

  /** A service whose files the new version changed goes on with the old ones. */
  #staleAfterUpgrade(calls: readonly WatchedCall[]): readonly Finding[] {
    return unserved(calls, this.#served).map((need) => upgradeFinding(this.#built, need));
  }

  async #ghosts(calls: readonly WatchedCall[]): Promise<readonly Finding[]> {
    const { from, to } = this.#renamed ?? {};
    const needs = this.#needs.map((need) => {
      const files = need.files.map((file) => (file === from ? (to ?? file) : file));
      return { ...need, files };
    });
    const found = [...earlyFindings(this.#built, calls, needs)];
    for (const need of unserved(calls, needs)) {
      if (isDialplan(need) && (await this.#loadedFrom(need.files)) === undefined) continue;
      found.push(ghostFinding(this.#built, need));
    }
    return found;
  }

  /** The first of the files that Asterisk's dialplan has something of. */
  async #loadedFrom(files: readonly string[]): Promise<string | undefined> {
    const { stdout } = await this.#machine.sh("asterisk -rx 'dialplan show'");
    return files.find((file) => stdout.includes(`[${file.split('/').at(-1)}:`));
  }

  async #servicesDown(branch: string): Promise<readonly Finding[]> {
    const { stdout } = await this.#machine.sh('systemctl list-units --failed --plain --no-legend');
    const units = stdout.split('\n').flatMap((line) => line.split(/\s+/)[0] || []);
    await this.#machine.sh('systemctl reset-failed');
    return units.map((unit) =>
      rulesFinding(
        'rehearse-service-down',
        'error',
        `After ${branch} the unit ${unit} has failed.`,
        lineNaming(rulesOf(this.#built.sources), branch, unit),
      ),
    );
  }

  /** Puts a file of data into each folder for data that the plugin has; gives their paths. */
  async #leaveData(): Promise<readonly string[]> {
    const folders = [...this.#installed].flatMap(([path, what]) =>
      what.startsWith('folder') && /^\/(?:var\/(?:lib|spool)|srv)\/(?!wazo-plugind)/.test(path) ? [path] : [],
    );
    const markers = folders.map((folder) => `${folder}/wdev-rehearsal-data`);
    for (const marker of markers) await this.#machine.sh(`echo kept > '${marker}'`);
    return markers;
  }

  #dataLost(markers: readonly string[], after: Snapshot): readonly Finding[] {
    const gone = markers
      .filter((marker) => !after.has(marker))
      .map((path): SnapshotDifference => ({ path, how: 'removed' }));
    const [first] = gone;
    if (first === undefined) return [];
    const folder = first.path.replace(/\/[^/]*$/, '');
    const message = `A plain removal deletes the data that was collected in ${folder}.`;
    const help = 'Leave it; an administrator who wants it gone purges the package.';
    const line = lineNaming(rulesOf(this.#built.sources), 'uninstall', folder);
    return [rulesFinding('rehearse-data-lost', 'error', message, line, help)];
  }

  #leftBehind(before: Snapshot, after: Snapshot, markers: readonly string[]): readonly Finding[] {
    const differences = compareSnapshots(before, after).filter(
      ({ path }) => !markers.some((marker) => marker === path || marker.startsWith(`${path}/`)),
    );
    const left = differences.filter(({ how }) => how === 'added');
    const data = left.filter(
      ({ path }) =>
        /^\/(?:var\/(?:lib|spool)|srv|home)\//.test(path) && !path.startsWith('/var/lib/wazo-plugind/'),
    );
    const files = left.filter((difference) => !data.includes(difference));
    const changed = differences.filter(({ how }) => how !== 'added');
    return [
      ...this.#different(
        'rehearse-file-left-behind',
        'uninstall',
        'After removal something is left behind',
        files,
      ),
      ...this.#different(
        'rehearse-not-restored',
        'install',
        'After removal a file of the system is not what it was',
        changed,
      ),
    ];
  }
}

function isDialplan({ effect }: Need): boolean {
  return effect.do === 'console' && effect.command === 'dialplan reload';
}

/** Takes a package away whatever state it is in, its scripts not called. */
export async function forceAway(machine: Machine, { name, metadata }: BuiltPackage): Promise<void> {
  await machine.sh(
    `for s in postinst prerm postrm; do f=/var/lib/dpkg/info/${name}.$s; [ ! -e $f ] || printf '#!/bin/sh\\nexit 0\\n' > $f; done
dpkg --configure -a --force-all; dpkg --purge --force-all ${name}
rm -f /var/lib/wazo-plugind/rules/rules.${metadata.name}.${metadata.namespace} ${HERE}/fail-* ${HERE}/kill-* ${HERE}/calls ${HERE}/count`,
  );
}
