import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { createPlugin } from '../../src/create/create.ts';
import { STACKS } from '../../src/stacks/real/run-folder.ts';
import { lacks } from '../support/needs.ts';
import { LEGACY_PLUGIN } from '../support/legacy-plugin.ts';
import { PYTHON_PLUGIN, writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, GIT_IDENTITY, wdev } from '../support/wdev.ts';

interface Event extends Record<string, unknown> {
  readonly event: string;
}

async function rehearse(
  dir: string,
  ...flags: string[]
): Promise<{ status: number; events: readonly Event[] }> {
  const { status, stdout, stderr } = await wdev(['rehearse', dir, '--json', ...flags]);
  expect(stderr).toBe('');
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  return { status, events };
}

const DIALPLAN = '[xivo-extrafeatures]\nexten = ***77,1,Answer()\nsame = n,Hangup()\n';

interface Branches {
  readonly install?: string;
  readonly uninstall?: string;
  readonly postrm?: string;
  readonly package?: string;
}

/** A dialplan plugin whose rules have these commands, each on line 9 + 4n. */
function plugin(branches: Branches, format = 1, more: Readonly<Record<string, string>> = {}): string {
  const dir = tempFolder();
  const branch = (name: keyof Branches, or: string): string =>
    `    ${name})\n        ${branches[name] ?? or}\n        ;;\n`;
  writeFiles(dir, {
    'wazo/plugin.yml': `name: trial\nnamespace: acme\nversion: "0.1"\nplugin_format_version: ${format}\n`,
    'wazo/rules': `#!/bin/sh
set -e
case "$1" in
    build) ;;
${branch('package', 'cp -R etc "$pkgdir/"')}${branch('install', "asterisk -rx 'dialplan reload'")}${branch('uninstall', ':')}${branch('postrm', "asterisk -rx 'dialplan reload'")}    *) exit 1 ;;
esac
`,
    'etc/asterisk/extensions_extra.d/trial.conf': DIALPLAN,
    ...more,
  });
  return dir;
}

function findings(events: readonly Event[]): readonly Event[] {
  return events.filter(({ event }) => event === 'finding');
}

