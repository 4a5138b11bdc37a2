import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { listSources } from '../../src/git/sources.ts';
import { SecondChance } from '../../src/loop/second-chance.ts';
import { PluginState } from '../../src/loop/state.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { QUIET_EMPTIED } from '../../src/loop/settle.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, pause, project, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

let place: ReturnType<typeof project>;
let plugin = '';
let watch: Watch | undefined;

beforeEach(() => {
  place = project();
  plugin = makePlugin(place.dir, 'hello');
});

afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await place.remove();
});

function inRoot(name: string): string {
  return path.join(place.dir, '.wdev/stack/root', name);
}

it('brings a plugin whose folder was renamed away and back twice', async () => {
  watch = new Watch(['.'], place.dir);
  await watch.next('verified');
  const away = path.join(place.dir, 'other');
  for (const [from, to] of [
    [plugin, away],
    [away, plugin],
    [plugin, away],
  ] as const) {
    renameSync(from, to);
    await watch.next('plugins');
    await watch.next('verified');
  }
  const file = path.join(away, CONF);
  save(file, `${readFileSync(file, 'utf8')}; saved there\n`);
  await watch.next('verified');
  expect(readFileSync(inRoot(CONF), 'utf8')).toContain('; saved there');
});

it.each([
  ['emptied, before it writes', 0],
  ['written a piece of, before it writes the next one', 4096],
])('waits for a program that has the file open that it has %s', async (_name, length) => {
  const file = path.join(plugin, CONF);
  const good = readFileSync(file, 'utf8');
  watch = new Watch(['hello'], place.dir);
  await watch.next('settled');
  const until = watch.events.length;
  const text = `; ${'x'.repeat(5000)}\n${good}`;
  const opened = openSync(file, 'w');
  if (length > 0) writeSync(opened, text.slice(0, length));
  await pause(QUIET_EMPTIED + 1000);
  expect(watch.events.slice(until)).toEqual([]);
  writeSync(opened, text.slice(length));
  closeSync(opened);
  await watch.next('verified');
  expect(readFileSync(inRoot(CONF), 'utf8')).toBe(text);
  const applied = watch.events.slice(until).filter(({ event }) => event === 'batch');
  expect(applied).toHaveLength(1);
});

it('packages, installs and follows files whose names are no UTF-8', async () => {
  const name = Buffer.from([0x63, 0x61, 0x66, 0xe9]);
  const file = Buffer.concat([Buffer.from(path.join(plugin, 'etc/')), name]);
  const installed = Buffer.concat([Buffer.from(inRoot('etc/')), name]);
  writeFileSync(file, 'one');
  watch = new Watch(['hello'], place.dir);
  await watch.next('verified');
  expect(readFileSync(installed, 'utf8')).toBe('one');
  writeFileSync(file, 'two');
  expect((await watch.next('batch')).files).toEqual(['etc/caf\udce9']);
  await watch.next('verified');
  expect(readFileSync(installed, 'utf8')).toBe('two');
  rmSync(file);
  await watch.next('verified');
  expect(existsSync(installed)).toBe(false);
});

describe('when the state folder on the target is removed', () => {
  const saveText = (text: string): void =>
    save(path.join(plugin, CONF), `[demo-hello]\nexten = s,1,NoOp(${text})\n same = n,Hangup()\n`);

  it('says so, begins anew, and restores what stood there then', async () => {
    watch = new Watch(['hello'], place.dir);
    await watch.next('verified');
    rmSync(inRoot('var/lib/wdev'), { recursive: true });
    saveText('one');
    expect((await watch.next('held')).reason).toContain('var/lib/wdev while wdev was at work');
    await watch.next('verified');
    expect(readFileSync(inRoot(CONF), 'utf8')).toContain('one');
    saveText('two');
    await watch.next('verified');
    expect(watch.events.filter(({ event }) => event === 'failed')).toEqual([]);
  });

  it('leaves the target to a second watcher, and says who it is', async () => {
    watch = new Watch(['hello'], place.dir);
    await watch.next('verified');
    rmSync(inRoot('var/lib/wdev'), { recursive: true });
    const second = new Watch(['hello'], place.dir);
    try {
      await second.next('verified');
      saveText('of the first');
      await watch.next('held');
      expect((await watch.next('held')).reason).toContain(`process ${second.pid}`);
    } finally {
      await second.stop();
    }
    await watch.next('verified');
    expect(readFileSync(inRoot(CONF), 'utf8')).toContain('of the first');
  });

  it('refuses to give back what it can not', async () => {
    watch = new Watch(['hello', '--clean'], place.dir);
    await watch.next('verified');
    rmSync(inRoot('var/lib/wdev'), { recursive: true });
    expect(await watch.stop()).toBe(3);
    expect(watch.events.some(({ event }) => event === 'restored')).toBe(false);
    watch = undefined;
    expect(wdevNow(['watch', 'hello', '--once'], place.dir).status).toBe(0);
  });
});

describe('a second chance', () => {
  const failed = (...codes: readonly Finding['code'][]): void =>
    chance.hear({
      event: 'failed',
      id: 1,
      plugin: 'demo/hello',
      findings: codes.map((code) => ({ code, level: 'error', message: '' })),
    });
  let chance: SecondChance;
  beforeEach(() => {
    chance = new SecondChance();
  });

  it('is given to what Asterisk could not take just then, once it answers', async () => {
    failed('asterisk-down');
    expect(await chance.forAsterisk(async () => undefined)).toEqual([]);
    expect(chance.wait).toBeLessThan(2000);
    expect(await chance.forAsterisk(async () => 500)).toEqual(['demo/hello']);
    expect(chance.wait).toBe(Number.POSITIVE_INFINITY);
  });

  it('is given to what lacks a module only while Asterisk starts', async () => {
    failed('module-not-loaded');
    expect(await chance.forAsterisk(async () => 500)).toEqual([]);
    failed('module-not-loaded', 'asterisk-down');
    expect(await chance.forAsterisk(async () => 500)).toEqual(['demo/hello']);
    failed('console-unknown-command');
    expect(await chance.forAsterisk(async () => 5)).toEqual(['demo/hello']);
  });

  it('is not given to faults of the save, or to what was verified since', async () => {
    failed('asterisk-down', 'dialplan-not-loaded');
    expect(chance.wait).toBe(Number.POSITIVE_INFINITY);
    failed('asterisk-down');
    chance.hear({
      event: 'verified',
      id: 2,
      plugin: 'demo/hello',
      ms: 1,
      loaded: [],
      evidence: { verified: 0, placed: 0 },
    });
    expect(await chance.forAsterisk(async () => 500)).toEqual([]);
    failed('service-down');
    expect(chance.forTarget()).toEqual(['demo/hello']);
    expect(chance.forTarget()).toEqual([]);
  });

  it('is given once to a save that was read while its files were written', async () => {
    const found = readPlugin(plugin);
    if (found === undefined) throw new Error('no plugin');
    const state = new PluginState(found);
    const half = new Map(await listSources(plugin));
    half.delete(CONF);
    state.report({ happened: 'attempted', sources: half });
    state.report({ happened: 'refused' });
    expect(chance.isUnsure([state])).toBe(true);
    expect([...(await chance.forWriting([state]))]).toEqual([[state, [CONF]]]);
    expect(chance.isUnsure([state])).toBe(false);
    state.report({ happened: 'attempted', sources: await listSources(plugin) });
    expect([...(await chance.forWriting([state]))]).toEqual([]);
  });
});
