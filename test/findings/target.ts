import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { judgeProgram } from '../../src/effects/evidence/program.ts';
import { refusal } from '../../src/effects/evidence/console.ts';
import { fileVerdict } from '../../src/effects/evidence/files.ts';
import { readServiceLog } from '../../src/effects/evidence/service-log.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { TARGET_FINDINGS } from '../../src/findings/target.ts';
import { leftovers, type Gone } from '../../src/status/leftovers.ts';
import { uninstallPlugin } from '../../src/status/uninstall.ts';
import { restoreVerified } from '../../src/status/restored.ts';
import { STATE_FOLDER, closeSession, openSession, type Session } from '../../src/targets/session.ts';
import { COMMAND_CHANGES, DISK_CHANGES, SERVICE_CHANGES } from '../support/bad-changes-real.ts';
import {
  DIALPLAN_CHANGES,
  HOOK_CHANGES,
  PACKAGE_CHANGES,
  PYTHON_CHANGES,
} from '../support/bad-changes-table.ts';
import { PLUGIN, bring, shellTarget, tree } from '../support/target.ts';
import { tempFolder } from '../support/temp.ts';
import { provokedIn, type Scenario } from './scenario.ts';

/** Saves under `wdev watch` that the embedded stack refuses, and the real one. */
const EMBEDDED: Scenario = {
  changes: [...DIALPLAN_CHANGES, ...PACKAGE_CHANGES, ...HOOK_CHANGES, ...PYTHON_CHANGES],
};
const REAL: Scenario = { changes: [...DISK_CHANGES, ...COMMAND_CHANGES, ...SERVICE_CHANGES] };

/** A console's answer, as Asterisk or the shell of the target gives it. */
function answered(text: string): readonly Finding[] {
  return [refusal('dialplan reload', text)].filter((finding) => finding !== undefined);
}

async function onTarget(
  work: (session: Session, root: string) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const root = tempFolder();
  mkdirSync(path.join(root, 'etc'));
  const session = await openSession(await shellTarget({ argv: ['sh'] }, root));
  try {
    return await work(session, root);
  } finally {
    await closeSession(session);
  }
}

export const TARGET_SCENARIOS: Readonly<Record<keyof typeof TARGET_FINDINGS, Scenario>> = {
  'asterisk-down': REAL,
  'asterisk-missing': () => answered('sh: 1: asterisk: not found'),
  'reload-busy': REAL,
  'console-unknown-command': () =>
    answered(
      "No such command 'dialplan reload' (type 'core show help dialplan' for other possible commands)",
    ),
  'module-not-loaded': REAL,
  'asterisk-hangs': () => answered('Asterisk did not answer for 15 s'),
  'module-reload-refused': () => answered("The module 'res_odbc.so' reported a reload failure"),
  'asterisk-rejected-line': REAL,
  'dialplan-not-loaded': EMBEDDED,
  'dialplan-nothing-loaded': provokedIn('unit/watch-evidence.test.ts'),
  'link-dangling': provokedIn('unit/watch-evidence.test.ts'),
  'file-differs': () => {
    const files = tree({ '/etc/a': '1' });
    const change = {
      plugin: PLUGIN,
      tree: files,
      difference: { put: [...files.values()], removed: [] },
      oldEntryPoints: [],
    };
    return fileVerdict(change, [change], { problem: undefined, unwritten: ['/etc/a'], dangling: [] })
      .findings;
  },
  'files-not-written': REAL,
  'pjsip-not-read': provokedIn('unit/verify-judges.test.ts'),
  'service-import-failed': REAL,
  'service-entry-point-missing': REAL,
  'service-load-failed': REAL,
  'service-no-plugin': () =>
    readServiceLog('stevedore.exception.NoMatches: No wazo_dird.backends found\n', new Map()),
  'service-down': REAL,
  'service-ended': provokedIn('unit/watch-services.test.ts'),
  'confgend-empty': REAL,
  'confgend-stale': provokedIn('real/confgend.test.ts'),
  'confgend-generate-raised': REAL,
  'confgend-no-database': () =>
    readServiceLog(
      `Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/demo_confgend/driver.py", line 1, in <module>
    from xivo_dao import queue_dao
ModuleNotFoundError: No module named 'xivo_dao'
`,
      tree({ '/usr/lib/python3/dist-packages/demo_confgend/driver.py': 'from xivo_dao import queue_dao\n' }),
    ),
  'confgend-no-handler': EMBEDDED,
  'call-logger-import-failed': EMBEDDED,
  'command-failed': () => judgeProgram('nginx -t', 'command-failed', { status: 1, output: 'broken' }, {}),
  'rules-install-failed': REAL,
  'packages-unfinished': provokedIn('real/rules.test.ts'),
  'target-record-damaged': provokedIn('unit/target-damage.test.ts'),
  'foreign-edit': provokedIn('unit/target-foreign.test.ts'),
  'plugin-renamed': EMBEDDED,
  'hook-failed': EMBEDDED,
  'file-still-there': () =>
    onTarget(async (session, root) => {
      writeFileSync(path.join(root, 'etc/a'), 'written again');
      return await leftovers(session, { ...NOTHING, paths: ['/etc/a'] });
    }),
  'dialplan-still-loaded': stillLoaded,
  'files-not-removed': filesNotRemoved,
  'rules-complained': rulesComplained,
  'service-stopped': provokedIn('unit/restart-by-rules.test.ts'),
  'package-changed': provokedIn('unit/server-past.test.ts'),
  'package-unlike': provokedIn('unit/server-past.test.ts'),
  'not-restored': notRestored,
};

