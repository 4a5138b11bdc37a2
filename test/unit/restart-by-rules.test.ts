import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LEFT_STOPPED, RESTART } from '../../src/effects/restart.ts';
import { restartedUnits } from '../../src/effects/units.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { findProgram } from '../../src/stacks/requirements.ts';
import { tempFolder } from '../support/temp.ts';

const FILE = '/etc/demo/file';
const LINK = 'run/systemd/units/invocation:wazo-calld.service';

let folder = '';

beforeEach(() => {
  folder = tempFolder();
  for (const below of ['bin', 'etc/demo', 'etc/wazo-calld/conf.d', 'run/systemd/units', 'units'])
    mkdirSync(path.join(folder, below), { recursive: true });
  // a systemctl whose units are files with what it shows
  writeFileSync(
    path.join(folder, 'bin/systemctl'),
    `#!/bin/sh\nif [ "$1" = show ]; then for unit; do :; done; cat ${folder}/units/$unit; fi\n`,
    { mode: 0o755 },
  );
  writeFileSync(path.join(folder, FILE), 'one\n');
  unit('wazo-calld', 100, 5000);
  unit('wazo-confd', 101, 5001);
});

function unit(name: string, pid: number, started: number, restarts = 0): void {
  writeFileSync(
    path.join(folder, 'units', name),
    `MainPID=${pid}\nNRestarts=${restarts}\nExecMainStartTimestampMonotonic=${started}\nActiveState=active\n`,
  );
}

/** Commands of rules, in shell: a process that began now, as systemd would leave it. */
const restarted = (pid: number, started: number, more = ''): string =>
  `sleep 0.05; rm -f "$R/${LINK}"; ln -s x "$R/${LINK}"; printf 'MainPID=${pid}\\nNRestarts=0\\nExecMainStartTimestampMonotonic=${started}\\nActiveState=active\\n${more}' >"$R/units/wazo-calld"`;

