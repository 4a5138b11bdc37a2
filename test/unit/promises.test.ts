import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discoverPlugins } from '../../src/kinds/discover.ts';
import { QUIET_MANY, QUIET_GONE } from '../../src/loop/settle.ts';
import { stagePlugin } from '../../src/stage/stage.ts';
import type { StagedTree } from '../../src/stage/tree.ts';
import { readTextIfPossible } from '../../src/support/read-file.ts';
import { figure, isLong } from '../support/promises.ts';
import { save } from '../support/save.ts';
import { differences, snapshot } from '../support/target.ts';
import { BESIDE, MODE_LAST, SAVE_STYLES, type Save } from '../support/save-styles.ts';
import { Watch, makePlugin, pause, project, wdevNow } from '../support/watch.ts';
import { GIT_IDENTITY } from '../support/wdev.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const DATA = 'etc/demo-data';

let place: ReturnType<typeof project>;
let plugin = '';
let root = '';
let watch: Watch | undefined;

beforeEach(() => {
  place = project();
  plugin = makePlugin(place.dir, 'hello');
  root = path.join(place.dir, '.wdev/stack/root');
  mkdirSync(path.join(plugin, DATA));
  writeFileSync(path.join(plugin, DATA, 'first'), 'first\n');
});

afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await place.remove();
});

async function start(...args: readonly string[]): Promise<Watch> {
  watch = new Watch(['hello', ...args], place.dir);
  await watch.next('verified');
  return watch;
}

async function stagedTree(): Promise<StagedTree> {
  const [found] = discoverPlugins([plugin]);
  const result = found === undefined ? undefined : await stagePlugin(found);
  if (result?.ok !== true) throw new Error(JSON.stringify(result));
  return result.stage.tree;
}

/** Waits until the target equals the stage; answers what still differs when that takes too long. */
async function converged(): Promise<readonly string[]> {
  const tree = await stagedTree();
  const compare = (): readonly string[] => {
    const strays = [...snapshot(path.join(root, DATA)).keys()]
      .map((name) => `/${DATA}${name}`)
      .filter((name) => ![...tree.keys()].some((file) => file === name || file.startsWith(`${name}/`)));
    return [...differences(root, tree), ...strays.map((name) => `${name} is no part of the package`)];
  };
  const deadline = Date.now() + 240_000;
  for (;;) {
    const found = unlessChanging(compare);
    if (found.length === 0 || Date.now() > deadline) return found;
    await pause(20);
  }
}

/** A file may go while the folder is read. */
function unlessChanging(look: () => readonly string[]): readonly string[] {
  try {
    return look();
  } catch (error) {
    return [String(error)];
  }
}

