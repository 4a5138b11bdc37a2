import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listSources } from '../../src/git/sources.ts';
import { readBytes, readGiven, readText, readTextIfThere } from '../../src/support/read-file.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const MB = 2 ** 20;

function makePipe(full: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', full]);
}

/** Makes something at a path that is no file. */
const OTHERS: Readonly<Record<string, (full: string) => void | Promise<void>>> = {
  'a named pipe': makePipe,
  'a link to a named pipe': (full) => {
    makePipe(`${full}.pipe`);
    symlinkSync(`${full}.pipe`, full);
  },
  'a link to a device': (full) => symlinkSync('/dev/zero', full),
  'a folder': (full) => mkdirSync(full),
  'a socket': async (full) => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(full, resolve));
  },
};

describe('a file of others', () => {
  it.each(Object.entries(OTHERS))('%s is refused before it is read', async (what, make) => {
    const full = path.join(tempFolder(), 'it');
    await make(full);
    expect(() => readText(full)).toThrow(new RegExp(what.replace('a link to ', '')));
    expect(() => readTextIfThere(full)).toThrow('not a file');
  });

  it('is read up to a size, whatever it says of itself', () => {
    const full = path.join(tempFolder(), 'it');
    writeFileSync(full, 'text');
    expect(readText(full)).toBe('text');
    expect(() => readBytes(full, 3)).toThrow('more than');
    truncateSync(full, 20 * 1024 * MB);
    expect(() => readText(full)).toThrow('has more than 64 MB');
    // it says that it has no size
    expect(readText('/proc/self/status')).toMatch(/^Name:/);
    expect(readTextIfThere(path.join(full, 'below'))).toBeUndefined();
  });

  it('that a person names may be a pipe, up to a size', () => {
    expect(() => readGiven('/dev/zero', MB)).toThrow('has more than 1 MB');
  });
});

describe('git', () => {
  it('that waits for an ignore file which is a pipe is ended, and the file named', async () => {
    const dir = tempFolder();
    writePlugin(dir);
    makePipe(path.join(dir, 'etc/.gitignore'));
    await expect(listSources(dir)).rejects.toThrow('etc/.gitignore is a pipe');
    const { status, stderr } = await wdev(['check', dir], { timeout: 240_000 });
    expect(status).toBe(1);
    expect(stderr).toContain('.gitignore is a pipe');
  });
});
