/** Clocks are set: that of this machine, and that of a target, by hours and in the middle of anything. */
import { appendFileSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EFFECTS } from '../../src/effects/registry.ts';
import { Mentions, mergeLines, readLines } from '../../src/status/log-lines.ts';
import { readLogsSince } from '../../src/status/service-logs.ts';
import type { ServiceState } from '../../src/status/service-state.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { BODY, NAME, site } from '../plugind/site.ts';
import { shellTarget } from '../support/target.ts';
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
  'stacks/embedded/made-here.ts': 'an hour since a file was written',
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

/** The files that look at the time of day on a target, and why a clock that is set there turns no verdict. */
const THERE: Readonly<Record<string, string>> = {
  'effects/generate.ts': 'only where nothing but the order of two files can be asked',
  'status/logs.ts': 'the year that Asterisk leaves out',
  'status/service-logs.ts': 'by the clock of the time when the process began, and by the process',
  'status/service-state.ts': 'by both clocks, and unknown where they disagree',
  'targets/far-end/services.sh': 'to find out that it was set: nothing is compared then',
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

  it('is asked for on a target only by what is listed here', () => {
    const found = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        /\.(?:sh|pl|py|ts)$/.test(file) &&
        /\bdate (?:-d|'?\+)|--since| -newer|\btime\.time\(|\$\(date\b| -[no]t /.test(
          readFileSync(path.join(SRC, file), 'utf8'),
        ),
    );
    expect(found.sort()).toEqual(Object.keys(THERE).sort());
  });

  it('of a server does not decide what it logged since a deployment began', async () => {
    const events = [{ status: 'starting' }, { status: 'installing' }, { status: 'error', errors: {} }];
    const programs = { 'dpkg-query': 'printf "installed 1"' };
    for (const [before, then] of [
      ['2099', '1999'],
      ['1999', '2099'],
    ]) {
      const { server, root } = await site({ events }, programs);
      const log = path.join(root, 'var/log/apt/term.log');
      const failed = (year: string | undefined, reason: string): string =>
        `Log started: ${year}-01-01  10:00:00\n${reason}: dpkg: error processing package x\nLog ended\n`;
      mkdirSync(path.dirname(log), { recursive: true });
      writeFileSync(log, failed(before, 'of before'));
      await server.install(NAME, BODY, false, () => undefined);
      appendFileSync(log, failed(then, 'of now'));
      const told = await server.diagnose?.(NAME, {});
      expect(told?.term).toBe(failed(then, 'of now').trim());
      // rotated in the meantime
      renameSync(log, `${log}.1`);
      writeFileSync(log, failed(before, 'of the next day'));
      const later = await server.diagnose?.(NAME, {});
      expect(later?.term).toBe(`${failed(then, 'of now')}${failed(before, 'of the next day')}`.trim());
    }
  });

  it.each([
    ['forward since it began', '10:00', '13:00'],
    ['back since it began', '13:00', '10:00'],
    ['back before it began', '10:00', '10:00'],
  ])('of a target does not decide what a service logged since its start: set %s', async (_, then, later) => {
    const root = tempFolder();
    mkdirSync(path.join(root, 'var/log'), { recursive: true });
    const line = (time: string, pid: number, says: string): string =>
      `2026-05-01 ${time}:00,000 [${pid}] (INFO) (wazo_calld): ${says}\n`;
    const own = `${line(then, 7, 'begins')}Traceback\n${line(later, 7, 'goes on')}`;
    writeFileSync(
      path.join(root, 'var/log/wazo-calld.log'),
      `${line('09:00', 7, 'long ago')}${line('12:00', 5, 'before')}${own}`,
    );
    const target = await shellTarget({ argv: ['sh'], env: { TZ: 'UTC' } }, root);
    const at = (time: string): number => Date.parse(`2026-05-01T${time}:00Z`) / 1000;
    const service = {
      unit: 'wazo-calld',
      state: 'active',
      pid: 7,
      startedAt: at(later),
      startedThen: at(then),
    };
    const logs = await readLogsSince(target, [service as ServiceState]);
    await target.close();
    expect(logs.get('wazo-calld')).toBe(own);
  });

  it('of a target does not turn the lines of one service around', () => {
    const told = (service: string, ...times: readonly string[]) =>
      readLines(service, times.map((time) => `2026-05-01 ${time}:00 at ${time}\n`).join(''), {
        now: '2026-05-01',
        mentions: new Mentions([]),
      });
    const merged = mergeLines([told('a', '12:00', '10:00', '10:01'), told('b', '11:00', '12:30')]);
    expect(merged.map(({ service, time }) => `${service} ${time.slice(11, 16)}`)).toEqual([
      'b 11:00',
      'a 12:00',
      'a 10:00',
      'a 10:01',
      'b 12:30',
    ]);
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
