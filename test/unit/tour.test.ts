import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { playTour, type TourResult, type Wish } from '../../src/tour/play.ts';
import { Progress } from '../../src/tour/progress.ts';
import type { Sight, TourStep } from '../../src/tour/step.ts';
import { TOUR_STEPS as STEPS } from '../../src/tour/steps.ts';
import type { TourVoice } from '../../src/tour/voice.ts';
import { Workbench } from '../../src/tour/workbench.ts';
import { save } from '../support/save.ts';
import { startSession, type Session } from '../support/session.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, GIT_IDENTITY, NOBODY, wdev } from '../support/wdev.ts';

const FILE = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

function listening(): TourVoice & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    step: ({ title }) => void told.push(title),
    event: () => undefined,
    edited: () => undefined,
    typed: () => undefined,
    asked: () => undefined,
    seen: (what) => void told.push(`seen: ${what}`),
    notSeen: (what) => void told.push(`not seen: ${what}`),
    notHere: (reason) => void told.push(`not here: ${reason}`),
    hint: (text) => void told.push(`hint: ${text}`),
  };
}

function step(id: string, sights: readonly Sight[], more: Partial<TourStep> = {}): TourStep {
  const nothing = { surroundings: 'none', play: () => Promise.resolve(), hints: [] } as const;
  return { id, title: id, text: '', task: '', sights, ...nothing, ...more };
}

function sight(what: string, ok: () => boolean): Sight {
  return { what, see: () => Promise.resolve(ok()) };
}

interface Table {
  readonly told: string[];
  readonly play: (steps: readonly TourStep[], wishes?: Wish[], hintAfter?: number) => Promise<TourResult>;
}

/** Plays steps that need no stack, in a folder. */
function table(folder: string): Table {
  const voice = listening();
  return {
    told: voice.told,
    play: async (steps, wishes, hintAfter = 60_000) => {
      const progress = new Progress(folder);
      const signal = new AbortController().signal;
      const auto = wishes === undefined;
      const self = ['wdev'] as const;
      const bench = new Workbench({ folder, kind: 'embedded', name: 't', voice, progress, self, auto });
      const options = { steps, bench, voice, progress, signal, hintAfter, patience: 0 };
      return await playTour(auto ? options : { ...options, takeWish: () => wishes.shift() });
    },
  };
}

describe('a tour', () => {
  it('ends at the first step whose result is not as it should be, when it plays itself', async () => {
    const { told, play } = table(tempFolder());
    const steps = [
      step('one', [sight('this', () => true)]),
      step('two', [sight('that', () => false)]),
      step('three', []),
    ];
    expect(await play(steps)).toMatchObject({ end: 'failed', seen: 1 });
    expect(told).toEqual(['one', 'seen: this', 'two', 'not seen: that']);
  });

  it('goes on at the step where a person left, and prepares nothing twice', async () => {
    const folder = tempFolder();
    let prepared = 0;
    const prepare = async (): Promise<void> => void (prepared += 1);
    const steps = (there: boolean): readonly TourStep[] => [
      step('one', [sight('this', () => true)]),
      step('two', [sight('that', () => there)], { prepare }),
      step('three', [sight('end', () => true)]),
    ];
    expect(await table(folder).play(steps(false), ['leave'])).toMatchObject({ end: 'left', seen: 1 });
    const again = table(folder);
    expect(await again.play(steps(true), [])).toMatchObject({ end: 'done', seen: 2 });
    expect(again.told).toEqual(['two', 'seen: that', 'three', 'seen: end']);
    expect(prepared).toBe(1);
    expect(new Progress(folder).finished).toBe(true);
  });

  it('does a step for who asks, gives hints while nothing is seen, and leaves out what cannot be', async () => {
    const { told, play } = table(tempFolder());
    let done = false;
    const steps = [
      step('help', [sight('done', () => done)], {
        hints: ['look here'],
        play: async () => void (done = true),
      }),
      step('not here', [], { notHere: () => Promise.resolve('no root') }),
      step('impossible', [sight('never', () => false)], {
        play: () => Promise.reject(new Error('it is in the way')),
      }),
    ];
    const result = await play(steps, ['hint', 'hint', 'play', 'play']);
    expect(result).toEqual({ end: 'done', seen: 1, without: ['not here', 'impossible'] });
    expect(told).toEqual([
      'help',
      'hint: look here',
      'hint: Not seen yet: done. The key s does it for you.',
      'seen: done',
      'not here',
      'not here: no root',
      'impossible',
      'hint: it is in the way. This step is skipped.',
    ]);
  });

  it('gives hints by itself after a while', async () => {
    const { told, play } = table(tempFolder());
    const steps = [step('slow', [sight('end', () => told.length > 1)], { hints: ['like this'] })];
    expect(await play(steps, [], 1)).toMatchObject({ end: 'done' });
    expect(told).toEqual(['slow', 'hint: like this', 'seen: end']);
  });
});

