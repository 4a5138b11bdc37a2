import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { judgeDialplan } from '../../src/effects/evidence/dialplan.ts';
import { judgePjsip } from '../../src/effects/evidence/pjsip.ts';
import { judgeProgram } from '../../src/effects/evidence/program.ts';
import { refusal } from '../../src/effects/evidence/console.ts';
import { fileVerdict } from '../../src/effects/evidence/files.ts';
import { readServiceLog } from '../../src/effects/evidence/service-log.ts';
import { routesOfTree } from '../../src/effects/evidence/routes.ts';
import { judgeAnswers } from '../../src/effects/evidence/answers.ts';
import type { Answers } from '../../src/effects/evidence/answers-shape.ts';
import { questionsOf } from '../../src/effects/evidence/questions.ts';
import { endFindings } from '../../src/effects/evidence/unit-life.ts';
import type { EffectOutcome, Judged } from '../../src/effects/module.ts';
import { PJSIP_RELOAD } from '../../src/effects/pjsip.ts';
import { EFFECTS } from '../../src/effects/registry.ts';
import { LEFT_STOPPED } from '../../src/effects/restart.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { TARGET_FINDINGS } from '../../src/findings/target.ts';
import { leftovers, type Gone } from '../../src/status/leftovers.ts';
import { uninstallPlugin } from '../../src/status/uninstall.ts';
import { packageChanged, packageFindings, unlikePackages } from '../../src/status/past.ts';
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
import type { Scenario } from './scenario.ts';

/** Saves under `wdev watch` that the embedded stack refuses, and the real one. */
const EMBEDDED: Scenario = {
  changes: [...DIALPLAN_CHANGES, ...PACKAGE_CHANGES, ...HOOK_CHANGES, ...PYTHON_CHANGES],
};
const REAL: Scenario = { changes: [...DISK_CHANGES, ...COMMAND_CHANGES, ...SERVICE_CHANGES] };

/** A console's answer, as Asterisk or the shell of the target gives it. */
function answered(text: string): readonly Finding[] {
  return [refusal('dialplan reload', text)].filter((finding) => finding !== undefined);
}

/** Findings from the answers of a service about the routes of a plugin. */
async function asked(
  files: Readonly<Record<string, string>>,
  unit: string,
  answers: Answers[string],
): Promise<readonly Finding[]> {
  const staged = tree(files);
  const difference = { put: [...staged.values()], removed: [] };
  const change = { plugin: PLUGIN, tree: staged, difference, oldEntryPoints: [] };
  const came = { state: { active: 'active', sub: 'running', pid: 1, restarts: 0 }, logEnd: '' };
  const restart: EffectOutcome<'restart'> = {
    ...DONE,
    plugins: [PLUGIN.id],
    do: 'restart',
    effect: { do: 'restart', unit },
    journal: '',
    ended: '',
    log: '',
    came,
  };
  const questions = questionsOf([change], new Map([[PLUGIN.id, await routesOfTree(staged)]]), [restart]);
  return judgeAnswers(questions, { [unit]: answers }).get(PLUGIN.id)?.findings ?? [];
}

