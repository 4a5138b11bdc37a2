import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DebianTools } from '../../src/stacks/debian-root.ts';
import { createPlugin } from '../../src/create/create.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { downReal, realCommand, upReal } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';

/** As wazo-plugind: build as an ordinary user, package under fakeroot; then what the package would hold. */
const BUILD = `set -e
umask 022
wazo/rules build
mkdir _pkg
pkgdir="$PWD/_pkg" fakeroot wazo/rules package
python3 -c 'import setuptools, sys; print(sys.version.split()[0], setuptools.__version__)'
cd _pkg
find . -printf '%p %m %y %l\\n' | LC_ALL=C sort`;

describe.skipIf(lacks('real'))('a plugin with every part', () => {
  let work: string;
  let plugin: string;

  beforeAll(async () => {
    work = mkdtempSync(path.join(tmpdir(), 'wdev-releases-'));
    plugin = path.join(work, 'plugin');
    const parts = loadTemplate('stack').parts.map(({ name }) => name);
    const answers = { name: 'hello', namespace: 'demo', pluginVersion: '1:2.0~rc1', parts };
    await createPlugin({ template: 'stack', dir: plugin, git: false, answers });
  });

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  /** Without the network: the tools of a release in a root of their own. */
  async function withToolsOf(debian: number): Promise<string> {
    const tools = await DebianTools.of(debian, () => undefined);
    const folder = path.join(work, `debian-${debian}`);
    const source = path.join(folder, 'source');
    cpSync(plugin, source, { recursive: true });
    expect((await run(['chown', '-R', '65534:65534', folder])).status).toBe(0);
    try {
      const enter = await tools.enter({ folder, source } as Parameters<DebianTools['enter']>[0]);
      return await built(['unshare', '--net', ...enter, ...asNobody(BUILD)]);
    } finally {
      await tools.leave();
    }
  }

  async function onSid(): Promise<string> {
    const name = `releases-${process.pid}`;
    const stack = await upReal(name, { forUs: true });
    try {
      const folder = path.join(stack.rootfs, 'srv/plugin');
      mkdirSync(path.dirname(folder), { recursive: true });
      cpSync(plugin, folder, { recursive: true });
      expect((await run(['chown', '-R', '65534:65534', folder])).status).toBe(0);
      const enter = realCommand(stack, ['unshare', '--net', 'env', '-C', '/srv/plugin']);
      return await built([...enter, ...asNobody(BUILD)]);
    } finally {
      await downReal(name);
    }
  }

  function asNobody(script: string): readonly string[] {
    const environment = ['env', '-i', 'PATH=/usr/bin:/bin', 'LC_ALL=C.UTF-8', 'HOME=/nonexistent'];
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    return [...user, ...environment, 'sh', '-c', script];
  }

  async function built(command: readonly string[]): Promise<string> {
    const result = await run(command as [string, ...string[]]);
    expect(result.stderr).toBe('');
    return result.stdout;
  }

  it('gives the same package with the tools of Debian 12, 13 and sid: offline, without rights', async () => {
    const listings = [await withToolsOf(12), await withToolsOf(13), await onSid()];
    const tools = listings.map((text) => text.split('\n')[0] ?? '');
    expect(tools[0]).toMatch(/^3\.11\.\d+ 66\./);
    expect(tools[1]).toMatch(/^3\.13\.\d+ 78\./);
    expect(new Set(tools).size).toBe(3);
    const files = listings.map((text) => text.split('\n').slice(1).join('\n'));
    expect(files[0]).toContain(
      'usr/lib/python3/dist-packages/demo_hello-2.0+rc1.dist-info/entry_points.txt 644 f',
    );
    expect(files[1]).toBe(files[0]);
    expect(files[2]).toBe(files[0]);
    expect(files[0]).not.toMatch(/\.pyc|__pycache__|tests|egg/);
    // the first time, roots of two releases are made
  }, 3_600_000);
});
