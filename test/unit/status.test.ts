import { readdirSync, appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mentions, mergeLines, readLines, timeOf } from '../../src/status/log-lines.ts';
import { withTarget } from '../../src/status/target-names-edit.ts';
import { isOlder, type ServiceState } from '../../src/status/service-state.ts';
import type { StatusReport } from '../../src/status/status.ts';
import { tempFolder } from '../support/temp.ts';
import { Watch, makePlugin, project, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const DRIVER = 'usr/lib/python3/dist-packages/demo_acme_confgend/driver.py';

describe('wdev status and logs on the embedded stack', () => {
  let place: ReturnType<typeof project>;
  const there = (name: string): string => path.join(place.dir, '.wdev/stack/root', name);

  function status(): StatusReport {
    const { status: exit, stdout, stderr } = wdevNow(['status', '--json'], place.dir);
    expect([exit, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as StatusReport;
  }

  beforeAll(() => {
    place = project();
    makePlugin(place.dir, 'hello');
    expect(wdevNow(['new', 'confgend', 'acme', '--namespace', 'demo', '--yes'], place.dir).status).toBe(0);
    expect(wdevNow(['install'], place.dir).status).toBe(0);
  }, 300_000);

  afterAll(() => place.remove());

  it('tells what is installed and loaded, and that it is as the sources', () => {
    const report = status();
    expect(report).toMatchObject({
      target: 'embedded',
      asterisk: 'running',
      interrupted: false,
      notInstalled: [],
    });
    const [acme, hello] = report.plugins;
    expect(hello).toMatchObject({
      id: 'demo/hello',
      version: '0.1.0',
      contexts: [
        { name: 'demo-hello', loaded: true, extensions: ['s'] },
        { name: 'xivo-extrafeatures', loaded: true, extensions: ['***42'] },
      ],
      services: [],
      source: { state: 'current', differs: [] },
    });
    expect(hello?.files.map(({ path: name, state }) => [name, state])).toContainEqual([
      `/${CONF}`,
      'unchanged',
    ]);
    expect(Math.abs(Date.parse(hello?.installedAt ?? '') - Date.now())).toBeLessThan(180_000);
    expect(acme?.services).toMatchObject([{ unit: 'wazo-confgend', state: 'active', stale: false }]);
    const text = wdevNow(['status'], place.dir).stdout;
    expect(text).toContain('  ✓ context xivo-extrafeatures: ***42\n');
    expect(
      Math.max(
        ...text
          .split('\n')
          .filter((line) => !line.includes(place.dir))
          .map(({ length }) => length),
      ),
    ).toBeLessThan(81);
  });

  it('says of a plugin that cannot be listed why, and tells of the others', () => {
    const more = ['a', 'b', 'c', 'd'].map((name) => path.join(place.dir, 'hello', `${name}.txt`));
    for (const file of more) writeFileSync(file, '');
    const { status: exit, stdout } = wdevNow(['status', '--json'], place.dir, { WDEV_FILES: '20' });
    for (const file of more) rmSync(file);
    expect(exit).toBe(0);
    const sources = (JSON.parse(stdout) as StatusReport).plugins.map(({ id, source }) => [id, source]);
    expect(sources).toMatchObject([
      ['demo-acme-confgend', { state: 'current' }],
      ['demo/hello', { state: 'broken', problem: expect.stringMatching(/has more than 20 files/) as string }],
    ]);
  });

  it('works while a watch holds the target, and names it', async () => {
    const watch = new Watch(['hello'], place.dir);
    await watch.next('verified');
    try {
      expect(status().watchedBy).toContain(`process ${watch.pid}`);
      expect(wdevNow(['why', 'hello'], place.dir).status).toBe(0);
    } finally {
      await watch.stop();
    }
  });

  it('marks lines of the logs that speak of the plugins', () => {
    const driver = 'File "/usr/lib/python3/dist-packages/demo_acme_confgend/driver.py", line 3, in generate';
    const log = there('var/log/wazo-confgend.log');
    appendFileSync(log, `2099-01-01 10:00:00,000 [1] (INFO) (wazo_confgend): other\n  ${driver}\n`);
    appendFileSync(
      there('var/log/asterisk/full'),
      '[Jan  1 00:00:01] WARNING[1] pbx.c: in demo-hello-world\n',
    );
    const { stdout, status: exit } = wdevNow(['logs', '-n', '3'], place.dir);
    expect(exit).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(-2)).toEqual([
      '  wazo-confgend | 2099-01-01 10:00:00,000 [1] (INFO) (wazo_confgend): other',
      `* wazo-confgend |   ${driver}`,
    ]);
    expect(lines.find((line) => line.includes('demo-hello-world'))).toMatch(/^ {2}asterisk {6}\| /);
    expect(wdevNow(['logs', 'wazo-nothing'], place.dir)).toMatchObject({ status: 1, stdout: '' });
    const misspelt = wdevNow(['logs', 'wazo-cofgend'], place.dir);
    expect(misspelt.stderr).toContain('Did you mean wazo-confgend?');
    const json = wdevNow(['logs', 'wazo-confgend', '-n', '2', '--json'], place.dir).stdout;
    expect(JSON.parse(json.trim().split('\n')[1] ?? '')).toMatchObject({
      service: 'wazo-confgend',
      own: true,
      time: '2099-01-01 10:00:00.000',
    });
  });

  it('reads the end of a log whose lines have no end, and says so', () => {
    const log = there('var/log/wazo-confgend.log');
    const before = readFileSync(log);
    appendFileSync(
      log,
      `2099-01-01 10:00:00,000 first\n${'x'.repeat(5_000_000)}\n2099-01-01 10:00:01,000 last\n`,
    );
    const { stdout, stderr } = wdevNow(['logs', 'wazo-confgend', '-n', '3'], place.dir);
    expect(stdout.endsWith('| 2099-01-01 10:00:01,000 last\n')).toBe(true);
    expect(stdout).not.toContain('first');
    expect(stderr).toContain('wdev: wazo-confgend: only the last 4 MB are shown');
    writeFileSync(log, before);
  });

  it('says that it cannot tell whether a service has its files once the clock was set', () => {
    const since = path.join(place.dir, '.wdev/stack/run/services/wazo-confgend.since');
    const before = readFileSync(since, 'utf8');
    // it began four years ago by the clock of then, where the 29th of February is a day too, and a moment ago by that of now
    writeFileSync(
      since,
      before.replace(/ (\d{4})-/, (_, year: string) => ` ${Number(year) - 4}-`),
    );
    const [acme] = status().plugins;
    expect(acme?.services).toMatchObject([{ unit: 'wazo-confgend', stale: false, clockWasSet: true }]);
    expect(wdevNow(['status'], place.dir).stdout).toContain(
      "  ! wazo-confgend: running; the target's clock was set",
    );
    writeFileSync(since, before);
    expect(status().plugins[0]?.services[0]).not.toHaveProperty('clockWasSet');
  });

  it('tells edits of others, losses, ghosts, stale sources and contexts that are not loaded', () => {
    writeFileSync(there(DRIVER), readFileSync(there(DRIVER)));
    appendFileSync(there(CONF), '[more]\nexten = 1,1,NoOp()\n');
    rmSync(there('usr/lib/wazo-plugind/plugins/demo/hello/wazo/plugin.yml'));
    appendFileSync(path.join(place.dir, 'hello', CONF), '; later\n');
    makePlugin(place.dir, 'third', '--extension', '***3');
    const [acme, hello] = status().plugins;
    expect(acme?.services).toMatchObject([{ unit: 'wazo-confgend', state: 'active', stale: true }]);
    expect(hello?.files.map(({ state }) => state).sort()).toEqual(['edited', 'missing', 'unchanged']);
    expect(hello?.contexts).toContainEqual({ name: 'more', loaded: false, extensions: ['1'] });
    expect(hello?.source).toMatchObject({ state: 'stale', differs: [`/${CONF}`] });
    expect(status().notInstalled).toEqual([{ id: 'demo/third', dir: path.join(place.dir, 'third') }]);
    const { stdout } = wdevNow(['status'], place.dir);
    expect(stdout).toContain(`      .wdev/stack/root/${CONF}: edited on the target\n`);
    expect(stdout).toContain('  ! 3 files, 2 changed: see wdev why hello\n');
    expect(stdout).not.toContain('matches');
    expect(stdout).toContain('  ! wazo-confgend: running since ');
    expect(stdout).toContain('Not installed: demo/third. Install it: wdev install\n');
  });
});

describe('lines of logs', () => {
  const now = '2026-01-02';

  it.each<[string, string]>([
    ['[Jan  1 10:24:53] WARNING[1] x', '2026-01-01 10:24:53'],
    ['[Dec 31 23:00:00] NOTICE[1] x', '2025-12-31 23:00:00'],
    ['2026-01-02 10:24:53,123 [1] (INFO)', '2026-01-02 10:24:53.123'],
    ['2026-01-02T10:24:53+0100 wazo[1]: x', '2026-01-02 10:24:53'],
    ['Traceback (most recent call last):', ''],
  ])('%s', (line, time) => expect(timeOf(line, now)).toBe(time));

  it('are merged by time, and lines without one stay behind theirs', () => {
    const a = readLines('a', '2026-01-02 10:00:00 1\n  more\n2026-01-02 10:00:03 2\n', {
      now,
      mentions: new Mentions([]),
    });
    const b = readLines('b', '[Jan  2 10:00:01] mine\n', { now, mentions: new Mentions(['mine']) });
    expect(mergeLines([a, b]).map(({ service, text, own }) => [service, text, own])).toEqual([
      ['a', '2026-01-02 10:00:00 1', false],
      ['a', '  more', false],
      ['b', '[Jan  2 10:00:01] mine', true],
      ['a', '2026-01-02 10:00:03 2', false],
    ]);
  });
});

describe('wdev targets', () => {
  it.each<[string, string | undefined]>([
    ['', 'targets:\n  lab: ssh://root@lab\n'],
    ['a: 1', 'a: 1\ntargets:\n  lab: ssh://root@lab\n'],
    [
      '# mine\ntargets: # of ours\n    one: local # x\n    # end\n\nother: 1\n',
      '# mine\ntargets: # of ours\n    one: local # x\n    lab: ssh://root@lab\n    # end\n\nother: 1\n',
    ],
    ['targets: {}\nb: 2\n', 'targets:\n  lab: ssh://root@lab\nb: 2\n'],
    ['targets: {one: local}\n', undefined],
  ])('adds to %j', (before, after) => expect(withTarget(before, 'lab', 'ssh://root@lab')).toBe(after));

  it('keeps the command that prints a token, for that target alone', () => {
    const dir = tempFolder();
    const call = (...args: readonly string[]): ReturnType<typeof wdevNow> => wdevNow(args, dir);
    const command = ['--token-command', 'pass show lab: token'];
    expect(call('targets', 'add', 'lab', 'ssh://root@lab', ...command)).toMatchObject({
      status: 0,
      stderr: '',
    });
    const text = 'targets:\n  lab: ssh://root@lab\ntokens:\n  lab: "pass show lab: token"\n';
    expect(readFileSync(path.join(dir, 'wdev.yml'), 'utf8')).toBe(text);
    expect(call('targets', 'add', 'lab', 'ssh://root@lab', ...command).stdout).toContain('already');
    expect(call('targets', 'add', 'lab', 'ssh://root@lab', '--token-command', 'other').status).toBe(2);
    expect(call('targets', 'add', 'two', 'local').status).toBe(0);
    expect(call('targets', 'add', 'two', 'local', '--token-command', 'echo two').status).toBe(0);
    expect(readFileSync(path.join(dir, 'wdev.yml'), 'utf8')).toContain('  two: "echo two"\n');
    expect(call('targets', 'test', 'lab', ...command).status).toBe(2);
  });

  it('adds, lists, tests, and is known to --target', () => {
    const dir = tempFolder();
    const call = (...args: readonly string[]): ReturnType<typeof wdevNow> => wdevNow(args, dir);
    expect(call('targets', 'add', 'gone', 'exec:false')).toMatchObject({ status: 0, stderr: '' });
    expect(call('targets', 'add', 'gone', 'exec:false').stdout).toBe('gone is already exec:false.\n');
    expect(call('targets', 'add', 'gone', 'local').status).toBe(2);
    expect(call('targets', 'add', 'local', 'local').status).toBe(2);
    expect(call('targets', 'add', 'x', 'http://x').status).toBe(2);
    expect(call('targets', 'add', 'shell', 'exec:sh').status).toBe(0);
    expect(readFileSync(path.join(dir, 'wdev.yml'), 'utf8')).toBe(
      'targets:\n  gone: exec:false\n  shell: exec:sh\n',
    );
    expect(call('targets').stdout).toContain('  gone      exec:false\n');
    expect(JSON.parse(call('targets', '--json').stdout)).toMatchObject({ usual: 'embedded' });
    expect(call('targets', 'test', 'gone').status).toBe(3);
    expect(call('status', '--target', 'gone').status).toBe(3);
    const check = JSON.parse(call('targets', 'test', 'shell', '--json').stdout) as Record<string, unknown>;
    expect(check).toMatchObject({ target: 'exec:sh', lacks: [], plugins: 0, watchedBy: null });
    writeFileSync(path.join(dir, 'wdev.yml'), 'targets: [1\n');
    expect(call('targets')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('wdev.yml') as string,
    });
  });
});

it.each(['status', 'logs', 'restore', 'uninstall demo/hello'])(
  'wdev %s makes no stack to look at',
  async (command) => {
    const place = project();
    try {
      expect(wdevNow(command.split(' '), place.dir)).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('there is no embedded stack in this project') as string,
      });
      expect(readdirSync(place.dir)).toEqual([]);
    } finally {
      await place.remove();
    }
  },
);

describe('a service and a file that it reads', () => {
  const YEAR = 365 * 86_400;
  const service = (startedAt: number, startedThen?: number): ServiceState => ({
    unit: 'wazo-calld',
    state: 'active',
    pid: 7,
    startedAt,
    ...(startedThen === undefined ? {} : { startedThen }),
  });

  it.each([
    ['began before the file came', service(1000, 1000), 1010, true],
    ['began after it', service(1020, 1020), 1010, false],
    ['began before it; the clock was set forward later', service(1000 + YEAR, 1000), 1010, 'unknown'],
    ['began before it; the clock was set forward between', service(1000 + YEAR, 1000), 1010 + YEAR, true],
    ['began before it; the clock was set back between', service(1000 - YEAR, 1000), 1010 - YEAR, 'unknown'],
    ['began after it; the clock was set back later', service(1020 - YEAR, 1020), 1010, 'unknown'],
    ['began after it; the clock was set forward before', service(1020 + YEAR, 1020 + YEAR), 1010, false],
    ['began after it, and nobody knows by which clock', service(1020), 1010, false],
    ['began with the machine', service(0), 1010, true],
  ] as const)('%s', (_, one, changed, expected) => {
    expect(isOlder(one, changed)).toBe(expected);
  });
});
