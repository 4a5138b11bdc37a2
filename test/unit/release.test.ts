import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';

const SCRIPT = path.join(packageRoot(), '.github/release.mjs');

async function release(manifest: object, tag: string): Promise<RunResult> {
  const cwd = tempFolder();
  writeFileSync(path.join(cwd, 'package.json'), JSON.stringify(manifest));
  return await run([process.execPath, SCRIPT, tag, 'acme/wdev'], { cwd });
}

describe('the release job', () => {
  it('says what to do when package.json names no repository', async () => {
    const { status, stderr } = await release({ version: '1.2.3' }, 'v1.2.3');
    expect(status).toBe(1);
    expect(stderr).toContain('npm pkg set repository=github:acme/wdev');
  });

  it.each([
    'github:acme/wdev',
    'https://github.com/acme/wdev.git',
    { type: 'git', url: 'git+https://github.com/acme/wdev.git' },
    { type: 'git', url: 'git+ssh://git@github.com/acme/wdev.git' },
  ])('takes a repository written as %j', async (repository) => {
    expect(await release({ version: '1.2.3', repository }, 'v1.2.3')).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('refuses another repository, and a tag that is not the version', async () => {
    const other = await release({ version: '1.2.3', repository: 'github:acme/other' }, 'v1.2.3');
    expect(other).toMatchObject({ status: 1 });
    expect(other.stderr).toContain('this job builds acme/wdev');
    const late = await release({ version: '1.2.4', repository: 'github:acme/wdev' }, 'v1.2.3');
    expect(late.stderr).toBe('The tag is v1.2.3, but package.json has version 1.2.4.\n');
  });

  it('runs before npm publish, in a job that may ask for an identity', () => {
    const text = readFileSync(path.join(packageRoot(), '.github/workflows/release.yml'), 'utf8');
    expect(text.indexOf('.github/release.mjs')).toBeLessThan(text.indexOf('npm publish --provenance'));
    expect(text).toContain('id-token: write');
  });
});

describe('CI', () => {
  it('runs .ci/run, on the oldest Node that is supported', () => {
    const text = readFileSync(path.join(packageRoot(), '.github/workflows/ci.yml'), 'utf8');
    expect(text).toContain('run: .ci/run');
    const floor = readFileSync(path.join(packageRoot(), '.nvmrc'), 'utf8').trim();
    expect(text).toContain(`image: node:${floor}-bookworm`);
    const { engines } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    expect(engines.node.startsWith(`^${floor} `)).toBe(true);
  });
});