describe.skipIf(lacks('real'))('wdev rehearse', () => {
  it('has nothing to say of a plugin that wdev new makes, whatever fails once', async () => {
    const dir = path.join(tempFolder(), 'good');
    await createPlugin({ template: 'stack', answers: { name: 'good', namespace: 'acme' }, dir, git: false });
    const { status, events } = await rehearse(dir, '--faults');
    expect(findings(events)).toEqual([]);
    expect(status).toBe(0);
    const phases = events
      .filter(({ event }) => event === 'action')
      .map((event) => [event['do'], event['ok']]);
    expect(phases.slice(0, 6)).toEqual(
      ['install', 'reinstall', 'upgrade', 'remove', 'install after remove', 'purge'].map((name) => [
        name,
        true,
      ]),
    );
    const last = events.at(-1);
    expect(last).toMatchObject({ event: 'verified', plugin: 'acme/good' });
    const recovered = /^(\d+)\/\1 recovered$/.exec(
      String((last?.['loaded'] as string[] | undefined)?.at(-1)),
    );
    expect(Number(recovered?.[1])).toBeGreaterThanOrEqual(18);
    expect(JSON.stringify(phases)).toContain('the disk is full during upgrade');
    for (const operation of ['install', 'upgrade'])
      expect(JSON.stringify(phases)).toContain(`dpkg is killed while it unpacks during ${operation}`);
    expect(JSON.stringify(phases)).toMatch(
      /`asterisk -rx dialplan reload` fails during install \(wazo\/rules:\d+\)/,
    );
  });

  it.each<[string, Branches, number, object]>([
    [
      'a reload while the file is still there',
      { uninstall: "asterisk -rx 'dialplan reload'", postrm: ':' },
      0,
      { code: 'rehearse-reload-before-removal', file: 'wazo/rules', line: 12 },
    ],
    ['no reload after removal', { postrm: ':' }, 1, { code: 'rehearse-still-in-use', line: 14 }],
    [
      'a file that stays',
      { install: "asterisk -rx 'dialplan reload'; touch /etc/acme-trial.conf" },
      1,
      {
        code: 'rehearse-file-left-behind',
        message: expect.stringContaining('/etc/acme-trial.conf') as string,
      },
    ],
    [
      'an install that can not run twice',
      {
        install:
          "asterisk -rx 'dialplan reload'; echo more >> /etc/asterisk/extensions_extra.d/trial.conf; mkdir /var/lib/trial || true; date +%N > /var/lib/trial/x",
      },
      1,
      { code: 'rehearse-install-not-repeatable', line: 9 },
    ],
    [
      'data lost on a plain removal',
      {
        package: 'cp -R etc "$pkgdir/"; mkdir -p "$pkgdir/var/lib/trial"',
        uninstall: 'rm -rf /var/lib/trial',
      },
      1,
      { code: 'rehearse-data-lost', line: 12, message: expect.stringContaining('/var/lib/trial') as string },
    ],
    [
      'a file of the system that is changed for good',
      { install: "asterisk -rx 'dialplan reload'; echo '# trial' >> /etc/fstab" },
      1,
      { code: 'rehearse-not-restored', line: 9, message: expect.stringContaining('/etc/fstab') as string },
    ],
    [
      'a file of the package that install takes away',
      { install: "asterisk -rx 'dialplan reload'; rm /etc/asterisk/extensions_extra.d/trial.conf" },
      1,
      { code: 'rehearse-file-lost', line: 9, message: expect.stringContaining('trial.conf') as string },
    ],
    [
      'a service that does not come up',
      {
        install:
          "asterisk -rx 'dialplan reload'; printf '[Service]\\nExecStart=/bin/false\\n' > /run/systemd/system/trial.service; systemctl daemon-reload; systemctl start trial; until systemctl is-failed -q trial; do sleep 0.1; done",
      },
      1,
      { code: 'rehearse-service-down', line: 9, message: expect.stringContaining('trial.service') as string },
    ],
  ])('names the line of rules for %s', async (_name, branches, format, finding) => {
    const { status, events } = await rehearse(plugin(branches, format));
    expect(status).toBe(1);
    expect(findings(events)).toEqual(
      expect.arrayContaining([expect.objectContaining({ level: 'error', ...finding })]),
    );
  });

  it('blames nothing but the removal that fails, and has no stand-in for what the machine has', async () => {
    const { status, events } = await rehearse(plugin({ uninstall: 'rm /etc/not-there' }));
    expect(status).toBe(1);
    expect(findings(events).map(({ code, line }) => `${String(code)} ${String(line)}`)).toEqual([
      'rehearse-script-failed 12',
    ]);
    expect(events.find(({ event }) => event === 'ready')).toMatchObject({ standIns: [] });
  });

  it('judges a purge as it judges a removal: what stays, and what is still in use', async () => {
    const once = '/var/lib/trial-once';
    const dir = plugin({
      install: `asterisk -rx 'dialplan reload'
        [ ! -e ${once} ] || touch /etc/acme-again`,
      postrm: `[ -e ${once} ] || asterisk -rx 'dialplan reload'; touch ${once}`,
    });
    const { status, events } = await rehearse(dir);
    expect(status).toBe(1);
    const purge = events.findIndex((event) => event['do'] === 'purge');
    expect(events[purge]).toMatchObject({ event: 'action', ok: false });
    expect(events.slice(purge + 1, -1)).toMatchObject([
      {
        code: 'rehearse-file-left-behind',
        line: 10,
        message: expect.stringContaining('A purge leaves files behind: /etc/acme-again') as string,
      },
      {
        code: 'rehearse-still-in-use',
        line: 15,
        message: expect.stringContaining('After purge, ') as string,
      },
    ]);
  });

  it('tells at purge nothing again that it told of the removal, and that of no other line', async () => {
    const { events } = await rehearse(plugin({ postrm: ':' }));
    expect(findings(events)).toMatchObject([{ code: 'rehearse-still-in-use', line: 14 }]);
    const purge = events.find((event) => event['do'] === 'purge');
    expect(purge).toMatchObject({ ok: true });
  });

  it('names file and line when installing fails: the ninth step of wazo-plugind', async () => {
    const dir = plugin({ install: 'cp /nowhere/at-all /etc/' });
    const { status, events } = await rehearse(dir);
    expect(status).toBe(1);
    const action = events.find(({ event }) => event === 'action');
    expect(action).toMatchObject({ do: 'install', ok: false });
    expect(action?.['scripts']).toMatchObject([
      {
        script: 'postinst',
        call: 'configure',
        status: 1,
        output: expect.stringContaining('/nowhere/at-all') as string,
      },
    ]);
    expect(findings(events)).toMatchObject([
      {
        code: 'rehearse-script-failed',
        file: 'wazo/rules',
        line: 9,
        message: expect.stringContaining('cp /nowhere') as string,
      },
    ]);
  });

  it('tells of a service that keeps code which is gone, and of one that was never restarted', async () => {
    const files = { 'etc/wazo-calld/conf.d/50-trial.yml': 'enabled_plugins: {trial: true}\n' };
    const early = plugin(
      {
        install: "asterisk -rx 'dialplan reload'; systemctl restart wazo-calld",
        uninstall: 'systemctl restart wazo-calld',
      },
      1,
      files,
    );
    expect(findings((await rehearse(early)).events)).toMatchObject([
      {
        code: 'rehearse-reload-before-removal',
        line: 12,
        message: expect.stringContaining('50-trial.yml') as string,
      },
    ]);
    const never = await rehearse(plugin({}, 1, files));
    expect(findings(never.events)).toMatchObject([
      { code: 'rehearse-service-stale', level: 'warning', line: 8 },
      { code: 'rehearse-still-in-use', level: 'error' },
    ]);
  });

  it('tells of a service that an upgrade leaves with the old file', async () => {
    const install = `asterisk -rx 'dialplan reload'
        [ -e /var/lib/wdev-trial ] || systemctl restart wazo-calld; touch /var/lib/wdev-trial`;
    const files = { 'etc/wazo-calld/conf.d/50-trial.yml': 'enabled_plugins: {trial: true}\n' };
    const postrm = "systemctl restart wazo-calld; asterisk -rx 'dialplan reload'; rm /var/lib/wdev-trial";
    const { status, events } = await rehearse(plugin({ install, postrm }, 1, files));
    expect(status).toBe(1);
    expect(findings(events)).toMatchObject([
      {
        code: 'rehearse-still-in-use',
        line: 10,
        message: expect.stringMatching(
          /upgrade that changes .*50-trial\.yml.*restart of wazo-calld/,
        ) as string,
      },
    ]);
  });

  it('finds a step that is not made up for when it failed once', async () => {
    const dir = plugin({
      install:
        "[ -e /etc/acme-trial ] || { mkdir /etc/acme-trial; chmod 750 /etc/acme-trial; }\n        asterisk -rx 'dialplan reload'",
      uninstall: 'rmdir /etc/acme-trial',
    });
    const { status, events } = await rehearse(dir, '--faults');
    expect(status).toBe(1);
    expect(findings(events)).toMatchObject([
      {
        code: 'rehearse-not-recovered',
        file: 'wazo/rules',
        line: 9,
        message: expect.stringContaining('chmod 750') as string,
      },
    ]);
    const faults = events.filter((event) => String(event['do']).startsWith('fault: '));
    expect(faults.filter(({ ok }) => ok !== true)).toMatchObject([
      { do: expect.stringContaining('chmod') as string },
    ]);
    expect(events.at(-1)).toMatchObject({ event: 'failed' });
  });

  it('has nothing to say of the legacy hello world after wdev migrate', async () => {
    const dir = tempFolder();
    writeFiles(dir, LEGACY_PLUGIN);
    expect((await wdev(['migrate', dir, '--yes'])).status).toBe(0);
    const { status, events } = await rehearse(dir);
    expect(findings(events)).toEqual([]);
    expect(status).toBe(0);
    expect(events.at(-1)).toMatchObject({ event: 'verified', plugin: 'local/helloworld' });
  });

  it('leaves no stack behind when it is interrupted', async () => {
    const dir = plugin({});
    const command = [BIN, 'rehearse', dir, '--faults', '--stack', 'rehearse-cut'];
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const first = !out.includes('reinstall');
      out += chunk.toString();
      if (first && out.includes('reinstall')) child.kill('SIGINT');
    });
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect(status).toBe(130);
    expect(out).toContain('Stopped: interrupted.');
    expect(existsSync(STACKS) && readdirSync(STACKS).includes('rehearse-cut')).toBe(false);
  });
});