/** Numbers below a limit, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
}

function randomEdit(roll: (limit: number) => number, text: string): string {
  const names = ['a', 'b c', 'd.py', 'sub/e', 'sub/deep/f', 'link'];
  const pick = (): string => path.join(plugin, DATA, names[roll(names.length)] ?? 'a');
  const file = pick();
  mkdirSync(path.dirname(file), { recursive: true });
  const there = lstatSync(file, { throwIfNoEntry: false });
  switch (there === undefined ? 0 : roll(5)) {
    case 1:
      rmSync(file, { recursive: true });
      return `delete ${file}`;
    case 2: {
      const to = pick();
      mkdirSync(path.dirname(to), { recursive: true });
      renameSync(file, to);
      return `rename ${file} ${to}`;
    }
    case 3:
      if (there?.isFile() === true) chmodSync(file, roll(2) === 0 ? 0o755 : 0o644);
      return `chmod ${file}`;
    case 4:
      rmSync(file, { recursive: true });
      symlinkSync(path.relative(path.dirname(file), path.join(plugin, DATA, 'first')), file);
      return `link ${file}`;
    default:
      if (there?.isSymbolicLink() === true) rmSync(file);
      writeFileSync(file, text);
      return `write ${file}`;
  }
}

const applied = (running: Watch, from: number): number =>
  running.events
    .slice(from)
    .filter((event) => event.event === 'action' && event.do.startsWith('put') && event.ok).length;

describe('promises', () => {
  const scripts = isLong ? 1000 : 12;
  it(
    `1: after ${scripts} random edit scripts the target equals the stage`,
    { timeout: 1_800_000 },
    async () => {
      const running = await start();
      const seed = Number(process.env['WDEV_SEED'] ?? 7);
      const roll = dice(seed);
      for (let script = 0; script < scripts; script += 1) {
        const edits = Array.from({ length: 1 + roll(4) }, (_, edit) =>
          randomEdit(roll, `# ${script} ${edit}\n`),
        );
        expect(await converged(), `seed ${seed}, script ${script}: ${edits.join('; ')}`).toEqual([]);
      }
      expect(running.events.filter(({ event }) => event === 'failed')).toEqual([]);
      figure(1, `${scripts} edit scripts (seed ${seed}), 0 differences`);
    },
  );

  const saves = isLong ? 10_000 : 120;
  it(
    `2: ${saves} saves in eleven styles: none is missed, each is one apply, and nothing is applied after quiet`,
    { timeout: 3_600_000 },
    async () => {
      const running = await start();
      const file = path.join(plugin, CONF);
      const good = readFileSync(file, 'utf8');
      const styles = Object.entries(SAVE_STYLES);
      // on a busy machine a state between two steps may rest for so long that it counts as a save of its own
      let inBetween = 0;
      for (let at = 0; at < saves; at += 1) {
        const [name, write] = styles[at % styles.length] as [string, Save];
        const text = `${good}; save ${at}\n`;
        running.forget();
        const started = performance.now();
        await write(file, text);
        const rest = BESIDE.has(name) ? QUIET_MANY : QUIET_GONE;
        if (MODE_LAST.has(name) || performance.now() - started >= rest) inBetween += 1;
        do await running.next('verified', 300_000);
        while (readTextIfPossible(path.join(root, CONF)) !== text);
      }
      await running.next('settled');
      const applies = applied(running, 0);
      expect(applies).toBeGreaterThanOrEqual(saves + 1);
      expect(applies).toBeLessThanOrEqual(saves + 1 + inBetween);
      const failed = running.events.filter(({ event }) => event === 'failed');
      if (inBetween === 0) expect(failed).toEqual([]);
      await pause(1500);
      expect(applied(running, 0)).toBe(applies);
      figure(
        2,
        `${saves} saves in ${styles.length} styles: 0 missed, ${applies - 1} applies, none after quiet`,
      );
    },
  );

  it('3: a burst is one apply, a branch switch too, and none while git is at work', async () => {
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', args, {
        cwd: plugin,
        env: { ...process.env, ...GIT_IDENTITY },
        stdio: 'pipe',
      });
    /** How often the files rested for so long that what follows is another burst, on a machine that is busy. */
    const write = (count: number, text: string): number => {
      let rests = 0;
      let before = performance.now();
      for (let index = 0; index < count; index += 1) {
        writeFileSync(path.join(plugin, DATA, `${index}`), text);
        const now = performance.now();
        if (now - before >= QUIET_MANY) rests += 1;
        before = now;
      }
      return rests;
    };
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'one');
    const running = await start();
    const counts: string[] = [];
    for (const count of [1, 10, 500]) {
      const from = running.events.length;
      running.forget();
      const rests = write(count, `burst of ${count}\n`);
      await running.next('verified');
      expect(await converged()).toEqual([]);
      const applies = applied(running, from);
      expect(applies).toBeGreaterThanOrEqual(1);
      expect(applies).toBeLessThanOrEqual(1 + rests);
      counts.push(`${count} files: ${applies} apply`);
    }
    git('add', '-A');
    git('commit', '-qm', 'two');
    let from = running.events.length;
    running.forget();
    git('checkout', '-q', 'HEAD~1');
    await running.next('verified');
    expect(await converged()).toEqual([]);
    expect(applied(running, from)).toBeLessThanOrEqual(1);
    counts.push('branch switch of 500 files: 1 apply');
    from = running.events.length;
    running.forget();
    writeFileSync(path.join(plugin, '.git/index.lock'), '');
    write(3, 'while git is at work\n');
    expect((await running.next('held')).reason).toMatch(
      /^git is changing the files; waiting until \S*index\.lock is gone$/,
    );
    expect(applied(running, from)).toBe(0);
    rmSync(path.join(plugin, '.git/index.lock'));
    await running.next('verified');
    expect(applied(running, from)).toBe(1);
    figure(3, `${counts.join('; ')}; git at work: 0 until it ended, then 1`);
  });

  it('5: no change, no write, no reload', () => {
    const events = (): readonly string[] =>
      wdevNow(['install', 'hello', '--json'], place.dir)
        .stdout.split('\n')
        .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { event: string }).event]));
    const times = (): readonly string[] =>
      [...snapshot(root).keys()].map((name) => {
        const { ino, mtimeMs, ctimeMs } = lstatSync(`${root}${name}`);
        return `${name} ${ino} ${name.startsWith('/var/lib') ? '' : `${mtimeMs} ${ctimeMs}`}`;
      });
    expect(events()).toContain('action');
    const before = times();
    const second = events();
    expect(second).toContain('verified');
    expect(second.filter((event) => event === 'action')).toEqual([]);
    expect(times()).toEqual(before);
    figure(5, 'install again: 0 writes, 0 reloads, 0 restarts');
  });

  it('7: sources deleted or emptied: nothing is removed on the target, and it says so', async () => {
    const running = await start();
    const good = readFileSync(path.join(root, CONF), 'utf8');
    const away = `${plugin}-away`;
    renameSync(plugin, away);
    expect((await running.next('held')).reason).toContain('is gone; the plugin stays installed');
    expect(readFileSync(path.join(root, CONF), 'utf8')).toBe(good);
    renameSync(away, plugin);
    // a file system that was unmounted looks like this
    const kept = path.join(place.dir, 'kept');
    mkdirSync(kept);
    running.forget();
    for (const name of readdirSync(plugin)) renameSync(path.join(plugin, name), path.join(kept, name));
    await running.next('failed');
    await pause(500);
    expect(readFileSync(path.join(root, CONF), 'utf8')).toBe(good);
    expect(existsSync(path.join(root, 'usr/lib/wazo-plugind/plugins/demo/hello/wazo/rules'))).toBe(true);
    figure(7, 'deleted, emptied: 0 files removed on the target, said each time');
  });

  it('10: no secret in output, journal or state', async () => {
    const secret = 'hunter2-f00dfeed';
    writeFileSync(path.join(plugin, '.env'), `TOKEN=${secret}\n`);
    writeFileSync(path.join(plugin, '.gitignore'), '.env\n');
    watch = new Watch(['hello'], place.dir, { WAZO_TOKEN: secret, SSHPASS: secret });
    await watch.next('verified');
    const file = path.join(plugin, CONF);
    const good = readFileSync(file, 'utf8');
    const ignored = '; wdev: ignore dialplan-no-equals tried here\n';
    save(file, ignored + good.replace('same = n,Hangup', 'same n,Hangup'));
    await watch.next('rolled-back');
    expect(JSON.stringify(watch.events)).not.toContain(secret);
    const stack = path.join(place.dir, '.wdev');
    const found = [...snapshot(stack).entries()].filter(
      ([name, what]) => what.startsWith('file') && readFileSync(`${stack}${name}`).includes(secret),
    );
    expect(found).toEqual([]);
    figure(10, `${watch.events.length} events and ${snapshot(stack).size} files: the secret in none`);
  });
});
