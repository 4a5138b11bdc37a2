import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { checkContent, type PackedFile } from '../support/packed.ts';
import { tempFolder } from '../support/temp.ts';
import { GIT_IDENTITY } from '../support/wdev.ts';

describe('the package', () => {
  it('holds all that it needs, and nothing else', async () => {
    const packing = await run(['npm', 'pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: packageRoot(),
    });
    expect(packing.status, packing.stderr).toBe(0);
    const [packed] = JSON.parse(packing.stdout) as readonly { readonly files: readonly PackedFile[] }[];
    checkContent(packed?.files ?? []);
  });

  it('brings few packages, none of which runs something when it is installed', () => {
    interface Locked {
      readonly dev?: boolean;
      readonly hasInstallScript?: boolean;
    }
    const text = readFileSync(path.join(packageRoot(), 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, Locked>> };
    const brought = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true);
    const scripts = brought.filter(([, one]) => one.hasInstallScript === true).map(([name]) => name);
    console.log(
      `${brought.length} packages are installed with this one, ${scripts.length} with install scripts`,
    );
    expect(scripts).toEqual([]);
    expect(brought.length).toBeLessThan(200);
  });

  it('gets its next version and changelog from notes of changes', async () => {
    const folder = tempFolder();
    // without the notes of the next release
    for (const name of ['package.json', 'CHANGELOG.md', '.changeset/config.json']) {
      cpSync(path.join(packageRoot(), name), path.join(folder, name), { recursive: true });
    }
    const note = '---\n"generator-wazo-plugin": minor\n---\n\nA target for carrier pigeons\n';
    writeFileSync(path.join(folder, '.changeset/pigeons.md'), note);
    await run(['git', 'init', '-q', '-b', 'main'], { cwd: folder, env: GIT_IDENTITY });
    const bin = path.join(packageRoot(), 'node_modules/@changesets/cli/bin.js');
    const { status, stderr } = await run([process.execPath, bin, 'version'], {
      cwd: folder,
      env: GIT_IDENTITY,
    });
    expect(status, stderr).toBe(0);
    const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: '0.2.0' });
    expect(read('CHANGELOG.md')).toMatch(
      /## 0\.2\.0\n+### Minor Changes\n+- A target for carrier pigeons\n[\s\S]*## 0\.1\.0/,
    );
  });

  it('tells of generated files that they are 0BSD', () => {
    const texts = [
      'LICENSE',
      ...['stack', 'confgend', 'call-logger'].map((name) => `templates/${name}/files/README.md`),
    ];
    for (const name of texts)
      expect(readFileSync(path.join(packageRoot(), name), 'utf8'), name).toContain('0BSD');
  });
});
