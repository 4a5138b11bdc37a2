import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, upReal } from '../../src/stacks/real.ts';
import { lacks } from '../support/needs.ts';
import { makePlugin, project, wdevNow } from '../support/watch.ts';

const NAME = `rules-${process.pid}`;

/** Commands that install a package whose configuration fails, and go on as if nothing had happened. */
const HALF = `
        box=$(mktemp -d)
        mkdir "$box/DEBIAN"
        printf 'Package: demo-half\\nVersion: 1\\nArchitecture: all\\nMaintainer: me\\nDescription: x\\n' >"$box/DEBIAN/control"
        printf '#!/bin/sh\\nexit 1\\n' >"$box/DEBIAN/postinst"
        chmod 755 "$box" "$box/DEBIAN/postinst"
        dpkg-deb -b "$box" "$box.deb" && dpkg -i "$box.deb" || :
        dpkg-query -W demo-half
`;

describe.skipIf(lacks('real'))('rules that install packages', () => {
  const place = project();
  let file = '';

  beforeAll(async () => {
    await upReal(NAME, { forUs: true });
    file = path.join(makePlugin(place.dir, 'hello'), 'wazo/rules');
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(/\n {4}install\)\n/, (branch) => `${branch}${HALF}`),
    );
  });

  afterAll(async () => {
    await place.remove();
    await downReal(NAME);
  });

  it('fail when they leave one half installed, whatever they say; it is told once', () => {
    const args = ['watch', 'hello', '--once', '--json', '--target', `stack:${NAME}`];
    const { status, stdout } = wdevNow(args, place.dir);
    expect(status).toBe(1);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; findings?: readonly object[] });
    expect(events.find(({ event }) => event === 'failed')?.findings).toMatchObject([
      {
        code: 'packages-unfinished',
        message: 'wazo/rules install left demo-half half installed on the target',
        file: 'wazo/rules',
        line: readFileSync(file, 'utf8').split('\n').indexOf('    install)') + 1,
      },
    ]);
    expect(events.map(({ event }) => event)).toContain('rolled-back');
    // it is known by now, and nobody's fault
    const again = wdevNow(args, place.dir);
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('"event":"verified"')]);
  });
});