describe.skipIf(lacks('real'))('wdev compat with the tools of Debian 13', () => {
  it('proves that an archive found by its name is lost, and that wdev migrate fixes it', async () => {
    const dir = tempFolder();
    const rules = (PYTHON_PLUGIN['wazo/rules'] ?? '')
      .replace('set -e\n', '')
      .replace('dist/*', 'dist/acme-py-*');
    const setup = (PYTHON_PLUGIN['setup.py'] ?? '').replace("'acme_py'", "'acme-py'");
    writeFiles(dir, { ...PYTHON_PLUGIN, 'wazo/rules': rules, 'setup.py': setup });
    const compat = async (): Promise<{ status: number; proven: boolean; codes: readonly string[] }> => {
      const { status, stdout } = await wdev(['compat', dir, '--engine', '26.05', '--debian', '13', '--json']);
      const told = JSON.parse(stdout) as { proven: boolean; findings: readonly { code: string }[] };
      return { status, proven: told.proven, codes: told.findings.map(({ code }) => code) };
    };
    expect((await wdev(['build', dir])).status).toBe(0);
    expect(await compat()).toEqual({
      status: 1,
      proven: true,
      codes: ['rules-archive-pattern', 'package-no-python'],
    });
    expect((await wdev(['migrate', dir, '--yes'])).status).toBe(0);
    expect(await compat()).toEqual({ status: 0, proven: true, codes: [] });
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain('wdev-debian');
  });
});

