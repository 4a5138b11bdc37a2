import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, realShell, upReal } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { makePlugin, project, wdevNow, type Outcome } from '../support/watch.ts';

/** A service that does not start while a folder of a plugin lacks its description, as wazo-provd does not. */
const PROVD = String.raw`set -e
getent passwd wazo-provd >/dev/null || useradd --system wazo-provd
mkdir -p /var/lib/wazo-provd/plugins
cat >/run/systemd/system/wazo-provd.service <<'E'
[Service]
ExecStart=/usr/bin/python3 -c "import glob, http.server; [open(f'{one}/plugin-info') for one in glob.glob('/var/lib/wazo-provd/plugins/*')]; http.server.HTTPServer(('127.0.0.1', 8666), http.server.BaseHTTPRequestHandler).serve_forever()"
E
systemctl daemon-reload
systemctl restart wazo-provd`;

describe.skipIf(lacks('real'))('what rules made, when their plugin goes', () => {
  const place = project();
  const stack = `gone-${process.pid}`;
  const target = ['--target', `stack:${stack}`];
  let shell: readonly [string, ...string[]];
  const wdev = (...words: readonly string[]): Outcome => wdevNow([...words, ...target], place.dir);
  const standing = async (): Promise<string> => {
    const input = 'ls /var/lib/wazo-provd/plugins; systemctl is-active wazo-provd';
    return (await run(shell, { input })).stdout.trim();
  };

  beforeAll(async () => {
    shell = realShell(await upReal(stack, { forUs: true })).argv;
    expect(await run(shell, { input: PROVD })).toMatchObject({ status: 0, stderr: '' });
    makePlugin(place.dir, 'phones', '--part', 'provd');
  });

  afterAll(async () => {
    await place.remove();
    await downReal(stack);
  });

  it('is gone before services are restarted: by wdev uninstall', async () => {
    expect(wdev('install', 'phones', '--trust')).toMatchObject({ status: 0 });
    expect(await standing()).toBe('demo-phones\nactive');
    expect(wdev('uninstall', 'phones')).toMatchObject({ status: 0, stdout: expect.stringContaining('✓') });
    expect(await standing()).toBe('active');
  });

  it('is gone before services are restarted: by wdev restore', async () => {
    expect(wdev('install', 'phones', '--trust')).toMatchObject({ status: 0 });
    expect(wdev('restore')).toMatchObject({ status: 0 });
    expect(await standing()).toBe('active');
  });

  it('is gone when the first installation is rolled back', async () => {
    const rules = path.join(place.dir, 'phones/wazo/rules');
    const text = readFileSync(rules, 'utf8');
    writeFileSync(rules, text.replace(/( {4}install\)\n {8}take_effect\n)/, '$1        exit 3\n'));
    const { status, stdout } = wdev('install', 'phones', '--trust');
    expect([status, stdout]).toEqual([1, expect.stringContaining('demo/phones is not installed')]);
    expect(stdout).not.toContain('wazo-provd');
    expect(await standing()).toBe('active');
  });
});
