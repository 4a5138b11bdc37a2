import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { LoopEvent } from '../../src/loop/events.ts';
import { Bell } from '../../src/terminal/bell.ts';
import { inTerminal } from '../support/terminal.ts';
import { makePlugin, project } from '../support/watch.ts';
import { BIN } from '../support/wdev.ts';

const failed = (id: number, plugin: string): LoopEvent => ({ event: 'failed', id, plugin, findings: [] });
const verified = (id: number, plugin: string): LoopEvent => ({
  event: 'verified',
  id,
  plugin,
  ms: 1,
  loaded: [],
  evidence: { verified: 0, placed: 0 },
});

it('rings once a failed batch, and once when the last plugin is well again', () => {
  const bell = new Bell();
  const events = [
    verified(1, 'a'),
    failed(2, 'a'),
    failed(2, 'b'),
    failed(3, 'b'),
    verified(4, 'a'),
    verified(5, 'b'),
    verified(6, 'b'),
  ];
  expect(events.map((event) => bell.hear(event))).toEqual([false, true, false, true, false, true, false]);
});

it.each([
  ['with --bell', ['--bell'], 1],
  ['and is silent without', [], 0],
])('rings in a terminal %s', async (_how, flags, count) => {
  const place = project();
  try {
    const file = path.join(makePlugin(place.dir, 'hello'), 'etc/asterisk/extensions_extra.d/demo-hello.conf');
    writeFileSync(file, readFileSync(file, 'utf8').replace('same = n,Hangup()', 'same n,Hangup()'));
    const command = [process.execPath, BIN, 'watch', 'hello', '--once', ...flags];
    const { stdout } = await inTerminal(command, { cwd: place.dir }, []);
    expect(stdout).toContain("No '=' (equal sign)");
    expect(stdout.split('\u0007')).toHaveLength(count + 1);
  } finally {
    await place.remove();
  }
});
