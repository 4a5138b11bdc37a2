import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Command } from '../../src/cli/commander.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { downEmbedded } from '../../src/stacks/embedded.ts';
import { refusalOf } from '../../src/support/errors.ts';
import { asked } from '../support/questions.ts';
import { startSession } from '../support/session.ts';
import { tempFolder } from '../support/temp.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { BIN, wdev } from '../support/wdev.ts';

/** Every command that is not hidden, with those below it. */
function allBelow(parent: Command, before = ''): readonly { name: string; command: Command }[] {
  return parent
    .createHelp()
    .visibleCommands(parent)
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const name = `${before}${command.name()}`;
      return [{ name, command }, ...allBelow(command, `${name} `)];
    });
}

/** The page as a pipe gets it. */
function helpOf(command: Command): string {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => void written.push(text), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return written.join('');
}

/** The text on a terminal of that width. */
async function shownAt(columns: number, ...args: readonly string[]): Promise<readonly string[]> {
  const session = startSession([process.execPath, BIN, ...args], { cwd: tempFolder(), columns });
  await session.ended;
  return session.shown().trimEnd().split('\r\n');
}

describe('help', () => {
  it.each(COMMANDS.filter(({ hidden }) => hidden !== true).map(({ name }) => name))(
    'of %s comes by --help, -h and help',
    async (name) => {
      const { status, stdout } = await wdev([name, '--help']);
      expect(status).toBe(0);
      expect((await wdev([name, '-h'])).stdout).toBe(stdout);
      expect((await wdev(['help', name])).stdout).toBe(stdout);
    },
  );

  it('of each command, also of those below others, is its own page and fits into 80 columns', async () => {
    const every = allBelow(await buildProgram(COMMANDS, 'all'));
    expect(every.length).toBeGreaterThan(50);
    for (const { name, command } of every) {
      const page = helpOf(command);
      expect(page, name).toMatch(new RegExp(`^Usage: wdev ${name}( |\n)`));
      expect(page, name).toMatch(/\nEverywhere:\n/);
      expect(page.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(page.split('\n')[2], name).toMatch(/^[A-Z]/);
      for (const { flags, description, hidden } of command.options) {
        expect(page.includes(`  ${flags}`), `${name} ${flags}`).toBe(!hidden);
        if (hidden) continue;
        expect(page, name).toContain(flags);
        expect(description, `${name} ${flags}`).not.toBe('');
      }
    }
  });

  it('shows no flag that only older scripts write, and each is taken', async () => {
    const cwd = tempFolder();
    const json = async (...words: readonly string[]): Promise<unknown> => {
      const { status, stdout, stderr } = await wdev(words, { cwd });
      expect([status, stderr], words.join(' ')).toEqual([0, '']);
      return JSON.parse(stdout.split('\n')[0] ?? '');
    };
    expect(await json('targets', '--json')).toEqual({ targets: [], usual: 'embedded' });
    expect(await json('targets', '--json', 'list', '--trust')).toEqual({ targets: [], usual: 'embedded' });
    expect(await json('targets', 'add', 'lab', 'exec:sh', '--trust', '--json')).toMatchObject({
      added: true,
    });
    expect(await json('stack', '--name', 'none', '--json', 'status')).toEqual({ stacks: [] });
    expect(await json('stack', '--json', 'down', '--name', 'none')).toEqual({ ended: [] });
    const up = await json('stack', '--kind', 'embedded', '--json', 'up');
    expect(up).toMatchObject({ kind: 'embedded', started: true });
    expect(await json('stack', 'logs', '--json')).toEqual({ line: expect.any(String) as string });
    expect(await json('stack', 'exec', '--json', '--', 'echo', '1')).toBe(1);
    expect(await json('stack', 'down', '--kind', 'embedded', '--json')).toEqual({
      ended: ['embedded stack'],
    });
  });

  it('of a command below another has its own flags only', async () => {
    const { stdout } = await wdev(['stack', 'logs', '--help']);
    expect(stdout).toMatch(/^Usage: wdev stack logs \[options\]\n\nShow what Asterisk/);
    expect(stdout).toContain('--follow');
    expect(stdout).not.toContain('--repository');
    expect((await wdev(['help', 'stack', 'logs'])).stdout).toBe(stdout);
    expect((await wdev(['stack', 'help', 'logs'])).stdout).toBe(stdout);
  });

  it('explains the answers of the part that is named, and lists those of others in a line each', async () => {
    const [all, one] = await Promise.all([wdev(['add', '--help']), wdev(['add', 'subroutine', '--help'])]);
    expect(all.stdout).toMatch(/^ {2}conf +--conf-service --conf-key --conf-value$/m);
    expect(all.stdout).not.toContain('--hook <value>');
    expect(one.stdout).toMatch(/\n\nAnswers for the part subroutine:\n {2}--hook <value> +When/);
    expect(one.stdout).not.toContain('--conf-key');
  });

  it.each(
    [
      ['restore', 'uninstall', 'undo', 'stack down', 'stack reset', 'stack prune', 'release'].map((name) => [
        name,
        'not ask',
      ]),
      ['add', 'deploy', 'migrate'].map((name) => [name, 'asks']),
      [['fleet roll', 'not ask']],
    ].flat(),
  )('of wdev %s says whether it asks: %s', async (name = '', words = '') => {
    const found = allBelow(await buildProgram(COMMANDS, 'all')).find((one) => one.name === name);
    expect(found).toBeDefined();
    if (found !== undefined) expect(helpOf(found.command).toLowerCase()).toContain(words);
  });

  it('has an option that several commands share in the same words', async () => {
    const said = new Map<string, Set<string>>();
    for (const { command } of allBelow(await buildProgram(COMMANDS, 'all')))
      for (const { long, description } of command.options)
        if (['--no-sandbox', '--timeout', '--offline', '--strict', '--python'].includes(long ?? ''))
          said.set(long ?? '', (said.get(long ?? '') ?? new Set()).add(description));
    expect([...said].filter(([, texts]) => texts.size !== 1)).toEqual([]);
  });

  it('of wdev itself comes by help, and a misspelt command has none', async () => {
    expect((await wdev(['help'])).stdout).toBe((await wdev([])).stdout);
    const { status, stderr } = await wdev(['help', 'wach']);
    expect(status).toBe(2);
    expect(stderr).toContain('Did you mean wdev watch?');
  });

  it('is broken at its words in a narrow terminal', async () => {
    const shown = await shownAt(50, 'install', '--help');
    expect(shown.filter((line) => line.length > 50)).toEqual([]);
    expect(shown.join(' ')).toMatch(/Does the same as wdev watch --once: +installs, +verifies/);
  });
});

describe('lists', () => {
  it('are broken at words in a narrow terminal', async () => {
    const shown = await shownAt(60, 'templates');
    expect(shown.filter((line) => line.length > 60)).toEqual([]);
    expect(shown.join(' ')).toMatch(/a backend, and the +identity +provider/);
  });
});

describe('questions', () => {
  it('are refused at words in a narrow terminal, and show what Enter takes', async () => {
    const cwd = tempFolder();
    const session = startSession([process.execPath, BIN, 'new', 'stack'], { cwd, columns: 60 });
    await session.says(asked('stack', 'name'));
    session.type('My Plugin\r');
    await session.says('my-plugin');
    session.type('\u0015hello\r');
    await session.says(asked('stack', 'namespace'));
    session.type('demo\r');
    for (const next of ['description', 'pluginVersion', 'author', 'email', 'license']) {
      await session.says(asked('stack', next));
      session.type('\r');
    }
    await session.says(asked('stack', 'parts'));
    await session.says('dialplan: an extension that phones can dial');
    await session.says('agentd: ');
    session.type('\u0003');
    expect(await session.ended).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('a refusal', () => {
  it('is broken at its words in a narrow terminal', async () => {
    const shown = await shownAt(50, 'watch');
    expect(shown).toEqual([
      'wdev: no plugin found in .',
      '      wdev looks for wazo/plugin.yml, a',
      '        wazo_confgend entry point or',
      '        call-logger-plugin.yml. Make a plugin:',
      '        wdev new',
    ]);
  });

  it('of the system names the path, and is no defect of wdev', () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), {
      code: 'EACCES',
      syscall: 'mkdir',
      path: '/srv/.wdev/stack',
    });
    expect(refusalOf(denied)).toMatchObject({
      message: 'no permission for /srv/.wdev/stack (mkdir)',
      exit: 1,
    });
    expect(refusalOf(Object.assign(denied, { code: 'EBADF' }))).toBeUndefined();
    expect(refusalOf(new TypeError('x is undefined'))).toBeUndefined();
  });

  it('of a program that is not there names it, where a person gave it', async () => {
    const dir = tempFolder();
    onTestFinished(async () => await downEmbedded(dir));
    expect((await wdev(['stack', 'up', '--kind', 'embedded'], { cwd: dir })).status).toBe(0);
    writeFiles(dir, { 'no-program': 'text' });
    for (const [words, message] of [
      [['stack', 'exec', '--', 'astersk', '-rx', 'core show version'], 'there is no program astersk'],
      [['stack', 'exec', '--', './no-program'], 'no permission to run ./no-program'],
      [['status', '--target', 'exec:astersk'], 'cannot connect (there is no program astersk)'],
    ] as const) {
      const { status, stderr } = await wdev(words, { cwd: dir });
      expect(stderr).toContain(message);
      expect([status === 0, stderr.includes('defect')]).toEqual([false, false]);
    }
  });

  it('of each place where nothing can be written names it', async () => {
    const dir = tempFolder();
    const run = async (...args: string[]): Promise<string> => {
      const { status, stderr } = await wdev(args, { cwd: dir });
      expect([status, stderr.includes('defect')]).toEqual([1, false]);
      return stderr;
    };
    writeFiles(dir, {
      'wazo/plugin.yml': 'name: hello\nnamespace: acme\nversion: "1"\n',
      'wazo/rules': '#!/bin/sh\n',
      'extensions.conf': '[acme]\nexten = s,1,NoOp()\n',
      file: '',
    });
    mkdirSync(path.join(dir, 'folder.svg'));
    symlinkSync('circle', path.join(dir, 'circle'));
    const long = 'x'.repeat(300);
    const circle = 'symlinks lead in a circle:';
    for (const [out, why] of [
      ['file', 'a file is in the way:'],
      ['file/x', 'a part of this path is not a folder:'],
      ['circle', circle],
      ['circle/x', circle],
      [long, 'the name is too long:'],
      // Node's own mkdir never ends there
      ['/proc/x', 'no folder can be made at'],
      ['/proc/x/y', 'no folder can be made at'],
    ] as const) {
      expect(await run('build', '--out', out)).toContain(why);
      if (out.includes('x'))
        expect(await run('dialplan', 'graph', 'extensions.conf', '--out', `${out}/y.svg`)).toContain(why);
    }
    expect(await run('dialplan', 'graph', 'extensions.conf', '--out', 'folder.svg')).toContain(
      'a folder is in the way: folder.svg',
    );
  });
});
