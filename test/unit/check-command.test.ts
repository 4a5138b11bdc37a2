import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/support/run.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const BROKEN = `name: hello
namespace: acme
version: 1.10
min_wazo_version: 24.11
`;
const RULES = `#!/bin/sh

case "$1" in
    build)
        python setup.py bdist
        ;;
    package)
        cp -R etc $pkgdir/
        chmod -R u=rwX,go=rX $pkgdir/etc
        ;;
    install)
        asterisk -rx 'dialplan reload'
        ;;
    uninstall)
        asterisk -rx 'dialplan reload'
        ;;
    *)
        exit 1
        ;;
esac
`;

function brokenPlugin(): string {
  const dir = path.join(tempFolder(), 'hello');
  writePlugin(dir, { 'wazo/plugin.yml': BROKEN, 'wazo/rules': RULES }, { 'wazo/rules': 0o644 });
  return dir;
}

describe('wdev check', () => {
  it('shows the place, the line, a caret, the reason and what to do, and exits with 1', async () => {
    const dir = brokenPlugin();
    const { status, stdout } = await wdev(['check', dir]);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'wazo/plugin.yml:3:10: warning: version: 1.10 becomes "1.1": YAML reads it as a number',
    );
    expect(stdout).toContain('  3 | version: 1.10\n    |          ^');
    expect(stdout).toContain('wazo/rules:5:9: error: Servers have python3, not python [rules-python2]');
    expect(stdout).toMatch(/1 plugin checked: \d+ errors, \d+ warnings?, \d+ info\n$/);
    for (const line of stdout.split('\n')) expect(line).not.toContain('\u001b');
  });

  it('exits with 0 for a sound plugin, and with 2 where there is none', async () => {
    const dir = tempFolder();
    const none = await wdev(['check', dir]);
    expect(none).toMatchObject({ status: 2, stdout: '' });
    expect(none.stderr).toContain('no plugin found in');
    writePlugin(dir);
    const sound = await wdev(['check', '--strict', dir]);
    expect(sound).toMatchObject({ status: 0, stdout: '1 plugin checked, no findings\n' });
  });

  it('fails for a warning only with --strict', async () => {
    const dir = tempFolder();
    writePlugin(dir, {
      'wazo/plugin.yml': 'name: hello\nnamespace: acme\nversion: 1.10\nplugin_format_version: 1\n',
    });
    expect((await wdev(['check', dir])).status).toBe(0);
    expect((await wdev(['check', '--strict', dir])).status).toBe(1);
  });

  it('fixes what is mechanical, shows it as a patch, and changes nothing the second time', async () => {
    const dir = brokenPlugin();
    const before = path.join(tempFolder(), 'before');
    await run(['cp', '-a', dir, before]);
    const first = await wdev(['check', '--fix', '--cwd', dir]);
    const rules = readFileSync(path.join(dir, 'wazo/rules'), 'utf8');
    expect(statSync(path.join(dir, 'wazo/rules')).mode & 0o777).toBe(0o755);
    expect(rules).toContain('set -e\n        cp -R etc "$pkgdir"/');
    expect(rules).toContain('python3 setup.py bdist');
    expect(rules).toMatch(/uninstall\)\n +;;\n +postrm\)\n +asterisk -rx 'dialplan reload'\n/);
    const manifest = readFileSync(path.join(dir, 'wazo/plugin.yml'), 'utf8');
    expect(manifest).toBe(
      'name: hello\nnamespace: acme\nversion: "1.10"\nmin_wazo_version: "24.11"\nplugin_format_version: 1\n',
    );
    expect((await run(['sh', '-n', 'wazo/rules'], { cwd: dir })).stderr).toBe('');
    const patch = first.stdout.slice(0, first.stdout.indexOf('\n\n') + 1);
    const applied = await run(['git', 'apply', '--unsafe-paths', '-'], { cwd: before, input: patch });
    expect(applied.stderr).toBe('');
    expect((await run(['diff', '-r', dir, before])).stdout).toBe('');
    const second = await wdev(['check', '--fix', '--cwd', dir]);
    expect(second.stdout).not.toContain('diff --git');
    expect(readFileSync(path.join(dir, 'wazo/rules'), 'utf8')).toBe(rules);
  });

  it('skips what a comment or wdev.yml ignores', async () => {
    const dir = tempFolder();
    const manifest = (version: string) =>
      `name: hello\nnamespace: acme\nplugin_format_version: 1\n${version}\n`;
    const found = async (files: Record<string, string>) => {
      writePlugin(dir, { 'wdev.yml': '', ...files });
      const { findings } = JSON.parse((await wdev(['check', '--json', dir])).stdout) as {
        findings: { code: string }[];
      };
      return findings.map(({ code }) => code);
    };
    const version = 'version: 1.10';
    expect(await found({ 'wazo/plugin.yml': manifest(version) })).toEqual(['manifest-version-digits-lost']);
    const above = manifest(`# wdev: ignore manifest-version-digits-lost kept for the old server\n${version}`);
    expect(await found({ 'wazo/plugin.yml': above })).toEqual([]);
    const beside = manifest(`${version} # wdev: ignore manifest-version-digits-lost kept`);
    expect(await found({ 'wazo/plugin.yml': beside })).toEqual([]);
    const other = manifest(`${version} # wdev: ignore manifest-version-number kept`);
    expect(await found({ 'wazo/plugin.yml': other })).toEqual(['manifest-version-digits-lost']);
    const settings = 'check:\n  ignore: [manifest-version-digits-lost]\n';
    expect(await found({ 'wazo/plugin.yml': manifest(version), 'wdev.yml': settings })).toEqual([]);
  });

  it('explains a rule, lists all, and suggests the right name of a misspelt one', async () => {
    const explained = await wdev(['check', '--explain', 'rules-not-executable']);
    expect(explained.stdout).toContain('Seen in: 5 of 126 public plugins (4%)');
    expect(explained.stdout).toMatch(/Source: .+\n[\s\S]*Bad:\n {4}\S[\s\S]*Good:\n {4}\S/);
    const list = await wdev(['check', '--rules']);
    for (const line of list.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const wrong = await wdev(['check', '--explain', 'rules-not-executible']);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('Did you mean rules-not-executable?');
  });
});