async function answeredRoute(
  route: Answers[string]['routes'][number],
  more: Partial<Answers[string]> = {},
): Promise<readonly Finding[]> {
  const folder = '/usr/lib/python3/dist-packages/demo';
  const code = `from wazo_calld.http import AuthResource


class Hello(AuthResource):
    def get(self):
        return {}


class Plugin:
    def load(self, dependencies):
        dependencies['api'].add_resource(Hello, '/demo')
`;
  const files = {
    [`${folder}/plugin.py`]: code,
    [`${folder}/api.yml`]: 'paths:\n  /demo: {}\n',
    [`${folder}-1.dist-info/entry_points.txt`]: '[wazo_calld.plugins]\ndemo = demo.plugin:Plugin\n',
    '/etc/wazo-calld/conf.d/50-demo.yml': 'enabled_plugins: {demo: true}\n',
  };
  return await asked(files, 'wazo-calld', { routes: [route], log: '', ...more });
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

/** Findings of a first batch over a file that a Debian package brought. */
function below(name: string): readonly Finding[] {
  const staged = tree({ '/etc/a': '1' });
  const difference = { put: [...staged.values()], removed: [] };
  const origins = new Map([['/etc/a', { name, version: '1', md5: undefined }]]);
  return packageFindings({ plugin: PLUGIN, tree: staged, difference, oldEntryPoints: [] }, origins);
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
  'dialplan-not-loaded': () => {
    const judged = judgedOf({ '/etc/asterisk/extensions_extra.d/a.conf': '[more]\nexten = 1,1,NoOp()\n' });
    return judgeDialplan(judged, reload('dialplan reload')).findings;
  },
  'dialplan-nothing-loaded': () => {
    const deep = '/etc/asterisk/extensions_extra.d/more/a.conf';
    const judged = { ...judgedOf({ [deep]: '[more]\nexten = 1,1,NoOp()\n' }), changed: [deep] };
    return judgeDialplan(judged, reload('dialplan reload')).findings;
  },
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
  'pjsip-not-read': () => judgePjsip(reload(PJSIP_RELOAD), [generated(true)]).findings,
  'service-import-failed': REAL,
  'route-missing': () => answeredRoute({ bare: 404, options: 404 }),
  'route-open': () => answeredRoute({ bare: 200 }),
  'route-raised': () => answeredRoute({ bare: 401, token: 500 }),
  'api-not-merged': () => answeredRoute({ bare: 401 }, { description: { status: 200, missing: ['/demo'] } }),
  'lookup-failed': () => {
    const code = '/usr/lib/python3/dist-packages/demo/backend.py';
    return asked(
      {
        [code]: 'x\n',
        '/usr/lib/python3/dist-packages/demo-1.dist-info/entry_points.txt':
          '[wazo_dird.backends]\ndemo = demo.backend:Backend\n',
        '/etc/wazo-dird/conf.d/50-demo.yml': 'enabled_plugins: {backends: {demo: true}}\n',
      },
      'wazo-dird',
      {
        routes: [],
        lookups: [{ status: 200, results: 0 }],
        log: `  File "${code}", line 1, in load\nValueError\n`,
      },
    );
  },
  'agi-handler-raised': () => {
    const code = '/usr/lib/python3/dist-packages/wazo_agid/modules/demo.py';
    return asked({ [code]: 'def demo(): pass\nagid.register(demo)\n' }, 'wazo-agid', {
      routes: [],
      handlers: [{ commands: ['SET CONTEXT agi_fail'], isCall: false }],
      log: `  File "${code}", line 1, in demo\nKeyError: 'x'\n`,
    });
  },
  'backend-missing': () => {
    const list = '/usr/lib/python3/dist-packages/demo-1.dist-info/entry_points.txt';
    return asked(
      {
        [list]: '[wazo_auth.backends]\ndemo = demo.backend:Backend\n',
        '/etc/wazo-auth/conf.d/50-demo.yml': 'enabled_backend_plugins: {demo: true}\n',
      },
      'wazo-auth',
      { routes: [], log: '', backends: ['wazo_user'] },
    );
  },
  'login-let-in': () => {
    const list = '/usr/lib/python3/dist-packages/demo-1.dist-info/entry_points.txt';
    return asked({ [list]: '[wazo_auth.idp]\ndemo = demo.idp:Provider\n' }, 'wazo-auth', {
      routes: [],
      log: '',
      login: 200,
    });
  },
  'service-entry-point-missing': REAL,
  'service-load-failed': REAL,
  'service-no-plugin': () =>
    readServiceLog('stevedore.exception.NoMatches: No wazo_dird.backends found\n', new Map()),
  'service-down': REAL,
  'service-ended': () =>
    endFindings(new Map(), 'wazo-calld', '', { active: 'failed', sub: 'failed', pid: 0, restarts: 0 }),
  'confgend-empty': REAL,
  'confgend-stale': () => EFFECTS.generate.judge(generated(false), judgedOf({})).findings,
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
  'packages-unfinished': () => {
    const answers = {
      auditBefore: '',
      auditAfter: 'The following packages are only half installed:\n sox  Swiss army knife of sound\n',
    };
    const outcome: EffectOutcome<'rules'> = { ...DONE, ...answers, do: 'rules', effect: { do: 'rules' } };
    return EFFECTS.rules.judge(outcome, judgedOf({})).findings;
  },
  'target-record-damaged': recordDamaged,
  'foreign-edit': () =>
    onTarget(async (session, root) => {
      await bring(session, tree({ '/etc/a': '1' }));
      writeFileSync(path.join(root, 'etc/a'), 'edited there');
      return await removed(session);
    }),
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
  'service-stopped': () => {
    const effect = { do: 'restart', unit: 'wazo-calld' } as const;
    const answers = { journal: '', ended: '', came: undefined, output: LEFT_STOPPED };
    return EFFECTS.restart.judge({ ...DONE, ...answers, do: 'restart', effect }, judgedOf({})).findings;
  },
  'package-changed': () => [
    packageChanged({ name: 'wazo-calld', was: '1', now: '2', paths: ['/etc/a'], plugins: ['demo/hello'] }),
  ],
  'package-unlike': () =>
    onTarget(async (session) => {
      const run = async (): Promise<object> =>
        await Promise.resolve({ status: 1, stdout: Buffer.from('missing   c /etc/a\n') });
      const target = { ...session.target, run: run as unknown as typeof session.target.run };
      return await unlikePackages({ ...session, hasPackages: true, target }, ['wazo-calld'], []);
    }),
  'package-replaced': () => below('wazo-plugind-hello-demo'),
  'file-of-package': () => below('wazo-calld'),
  'not-restored': notRestored,
};

/** The part that every outcome has. */
const DONE = { plugins: [PLUGIN.id], status: 0, output: '', log: '', ms: 1 };

function reload(command: string): EffectOutcome<'console'> {
  const answers = { shows: new Map<string, string>(), pjsip: '', isLogged: true };
  return { ...DONE, ...answers, do: 'console', effect: { do: 'console', command } };
}

/** The answer of a driver, made anew or from wazo-confgend's cache. */
function generated(isNew: boolean): EffectOutcome<'generate'> {
  const effect = { do: 'generate', resource: 'asterisk', filename: 'pjsip.conf' } as const;
  return { ...DONE, do: 'generate', effect, output: '[transport-udp]\n', before: '', isNew };
}

function judgedOf(files: Readonly<Record<string, string>>): Judged {
  return {
    tree: tree(files),
    manifest: undefined,
    counts: new Map(),
    changed: [],
    before: new Map(),
    outcomes: [],
  };
}

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

/** The list of what stood there was emptied. */
async function recordDamaged(): Promise<readonly Finding[]> {
  const root = tempFolder();
  mkdirSync(path.join(root, 'etc'));
  writeFileSync(path.join(root, 'etc/a'), 'of the server');
  const first = await openSession(await shellTarget({ argv: ['sh'] }, root));
  await bring(first, tree({ '/etc/a': '1' }));
  await closeSession(first);
  truncateSync(path.join(root, STATE_FOLDER, 'touched'), 0);
  const session = await openSession(await shellTarget({ argv: ['sh'] }, root), { restoring: true });
  try {
    return (await restoreVerified(session)).findings;
  } finally {
    await closeSession(session);
  }
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
