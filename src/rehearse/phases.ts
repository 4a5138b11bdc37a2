import { rulesOf } from '../git/sources.ts';
import type { BuiltPackage } from '../package/build.ts';
import type { Finding, FindingCode } from '../findings/finding.ts';
import { dpkg, type DpkgRun } from './dpkg.ts';
import {
  differenceFinding,
  rulesFinding,
  scriptFindings,
  staleFinding,
  upgradeFinding,
  unserved,
} from './judge.ts';
import { HERE, type Machine, type WatchedCall } from './machine.ts';
import { isDialplan, needsOf, type Need } from './needs.ts';
import { makeVariant, type Variant } from './packages.ts';
import { dataLost, stillInUse, leaveData, leftBehind, loadedFrom, type Departure } from './removal.ts';
import { lineNaming } from '../readers/shell/rules-text.ts';
import { compareSnapshots, type Snapshot, type SnapshotDifference } from './snapshot.ts';
import { during } from '../support/doing.ts';

export type Report = (name: string, run: DpkgRun, findings: readonly Finding[]) => void;

/** Programs whose calls by maintainer scripts are noted in a plain rehearsal. */
const WATCHED = ['systemctl', 'asterisk', 'service', 'invoke-rc.d'];

const AGAIN = 'an installation after a removal';

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
  #removal: readonly Finding[] = [];
  #isRemoved = false;
  #installedAgain = false;

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
    const rest: readonly (readonly [string, () => Promise<void>])[] = [
      ['reinstall', () => this.#reinstall()],
      ['upgrade', () => this.#upgrade(next)],
      ['remove', () => this.#remove(before)],
      ['install again', () => this.#installAgain()],
      ['purge', () => this.#purge(before)],
    ];
    await during('rehearsing', async (say) => {
      say([1, rest.length + 1]);
      if (!(await during('install', async () => await this.#install(before, first)))) return;
      for (const [at, [name, phase]] of rest.entries()) {
        if (this.#signal.aborted) return;
        say([at + 2, rest.length + 1]);
        await during(name, phase);
      }
    });
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
          'install removes a file of the system',
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
      ...(done.status === 0 ? await this.#servicesDown('install') : []),
      ...this.#different(
        'rehearse-install-not-repeatable',
        'install',
        'Installing twice is not the same as installing once',
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
        const sentence = 'An upgrade that renames a file leaves the old one behind';
        findings.push(
          ...this.#different('rehearse-file-left-behind', 'install', sentence, [
            { path: renamed.from, how: 'added' },
          ]),
        );
      }
      const loaded = await loadedFrom(this.#machine, [renamed.from]);
      if (!kept && loaded !== undefined) {
        const message = `After an upgrade that renames ${renamed.from}, Asterisk still has the dialplan of the old file`;
        findings.push(
          rulesFinding(
            'rehearse-still-in-use',
            'error',
            message,
            lineNaming(rulesOf(this.#built.sources), 'install', 'dialplan reload'),
          ),
        );
      }
    }
    if (done.status === 0) {
      findings.push(...this.#staleAfterUpgrade(calls), ...(await this.#servicesDown('install')));
    }
    const meant = new Set([renamed?.from, renamed?.to, ...(next.changed ?? [])]);
    const others = compareSnapshots(this.#installed, after).filter(({ path }) => !meant.has(path));
    findings.push(
      ...this.#different(
        'rehearse-install-not-repeatable',
        'install',
        'An upgrade is not the same as a fresh installation',
        others,
      ),
    );
    this.#report('upgrade', done, findings);
  }

  async #remove(before: Snapshot): Promise<void> {
    const markers = await leaveData(this.#machine, this.#installed);
    const { done, calls } = await this.#dpkg(`-r ${this.#built.name}`);
    const findings = [...(await scriptFindings(this.#machine, this.#built, done))];
    if (done.status === 0) {
      const after = this.#machine.snapshot();
      findings.push(...dataLost(this.#built, markers, after));
      findings.push(...(await this.#departed('removal', calls, [before, after], markers)));
    }
    for (const marker of markers) await this.#machine.sh(`rm -f '${marker}'`);
    this.#removal = findings;
    this.#isRemoved = done.status === 0;
    this.#renamed = undefined;
    this.#report('remove', done, findings);
  }

  async #installAgain(): Promise<void> {
    // what a failed removal leaves is told by it
    if (!this.#isRemoved) return;
    const { done, calls } = await this.#dpkg(`-i ${HERE}/first.deb`);
    const differences = compareSnapshots(this.#installed, this.#machine.snapshot());
    const findings = [
      ...(await scriptFindings(this.#machine, this.#built, done)),
      ...this.#different(
        'rehearse-install-not-repeatable',
        'install',
        'Installing after a removal is not the same as the first installation',
        differences,
      ),
    ];
    this.#installedAgain = done.status === 0;
    if (done.status === 0) {
      const missing = unserved(calls, this.#served);
      findings.push(...missing.map((need) => staleFinding(this.#built, need, AGAIN)));
      findings.push(...(await this.#servicesDown('install')));
    }
    this.#report('install after remove', done, findings);
  }

  /** As the removal, which came after an upgrade; its findings about a line are not repeated. */
  async #purge(before: Snapshot): Promise<void> {
    const { done, calls } = await this.#dpkg(`-P ${this.#built.name}`);
    const findings = [...(await scriptFindings(this.#machine, this.#built, done))];
    // wazo-plugind's own defect at purge, which is no finding, comes when all else is over
    if (findings.length === 0 && this.#installedAgain) {
      const found = await this.#departed('purge', calls, [before, this.#machine.snapshot()]);
      const isTold = ({ code, line }: Finding): boolean =>
        this.#removal.some((known) => known.code === code && known.line === line);
      findings.push(...found.filter((finding) => !isTold(finding)));
    }
    this.#report('purge', done, findings);
    await forceAway(this.#machine, this.#built);
  }

  /** The files and services that stay after the package went. */
  async #departed(
    departure: Departure,
    calls: readonly WatchedCall[],
    snapshots: readonly [Snapshot, Snapshot],
    markers: readonly string[] = [],
  ): Promise<readonly Finding[]> {
    const { from, to } = this.#renamed ?? {};
    const needs = this.#needs.map((need) => {
      const files = need.files.map((file) => (file === from ? (to ?? file) : file));
      return { ...need, files };
    });
    return [
      ...leftBehind(this.#built, departure, snapshots, markers),
      ...(await stillInUse(this.#machine, this.#built, departure, calls, needs)),
      ...(await this.#servicesDown(departure)),
    ];
  }

  async #dpkg(words: string): Promise<{ done: DpkgRun; calls: readonly WatchedCall[] }> {
    const done = await dpkg(this.#machine, words);
    return { done, calls: await this.#machine.calls() };
  }

  #different(
    code: FindingCode,
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
      'install deletes files of its own package',
      differences,
    );
  }

  /** Needs of the new files that nothing met. */
  async #stale(calls: readonly WatchedCall[]): Promise<readonly Finding[]> {
    const missing = unserved(calls, this.#needs);
    this.#served = this.#needs.filter((need) => !isDialplan(need) && !missing.includes(need));
    const dialplan = missing.filter(isDialplan);
    const found = missing.filter((need) => !isDialplan(need)).map((need) => staleFinding(this.#built, need));
    for (const need of dialplan) {
      // however it was done: Asterisk itself says
      if ((await loadedFrom(this.#machine, need.files)) === undefined)
        found.push(staleFinding(this.#built, need));
    }
    return found;
  }

  /** A service whose files the new version changed goes on with the old ones. */
  #staleAfterUpgrade(calls: readonly WatchedCall[]): readonly Finding[] {
    return unserved(calls, this.#served).map((need) => upgradeFinding(this.#built, need));
  }

  async #servicesDown(after: 'install' | Departure): Promise<readonly Finding[]> {
    const branch = after === 'install' ? after : 'uninstall';
    const { stdout } = await this.#machine.sh('systemctl list-units --failed --plain --no-legend');
    const units = stdout.split('\n').flatMap((line) => line.split(/\s+/)[0] || []);
    await this.#machine.sh('systemctl reset-failed');
    return units.map((unit) =>
      rulesFinding(
        'rehearse-service-down',
        'error',
        `${unit} has failed after ${after}`,
        lineNaming(rulesOf(this.#built.sources), branch, unit),
      ),
    );
  }
}

/** Takes a package away whatever state it is in, its scripts not called. */
export async function forceAway(machine: Machine, { name, metadata }: BuiltPackage): Promise<void> {
  await machine.sh(
    `for s in postinst prerm postrm; do f=/var/lib/dpkg/info/${name}.$s; [ ! -e $f ] || printf '#!/bin/sh\\nexit 0\\n' > $f; done
dpkg --configure -a --force-all; dpkg --purge --force-all ${name}
rm -f /var/lib/wazo-plugind/rules/rules.${metadata.name}.${metadata.namespace} ${HERE}/fail-* ${HERE}/kill-* ${HERE}/calls ${HERE}/count`,
  );
}
