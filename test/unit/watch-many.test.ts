import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoopEvent } from '../../src/loop/events.ts';
import { readTextIfPossible } from '../../src/support/read-file.ts';
import { run } from '../../src/support/run.ts';
import { save } from '../support/save.ts';
import { tempFolder } from '../support/temp.ts';
import { Watch, pause, project, type TimedEvent } from '../support/watch.ts';

const NAMES = Array.from({ length: 12 }, (_, at) => `many-${at}`);
/** With so many, Asterisk is asked for the whole dialplan at once. */
const CONTEXTS = 3;

let place: ReturnType<typeof project>;
let watch: Watch | undefined;

beforeEach(async () => {
  place = project();
  for (const name of NAMES) writePlugin(name, 'package');
  await run(['git', 'init', '-q'], { cwd: place.dir });
});

afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await place.remove();
});

function writePlugin(name: string, step: string, command = ':', folder = place.dir): void {
  const dir = path.join(folder, name);
  mkdirSync(path.join(dir, 'wazo'), { recursive: true });
  writeFileSync(path.join(dir, 'wazo/plugin.yml'), `name: ${name}\nnamespace: demo\nversion: '1'\n`);
  const target = '"$pkgdir/etc/asterisk/extensions_extra.d"';
  const rules = `#!/bin/sh\nset -e\nif [ "$1" = ${step} ]; then ${command}; fi\nif [ "$1" = package ]; then mkdir -p ${target}; cp ./*.conf ${target}; fi\n`;
  writeFileSync(path.join(dir, 'wazo/rules'), rules, { mode: 0o755 });
  for (let at = 0; at < CONTEXTS; at += 1)
    writeFileSync(path.join(dir, `${name}-${at}.conf`), `[${name}-${at}]\nexten = s,1,NoOp()\n`);
}

function plugins(kind: 'batch' | 'verified' | 'failed'): readonly string[] {
  const events = watch?.events ?? [];
  return events.flatMap((event) => (event.event === kind ? [event.plugin.replace('demo/', '')] : []));
}

