import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { touchedServices } from '../../src/cli/touched-services.ts';
import { selectServices } from '../../src/stacks/wazo/services.ts';
import { generated } from '../support/generated-plugin.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';

describe('the services of a stack for the plugins below a folder', () => {
  it.each([
    [['calld'], ['wazo-calld']],
    [['dialplan'], ['asterisk']],
    [['subroutine'], ['asterisk']],
    [['sounds'], ['asterisk']],
    [['asterisk-conf'], ['asterisk']],
    [['agi'], ['asterisk', 'wazo-agid']],
    [['confgend'], ['asterisk', 'wazo-confgend']],
    [
      ['dialplan', 'dird-backend'],
      ['asterisk', 'wazo-dird'],
    ],
    [['nginx'], []],
  ])('of the parts %j are %j', async (parts, units) => {
    const dir = await generated('stack', { parts });
    expect(await touchedServices(path.dirname(dir))).toEqual({ units, unread: [] });
  });

  it('bring Asterisk with its settings for a dialplan', async () => {
    const { units } = await touchedServices(await generated('stack', { parts: ['dialplan'] }));
    expect(selectServices(units)).toMatchObject({
      units: ['wazo-confgend', 'wazo-auth', 'asterisk'],
      packages: expect.arrayContaining(['asterisk', 'wazo-asterisk-config']) as string[],
    });
  });

  it('are those of the others where one cannot be built, which is named', async () => {
    const folder = tempFolder();
    writeFiles(folder, {
      'good/wazo/plugin.yml': 'name: good\nnamespace: acme\nversion: "0.1"\n',
      'good/etc/wazo-calld/conf.d/50-good.yml': 'good: true\n',
      'bad/wazo/plugin.yml': 'name: bad\nnamespace: acme\nversion: "0.1"\n',
    });
    const rules = (name: string, text: string): void => {
      const file = path.join(folder, name, 'wazo/rules');
      writeFileSync(file, `#!/bin/sh\nset -e\ncase $1 in\n${text}\nesac\n`);
      chmodSync(file, 0o755);
    };
    rules('good', 'package) mkdir -p "$pkgdir/etc" && cp -R etc/* "$pkgdir/etc";;');
    rules('bad', 'build) exit 3;;');
    expect(await touchedServices(folder)).toEqual({ units: ['wazo-calld'], unread: ['acme/bad'] });
  });
});
