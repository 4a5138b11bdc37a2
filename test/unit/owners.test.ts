import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOwners, type Owners } from '../../src/targets/packages.ts';
import type { Target } from '../../src/targets/target.ts';
import { canBox, debianBox, type DebianBox } from '../support/debian-box.ts';
import { tree } from '../support/target.ts';

/** As many packages have something in /usr/share as on a small server. */
const OTHERS = 30;

describe.skipIf(!canBox())('the packages of files on a target, asked of a real dpkg', () => {
  let box: DebianBox;
  let target: Target;
  let answers: string[];

  const ask = async (files: readonly string[], folders: readonly string[] = []): Promise<Owners> => {
    answers = [];
    const heard: Target = {
      ...target,
      run: async (script, options) => {
        const result = await target.run(script, options);
        answers.push(...String(result.stdout).split('\n'));
        return result;
      },
    };
    return await readOwners(heard, files, folders);
  };
  const answered = (): readonly string[] => answers.filter((line) => line.startsWith('P '));

  beforeAll(async () => {
    box = debianBox();
    const debs = Array.from({ length: OTHERS }, (_none, at) =>
      box.deb(`other-${at}`, '1', tree({ [`/usr/share/doc/other-${at}/README`]: 'x\n' })),
    );
    debs.push(
      box.deb(
        'mine',
        '2.0',
        tree({ '/etc/mine/a.conf': 'a\n', '/usr/share/mine/b': 'b\n', '/usr/lib/mine/c': 'c\n' }),
        ['/etc/mine/a.conf'],
      ),
    );
    box.sh(`dpkg -i ${debs.join(' ')}`);
    target = await box.open();
  });
  afterAll(async () => {
    await target.close();
    box.remove();
  });

  it('a file is of its package, with its version and the hash that it had', async () => {
    const { of } = await ask(['/etc/mine/a.conf', '/usr/share/mine/b', '/usr/share/mine/none']);
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    expect([...of]).toEqual([
      ['/etc/mine/a.conf', { name: 'mine', version: '2.0', md5: md5('a\n') }],
      ['/usr/share/mine/b', { name: 'mine', version: '2.0', md5: md5('b\n') }],
    ]);
  });

  it('a folder is of a package only where no other has it', async () => {
    const { of } = await ask(['/usr/share/mine/new'], ['/usr/share/mine', '/usr/share', '/usr', '/etc']);
    expect([...of]).toEqual([
      ['/etc', expect.objectContaining({ name: 'mine' }) as unknown],
      ['/usr/share/mine', expect.objectContaining({ name: 'mine' }) as unknown],
    ]);
  });

  it('/lib is /usr/lib where it is a link', async () => {
    const { of } = await ask(['/lib/mine/c'], ['/lib/mine']);
    expect([...of.keys()].sort()).toEqual(['/lib/mine', '/lib/mine/c']);
  });

  it('no package is asked for the folders that all have', async () => {
    await ask(
      ['/usr/share/doc/other-3/README', '/usr/share/mine/b'],
      ['/usr/share/doc', '/usr/share', '/usr'],
    );
    expect(answered()).toEqual(['P mine installed 2.0', 'P other-3 installed 1']);
    await ask(['/usr/share/doc/new'], ['/usr/share/doc', '/usr/share', '/usr']);
    expect(answered()).toEqual([]);
  });
});