describe('many plugins in one batch', () => {
  it('come in one apply with one reload, also when one of them cannot be staged', async () => {
    writePlugin('many-3', 'package', 'frobnicate');
    watch = new Watch(['--once'], place.dir);
    expect(await watch.ended()).toBe(1);
    const others = NAMES.filter((name) => name !== 'many-3');
    expect(plugins('failed')).toEqual(['many-3']);
    expect([...plugins('verified')].sort()).toEqual([...others].sort());
    expect([...plugins('batch')].sort()).toEqual([...NAMES].sort());
    const loaded = watch.events.flatMap((event) => (event.event === 'verified' ? event.loaded : []));
    expect(loaded).toHaveLength(others.length * CONTEXTS);
    expect(loaded).toContain('many-11-2: s');
    const done = watch.events.flatMap((event) => (event.event === 'action' ? [event.do] : []));
    expect(done.filter((what) => what === 'dialplan reload')).toHaveLength(1);
    // each plugin's events stand in their order
    for (const name of others) {
      const own = watch.events.filter((event) => 'plugin' in event && event.plugin === `demo/${name}`);
      const kinds = own.map(({ event }) => event);
      expect(kinds.slice(0, 3)).toEqual(['batch', 'staged', 'verified']);
      // and what check warns of, once it is there
      expect(kinds.slice(3).every((kind) => kind === 'finding' || kind === 'warnings')).toBe(true);
    }
  });

  it('are not at fault when Asterisk stops in the file of another one before it comes to theirs', async () => {
    const broken = '; wdev: ignore dialplan-unclosed-section tried here\n[many-3-0\nexten = s,1,NoOp()\n';
    writeFileSync(path.join(place.dir, 'many-3/many-3-0.conf'), broken);
    watch = new Watch(['--once'], place.dir);
    expect(await watch.ended()).toBe(1);
    expect(plugins('failed')).toEqual(['many-3']);
    expect([...plugins('verified')].sort()).toEqual(NAMES.filter((name) => name !== 'many-3').sort());
  });

  it('are judged each by its own contexts, and what is lost on the target comes again', async () => {
    watch = new Watch(['--once'], place.dir);
    expect(await watch.ended()).toBe(0);
    const extra = path.join(place.dir, '.wdev/stack/root/etc/asterisk/extensions_extra.d');
    rmSync(path.join(extra, 'many-5-0.conf'));
    // what comes first in the folder wins
    writeFileSync(path.join(extra, '00-other.conf'), '[many-7-1]\nexten = s,1,Answer()\n');
    writeFileSync(path.join(place.dir, 'many-0/many-0-0.conf'), '[many-0-0]\nexten = s,1,Answer()\n');
    watch = new Watch(['--once'], place.dir);
    expect(await watch.ended()).toBe(1);
    expect(plugins('failed')).toEqual(['many-7']);
    expect(existsSync(path.join(extra, 'many-5-0.conf'))).toBe(true);
    const failed = watch.events.find((event) => event.event === 'failed');
    expect(failed).toMatchObject({
      findings: [{ code: 'dialplan-duplicate-priority', file: 'many-7-1.conf', line: 2 }],
    });
  });

  it('end at once on Ctrl-C, with what their rules started', async () => {
    // in a sandbox a process has another number: it is known by its words
    const naps = NAMES.map((_, at) => `${1000 + at}.${process.pid}`);
    for (const [at, name] of NAMES.entries()) writePlugin(name, 'build', `sleep ${naps[at]}`);
    const scratch = tempFolder();
    watch = new Watch([], place.dir, { TMPDIR: scratch });
    await expect.poll(() => running(naps), { timeout: 240_000 }).toBeGreaterThan(0);
    expect(await watch.stop()).toBe(130);
    expect(watch.events.at(-1)).toMatchObject({ event: 'stopped', reason: 'interrupted' });
    expect(plugins('failed')).toEqual([]);
    await expect.poll(() => running(naps), { timeout: 240_000 }).toBe(0);
    const left = (): readonly string[] =>
      readdirSync(path.join(scratch, `.wdev-${process.getuid?.()}`)).filter((name) =>
        name.startsWith('stage'),
      );
    await expect.poll(left, { timeout: 240_000 }).toEqual([]);
  });
});

/** How many processes of the machine sleep for one of these times. */
function running(naps: readonly string[]): number {
  return readdirSync('/proc').filter((pid) => {
    const [program, time = ''] = (readTextIfPossible(`/proc/${pid}/cmdline`) ?? '').split('\0');
    return program === 'sleep' && naps.includes(time);
  }).length;
}

describe('plugins that come and go while others are watched', () => {
  function event<K extends LoopEvent['event']>(kind: K): Promise<Extract<TimedEvent, { event: K }>> {
    return (watch as Watch).next(kind);
  }

  it('are taken in, found again after a renaming, and stay on the target when they are gone', async () => {
    const [first = '', ...others] = NAMES;
    for (const name of others.slice(1)) rmSync(path.join(place.dir, name), { recursive: true });
    const second = others[0] ?? '';
    watch = new Watch([], place.dir);
    for (const _ of [first, second]) await event('verified');

    // at once, as a clone comes
    const elsewhere = tempFolder();
    writePlugin('late', 'package', ':', elsewhere);
    renameSync(path.join(elsewhere, 'late'), path.join(place.dir, 'late'));
    expect(await event('plugins')).toMatchObject({ added: ['demo/late'], gone: [] });
    expect(await event('verified')).toMatchObject({ plugin: 'demo/late', version: '1' });

    renameSync(path.join(place.dir, 'late'), path.join(place.dir, 'later'));
    const later = path.join(place.dir, 'later');
    expect(await event('plugins')).toMatchObject({
      added: ['demo/late'],
      gone: [],
      moved: { 'demo/late': later },
    });
    expect(await event('verified')).toMatchObject({ plugin: 'demo/late' });
    save(path.join(place.dir, 'later/late-0.conf'), '[late-0]\nexten = t,1,NoOp()\n');
    expect((await event('verified')).loaded).toContain('late-0: t');

    rmSync(path.join(place.dir, 'later'), { recursive: true });
    expect(await event('plugins')).toMatchObject({ added: [], gone: ['demo/late'] });
    // the others go on
    save(path.join(place.dir, first, `${first}-0.conf`), `[${first}-0]\nexten = t,1,NoOp()\n`);
    let last = await event('verified');
    // a batch may have begun while the files of the folder went, one after the other
    while (last.plugin === 'demo/late') last = await event('verified');
    expect(last.loaded).toContain(`${first}-0: t`);
    const there = path.join(place.dir, '.wdev/stack/root/etc/asterisk/extensions_extra.d/late-0.conf');
    expect(readFileSync(there, 'utf8')).toContain('t,1');
  });

  it('live under the version that their manifest names now', async () => {
    for (const name of NAMES.slice(1)) rmSync(path.join(place.dir, name), { recursive: true });
    watch = new Watch([], place.dir);
    expect(await event('verified')).toMatchObject({ version: '1' });
    save(path.join(place.dir, 'many-0/wazo/plugin.yml'), "name: many-0\nnamespace: demo\nversion: '2'\n");
    expect(await event('verified')).toMatchObject({ version: '2' });
  });
});

