import { readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { playTour, type Sight, type TourStep, type TourVoice } from '../../src/tour/tour.ts';
import { Workbench } from '../../src/tour/workbench.ts';
import { tempFolder } from '../support/temp.ts';
import { GIT_IDENTITY, wdev } from '../support/wdev.ts';

function silent(): TourVoice & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    step: ({ title }) => void told.push(title),
    event: () => undefined,
    edited: () => undefined,
    asked: () => undefined,
    seen: ({ ok, what }) => void told.push(`${ok ? 'seen' : 'not seen'}: ${what}`),
  };
}

function step(title: string, sights: readonly Sight[]): TourStep {
  return { title, text: '', do: () => Promise.resolve(), check: () => Promise.resolve(sights) };
}

describe('wdev tour', () => {
  it('plays the main job on the embedded stack, looks at each step, and leaves nothing', async () => {
    const TMPDIR = tempFolder();
    const { status, stdout, stderr } = await wdev(['tour', '--auto'], { env: { TMPDIR }, cwd: TMPDIR });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('✓ Asterisk serves ***42');
    expect(stdout).toMatch(/'\*\*\*43' => +1\. Gosub\(demo-hello,s,1\)/);
    expect(stdout).toContain("demo-hello.conf:4: error: No '='");
    expect(stdout).toContain('4 | same n,Hangup()');
    expect(stdout).toContain('✓ every file below /etc/asterisk is as it was before');
    expect(stdout).toContain('All 6 steps were seen to work');
    expect(stdout).not.toContain('✗ not seen');
    expect(readdirSync(TMPDIR).filter((name) => name.startsWith('wdev-'))).toEqual([]);
  }, 60_000);

  it('ends at the first step whose result is not as it should be', async () => {
    const folder = tempFolder();
    const voice = silent();
    const { signal } = new AbortController();
    const bench = new Workbench({ folder: path.join(folder, 'tour'), kind: 'embedded', voice, signal });
    const steps = [
      step('one', [{ ok: true, what: 'this' }]),
      step('two', [{ ok: false, what: 'that' }]),
      step('three', []),
    ];
    expect(await playTour({ steps, bench, voice, signal })).toBe(false);
    expect(voice.told).toEqual(['one', 'seen: this', 'two', 'not seen: that']);
  });

  it('asks for --auto where there is no terminal', async () => {
    const { status, stderr } = await wdev(['tour']);
    expect(status).toBe(2);
    expect(stderr).toContain('wdev tour --auto');
  });

  it('takes everything away when it is interrupted', async () => {
    const TMPDIR = tempFolder();
    const loader = path.join(packageRoot(), 'node_modules/tsx/dist/esm/index.mjs');
    const child = spawn(
      process.execPath,
      ['--import', loader, path.join(packageRoot(), 'src/bin.ts'), 'tour', '--auto'],
      { cwd: TMPDIR, env: { ...process.env, ...GIT_IDENTITY, TMPDIR }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('3/6')) child.kill('SIGINT');
    });
    expect(await ended).toBe(130);
    expect(readdirSync(TMPDIR).filter((name) => name.startsWith('wdev-'))).toEqual([]);
  }, 60_000);
});
