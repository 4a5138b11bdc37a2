import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, realShell, upReal } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const NAME = `agi-${process.pid}`;
const TARGET = ['--target', `stack:${NAME}`];

const SCRIPT = `#!/bin/sh
while read -r line && [ -n "$line" ]; do :; done
say() { echo "$1"; read -r answer; }
say 'GET VARIABLE CALLERID(num)'
number=\${answer#*\\(}
number=\${number%\\)*}
say "SET VARIABLE GREETING \\"hello $number\\""
say 'GET VARIABLE GREETING'
say 'NONSENSE'
`;

const MODULE = `from wazo_agid import agid


def acme_hello(agi, cursor, args):
    who = args[0] if args else agi.get_variable('CALLERID(num)')
    agi.set_variable('ACME_HELLO', f'hello {who}')
    if agi.get_variable('ACME_HELLO') != f'hello {who}':
        agi.dp_break('the variable is lost')


agid.register(acme_hello)
`;

describe.skipIf(lacks('real'))('AGI dialogues and the real Asterisk', () => {
  beforeAll(async () => {
    await upReal(NAME, { forUs: true });
  });

  afterAll(async () => {
    await downReal(NAME);
  });

  function project(): string {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'agi-bin'));
    writeFileSync(path.join(folder, 'agi-bin/hello.agi'), SCRIPT, { mode: 0o755 });
    writeFileSync(path.join(folder, 'acme_agi.py'), MODULE);
    return folder;
  }

  it('records a plain script, and replays it without Asterisk', async () => {
    const cwd = project();
    const recorded = await wdev(
      [
        'simulate',
        'agi-bin/hello.agi',
        '--record',
        'agi/hello.txt',
        ...TARGET,
        '--set',
        'CALLERID(num)=0123',
      ],
      { cwd },
    );
    expect(recorded).toMatchObject({ status: 0, stderr: '' });
    expect(recorded.stdout).toMatch(/^Recorded 4 commands from Asterisk 22\.\S+ into agi\/hello\.txt\.$/m);
    const dialogue = readFileSync(path.join(cwd, 'agi/hello.txt'), 'utf8');
    expect(dialogue).toContain('\nagi_callerid: 0123\n');
    expect(dialogue).toContain('> GET VARIABLE GREETING\n< 200 result=1 (hello 0123)\n');
    expect(dialogue).toContain('> NONSENSE\n< 510 Invalid or unknown command\n');
    expect(await wdev(['simulate'], { cwd })).toMatchObject({
      status: 0,
      stdout: 'agi/hello.txt: 4 commands, as recorded\n',
    });
  });

  it('stops at the first command that differs, and shows both sides', async () => {
    const cwd = project();
    await wdev(['simulate', 'agi-bin/hello.agi', '--record', 'agi/hello.txt', ...TARGET], { cwd });
    const file = path.join(cwd, 'agi-bin/hello.agi');
    writeFileSync(file, SCRIPT.replace('GREETING \\"hello', 'GREETING \\"hallo'));
    const line =
      readFileSync(path.join(cwd, 'agi/hello.txt'), 'utf8')
        .split('\n')
        .findIndex((row) => row.startsWith('> SET')) + 1;
    const replayed = await wdev(['simulate', 'agi/hello.txt'], { cwd });
    expect(replayed.status).toBe(1);
    expect(replayed.stdout).toContain(`hello.txt:${line}: error: The handler sends a different command`);
    expect(replayed.stdout).toMatch(
      /dialogue: SET VARIABLE GREETING "hello .*\n +handler:  SET VARIABLE GREETING "hallo/,
    );
  });

  it('records and replays a handler of a wazo-agid module, with its arguments', async () => {
    const cwd = project();
    const words = ['simulate', 'acme_agi.py', '--record', 'agi/acme.txt', '--handler', 'acme_hello'];
    const recorded = await wdev([...words, '--args', 'Ada,two', ...TARGET], { cwd });
    expect(recorded).toMatchObject({ status: 0 });
    const dialogue = readFileSync(path.join(cwd, 'agi/acme.txt'), 'utf8');
    expect(dialogue).toContain('handler: ../acme_agi.py acme_hello\n');
    expect(dialogue).toContain('\nagi_arg_1: Ada\nagi_arg_2: two\n');
    expect(dialogue).toContain('(hello Ada)');
    expect(await wdev(['simulate'], { cwd })).toMatchObject({ status: 0 });

    writeFileSync(path.join(cwd, 'acme_agi.py'), MODULE.replace('    who =', '    nonsense()\n    who ='));
    const replayed = await wdev(['simulate', '--json'], { cwd });
    expect(replayed.status).toBe(1);
    const { dialogues } = JSON.parse(replayed.stdout) as { dialogues: { findings: unknown[] }[] };
    expect(dialogues[0]?.findings).toContainEqual(
      expect.objectContaining({ code: 'agi-handler-failed', file: '../acme_agi.py', line: 5 }),
    );
  });

  it('records and replays a handler that imports from its package', async () => {
    const cwd = project();
    const folder = path.join(cwd, 'acme/handlers');
    mkdirSync(folder, { recursive: true });
    for (const name of ['acme/__init__.py', 'acme/handlers/__init__.py'])
      writeFileSync(path.join(cwd, name), '');
    writeFileSync(path.join(cwd, 'acme/words.py'), "GREETING = 'welcome'\n");
    writeFileSync(path.join(folder, 'names.py'), "def polite(name):\n    return f'dear {name}'\n");
    writeFileSync(
      path.join(folder, 'hello.py'),
      MODULE.replace(
        'from wazo_agid import agid',
        'from wazo_agid import agid\n\nfrom acme.words import GREETING\n\nfrom .names import polite',
      ).replaceAll("f'hello {who}'", "f'{GREETING} {polite(who)}'"),
    );
    const words = [
      'simulate',
      'acme/handlers/hello.py',
      '--record',
      'agi/acme.txt',
      '--handler',
      'acme_hello',
    ];
    const recorded = await wdev([...words, '--args', 'Ada', ...TARGET], { cwd });
    expect(recorded).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(path.join(cwd, 'agi/acme.txt'), 'utf8')).toContain('(welcome dear Ada)');
    expect(await wdev(['simulate'], { cwd })).toMatchObject({
      status: 0,
      stdout: 'agi/acme.txt: 2 commands, as recorded\n',
    });
    writeFileSync(path.join(cwd, 'acme/words.py'), "GREETING = 'hello'\n");
    expect((await wdev(['simulate'], { cwd })).stdout).toContain('The handler sends a different command');
  });

  it('writes nothing for a handler that fails, and leaves nothing on the target', async () => {
    const cwd = project();
    writeFileSync(path.join(cwd, 'agi-bin/hello.agi'), '#!/bin/sh\necho broken >&2\nexit 3\n');
    const recorded = await wdev(['simulate', 'agi-bin/hello.agi', '--record', 'agi/hello.txt', ...TARGET], {
      cwd,
    });
    expect(recorded.status).toBe(1);
    expect(recorded.stdout).toContain('broken\nThe handler ended with status 3; nothing was written.');
    expect(existsSync(path.join(cwd, 'agi/hello.txt'))).toBe(false);
    const stack = await upReal(NAME, { forUs: true });
    const look = `ls -d /tmp/wdev-agi* 2>/dev/null; asterisk -rx 'dialplan show' | grep -c "'wdev-agi"; asterisk -rx 'core show channels count' | head -1`;
    const left = async (): Promise<string> =>
      (await run([...realShell(stack).argv, '-c', look] as [string, ...string[]])).stdout;
    await expect.poll(left, { timeout: 600_000 }).toBe('0\n0 active channels\n');
  });
});