describe('programs around a batch', () => {
  it('are asked again about a file that was fixed while they spoke against it', async () => {
    for (const name of NAMES.slice(1)) rmSync(path.join(place.dir, name), { recursive: true });
    const conf = path.join(place.dir, 'many-0/many-0-0.conf');
    // it has read the file before the author fixes it, and ends after that
    const check = `if grep -q bad ${conf}; then touch read; while grep -q bad ${conf}; do sleep 0.05; done; exit 3; fi`;
    writeFileSync(path.join(place.dir, 'check'), check);
    writeFileSync(path.join(place.dir, 'wdev.yml'), 'hooks:\n  before: [[sh, check]]\n');
    watch = new Watch(['--trust'], place.dir);
    await watch.next('verified');
    save(conf, '[many-0-0]\nexten = bad,1,NoOp()\n');
    await expect.poll(() => existsSync(path.join(place.dir, 'read')), { timeout: 240_000 }).toBe(true);
    save(conf, '[many-0-0]\nexten = h,1,NoOp()\n');
    expect((await watch.next('verified')).loaded).toContain('many-0-0: h');
  });

  it('that fail bring nothing, are told once, and write files without a batch of their own', async () => {
    for (const name of NAMES.slice(1)) rmSync(path.join(place.dir, name), { recursive: true });
    const script = 'date +%N >many-0/notes; echo x >>ran; test ! -e stop';
    writeFileSync(path.join(place.dir, 'wdev.yml'), `hooks:\n  before: [[sh, -c, '${script}']]\n`);
    const ran = (): number => readFileSync(path.join(place.dir, 'ran'), 'utf8').length / 2;
    const conf = path.join(place.dir, 'many-0/many-0-0.conf');
    watch = new Watch(['--trust'], place.dir);
    await watch.next('verified');
    writeFileSync(path.join(place.dir, 'stop'), '');
    save(conf, '[many-0-0]\nexten = t,1,NoOp()\n');
    expect(await watch.next('failed')).toMatchObject({ findings: [{ code: 'hook-failed' }] });
    await pause(500);
    // once more where the second half of the save came while it ran
    const before = ran();
    expect([2, 3]).toContain(before);
    rmSync(path.join(place.dir, 'stop'));
    save(conf, '[many-0-0]\nexten = h,1,NoOp()\n');
    expect((await watch.next('verified')).loaded).toContain('many-0-0: h');
    expect([1, 2]).toContain(ran() - before);
    const batches = watch.events.flatMap((event) => (event.event === 'batch' ? [event.files] : []));
    expect(batches.filter((files) => files.length === 1 && files[0] === 'notes')).toEqual([]);
  });
});
