import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSession } from '../support/session.ts';
import { inTerminal } from '../support/terminal.ts';
import { tempFolder } from '../support/temp.ts';
import { writePlugin } from '../support/plugins.ts';
import { BIN, wdev } from '../support/wdev.ts';

const EVIL = '\u001b[2J\u0007\u202e\u009b31m';
const SHOWN = String.raw`\x1b[2J\x07\u202e\u009b31m`;

/** A plugin whose manifest, dialplan, file names and settings all hold escapes. */
function hostilePlugin(dir: string): void {
  const dialplan = `[${EVIL}]\nexten = s,1,Goto(${EVIL},s,1)\nnonsense ${EVIL} ${'word '.repeat(40)}\n`;
  writePlugin(dir, {
    'wazo/plugin.yml': `name: "he${EVIL.replace('\u001b', String.raw`\e`)}"\nnamespace: acme\nversion: "1${EVIL}`,
    [`etc/asterisk/extensions_extra.d/x${EVIL}.conf`]: dialplan,
    [`etc/asterisk/extensions_extra.d/a\nwdev: all is well.conf`]: dialplan,
    'wdev.yml': `target: "${'x'.repeat(90)}${EVIL}"\n`,
  });
}

/** The text that the terminal got, without line ends and our own colours. */
function rawIn(stdout: string): string | undefined {
  return /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/.exec(
    stdout.replaceAll(/\u001b\[(1|2|4|22|24|3[1-6]|39)m/g, ''),
  )?.[0];
}

const COMMANDS: readonly (readonly string[])[] = [
  ['check', 'p'],
  ['check', '--fix', 'p'],
  ['dialplan', 'check', 'p'],
  ['dialplan', 'show', 'p'],
  ['dialplan', 'trace', 'p', `${EVIL},s`],
  ['compat', 'p', '--engine', '26.05'],
  ['build', 'p'],
  ['why', 'p'],
  ['migrate', 'p', '--dry-run'],
  ['update', 'p', '--dry-run'],
  ['targets', '--cwd', 'p'],
  ['watch', `p${EVIL}`],
  [EVIL],
  ['check', `--${EVIL}`],
  ['--cwd', EVIL],
];

/** Their output is a content that programs take: bytes in a pipe. */
const CONTENT = new Set(['dialplan show p', 'check --fix p', 'migrate p --dry-run', 'update p --dry-run']);

describe('what is printed', () => {
  it.each(COMMANDS)('%j in a terminal: nothing raw, and 80 columns', async (...words) => {
    const cwd = tempFolder();
    hostilePlugin(path.join(cwd, 'p'));
    const { stdout } = await inTerminal(
      [process.execPath, BIN, ...words],
      { cwd, env: { FORCE_COLOR: '1', NO_COLOR: undefined } },
      [],
    );
    expect(stdout).not.toBe('');
    expect(rawIn(stdout)).toBeUndefined();
    expect(stdout).not.toMatch(/^wdev: all is well/m);
  });

  it('breaks what is shown where the terminal ends', async () => {
    const cwd = tempFolder();
    hostilePlugin(path.join(cwd, 'p'));
    const session = startSession([process.execPath, BIN, 'dialplan', 'check', 'p'], { cwd });
    await session.ended;
    const stdout = session.shown();
    const wide = stdout
      .replaceAll(/\u001b\[\d+m/g, '')
      .split(/\r?\n/)
      .filter((line) => line.length > 80);
    expect(stdout).toContain(SHOWN);
    expect(wide).toEqual([]);
  });

  it.each(COMMANDS.filter((words) => !CONTENT.has(words.join(' '))))(
    '%j in a pipe: nothing raw',
    async (...words) => {
      const cwd = tempFolder();
      hostilePlugin(path.join(cwd, 'p'));
      const { stdout, stderr } = await wdev(words, { cwd });
      expect(rawIn(stdout + stderr)).toBeUndefined();
    },
  );

  it('dialplan show gives the bytes to a pipe, and escapes to a terminal', async () => {
    const cwd = tempFolder();
    mkdirSync(path.join(cwd, 'd'));
    writeFileSync(
      path.join(cwd, 'd/extensions.conf'),
      Buffer.from('[caf\xe9]\nexten = s,1,NoOp(\x1b[31m)\n', 'latin1'),
    );
    const program = `import subprocess, sys; print(subprocess.run(sys.argv[1:], capture_output=True).stdout)`;
    const { run } = await import('../../src/support/run.ts');
    const piped = await run(
      ['python3', '-c', program, process.execPath, BIN, 'dialplan', 'show', 'd/extensions.conf'],
      { cwd },
    );
    expect(piped.stdout).toContain(String.raw`caf\xe9`);
    expect(piped.stdout).toContain(String.raw`\x1b[31m`);
    const { stdout } = await inTerminal(
      [process.execPath, BIN, 'dialplan', 'show', 'd/extensions.conf'],
      { cwd },
      [],
    );
    expect(stdout).toContain(String.raw`Context 'caf\xe9'`);
    expect(stdout).toContain(String.raw`\x1b[31m`);
    expect(rawIn(stdout)).toBeUndefined();
  });

  it('a patch of --fix names files as git quotes them', async () => {
    const cwd = tempFolder();
    writePlugin(path.join(cwd, 'a\nb'), {
      'wazo/rules': null,
      'wazo/plugin.yml': 'name: hello\r\nnamespace: acme\r\n',
    });
    const { fixedDiff } = await import('../../src/terminal/fixed-diff.ts');
    const patch = fixedDiff([
      { dir: 'a\nb', file: 'x', before: 'one\n', text: 'two\n', mode: 0o644, modeBefore: 0o644 },
    ]);
    expect(patch).toContain(String.raw`diff --git "a/a\nb/x" "b/a\nb/x"`);
    expect(patch).toContain(String.raw`--- "a/a\nb/x"`);
  });

  it('a line that CI would obey is shown without effect', async () => {
    const cwd = tempFolder();
    writePlugin(path.join(cwd, 'p'), {
      'etc/asterisk/extensions_extra.d/::add-mask::x.conf': 'nonsense\n',
    });
    const { stdout } = await wdev(['dialplan', 'check', '::stop-commands::x'], {
      cwd: path.join(cwd, 'p/etc/asterisk/extensions_extra.d'),
      env: { CI: 'true' },
    });
    expect(stdout).not.toMatch(/^\s*::/m);
    const { stdout: told } = await wdev(['dialplan', 'check', '::add-mask::x.conf'], {
      cwd: path.join(cwd, 'p/etc/asterisk/extensions_extra.d'),
      env: { CI: 'true' },
    });
    expect(told).toContain(String.raw`\x3a:add-mask::x.conf`);
  });
});

describe('colours', () => {
  it('are those of NO_COLOR, FORCE_COLOR and --no-color', async () => {
    const cwd = tempFolder();
    writePlugin(path.join(cwd, 'p'));
    const coloured = async (args: readonly string[], env: Record<string, string | undefined>) =>
      (await wdev(['check', 'p', ...args], { cwd, env })).stdout.includes('\u001b[');
    expect(await coloured([], { NO_COLOR: undefined, FORCE_COLOR: '1' })).toBe(true);
    expect(await coloured([], { NO_COLOR: undefined, FORCE_COLOR: undefined })).toBe(false);
    expect(await coloured([], { NO_COLOR: '1', FORCE_COLOR: undefined })).toBe(false);
    expect(await coloured(['--no-color'], { NO_COLOR: undefined, FORCE_COLOR: '1' })).toBe(false);
  });
});