describe.skipIf(lacks('real'))('a release', () => {
  it('is rehearsed on a stack, and not made where that fails', async () => {
    const dir = tempFolder();
    writeFiles(dir, SOUND_PLUGIN);
    chmodSync(path.join(dir, 'wazo/rules'), 0o755);
    const git = (...args: readonly string[]): string =>
      execFileSync('git', args, {
        cwd: dir,
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, ...GIT_IDENTITY },
      });
    git('init', '--quiet', '--initial-branch=master');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Start');
    const rehearsal = async (...words: readonly string[]): Promise<readonly [number, unknown]> => {
      const { status, stdout } = await wdev(['release', 'patch', '--dir', dir, '--json', ...words]);
      const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]));
      return [status, events.find((event) => event['do'] === 'rehearsal')];
    };
    expect(await rehearsal('--dry-run')).toMatchObject([0, { ok: true }]);
    const rules = path.join(dir, 'wazo/rules');
    writeFileSync(
      rules,
      readFileSync(rules, 'utf8').replace('    install)\n', '    install)\n        ls /gone\n'),
    );
    git('commit', '--quiet', '--all', '--message', 'Fail');
    expect(await rehearsal()).toMatchObject([1, { ok: false }]);
    expect(git('tag')).toBe('');
  });
});
