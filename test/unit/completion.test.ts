import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../src/cli/commander.ts';
import { EVERYWHERE, buildProgram } from '../../src/cli/program.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { commandData } from '../../src/manual/command-data.ts';
import { complete, type Completion } from '../../src/manual/completer.ts';
import { manPage } from '../../src/manual/man-page.ts';
import { wordSources } from '../../src/manual/word-sources.ts';
import { findProgram } from '../../src/stacks/requirements.ts';
import { DEBIAN_RELEASES, SUITES } from '../../src/wazo/debian.ts';
import { run } from '../../src/support/run.ts';
import { startSession } from '../support/session.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, wdev } from '../support/wdev.ts';

async function after(line: string): Promise<Completion> {
  const words = line.split(' ');
  return await complete(await buildProgram(COMMANDS, 'all'), words, await wordSources());
}

async function words(line: string): Promise<readonly string[]> {
  return (await after(line)).words.map(({ word }) => word);
}

describe('what can follow on a command line', () => {
  beforeAll(async () => void (await buildProgram(COMMANDS, 'all')));

  it.each([
    ['', ['new', 'watch', 'tour', 'guide', 'completion']],
    ['wa', ['watch']],
    ['new ', ['stack', 'confgend', 'call-logger', 'dird-csv']],
    ['new agi', ['agi-lookup']],
    ['new --template smdr', ['smdr-logger']],
    ['new stack hello --key-service ', ['calld']],
    ['add calld --key-service ', ['calld']],
    ['new --part dird', ['dird-backend', 'dird-service', 'dird-view']],
    ['new stack hello --part dialplan,subr', ['dialplan,subroutine']],
    ['new --lic', ['--license']],
    ['watch hello --target ', ['embedded', 'stack', 'local']],
    ['watch hello --target st', ['stack']],
    ['release ', ['patch', 'minor', 'major']],
    ['check --format s', ['sarif']],
    ['check --format=s', ['--format=sarif']],
    ['check --explain rules-not-ex', ['rules-not-executable']],
    ['stack ', ['up', 'down', 'status', 'exec', 'shell', 'logs']],
    ['stack up --kind ', ['embedded', 'real', 'wazo']],
    ['stack exec --kind ', ['embedded', 'real', 'wazo']],
    ['stack up --re', ['--repository']],
    ['targets add lab ', ['embedded', 'local']],
    ['templates ', ['list', 'show', 'schema']],
    ['templates show conf', ['confgend', 'conf']],
    ['logs wazo-call', ['wazo-calld', 'wazo-call-logd']],
    ['completion ', ['bash', 'zsh', 'fish']],
  ])('wdev %s', async (line, expected) => {
    expect(await words(line)).toEqual(expect.arrayContaining(expected));
  });

  it('leaves paths to the shell, and does not offer what is hidden', async () => {
    expect(await after('watch ')).toEqual({ words: [], paths: 'files' });
    expect(await after('watch hello --cwd ')).toEqual({ words: [], paths: 'folders' });
    expect(await after('new stack ')).toEqual({ words: [], paths: 'folders' });
    expect(await after('fleet init --inventory ')).toEqual({ words: [], paths: 'files' });
    expect(await after('dialplan graph --out ')).toEqual({ words: [], paths: 'files' });
    expect(await after('build --out ')).toEqual({ words: [], paths: 'folders' });
    expect(await words('')).not.toContain('complete');
  });

  it('offers the releases of Debian that are known', async () => {
    expect(await words('check --debian ')).toEqual(DEBIAN_RELEASES.map(String));
    expect(await words('compat --debian ')).toEqual([...SUITES.keys()].map(String));
  });

  it('offers templates and folders, either of which is a template', async () => {
    const { words: offered, paths } = await after('new --template hello');
    expect([offered.map(({ word }) => word), paths]).toEqual([['hello-world'], 'folders']);
  });

  it('has no words for a flag or an argument that there is not', async () => {
    const program = await buildProgram(COMMANDS, 'all');
    const known = (command: Command, above: readonly string[]): readonly string[] => {
      const commands = [...above, command.name()];
      const own = [
        ...command.options.map(({ long }) => String(long)),
        ...command.registeredArguments.map((one) => one.name()),
      ];
      return [
        ...own.flatMap((one) => [one, ...commands.map((name) => `${name} ${one}`)]),
        ...command.commands.flatMap((below) => known(below, commands)),
      ];
    };
    const names = new Set([...known(program, []), '--cwd']);
    const sources = Object.keys(await wordSources()).filter((one) => !/^(?:new|add) --/.test(one));
    expect(sources.filter((one) => !names.has(one))).toEqual([]);
  });

  it('knows the targets of the project', async () => {
    const cwd = tempFolder();
    writeFileSync(path.join(cwd, 'wdev.yml'), 'targets:\n  lab: ssh://root@lab.example.org\n');
    const { stdout } = await wdev(['complete', '--', 'watch', '--target', 'l'], { cwd });
    expect(stdout).toBe('lab\tssh://root@lab.example.org\nlocal\tthis machine\n');
  });
});

