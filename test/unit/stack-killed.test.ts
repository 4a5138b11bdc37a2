import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import {
  downEmbedded,
  embeddedShell,
  ensureEmbedded,
  findEmbedded,
  type EmbeddedStack,
} from '../../src/stacks/embedded.ts';
import { runningConsoles } from '../../src/stacks/embedded/consoles.ts';
import { stateFolder } from '../../src/support/paths.ts';
import { countPoints, killedAt, spread, type KilledCommand } from '../support/killed.ts';
import { figure, isLong } from '../support/promises.ts';
import { tempFolder } from '../support/temp.ts';

function shell(stack: EmbeddedStack, script: string): string {
  const { argv, env } = embeddedShell(stack);
  const [program, ...args] = argv;
  return spawnSync(program, args, { input: script, env: { ...process.env, ...env }, encoding: 'utf8' })
    .stdout;
}

test('killed at any point of up and down: the next up gives a working stack, and down leaves nothing', async () => {
  const project = tempFolder();
  const records = path.join(stateFolder(), 'embedded');
  const command = (word: string): KilledCommand => ({
    words: ['stack', word, '--kind', 'embedded'],
    below: [project, records],
    spawns: true,
    cwd: project,
  });
  const [up, down] = [await countPoints(command('up')), await countPoints(command('down'))];
  const points = spread(up, 5);
  for (const [index, at] of points.entries()) {
    await killedAt(command('up'), at);
    const stack = await ensureEmbedded(project);
    expect(shell(stack, "asterisk -rx 'dialplan reload'; asterisk -rx 'dialplan show default'")).toContain(
      "[ Context 'default'",
    );
    await killedAt(command('down'), spread(down, points.length)[index] ?? down);
    if (index % 2 === 0) continue;
    await downEmbedded(project);
    expect(readdirSync(project)).toEqual([]);
  }
  await downEmbedded(project);
  expect(readdirSync(project)).toEqual([]);
  const consoles = (): readonly object[] =>
    runningConsoles().filter(({ folder }) => folder.startsWith(project));
  await expect.poll(consoles, { timeout: 240_000 }).toEqual([]);
  const known = readdirSync(records).map((name) => readFileSync(path.join(records, name), 'utf8'));
  // forgotten by the next stack that is made, at the latest
  expect(known.filter((place) => place.startsWith(project) && existsSync(place))).toEqual([]);
  if (isLong) figure(4, `embedded stack up and down killed: ${points.length} points each, 0 half states`);
}, 1_800_000);

test('a stack that came with the folder is not used, and none of the processes that it names is ended', async () => {
  const project = tempFolder();
  const bystander = spawn('sleep', ['infinity']);
  onTestFinished(() => void bystander.kill());
  const run = path.join(project, '.wdev/stack/run');
  mkdirSync(path.join(run, 'services'), { recursive: true });
  for (const name of ['console.pid', 'confgend.pid'])
    writeFileSync(path.join(run, name), `${bystander.pid}\n`);
  for (const name of ['console.lock', '../lock'])
    writeFileSync(path.join(run, name), JSON.stringify({ pid: bystander.pid, start: '' }));
  spawnSync('sh', ['-c', 'mkfifo "$0"', path.join(run, 'version')]);
  writeFileSync(path.join(run, 'python'), '/no/such/python\n');
  expect(findEmbedded(project)).toBeUndefined();
  const stack = await ensureEmbedded(project);
  expect(readFileSync(path.join(stack.run, 'python'), 'utf8')).not.toContain('no/such');
  expect(shell(stack, "asterisk -rx 'core waitfullybooted'")).toContain('fully booted');
  writeFileSync(path.join(run, 'confgend.pid'), `${bystander.pid}\n`);
  await downEmbedded(project);
  await sleep(50);
  expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
});

test.each(['.wdev', '.wdev/stack'])('through a link at %s nothing is written or removed', async (name) => {
  const project = tempFolder();
  const elsewhere = tempFolder();
  writeFileSync(path.join(elsewhere, 'mine'), '');
  mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
  symlinkSync(elsewhere, path.join(project, name));
  await expect(ensureEmbedded(project)).rejects.toThrow('symlink');
  await expect(downEmbedded(project)).rejects.toThrow('symlink');
  expect(readdirSync(elsewhere)).toEqual(['mine']);
});
