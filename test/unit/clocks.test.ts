/** Clocks are set: that of this machine, and that of a target, by hours and in the middle of anything. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { diagnose } from '../../src/deploy/diagnose.ts';
import type { DiagnosisWish, PlugindServer } from '../../src/deploy/server.ts';
import { EFFECTS } from '../../src/effects/registry.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';

const SRC = path.join(packageRoot(), 'src');

/** Files that look at the time of day, and why no duration comes of it. */
const TIME_OF_DAY: Readonly<Record<string, string>> = {
  'edits/ledger.ts': 'days since a file was written',
  'git/large-files.ts': 'the times of files, on this machine',
  'live/beside.ts': 'shown in the editor',
  'live/feed.ts': 'shown on the page',
  'live/server.ts': 'shown on the page',
  'loop/newcomers.ts': 'the times of files, on this machine',
  'loop/readiness.ts': 'the times of files, on this machine',
  'loop/tree-watches.ts': 'the times of files, on this machine',
  'stacks/debian-root.ts': 'shown',
  'stacks/real.ts': 'shown',
  'stacks/real/clear.ts': 'shown',
  'stacks/status.ts': 'shown',
  'stacks/wazo/layer.ts': 'shown',
  'stage/clean-copy.ts': 'the times of files, on this machine',
  'stage/remembered-trees.ts': 'days since a file was written',
  'support/temp-folder.ts': 'days since a file was written',
  'targets/agi-call.ts': 'a name',
  'targets/archive.ts': 'the times of files',
  'targets/record-rows.ts': 'a name',
};

describe('a clock that is set', () => {
  it('is none of those by which anything is waited for', () => {
    const found = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') &&
        !file.startsWith('live/page/') &&
        readFileSync(path.join(SRC, file), 'utf8').includes('Date.now()'),
    );
    expect(found.sort()).toEqual(Object.keys(TIME_OF_DAY).sort());
    // a limit is `until` everywhere
    for (const file of found)
      expect(readFileSync(path.join(SRC, file), 'utf8')).not.toMatch(/until = Date\.now|Date\.now\(\) > /);
  });

  it('is none of those by which a server is asked for what it logged', async () => {
    const dir = path.join(tempFolder(), 'hello');
    writePlugin(dir, { 'wazo/plugin.yml': 'name: hello\nnamespace: acme\nversion: 1.0.0\n' });
    const wishes: DiagnosisWish[] = [];
    const server = {
      diagnose: async (_name: unknown, wish: DiagnosisWish) => {
        wishes.push(wish);
        return await Promise.resolve({});
      },
    } as unknown as PlugindServer;
    const plugin = { kind: 'stack', dir, id: 'acme/hello', name: 'hello', namespace: 'acme', version: '1' };
    const began = performance.now() - 5000;
    const failure = {
      step: 'updating',
      error: {},
      dependencies: [],
      plugin,
      name: {},
      clone: undefined,
      began,
    };
    for (const hours of [-5, 5]) {
      const now = Date.now();
      vi.spyOn(Date, 'now').mockReturnValue(now + hours * 3_600_000);
      await diagnose(failure as never, server);
      vi.restoreAllMocks();
    }
    for (const { ago } of wishes) expect([ago >= 5, ago < 3600]).toEqual([true, true]);
    expect(wishes.length).toBe(2);
  });

  it.each([
    ['set back by hours', 'rewrite "3 hours ago"', 'yes'],
    ['set forward by hours', 'rewrite "3 hours"', 'yes'],
    ['not set', 'rewrite now', 'yes'],
    ['set back since the cache was written, which is served again', ':', ''],
  ])('of a target does not decide whether a file was made anew: %s', async (_, made, told) => {
    const root = tempFolder();
    const cache = path.join(root, 'var/cache/wazo-confgend/asterisk');
    mkdirSync(cache, { recursive: true });
    mkdirSync(path.join(root, 'S'));
    const file = path.join(cache, 'sip.conf');
    writeFileSync(file, 'old');
    const effect = { do: 'generate', resource: 'asterisk', filename: 'sip.conf' } as const;
    const script = EFFECTS.generate.script({ effect, section: (name: string) => `echo "@${name}"` } as never);
    const far = [
      `R='${root}' S='${root}/S'`,
      'wdev_log_from() { :; }; wdev_log() { :; }; wdev_status() { return "$1"; }',
      // the cache of before is of a time that is still to come
      `touch -d '2 hours' '${file}'`,
    ];
    const bin = path.join(root, 'bin');
    mkdirSync(bin);
    const rewrite = `#!/bin/sh\nrewrite() { echo new >'${file}'; touch -d "$1" '${file}'; }\n${made}\n`;
    writeFileSync(path.join(bin, 'wazo-confgen'), rewrite, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const { status, stdout } = await run(['sh', '-c', [...far, script].join('\n')], { env });
    expect([status, stdout.split('@new\n')[1]?.trim()]).toEqual([0, told]);
  });
});
