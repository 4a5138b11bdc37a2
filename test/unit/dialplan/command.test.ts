import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSession } from '../../support/session.ts';
import { BIN, wdev as call } from '../../support/wdev.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wdev-dialplan-command-'));
const FILE = 'etc/asterisk/extensions_extra.d/acme.conf';

async function wdev(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return await call(['dialplan', ...args], { cwd: folder });
}

beforeAll(() => {
  mkdirSync(path.join(folder, path.dirname(FILE)), { recursive: true });
  writeFileSync(path.join(folder, FILE), '[acme]\nexten = s,1,NoOp(${EXTEN})\ngarbage\nsame = n,Hangup()\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('check names file, line, column and code, and fails', async () => {
  const { status, stdout } = await wdev('check', '.');
  expect(stdout).toMatch(new RegExp(`^${FILE}:3:1: error: .* \\[dialplan-no-equals\\]\n  3 \\| `, 'm'));
  expect(stdout).toContain('1 file, 1 error, 0 other findings');
  expect(status).toBe(1);
});

test('check --json', async () => {
  const { stdout } = await wdev('check', '--json', FILE);
  expect(JSON.parse(stdout)).toMatchObject({
    files: [FILE],
    findings: [{ code: 'dialplan-no-equals', line: 3, level: 'error' }],
  });
});

test('show prints as Asterisk does', async () => {
  const { status, stdout } = await wdev('show', '.', 's@acme');
  expect(stdout).toBe(`[ Context 'acme' created by 'pbx_config' ]
  's' =>            1. NoOp(\${EXTEN})                             [acme.conf:2]
                    2. Hangup()                                   [acme.conf:4]

-= 1 extension (2 priorities) in 1 context. =-
`);
  expect(status).toBe(0);
});

test('a graph goes to a pipe, and on a terminal into a file', async () => {
  expect((await wdev('graph', '.')).stdout).toMatch(/^<\?xml|^<svg/);
  const session = startSession([process.execPath, BIN, 'dialplan', 'graph', '.'], { cwd: folder });
  expect(await session.ended).toBe(0);
  expect(session.shown().trim()).toBe('Wrote .wdev/graph/dialplan.svg');
  expect(readFileSync(path.join(folder, '.wdev/graph/dialplan.svg'), 'utf8')).toContain('<svg');
  rmSync(path.join(folder, '.wdev'), { recursive: true });
});

test('trace, and what it expects', async () => {
  const { status, stdout } = await wdev('trace', '.', 'acme,s', '--expect', 'NoOp(s)', '--coverage');
  expect(stdout).toContain(`NoOp(s)  [${FILE}:2]`);
  expect(stdout).toContain(`${FILE}: 2 of 2 lines\n`);
  expect(status).toBe(0);
  const failed = await wdev('trace', '.', 'acme,s', '--expect', 'Playback');
  expect([failed.status, failed.stderr]).toEqual([1, 'wdev: acme,s: no step contains "Playback"\n']);
});

test('a file of calls: times, AGI, expectations, and the coverage of them all', async () => {
  writeFileSync(
    path.join(folder, 'hours.conf'),
    `[acme]
exten = s,1,GotoIfTime(09:00-17:00,mon-fri,*,*?open)
same = n,Hangup()
same = n(open),AGI(agi://127.0.0.1/lookup,\${CALLERID(num)})
same = n,NoOp(\${NAME})
same = n,Hangup()
exten = t,1,Hangup()
`,
  );
  writeFileSync(
    path.join(folder, 'agi.sh'),
    `#!/bin/sh
while read -r line && [ -n "$line" ]; do :; done
echo "SET VARIABLE NAME \\"caller $1\\""; read -r answer
`,
    { mode: 0o755 },
  );
  const calls = (expected: string): string => `- call: acme,s
  time: 2026-11-20T09:30
  agi: ./agi.sh
  set: { CALLERID(num): 100 }
  expect: ${expected}
- { call: 'acme,s', time: '2026-11-21T09:30', expect: [Hangup] }
`;
  writeFileSync(path.join(folder, 'calls.yml'), calls('NoOp(caller 100)'));
  const good = await wdev('trace', 'hours.conf', '--calls', 'calls.yml', '--coverage');
  expect(good.stdout).toContain('NoOp(caller 100)  [hours.conf:5]\n');
  expect(good.stdout).toContain('2 calls, 2 as expected\nhours.conf: 5 of 6 lines; not reached: 7\n');
  expect(good.status).toBe(0);
  writeFileSync(path.join(folder, 'calls.yml'), calls('NoOp(caller 200)'));
  const bad = await wdev('trace', 'hours.conf', '--calls', 'calls.yml', '--json');
  expect(bad.stderr).toBe('wdev: acme,s: no step contains "NoOp(caller 200)"\n');
  expect(JSON.parse(bad.stdout)).toMatchObject({
    calls: [{ start: 'acme,s', missing: ['NoOp(caller 200)'] }, { missing: [] }],
    coverage: [{ missed: [7] }],
  });
  expect(bad.status).toBe(1);
});

test('graph draws, and says what a call took', async () => {
  const drawn = await wdev('graph', '.', 'acme', '--trace', 'acme,s', '--out', 'out/acme.svg');
  expect(drawn.stdout).toBe('Wrote out/acme.svg\n');
  const svg = readFileSync(path.join(folder, 'out/acme.svg'), 'utf8');
  expect(svg).toContain(`href="./../${FILE}#L2"`);
  const { stdout } = await wdev('graph', FILE, '--trace', 'acme,s', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    contexts: [
      {
        name: 'acme',
        extensions: [
          {
            priorities: [
              { app: 'NoOp', line: 2, runs: 1 },
              { line: 4, runs: 1 },
            ],
          },
        ],
      },
    ],
    edges: [{ from: 'acme,s,1', to: 'acme,s,2', taken: 1 }],
  });
  const wrong = await wdev('graph', '.', 'acne');
  expect([wrong.status, wrong.stderr]).toEqual([
    1,
    'wdev: there is no context acne in these files\n      Did you mean acme?\n',
  ]);
});

