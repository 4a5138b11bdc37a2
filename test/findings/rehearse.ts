import path from 'node:path';
import type { REHEARSE } from '../../src/findings/rehearse.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { buildPackage, type BuiltPackage } from '../../src/package/build.ts';
import { rehearseFaults } from '../../src/rehearse/faults.ts';
import { scriptFindings } from '../../src/rehearse/judge.ts';
import { HERE, type Machine, type WatchedCall } from '../../src/rehearse/machine.ts';
import { Rehearsal } from '../../src/rehearse/phases.ts';
import type { Snapshot } from '../../src/rehearse/snapshot.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import type { Provoke, Scenario } from './scenario.ts';

const CONF = '/etc/wazo-calld/conf.d/50-plain.yml';

/** A package with one file, for which wazo-calld has to be restarted. */
async function built(): Promise<BuiltPackage> {
  const dir = tempFolder();
  const rules =
    '#!/bin/sh\nset -e\ncase "$1" in\n    build) ;;\n    package)\n        cp -R etc "$pkgdir/"\n        ;;\n    install) ;;\n    uninstall)\n        systemctl restart wazo-calld\n        ;;\nesac\n';
  writeFiles(dir, {
    'wazo/plugin.yml': 'name: plain\nnamespace: acme\nversion: "0.1"\n',
    'wazo/rules': rules,
    [`.${CONF}`]: 'plain: 1\n',
  });
  const result = await buildPackage(readPlugin(dir)!, path.join(dir, '.wdev/build'));
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.built;
}

const FAILED = `D000002: fork/exec /var/lib/dpkg/info/plain.postinst ( configure 0.1 )
rules: 7: boom
dpkg: error processing package plain (--install):
 installed plain package post-installation script subprocess returned error exit status 3
`;

/** The phases of a rehearsal, as dpkg is called for them. */
type Phase = 'before' | 'install' | 'reinstall' | 'upgrade' | 'remove' | 'install again' | 'purge';
const PHASES: readonly Phase[] = [
  'before',
  'install',
  'reinstall',
  'upgrade',
  'remove',
  'install again',
  'purge',
];

const SYSTEM = ['/etc/system.conf', 'file 1'] as const;
const DATA = ['/var/lib/plain', 'folder root'] as const;

/** The files on the machine after each phase: that of the package is never there. */
const AFTER: Readonly<Record<Phase, Snapshot>> = {
  before: new Map([SYSTEM]),
  install: new Map([SYSTEM, DATA]),
  reinstall: new Map([SYSTEM, DATA, ['/etc/plain.1', 'file 2']]),
  upgrade: new Map([SYSTEM, DATA]),
  remove: new Map([
    [SYSTEM[0], 'file 2'],
    ['/usr/share/plain', 'file 1'],
  ]),
  'install again': new Map([SYSTEM, DATA]),
  purge: new Map([SYSTEM]),
};

/** Stands in for a machine on which the package does wrong whatever it can: its answers are those of dpkg 1.22. */
function standIn(): Machine {
  let at = 0;
  let isSpoiled = false;
  const phase = (): Phase => PHASES[Math.min(at, PHASES.length - 1)] ?? 'before';
  const answer = (status: number, stdout: string): object => ({ status, stdout, stderr: '' });
  let files: readonly string[] = [];
  const early = (): WatchedCall => ({
    count: 1,
    script: 'prerm',
    command: 'systemctl restart wazo-calld',
    present: files,
  });
  const machine = {
    put: () => undefined,
    watch: async (_programs: readonly string[], watched: readonly string[]) => {
      files = await Promise.resolve(watched);
    },
    snapshot: () =>
      new Map([...AFTER[phase()], ...(isSpoiled ? ([['/etc/spoiled', 'file 1']] as const) : [])]),
    calls: async () => await Promise.resolve(phase() === 'remove' ? [early()] : []),
    sh: async (script: string) => {
      await Promise.resolve();
      if (script.startsWith('systemctl list-units --failed'))
        return answer(0, 'plain.service loaded failed\n');
      if (script.startsWith('dpkg-query')) return answer(0, 'ii ');
      if (!script.includes('exec dpkg ')) return answer(0, '');
      at += 1;
      isSpoiled ||= script.includes(`touch ${HERE}/fail-postinst`);
      const fails = phase() === 'reinstall' || script.includes(`touch ${HERE}/fail-`);
      return answer(fails ? 1 : 0, fails ? FAILED : '');
    },
  };
  return machine as unknown as Machine;
}

let all: Promise<readonly Finding[]> | undefined;

/** All that a rehearsal on it finds. */
const ON_STAND_IN: Provoke = async () => {
  all ??= (async () => {
    const found: Finding[] = [];
    await new Rehearsal(standIn(), await built(), new AbortController().signal, (_name, _run, findings) =>
      found.push(...findings),
    ).run();
    return found;
  })();
  return await all;
};

/** The first fault that strikes leaves something. */
async function notRecovered(): Promise<readonly Finding[]> {
  const over = new AbortController();
  const found: Finding[] = [];
  await rehearseFaults(standIn(), await built(), {
    signal: over.signal,
    fresh: async () => await Promise.resolve(standIn()),
    report: (_fault, _ok, _ms, findings) => {
      found.push(...findings);
      over.abort();
    },
  });
  return found;
}

/** Makes each finding once; test/long/rehearse.test.ts shows real packages on the real stack. */
export const REHEARSE_SCENARIOS: Readonly<Record<keyof typeof REHEARSE, Scenario>> = {
  'rehearse-script-failed': ON_STAND_IN,
  'rehearse-dpkg-failed': async () => {
    const run = { status: 1, output: 'dpkg: error: trying to overwrite /etc/a\n', scripts: [] };
    return await scriptFindings({} as Machine, {} as BuiltPackage, run as never);
  },
  'rehearse-reload-before-removal': ON_STAND_IN,
  'rehearse-service-stale': ON_STAND_IN,
  'rehearse-still-in-use': ON_STAND_IN,
  'rehearse-not-restored': ON_STAND_IN,
  'rehearse-install-not-repeatable': ON_STAND_IN,
  'rehearse-file-left-behind': ON_STAND_IN,
  'rehearse-file-lost': ON_STAND_IN,
  'rehearse-service-down': ON_STAND_IN,
  'rehearse-data-lost': ON_STAND_IN,
  'rehearse-not-recovered': notRecovered,
};