const NOTHING: Gone = { paths: [], putBack: [], outcomes: [], dialplan: new Map() };

/** Asterisk answers a reload, and still shows the line. */
async function stillLoaded(): Promise<readonly Finding[]> {
  const bin = tempFolder();
  const answer =
    "[ Context 'acme' created by 'pbx_config' ]\n  's' =>            1. NoOp()      [hello.conf:2]\n";
  writeFileSync(path.join(bin, 'asterisk'), `#!/bin/sh\ncat <<'EOF'\n${answer}EOF\n`, { mode: 0o755 });
  const argv = ['env', `PATH=${bin}:${process.env['PATH']}`, 'sh'] as const;
  const session = await openSession(await shellTarget({ argv: [...argv] }, tempFolder()));
  try {
    const dialplan = new Map([['/etc/asterisk/extensions_extra.d/hello.conf', ['acme']]]);
    return await leftovers(session, { ...NOTHING, dialplan });
  } finally {
    await closeSession(session);
  }
}

async function removed(session: Session): Promise<readonly Finding[]> {
  return (await uninstallPlugin(session, session.installed.get(PLUGIN.id)!)).findings;
}

/** A change before it was cut off and not undone yet. */
async function filesNotRemoved(): Promise<readonly Finding[]> {
  return await onTarget(async (session, root) => {
    await bring(session, tree({ '/etc/a': '1' }));
    // the journal of that goes behind the answer
    await session.target.run(':');
    mkdirSync(path.join(root, STATE_FOLDER, 'batch'), { recursive: true });
    writeFileSync(path.join(root, STATE_FOLDER, 'batch/list'), 'A /etc/a\n');
    return await removed(session);
  });
}

async function rulesComplained(): Promise<readonly Finding[]> {
  return await onTarget(async (session) => {
    const rules = '/usr/lib/wazo-plugind/plugins/demo/hello/wazo/rules';
    await bring(session, tree({ [rules]: '#!/bin/sh\necho "no $1 today"\nexit 1\n' }, { [rules]: 0o755 }));
    return await removed({ ...session, target: { ...session.target, runsRules: true } });
  });
}

/** Somebody writes the file again as soon as it was put back. */
async function notRestored(): Promise<readonly Finding[]> {
  return await onTarget(async (session, root) => {
    writeFileSync(path.join(root, 'etc/a'), 'the original');
    await bring(session, tree({ '/etc/a': '1' }));
    const { target } = session;
    const run: typeof target.run = async (script, options) => {
      const answer = await target.run(script, options);
      // the one request that may take long is the restore itself
      if (options?.timeout !== undefined) writeFileSync(path.join(root, 'etc/a'), 'of somebody');
      return answer;
    };
    return (await restoreVerified({ ...session, target: { ...target, run } })).findings;
  });
}