describe('wdev tour --auto', () => {
  it('plays the main job on the embedded stack, looks at each step, and leaves nothing', async () => {
    const TMPDIR = tempFolder();
    const { status, stdout, stderr } = await wdev(['tour', '--auto'], {
      env: { TMPDIR, ...NOBODY },
      cwd: TMPDIR,
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('✓ Asterisk serves ***42');
    expect(stdout).toMatch(/'\*\*\*43' => +1\. Gosub\(demo-hello,s,1\)/);
    expect(stdout).toContain("demo-hello.conf:4:1: error: Asterisk: No '='");
    expect(stdout).toContain('4 | same n,Hangup()');
    expect(stdout).toContain('✓ every file below /etc/asterisk is as it was before');
    expect(stdout).toContain(`${STEPS.length - 1} of ${STEPS.length} steps passed`);
    expect(stdout).toContain('Skipped: Rehearse install, upgrade and removal.');
    expect(stdout).not.toContain('✗ not seen');
    expect(stdout).toContain('git config --global user.name');
    expect(readdirSync(TMPDIR).filter((name) => name.startsWith('wdev-'))).toEqual([]);
  }, 300_000);

  it('takes everything away when it is interrupted', async () => {
    const TMPDIR = tempFolder();
    const child = spawn(process.execPath, [BIN, 'tour', '--auto'], {
      cwd: TMPDIR,
      env: { ...process.env, ...GIT_IDENTITY, TMPDIR },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes(`4/${STEPS.length}`)) child.kill('SIGINT');
    });
    expect(await ended).toBe(130);
    expect(readdirSync(TMPDIR).filter((name) => name.startsWith('wdev-'))).toEqual([]);
  }, 300_000);
});

describe('wdev tour, with a person', () => {
  it('asks for --auto where there is no terminal', async () => {
    const { status, stderr } = await wdev(['tour']);
    expect(status).toBe(2);
    expect(stderr).toContain('wdev tour --auto');
  });

  it('follows who works in an editor and a second terminal, and goes on where it was left', async () => {
    const desk = tempFolder();
    const folder = path.join(desk, 'wdev-tour');
    const inTour = { cwd: folder };
    const edit = (file: string, before: string, after: string): void => {
      const full = path.join(folder, 'hello', file);
      const text = readFileSync(full, 'utf8');
      expect(text).toContain(before);
      save(full, text.replace(before, after));
    };
    const tour = (...args: readonly string[]): Session =>
      startSession([process.execPath, BIN, 'tour', ...args], { cwd: desk, env: { NO_COLOR: '1' } });
    onTestFinished(async () => void (await wdev(['stack', 'down', '--kind', 'embedded'], inTour)));

    const first = tour();
    await first.says('Make a plugin');
    const make = ['new', 'stack', 'hello', '--namespace', 'demo', '--part', 'dialplan', '--yes'];
    await first.says('→ Type this in another terminal');
    expect(await wdev(make, inTour)).toMatchObject({ status: 0 });
    await first.says('✓ the dialplan file gives phones the extension ***42');
    await first.says('→ Open wazo/plugin.yml in your editor');
    edit('wazo/plugin.yml', 'The hello plugin', 'Mine');
    await first.says('✓ plugin.yml has your own description');
    await first.says('✓ Asterisk serves ***42');
    await first.says('Save a change');
    first.type('q');
    await first.says(`Left at step 4 of ${STEPS.length}. Continue: wdev tour`);
    expect(await first.ended).toBe(0);
    const wide = first
      .shown()
      .split('\r\n')
      .filter((line) => line.length > 80 && !line.includes(folder));
    expect(wide).toEqual([]);

    const second = tour();
    await second.says('Continuing the tour');
    await second.says('Save a change');
    edit(FILE, '***42', '***77');
    await second.says('✓ Asterisk serves ***77');
    await second.says('✓ Asterisk no longer serves ***42');
    await second.says('Break a line');
    edit(FILE, 'same = n,Hangup()', 'same n,Hangup()');
    await second.says('4 | same n,Hangup()');
    await second.says('✓ the finding names your line: demo-hello.conf, line 4');
    await second.says('✓ Asterisk serves the last good version');
    second.type('\u0003');
    await second.says('Continue: wdev tour');
    expect(await second.ended).toBe(130);

    const third = tour();
    await third.says('Fix it');
    edit(FILE, 'same n,Hangup()', 'same = n,Hangup()');
    await third.says('✓ the save was verified');
    for (const { id, title } of STEPS.slice(6)) {
      await third.says(title);
      if (id === 'add') third.type('s');
      if (title === 'Check it') {
        await third.says('→ See the finding: wdev check hello');
        expect(await wdev(['check', 'hello'], inTour)).toMatchObject({ status: 1 });
        expect(await wdev(['check', 'hello', '--fix'], inTour)).toMatchObject({ status: 0 });
      }
      if (title === 'Build the package') third.type('s');
      if (title.startsWith('Rehearse')) {
        // a report as wdev rehearse writes it; test/real/tour.test.ts plays the real one
        const report = '{"event":"verified","id":1,"plugin":"demo/hello","loaded":["install","purge"]}\n';
        writeFileSync(path.join(folder, 'rehearsal.ndjson'), report);
      }
    }
    await third.says('→ In another terminal');
    expect(await wdev(['restore'], inTour)).toMatchObject({ status: 0 });
    await third.says('✓ every file below /etc/asterisk is as it was before');
    await third.says('The stack is removed; the plugin stays in');
    expect(await third.ended).toBe(0);
    expect(existsSync(path.join(folder, '.wdev/stack'))).toBe(false);
    expect(readFileSync(path.join(folder, 'hello/wazo/plugin.yml'), 'utf8')).toContain('Mine');

    const fourth = tour();
    await fourth.says('Start over: wdev tour --restart');
    expect(await fourth.ended).toBe(0);
    const fifth = tour('--restart');
    await fifth.says(`1/${STEPS.length} Make a plugin`);
    expect(existsSync(path.join(folder, 'hello'))).toBe(false);
    fifth.type('q');
    expect(await fifth.ended).toBe(0);
  }, 300_000);

  it('takes less than fifteen minutes at a calm pace', () => {
    // 180 words a minute to read, 25 to type, half a minute to find and change a line, ten seconds for each result
    const minutes = STEPS.map(({ text, task, command, file }) => {
      const typed = command === undefined || task.startsWith('Nothing') ? 0 : 12;
      return words(`${text} ${task}`) / 180 + typed / 25 + (file === undefined ? 0 : 0.5) + 10 / 60;
    });
    expect(minutes.reduce((sum, each) => sum + each, 1)).toBeLessThan(15);
  });
});

function words(text: string): number {
  return text.split(/\s+/).length;
}
