import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { downReal, realShell, upReal, type RealStack } from '../../src/stacks/real.ts';
import { heldStacks } from '../../src/stacks/real/clear.ts';
import { mounts } from '../../src/stacks/real/mounts.ts';
import { stackProcesses } from '../../src/stacks/real/processes.ts';
import { stackFolder } from '../../src/stacks/real/run-folder.ts';
import { countPoints, killedAt, spread, type KilledCommand } from '../support/killed.ts';
import { lacks } from '../support/needs.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { figure, isLong } from '../support/promises.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, wdev } from '../support/wdev.ts';

const NAME = `test-k-${process.pid}`;
const command = (...words: readonly string[]): KilledCommand => ({
  words: ['stack', ...words, '--name', NAME],
  below: ['/run/wdev'],
  spawns: true,
});
const UP = command('up');
const DOWN = command('down');

/** Milliseconds that are waited for a state: far more than it takes. */
const LIMIT = 600_000;

function holds(name: string): readonly string[] {
  return [
    ...heldStacks().flatMap((held) => (held.name === name ? [`stack ${held.standing.is}`] : [])),
    ...stackProcesses().flatMap(({ stack, pid, role }) => (stack === name ? [`${role} ${pid}`] : [])),
    ...mounts().flatMap(({ source, at }) => (source === `wdev-${name}` ? [at] : [])),
    ...['', '.lock'].map((end) => `${stackFolder(name)}${end}`).filter((file) => existsSync(file)),
    ...['locks', 'propagate']
      .map((part) => `/run/systemd/nspawn/${part}/wdev-${name}`)
      .filter((file) => existsSync(file)),
  ];
}

function asterisk(stack: RealStack): string {
  const [program, ...args] = realShell(stack).argv;
  const { stdout, stderr } = spawnSync(program, args, {
    input: "asterisk -rx 'core waitfullybooted'; asterisk -rx 'dialplan reload'",
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describe.skipIf(lacks('real'))('killed', () => {
  let up = 0;
  let down = 0;
  beforeAll(async () => {
    up = await countPoints(UP);
    down = await countPoints(DOWN);
  });
  afterAll(async () => await downReal(NAME));

  test('at any point of up and down: the next up gives a working Asterisk, and down leaves nothing', async () => {
    const points = spread(up, 6);
    for (const [index, at] of points.entries()) {
      // this up begins where a killed down ended
      await killedAt(UP, at);
      const stack = await upReal(NAME, { forUs: true });
      expect(asterisk(stack)).toContain('fully booted');
      const end = spread(down, points.length)[index] ?? down;
      await killedAt(DOWN, end);
      if (index % 2 === 1) continue;
      await downReal(NAME);
      expect(holds(NAME), `killed at ${at} of ${up}, ${end} of ${down}`).toEqual([]);
    }
    await downReal(NAME);
    expect(holds(NAME)).toEqual([]);
    if (isLong) figure(4, `stack up and down killed: ${points.length} points each, 0 half states`);
  }, 3_600_000);

  test('a rehearsal that is killed is shown by status, and cleared by the next command', async () => {
    const dir = tempFolder();
    writeFiles(dir, {
      'wazo/plugin.yml': 'name: trial\nnamespace: acme\nversion: "0.1"\nplugin_format_version: 1\n',
      'wazo/rules':
        '#!/bin/sh\nset -e\ncase $1 in\n  build|install|uninstall|postrm) ;;\n  package) cp -R etc "$pkgdir/" ;;\nesac\n',
      'etc/asterisk/extensions_extra.d/trial.conf':
        '[xivo-extrafeatures]\nexten = ***77,1,Answer()\nsame = n,Hangup()\n',
    });
    const name = `${NAME}-r`;
    const temp = tempFolder();
    const env = { ...process.env, TMPDIR: temp };
    let killed = 0;
    for (const wait of spread(30, 2).map((point) => point * 80)) {
      const child = spawn(process.execPath, [BIN, 'rehearse', dir, '--stack', name], {
        stdio: 'ignore',
        env,
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const until = Date.now() + LIMIT;
      while (!existsSync(stackFolder(name)) && Date.now() < until) await sleep(10);
      await sleep(wait);
      // a quick machine may have ended it by then
      if (child.kill('SIGKILL')) killed += 1;
      await ended;
      // what tests beside this one run clears it too
      const { stdout } = await wdev(['stack', 'status']);
      if (holds(name)[0] === 'stack left')
        expect(stdout).toContain(`${name}: left by a process that is gone`);
      // any command: here one about another stack
      await wdev(['stack', 'down', '--name', NAME]);
      await vi.waitFor(() => expect(holds(name)).toEqual([]), LIMIT);
    }
    expect(killed).toBeGreaterThan(0);
    if (isLong) figure(4, `wdev rehearse killed: ${killed} points, 0 half states`);
    // each removes what the one before it left
    const left = readdirSync(path.join(temp, '.wdev-0'));
    expect(new Set(left.map((entry) => entry.split('.')[1])).size).toBeLessThanOrEqual(1);
  }, 3_600_000);

  test('one whose processes and mounts alone are left is found and cleared', async () => {
    let said = '';
    // a command of a test beside this one may come first, and clear it
    for (let round = 0; round < 5 && !said.includes(`files that stack ${NAME} left behind`); round += 1) {
      const stack = await upReal(NAME, { forUs: true });
      const state = `${stack.folder}/state.json`;
      expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({ phase: 'running' });
      rmSync(state);
      said = (await wdev(['stack', 'down', '--name', 'no-such-stack'])).stdout;
      await vi.waitFor(() => expect(holds(NAME)).toEqual([]), LIMIT);
    }
    expect(said).toContain(`files that stack ${NAME} left behind`);
  });

  test('a machine that restarts itself is waited for', async () => {
    const stack = await upReal(NAME, { forUs: true });
    const [program, ...args] = realShell(stack).argv;
    spawnSync(program, args, { input: 'systemctl reboot' });
    const until = Date.now() + LIMIT;
    while (existsSync(`/proc/${stack.pid}`) && Date.now() < until) await sleep(20);
    const again = await upReal(NAME, { forUs: true });
    expect(again.startedAt).toBe(stack.startedAt);
    expect(again.pid).not.toBe(stack.pid);
    expect(asterisk(again)).toContain('fully booted');
  });
});
