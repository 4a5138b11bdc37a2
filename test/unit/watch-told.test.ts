import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoopView } from '../../src/terminal/loop-view.ts';
import { lineReader } from '../../src/terminal/source-lines.ts';
import type { LoopEvent } from '../../src/loop/events.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, pause, project, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

const place = project();
let plugin = '';
let watch: Watch;
let good = '';

beforeAll(async () => {
  plugin = makePlugin(place.dir, 'hello');
  good = readFileSync(path.join(plugin, CONF), 'utf8');
  saveText(`${good}[demo-odd]\nexten = s,1,Palyback(hello)\n same = n,Hangup()\n`);
  watch = new Watch(['hello'], place.dir);
  await watch.next('verified');
});

afterAll(async () => {
  await watch.stop();
  await place.remove();
});

function saveText(text: string): void {
  save(path.join(plugin, CONF), text);
}

function view(): LoopView {
  const readLine = lineReader(plugin);
  return new LoopView({ readLine: () => readLine, clock: () => '12:00:00', once: false, keys: true });
}

describe('warnings of a plugin', () => {
  it('are told of the first batch too, and stand until they are gone', async () => {
    const { findings } = await watch.next('warnings');
    expect(findings).toMatchObject([
      {
        level: 'warning',
        file: CONF,
        message: expect.stringContaining('did you mean "Playback"?') as string,
      },
    ]);
    saveText(good);
    // the file is again what no batch put: the next save of it tells
    expect(await watch.next('warnings')).toMatchObject({ findings: [] });
  });

  it('are counted on the line of a batch, listed by a key, and in the words of status', async () => {
    saveText(`${good}[demo-odd]\nexten = s,1,Palyback(hello)\n same = n,Hangup()\n`);
    const told = await watch.next('warnings');
    const shown = view();
    shown.lines(told);
    const verified: LoopEvent = {
      event: 'verified',
      id: 7,
      plugin: told.plugin,
      ms: 1,
      loaded: [],
      evidence: { verified: 1, placed: 0 },
    };
    expect(shown.lines(verified).join('\n')).toContain('1 open warning (press w)');
    expect(shown.warnings().join('\n')).toContain(`${path.relative('', path.join(plugin, CONF))}:12:`);
    const { stdout } = wdevNow(['status'], place.dir);
    expect(stdout).toContain('1 warning of wdev check:');
    expect(stdout).toContain(`hello/${CONF}:12: `);
    shown.lines({ event: 'batch', id: 8, plugin: told.plugin, files: [CONF] });
    saveText(`${good}; a comment\n[demo-odd]\nexten = s,1,Palyback(hello)\n same = n,Hangup()\n`);
    expect(shown.lines(await watch.next('warnings')).join('\n')).toBe(
      '    1 warning still open in demo-hello.conf (press w)',
    );
    saveText(good);
    expect(shown.lines(await watch.next('warnings'))).toEqual([]);
  });

  it('are told once, with the name that was meant and its column, where Asterisk says it too', async () => {
    const from = watch.events.length;
    saveText(`${good}[demo-odd]\ninclude = demo-helo\nexten = s,1,Hangup()\n`);
    await watch.next('warnings');
    const told = watch.events.slice(from).filter(({ event }) => event === 'finding');
    expect(told).toMatchObject([
      {
        code: 'dialplan-unknown-include',
        file: CONF,
        line: 12,
        column: 11,
        message: expect.stringMatching(/did you mean "?demo-hello/) as string,
      },
    ]);
    saveText(good);
    await watch.next('warnings');
  });
});

describe('a save that fails', () => {
  it('names what has the place already, and what to try', async () => {
    const early = path.join(plugin, path.dirname(CONF), 'demo-early.conf');
    save(early, '[demo-hello]\nexten = s,1,NoOp(early)\n');
    const { findings } = await watch.next('failed');
    expect(findings[0]).toMatchObject({
      code: 'dialplan-duplicate-priority',
      file: CONF,
      message: expect.stringContaining('demo-early.conf:2') as string,
      help: expect.any(String) as string,
    });
    rmSync(early);
    await watch.next('verified');
  });

  it('is named by a path that can be opened from where the person stands', () => {
    const other = makePlugin(place.dir, 'other');
    const file = 'etc/asterisk/extensions_extra.d/demo-other.conf';
    writeFileSync(path.join(other, file), '[demo-other]\nexten = s,one,NoOp()\n');
    const { stdout } = wdevNow(['check', 'other'], place.dir);
    expect(stdout).toContain(`other/${file}:2:`);
    expect(wdevNow(['check', '.'], other).stdout).toMatch(new RegExp(`^${file}:2:`, 'm'));
    const json = JSON.parse(wdevNow(['check', 'other', '--json'], place.dir).stdout) as {
      findings: object[];
    };
    expect(json.findings[0]).toMatchObject({ file, plugin: 'demo/other' });
    rmSync(other, { recursive: true });
  });
});

it('a hook that refuses the first batch is told once', async () => {
  const other = project();
  makePlugin(other.dir, 'hello');
  writeFileSync(path.join(other.dir, 'stop'), '');
  writeFileSync(path.join(other.dir, 'wdev.yml'), 'hooks:\n  before: [[sh, -c, "test ! -e stop"]]\n');
  const own = new Watch(['--trust'], other.dir);
  expect(await own.next('failed')).toMatchObject({ findings: [{ code: 'hook-failed' }] });
  // refused saves are looked at again once all rests
  await pause(1500);
  rmSync(path.join(other.dir, 'stop'));
  save(path.join(other.dir, 'hello', CONF), `${good}; again\n`);
  await own.next('verified');
  expect(own.events.filter(({ event }) => event === 'failed')).toHaveLength(1);
  await own.stop();
  await other.remove();
});
