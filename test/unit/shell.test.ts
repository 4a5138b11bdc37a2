import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  existsSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Shell } from '../../src/targets/shell.ts';
import { hidePerl } from '../support/target.ts';

let folder = '';
let shell: Shell;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  mkdirSync(path.join(folder, 'root/etc'), { recursive: true });
  const root = path.join(folder, 'root');
  shell = new Shell('test', { argv: ['sh'] }, { R: root, S: path.join(folder, 'state') });
  await shell.ready();
});

afterEach(async () => {
  await shell.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, 'root', name);

describe('the framed shell', () => {
  it('keeps output, errors and status of each script apart', async () => {
    const [first, second] = await Promise.all([
      shell.run('echo one; echo bad >&2; exit 3'),
      shell.run('printf two'),
    ]);
    expect([first.status, String(first.stdout), String(first.stderr)]).toEqual([3, 'one\n', 'bad\n']);
    expect([second.status, String(second.stdout), String(second.stderr)]).toEqual([0, 'two', '']);
  });

  it('carries any bytes in, read or not, and any bytes out', async () => {
    const input = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
    expect((await shell.run('cat', { input })).stdout.equals(input)).toBe(true);
    expect((await shell.run('exit 4', { input })).status).toBe(4);
    expect(String((await shell.run('echo next')).stdout)).toBe('next\n');
  });

  it.each(['archive', 'input'] as const)(
    'takes a large %s to its end, though its script ended before',
    async (use) => {
      const bytes = Buffer.alloc(8 << 20, 'y\n');
      const archive = {
        size: bytes.length,
        pieces: () => [bytes.subarray(0, 4 << 20), bytes.subarray(4 << 20)],
      };
      // the end of an archive must not be read as the next request
      const refused = shell.run('exit 80', use === 'archive' ? { archive } : { input: bytes });
      const next = shell.run('echo next');
      expect((await refused).status).toBe(80);
      expect(String((await next).stdout)).toBe('next\n');
    },
  );

  it('runs nothing of which it could keep only a part, and says why', async () => {
    const small = 'mount -t tmpfs -o size=64k none /tmp && exec sh';
    const argv = ['unshare', '-Urm', 'env', 'TMPDIR=/tmp', 'sh', '-c', small] as const;
    const full = new Shell('small', { argv: [...argv] }, { R: '', S: '/tmp/state' });
    try {
      await full.ready();
      await full.run('cat /dev/zero >/tmp/filling 2>/dev/null || :');
      const long = `echo begun >&2; : ${'x'.repeat(100_000)}; echo whole`;
      await expect(full.run(long)).rejects.toThrow('temporary folder is full, so nothing was done');
      const input = Buffer.alloc(200_000, 'y');
      await expect(full.run('wc -c', { input })).rejects.toThrow('temporary folder is full');
      // and what comes next is read from its beginning
      expect(String((await full.run('rm /tmp/filling; echo next')).stdout)).toBe('next\n');
      expect(String((await full.run('wc -c', { input: Buffer.alloc(1000) })).stdout).trim()).toBe('1000');
    } finally {
      await full.close();
    }
  });

  it('takes a file only when all of it came', async () => {
    writeFileSync(at('etc/a'), 'before');
    const taken = await shell.run(`wdev_take "$R/etc/a" ${'0'.repeat(64)}`, { input: Buffer.from('half') });
    expect([taken.status, readFileSync(at('etc/a'), 'utf8')]).toEqual([1, 'before']);
    expect(readdirSync(at('etc'))).toEqual(['a']);
  });

  it('survives a script that is no shell script, and one of several lines', async () => {
    expect((await shell.run('if then')).status).not.toBe(0);
    expect(String((await shell.run("echo 'a\nb\\n'\nprintf '%s' 'c'")).stdout)).toContain('\nc');
  });

  it('has a helper where there is perl, which leaves no file behind, and does without', async () => {
    const [bin, TMPDIR] = [path.join(folder, 'bin'), path.join(folder, 'tmp')];
    for (const made of [bin, TMPDIR]) mkdirSync(made);
    hidePerl(bin);
    const state = { R: at(''), S: path.join(folder, 'state') };
    const helped = new Shell('helped', { argv: ['sh'], env: { TMPDIR } }, state);
    expect((await helped.run('wdev_ask mkdir "$R/made"')).status).toBe(0);
    expect(existsSync(at('made'))).toBe(true);
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    const plain = new Shell('plain', { argv: ['sh'], env }, state);
    expect((await plain.run('wdev_ask mkdir "$R/other"')).status).toBe(125);
    expect((await plain.run('wdev_do mkdir "$R/other"')).status).toBe(0);
    expect(readdirSync(TMPDIR)).toEqual([]);
    await Promise.all([helped.close(), plain.close()]);
  });

  it('says what the far end said when there is no shell', async () => {
    const none = new Shell('pbx', { argv: ['sh', '-c', 'echo no route to host >&2; exit 255'] }, {});
    await expect(none.ready()).rejects.toMatchObject({
      code: 'target-unreachable',
      exit: 3,
      message: 'target pbx: cannot connect (sh ended with exit status 255): no route to host',
    });
  });
});

describe('the journal', () => {
  beforeEach(() => mkdirSync(path.join(folder, 'state')));

  const change =
    'wdev_begin && wdev_keep /etc/old /etc/new /etc/made/by/us && echo new >"$R/etc/old" && echo x >"$R/etc/new" && mkdir -p "$R/etc/made/by" && echo y >"$R/etc/made/by/us"';

  it('takes a batch back, folders and links included, however often it is asked', async () => {
    writeFileSync(at('etc/old'), 'old');
    symlinkSync('old', at('etc/link'));
    expect((await shell.run(`${change} && wdev_keep /etc/link && rm "$R/etc/link"`)).status).toBe(0);
    expect(readFileSync(at('etc/old'), 'utf8')).toBe('new\n');
    await shell.run('wdev_put_back "$S/batch/old" "$S/batch/list"');
    expect((await shell.run('wdev_undo')).status).toBe(0);
    expect(readFileSync(at('etc/old'), 'utf8')).toBe('old');
    expect(readFileSync(at('etc/link'), 'utf8')).toBe('old');
    expect(readdirSync(at('etc')).sort()).toEqual(['link', 'old']);
    expect(existsSync(path.join(folder, 'state/batch'))).toBe(false);
  });

  it('keeps a batch once it is final', async () => {
    writeFileSync(at('etc/old'), 'old');
    await shell.run(`${change} && wdev_commit`);
    await shell.run('wdev_undo');
    expect(readFileSync(at('etc/old'), 'utf8')).toBe('new\n');
  });

  it('starts the next batch beside what the last one left, and can still take it back', async () => {
    writeFileSync(at('etc/old'), 'old');
    symlinkSync('old', at('etc/link'));
    await shell.run('wdev_begin && wdev_keep /etc/link && ln -sf other "$R/etc/link" && wdev_commit');
    await shell.run('wdev_begin && wdev_keep /etc/old && echo new >"$R/etc/old"');
    await shell.run('wdev_tidy');
    expect((await shell.run('wdev_undo')).status).toBe(0);
    expect(readFileSync(at('etc/old'), 'utf8')).toBe('old');
    expect(readlinkSync(at('etc/link'))).toBe('other');
    await shell.run('wdev_tidy');
    expect(existsSync(path.join(folder, 'state/batch'))).toBe(false);
  });
});

describe('the lock', () => {
  it('gives the target to one shell at a time, and takes the lock of a dead one', async () => {
    const state = { R: at(''), S: path.join(folder, 'state') };
    const other = new Shell('other', { argv: ['sh'] }, state);
    expect((await shell.run('wdev_lock "ann, process 7" one')).status).toBe(0);
    const refused = await other.run('wdev_lock bob two');
    expect([refused.status, String(refused.stdout)]).toEqual([75, 'ann, process 7\n']);
    await shell.run('kill -9 $$').catch(() => undefined);
    expect((await other.run('wdev_lock bob two')).status).toBe(0);
    await other.close();
  });
});

describe.each(['with perl', 'without perl'])('the log bracket, %s', (name) => {
  beforeEach(async () => {
    if (name === 'with perl') return;
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    hidePerl(bin);
    await shell.close();
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    shell = new Shell('test', { argv: ['sh'], env }, { R: at(''), S: path.join(folder, 'state') });
    await shell.ready();
  });

  const bracket = (act: string): string => `wdev_log_from "$R/log"; ${act}; wdev_log "$R/log"`;
  const told = async (act: string): Promise<string> => String((await shell.run(bracket(act))).stdout);

  it('gives what was added, of a log of any length', async () => {
    for (const length of [0, 10, 4096, 4097, 100_000]) {
      writeFileSync(at('log'), 'x'.repeat(length));
      expect(await told('echo added >>"$R/log"'), `${length} bytes`).toBe('added\n');
    }
    expect(await told(':')).toBe('');
  });

  it('gives the end of a log that is too long, and says how much it skips', async () => {
    writeFileSync(at('log'), 'before\n');
    const long = await told('{ head -c 17000000 /dev/zero | tr "\\0" x; echo; echo last; } >>"$R/log"');
    const [first = '', ...rest] = long.split('\n');
    const skipped = 17_000_006 - 2 ** 24;
    expect(first).toBe(`wdev: ${skipped} bytes of this log were not read`);
    expect(rest.at(-2)).toBe('last');
    expect(long.length - first.length - 1).toBe(2 ** 24);
  });

  it('gives all of a log that was not there before, and nothing of one that never is', async () => {
    expect(await told(':')).toBe('');
    expect(await told('echo first >"$R/log"')).toBe('first\n');
  });

  it('tells several logs apart', async () => {
    writeFileSync(at('log'), 'before\n');
    writeFileSync(at('log two'), 'before this one\n');
    const script =
      'wdev_log_from "$R/log"; wdev_log_from "$R/log two"; echo one >>"$R/log"; echo two >>"$R/log two"; wdev_log "$R/log two"; wdev_log "$R/log"';
    expect(String((await shell.run(script)).stdout)).toBe('two\none\n');
  });

  it('goes on in a later script from where an end was noted', async () => {
    writeFileSync(at('log'), 'before\n');
    const noted = 'wdev_log_from "$R/log"; [ -n "$__helper" ] || wdev_log_end "$R/log"';
    const mark = String((await shell.run(noted)).stdout).trim();
    writeFileSync(at('log'), 'before\nlater\n');
    const read = `wdev_log_at "$R/log" '${mark}'; wdev_log "$R/log"`;
    expect(String((await shell.run(read)).stdout)).toBe('later\n');
  });

  it('follows a log that is rotated meanwhile', async () => {
    writeFileSync(at('log'), 'before\n');
    const act = 'echo one >>"$R/log"; mv "$R/log" "$R/log.1"; echo two >"$R/log"';
    expect(await told(act)).toBe('one\ntwo\n');
  });
});

describe('a far end without bounds', () => {
  it.each([
    ['lines', 'yes'],
    ['one line', "yes x | tr -d '\\n'"],
    ['complaints', 'yes >&2'],
    ['sections', `yes "$(wdev_section plugins)"`],
  ])('that answers %s without end is given up, and its shell ended', async (_what, script) => {
    const before = process.memoryUsage().rss;
    await expect(shell.run(script)).rejects.toMatchObject({
      exit: 3,
      message: expect.stringContaining('connection lost (answers more than 64 MB)') as string,
    });
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(250);
    expect(shell.alive).toBe(false);
  });

  it('that speaks without being asked is given up', async () => {
    expect((await shell.run('yes & echo begun')).status).toBe(0);
    await expect.poll(() => shell.alive, { timeout: 240_000 }).toBe(false);
    await expect(shell.run('echo more')).rejects.toThrow('answers more than 64 MB');
  });

  it('that says a little for ever is given up', async () => {
    const drip = shell.run('while :; do echo; sleep 0.05; done', { timeout: 5000, limit: 400 });
    await expect(drip).rejects.toThrow('came to no end within');
  });

  it('that closes an answer with a status without end is given up', async () => {
    const script = 'printf "\\n%s " "$__nonce"; yes | tr -d "\\n"';
    await expect(shell.run(script)).rejects.toThrow('answers more than');
  });
});