/** Whether wdev would leave the restart of wazo-calld to these rules. */
async function left(rules: string, shell: readonly [string, ...string[]] = ['sh']): Promise<boolean> {
  const scripts = path.join(packageRoot(), 'src/targets/far-end');
  const script = `. "$1/library.sh"; . "$1/services.sh"; wdev_before_rules wazo-confd wazo-calld; ${rules}; wdev_by_rules wazo-calld ${FILE}`;
  const { status, stderr } = await run([...shell, '-c', script, 'sh', scripts], {
    env: { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`, R: folder },
  });
  expect(stderr).toBe('');
  return status === 0;
}

describe('a restart is left to rules', () => {
  it.each([
    ['when they did it', () => restarted(200, 6000), true],
    ['not when they did not', () => ':', false],
    [
      'not when a file was changed afterwards',
      () => `${restarted(200, 6000)}; sleep 0.05; echo two >"$R${FILE}"`,
      false,
    ],
    ['not when a file is gone', () => `${restarted(200, 6000)}; rm "$R${FILE}"`, false],
    [
      'not when other settings of the service came afterwards',
      () => `${restarted(200, 6000)}; sleep 0.05; : >"$R/etc/wazo-calld/conf.d/new.yml"`,
      false,
    ],
    ['when a file was changed before', () => `echo two >"$R${FILE}"; ${restarted(200, 6000)}`, true],
    ['not when the service is down since', () => restarted(0, 6000), false],
    [
      'not when systemd brought it back',
      () => `${restarted(200, 6000)}; sed -i s/NRestarts=0/NRestarts=1/ "$R/units/wazo-calld"`,
      false,
    ],
    [
      'not when systemd does not tell when it started it',
      () => `${restarted(200, 6000)}; rm "$R/${LINK}"`,
      false,
    ],
    [
      'not when the clock was set back in the meantime: the file came later, with an earlier time',
      () =>
        `${restarted(200, 6000)}; date() { echo $(($(command date +%s%N) - 7200000000000)); }; touch -h -d '2 hours' "$R/${LINK}"; echo two >"$R${FILE}"`,
      false,
    ],
    [
      'not when the clock was set forward in the meantime',
      () => `${restarted(200, 6000)}; date() { echo $(($(command date +%s%N) + 7200000000000)); }`,
      false,
    ],
    [
      'when the clock was asked on a busy machine, where a program takes a while to start',
      () =>
        `${restarted(200, 6000)}; date() { [ -e "$R/slow" ] || { : >"$R/slow"; sleep 1.5; }; command date "$@"; }`,
      true,
    ],
    ['not behind a restart of the plan', () => `${restarted(200, 6000)}; wdev_restart wazo-confd`, false],
    [
      'not when what comes before it was restarted later',
      () => `${restarted(200, 6000)}; __newest=6001`,
      false,
    ],
  ])('%s', async (_when, rules, isLeft) => {
    expect(await left(rules())).toBe(isLeft);
  });

  it.skipIf(findProgram('busybox') === undefined)('never where its programs cannot tell', async () => {
    expect(await left(`stat() { busybox stat "$@"; }; ${restarted(200, 6000)}`)).toBe(false);
    expect(await left(`find() { busybox find "$@"; }; ${restarted(200, 6000)}`)).toBe(false);
  });

  it.skipIf(findProgram('busybox') === undefined)('by busybox’s shell as well', async () => {
    expect(await left(restarted(200, 6000), ['busybox', 'sh'])).toBe(true);
  });
});

describe('a service that is not up', () => {
  /** Whether wdev leaves it as it is; `job` is what systemd's journal tells of the one that stopped it. */
  async function isLeft(shown: string, job: string): Promise<boolean> {
    writeFileSync(path.join(folder, 'units/wazo-calld'), shown);
    writeFileSync(path.join(folder, 'bin/journalctl'), `#!/bin/sh\nprintf '${job}'\n`, { mode: 0o755 });
    const scripts = path.join(packageRoot(), 'src/targets/far-end');
    const { status, stderr } = await run(
      ['sh', '-c', '. "$1/library.sh"; . "$1/services.sh"; wdev_stopped wazo-calld', 'sh', scripts],
      { env: { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`, R: '' } },
    );
    expect(stderr).toBe('');
    return status === 0;
  }

  const DOWN = 'ActiveState=inactive\nUnitFileState=enabled\n';
  const job = (type: string): string => `__CURSOR=s\\nJOB_RESULT=done\\nJOB_TYPE=${type}\\n`;

  it.each<[string, string, string, boolean]>([
    ['and was stopped is left so', DOWN, job('stop'), true],
    ['and ended by itself is restarted', DOWN, job('start'), false],
    ['and ended while it was restarted is restarted', DOWN, job('restart'), false],
    ['and failed is restarted', DOWN.replace('inactive', 'failed'), job('stop'), false],
    ['and never ran is started', DOWN, '', false],
    ['and was turned off is left so', DOWN.replace('enabled', 'disabled'), '', true],
    ['but comes up is restarted', DOWN.replace('inactive', 'activating'), '', false],
  ])('%s', async (_what, shown, told, left) => expect(await isLeft(shown, told)).toBe(left));

  it('is told to be left so, and no evidence of anything', () => {
    const outcome = {
      do: 'restart' as const,
      effect: { do: 'restart' as const, unit: 'wazo-calld' },
      plugins: ['demo/hello'],
      status: 0,
      output: LEFT_STOPPED,
      ms: 1,
      log: '',
      journal: '',
      ended: '',
      came: { state: { active: 'inactive', sub: 'dead', pid: 0, restarts: 0 }, logEnd: '' },
    };
    const judged = {
      tree: new Map(),
      before: new Map(),
      changed: [],
      manifest: undefined,
      counts: new Map(),
      outcomes: [],
    };
    expect(RESTART.judge(outcome, judged)).toMatchObject({
      findings: [{ code: 'service-stopped', level: 'info' }],
      loaded: [],
    });
    expect(RESTART.proves?.(outcome, '/x', new Map())).toBe(false);
    expect(restartedUnits([outcome])).toEqual([]);
  });
});