/** A folder with `wdev` for PATH, and a project's wdev.yml. */
function desk(): { readonly cwd: string; readonly env: Record<string, string> } {
  const cwd = tempFolder();
  mkdirSync(path.join(cwd, 'bin'));
  const wrapper = path.join(cwd, 'bin/wdev');
  writeFileSync(wrapper, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  writeFileSync(path.join(cwd, 'wdev.yml'), 'targets:\n  lab: ssh://root@lab.example.org\n');
  writeFileSync(path.join(cwd, 'a-file'), '');
  mkdirSync(path.join(cwd, 'own-template'));
  const env = {
    PATH: `${path.join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`,
    PS1: '> ',
    HOME: cwd,
    NO_COLOR: '1',
  };
  return { cwd, env };
}

/** Lines with Tab behind what is typed, and the line that the shell makes of it. */
const TABS = [
  ['wdev tem', 'wdev templates '],
  ['wdev new --part dird-b', 'wdev new --part dird-backend '],
  ['wdev watch --target la', 'wdev watch --target lab '],
  ['wdev check a-f', 'wdev check a-file '],
  ['wdev check --format=sar', 'wdev check --format=sarif'],
  ['wdev watch --target contai', 'wdev watch --target container:'],
  ['wdev new agi', 'wdev new agi-lookup '],
  ['wdev new --template smdr', 'wdev new --template smdr-logger '],
  ['wdev new --template own-', 'wdev new --template own-template/'],
] as const;

describe('completion in bash', () => {
  it('completes commands, parts, targets and files', async () => {
    const session = startSession(['bash', '--norc', '--noprofile', '-i'], desk());
    session.type('eval "$(wdev completion bash)"; echo rea""dy\n');
    await session.says('ready\r');
    for (const [typed, line] of TABS) {
      session.type(`${typed}\t`);
      await session.says(line);
      session.type('\u0015');
    }
    session.type('exit\n');
    await session.ended;
  });
});

describe.skipIf(findProgram('zsh') === undefined)('completion in zsh', () => {
  it('completes commands, parts, targets and files', async () => {
    const session = startSession(['zsh', '-f', '-i'], desk());
    session.type('autoload -U compinit; compinit -u -D; eval "$(wdev completion zsh)"; echo rea""dy\n');
    await session.says('ready\r');
    for (const [typed, line] of TABS) {
      session.type(`${typed}\t`);
      // what zsh redraws is the end of the word only
      await session.says(line.slice(typed.length).trim().replace(/\/$/, ''));
      session.type('\u0015');
    }
    session.type('exit\n');
    await session.ended;
  });
});

describe.skipIf(findProgram('fish') === undefined)('completion in fish', () => {
  it('completes commands, parts, targets and files', async () => {
    const asked = TABS.map(([typed]) => `complete -C '${typed}'; echo ==`).join('; ');
    const script = `wdev completion fish | source; ${asked}`;
    const { stdout, stderr } = await run(['fish', '--no-config', '-c', script], desk());
    expect(stderr).toBe('');
    const answers = stdout
      .split('==\n')
      .map((answer) => answer.split('\n').map((line) => line.split('\t')[0]));
    for (const [index, [, line]] of TABS.entries()) {
      expect(answers[index]).toContain(line.trim().split(' ').at(-1));
    }
  });
});

describe('the man page', () => {
  it('has every command and flag, and groff takes it without a warning', async () => {
    const program = await buildProgram(COMMANDS, 'all');
    const commands = commandData(program);
    const text = manPage({
      version: '1.2.3',
      summary: program.description(),
      commands,
      everywhere: EVERYWHERE,
    });
    const shown = await run(['groff', '-man', '-Tutf8', '-ww', '-P-cbou'], { input: text });
    expect(shown.stderr).toBe('');
    expect(shown.status).toBe(0);
    for (const { name, flags } of commands) {
      expect(shown.stdout).toContain(`wdev ${name}`);
      for (const { flags: flag } of flags) expect(shown.stdout).toContain(flag.split(/[ ,]/)[0]);
    }
    expect(shown.stdout).toContain('130');
  });
});