test('graph takes what trace printed, or a list of calls', async () => {
  const traced = await wdev('trace', FILE, 'acme,s', '--json');
  writeFileSync(path.join(folder, 'traced.json'), traced.stdout);
  writeFileSync(path.join(folder, 'few.yml'), "- call: 'acme,s'\n");
  for (const file of ['traced.json', 'few.yml']) {
    const { stdout } = await wdev('graph', FILE, '--coverage', file, '--json');
    expect(JSON.parse(stdout), file).toMatchObject({ edges: [{ taken: 1 }] });
  }
});

test('trace takes an extension alone, in this folder', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'wdev-dialplan-alone-'));
  const text =
    '[one]\nexten = 42,1,NoOp(here)\nexten = s,1,NoOp()\n[two]\nexten = _X.,1,NoOp()\nexten = s,1,NoOp()\n';
  writeFileSync(path.join(home, 'a.conf'), text);
  const traced = async (word: string) => await call(['dialplan', 'trace', word], { cwd: home });
  expect((await traced('42')).stdout).toMatch(/^42@one:1 +NoOp\(here\)/);
  expect((await traced('43')).stdout).toMatch(/^43@two:1 /);
  expect(await traced('s')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('one,s or two,s') as string,
  });
  expect(await traced('nope')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('nope is neither a file nor an extension') as string,
  });
  rmSync(home, { recursive: true });
});

test('wrong use', async () => {
  const { status, stderr } = await wdev('trace', '.');
  expect(status).toBe(2);
  expect(stderr).toContain("wdev dialplan trace . 'xivo-extrafeatures,***42'");
});

test('shows old syntax, and bytes that are no UTF-8, as Asterisk does', () => {
  const lines =
    '[old]\nexten = s,1,NoOp,Extension ${CALLERID(num)} is here (x) y\nexten = s,2,NoOp(\xe9\xff)\n';
  writeFileSync(path.join(folder, 'old.conf'), Buffer.from(lines, 'latin1'));
  const words = [BIN, 'dialplan', 'show', 'old.conf'];
  const shown = execFileSync(process.execPath, words, { cwd: folder }).toString('latin1');
  expect(shown).toContain('1. NoOp,Extension ${CALLERID(num)} is here (x) y() [old.conf:2]');
  expect(shown).toContain('2. NoOp(\xe9\xff)  ');
});

test('trace goes no further than what Asterisk cannot take', async () => {
  const lines = [
    '[lost]',
    'exten = s,1,NoOp(a)',
    'same = n,Goto(nowhere,s,1)',
    'same = n,NoOp(behind)',
    'exten = t,1,Gosub(nowhere,s,1)',
    'same = n,NoOp(behind)',
  ];
  writeFileSync(path.join(folder, 'lost.conf'), `${lines.join('\n')}\n`);
  for (const extension of ['s', 't']) {
    const { stdout } = await wdev('trace', 'lost.conf', `lost,${extension}`);
    expect(stdout).toContain('nowhere');
    expect(stdout).not.toContain('behind');
  }
});

test('trace stops where Asterisk hangs up, and notes what it cannot know', async () => {
  const lines = [
    '[ends]',
    'exten = s,1,Playback(hello)',
    'same = n,GotoIf($["${PLAYBACKSTATUS}" = "FAILED"]?bad)',
    'same = n,NoSuchApplication(x)',
    'same = n,Hangup()',
    'same = n(bad),Hangup()',
  ];
  writeFileSync(path.join(folder, 'ends.conf'), `${lines.join('\n')}\n`);
  const { stdout } = await wdev('trace', 'ends.conf', 'ends,s');
  expect(stdout).toContain('ends: unknown application NoSuchApplication');
  expect(stdout).not.toContain('Hangup()');
  expect(stdout).toContain(
    'Playback sets PLAYBACKSTATUS, which is unknown here; to set it: --set PLAYBACKSTATUS=VALUE',
  );
  writeFileSync(
    path.join(folder, 'unread.conf'),
    '[unread]\nexten = s,1,Playback(hello)\n same = n,Hangup()\n',
  );
  expect((await wdev('trace', 'unread.conf', 'unread,s')).stdout).not.toContain('PLAYBACKSTATUS');
});
