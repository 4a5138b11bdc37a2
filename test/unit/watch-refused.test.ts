import { appendFileSync, chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/effects/evidence/service-log.ts';
import { sha256 } from '../../src/git/sources.ts';
import { runningConsoles } from '../../src/stacks/embedded/consoles.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project, restartInInstall, wdevNow } from '../support/watch.ts';

let place: ReturnType<typeof project>;
let plugin = '';

beforeEach(() => {
  place = project();
  plugin = makePlugin(place.dir, 'hello');
});

afterEach(async () => {
  await place.remove();
});

function rules(edit: (text: string) => string): void {
  const file = path.join(plugin, 'wazo/rules');
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
  chmodSync(file, 0o755);
}

describe('the first batch of a plugin', () => {
  it.each<[string, string, (text: string) => string]>([
    [
      'whose package is empty',
      'package-hollow',
      (text) => text.replace(/^\s*(?:cp|chmod) .*$/gm, '        cp -R etc /dev/null || :'),
    ],
    [
      'whose rules went on behind a command that failed',
      'package-command-failed',
      (text) => text.replace(/^set -e.*$/m, '').replace('cp -R etc', 'cp -R nowhere "$pkgdir"; cp -R etc'),
    ],
    [
      'whose rules make settings that no service can read',
      'confd-syntax',
      (text) =>
        text.replace(
          'cp -R etc',
          'mkdir -p "$pkgdir/etc/wazo-calld/conf.d"; printf "a: [1\\n" >"$pkgdir/etc/wazo-calld/conf.d/50-demo.yml"; cp -R etc',
        ),
    ],
  ])('%s is refused', (_what, code, edit) => {
    rules(edit);
    const { status, stdout } = wdevNow(['watch', 'hello', '--once'], place.dir);
    expect(stdout).toContain(`[${code}]`);
    expect(status).toBe(1);
  });

  it('with an error of check is refused before the target is touched, unless it is let through', () => {
    const settings = path.join(plugin, 'etc/wazo-calld/conf.d/50-demo.yml');
    mkdirSync(path.dirname(settings), { recursive: true });
    restartInInstall(plugin, 'wazo-calld');
    writeFileSync(settings, '- a list\n');
    const first = wdevNow(['watch', 'hello', '--once', '--json'], place.dir);
    expect(first.status).toBe(1);
    expect(first.stdout).not.toContain('"event":"plan"');
    const [, code = ''] = /"code":"(confd-[a-z-]+)"/.exec(first.stdout) ?? [];
    writeFileSync(settings, `# wdev: ignore ${code} the administrator replaces it\n- a list\n`);
    expect(wdevNow(['watch', 'hello', '--once'], place.dir).status).toBe(0);
    appendFileSync(settings, '- another\n');
  });
});

/** Errors of check, a kind of file each, in a plugin that can be staged: what is edited, the code, its file. */
const HELD: readonly (readonly [string, string, (text: string) => string, string])[] = [
  [
    'an install that calls Python 2',
    'wazo/rules',
    (text) => text.replace('    install)\n', '    install)\n        python -c pass\n'),
    'rules-python2',
  ],
  [
    'an install that uses a path of the sources',
    'wazo/rules',
    (text) =>
      text.replace(
        '    install)\n',
        '    install)\n        cp etc/asterisk/extensions_extra.d/demo-hello.conf /tmp/\n',
      ),
    'rules-relative-path',
  ],
  [
    'an install that restarts a service that is gone',
    'wazo/rules',
    (text) => text.replace('    install)\n', '    install)\n        systemctl restart xivo-ctid\n'),
    'rules-gone-service',
  ],
  [
    'a manifest with a package that apt never finds',
    'wazo/plugin.yml',
    (text) => text.replace('debian_depends: []', 'debian_depends: [Sox]'),
    'manifest-debian-depends-shape',
  ],
  [
    'a manifest that depends on a Debian package',
    'wazo/plugin.yml',
    (text) => text.replace('\ndepends: []', '\ndepends: [{namespace: debian, name: python3-requests}]'),
    'manifest-depends-debian',
  ],
];

describe('what check calls an error', () => {
  it.each(HELD)('%s: a save of it does not come to the target', async (_what, file, edit, code) => {
    const watch = new Watch(['hello'], place.dir);
    try {
      await watch.next('verified');
      const full = path.join(plugin, file);
      const good = readFileSync(full, 'utf8');
      expect(edit(good)).not.toBe(good);
      save(full, edit(good));
      const { id, findings } = await watch.next('failed');
      expect(findings).toMatchObject([{ code, level: 'error', file }]);
      // another file does not bring it along
      const settings = path.join(plugin, 'etc/demo.txt');
      save(settings, 'nobody reads it\n');
      expect((await watch.next('failed')).findings).toMatchObject([{ code, file }]);
      save(full, good);
      const { id: last } = await watch.next('verified');
      const done = watch.events.flatMap((event) => (event.event === 'action' ? [event.id] : []));
      expect(done.filter((one) => one >= id && one < last)).toEqual([]);
    } finally {
      await watch.stop();
    }
  });

  it('holds back a file for which install does nothing', async () => {
    const settings = path.join(plugin, 'etc/wazo-calld/conf.d/50-demo.yml');
    mkdirSync(path.dirname(settings), { recursive: true });
    writeFileSync(settings, 'demo: {word: 1}\n');
    const first = wdevNow(['watch', 'hello', '--once', '--json'], place.dir);
    expect(first.status).toBe(1);
    expect(first.stdout).toContain('"code":"rules-service-not-restarted"');
    expect(first.stdout).not.toContain('"event":"plan"');
    const why = '        # wdev: ignore rules-service-not-restarted an administrator does\n';
    rules((text) => text.replace('    install)\n', `    install)\n${why}`));
    expect(wdevNow(['watch', 'hello', '--once'], place.dir).status).toBe(0);
    rules((text) => text.replace(why, ''));
    restartInInstall(plugin, 'wazo-calld');
    expect(wdevNow(['watch', 'hello', '--once'], place.dir).status).toBe(0);
  });
});

describe('the journal of a service', () => {
  const PATH = '/etc/wazo-calld/conf.d/50-demo.yml';
  const bytes = Buffer.from('a: [1\n');
  const tree = new Map([
    [PATH, { path: PATH, mode: 0o644, hash: sha256(bytes), bytes, source: 'etc/50-demo.yml' }],
  ]);
  const said =
    'Could not read config file 50-demo.yml: while parsing a flow sequence\n' +
    `  in "${PATH}", line 1, column 4\n` +
    "expected ',' or ']', but got '<stream end>'\n" +
    `  in "${PATH}", line 2, column 1\n`;

  it('tells of settings that it goes on without', () => {
    expect(readJournal(`${said}Starting\n`, tree)).toMatchObject([
      { code: 'confd-syntax', level: 'error', file: 'etc/50-demo.yml', line: 2 },
    ]);
  });

  it('says nothing of the files of others', () => {
    expect(readJournal(said.replaceAll('50-demo', '10-other'), tree)).toEqual([]);
  });
});

it('shows ten faults of many, and their number', () => {
  const lines = Array.from({ length: 60 }, (_, at) => `exten = s,one,NoOp(${at})`);
  const conf = path.join(plugin, 'etc/asterisk/extensions_extra.d/demo-hello.conf');
  writeFileSync(conf, `[demo-hello]\n${lines.join('\n')}\n`);
  const { status, stdout } = wdevNow(['watch', 'hello', '--once'], place.dir);
  expect(status).toBe(1);
  expect(stdout.match(/\[dialplan-bad-priority\]/g)).toHaveLength(10);
  expect(stdout).toContain('and 50 more like these');
});

it('tells once that Asterisk answers nothing, and says so of the version before', async () => {
  expect(wdevNow(['watch', 'hello', '--once'], place.dir).status).toBe(0);
  const stack = path.join(place.dir, '.wdev/stack');
  const [console] = runningConsoles().filter(({ folder }) => folder === realpathSync(stack));
  if (console === undefined) throw new Error('no console');
  appendFileSync(path.join(plugin, 'etc/asterisk/extensions_extra.d/demo-hello.conf'), '; more\n');
  process.kill(console.pid, 'SIGSTOP');
  try {
    const { status, stdout } = wdevNow(['watch', 'hello', '--once'], place.dir);
    expect(status).toBe(1);
    expect(stdout.match(/\[asterisk-hangs\]/g)).toHaveLength(1);
    expect(stdout).toContain('restored, but `dialplan reload` failed: Asterisk runs, but does not answer');
  } finally {
    process.kill(console.pid, 'SIGCONT');
  }
});
