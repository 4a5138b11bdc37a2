import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { Desk, readmeCommands, withServices } from '../support/readme.ts';
import { save } from '../support/save.ts';
import { tempFolder } from '../support/temp.ts';

/** Commands of README.md that are run below. */
const HERE = {
  make: 'wdev new stack hello --namespace demo --part dialplan --yes',
  list: 'wdev templates',
  watch: 'wdev watch hello',
  look: "wdev stack exec --kind embedded -- asterisk -rx 'dialplan show xivo-extrafeatures'",
};

/** Those that another file runs, and a text by which one sees it there. */
const ELSEWHERE: Readonly<Record<string, readonly [string, string]>> = {
  'npm ci && npm run demo': ['test/unit/tour.test.ts', "'tour', '--auto'"],
  'npm run demo -- --stack real': ['test/real/tour.test.ts', "'tour', '--auto', '--stack', 'real'"],
  'npm ci && npm test': ['.ci/run', 'npm ci\nnpm test'],
  'npm install --global yo@7 "./$(npm pack --silent)"': ['test/nodes.ts', "'--global'"],
  'yo wazo-plugin': ['test/unit/generators.test.ts', 'yeoman-test'],
  'wdev stack up': ['test/real/readme.test.ts', 'wdev stack up'],
  'wdev watch hello --target stack': ['test/real/readme.test.ts', 'wdev watch hello --target stack'],
  "wdev stack exec -- asterisk -rx 'dialplan show xivo-extrafeatures'": [
    'test/real/readme.test.ts',
    'wdev stack exec --',
  ],
  ...Object.fromEntries(withServices().map((line) => [line, ['test/long/wazo.test.ts', 'withServices()']])),
  'wdev stack down': ['test/real/readme.test.ts', 'wdev stack down'],
};

const FILE = 'hello/etc/asterisk/extensions_extra.d/demo-hello.conf';

describe('README.md', () => {
  it('shows no command that no test runs', () => {
    const tested = [...Object.values(HERE), ...Object.keys(ELSEWHERE)];
    expect(readmeCommands().toSorted((a, b) => a.localeCompare(b))).toEqual(
      tested.toSorted((a, b) => a.localeCompare(b)),
    );
    for (const [file, text] of Object.values(ELSEWHERE)) {
      const full = path.join(packageRoot(), file);
      expect(existsSync(full) && readFileSync(full, 'utf8').includes(text), `${text} in ${file}`).toBe(true);
    }
    const { scripts } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['demo']).toBe('node dist/src/bin.cjs tour --auto');
  });

  it('leads to a first plugin that is watched', async () => {
    const desk = new Desk(tempFolder());
    expect(await desk.type(HERE.make)).toMatchObject({ status: 0, stderr: '' });
    expect((await desk.type(HERE.list)).stdout).toContain('confgend');
    const watch = desk.leaveRunning(HERE.watch);
    try {
      await watch.says('xivo-extrafeatures: ***42');
      const file = path.join(desk.folder, FILE);
      save(file, readFileSync(file, 'utf8').replace('***42', '***43'));
      await watch.says('xivo-extrafeatures: ***43');
      const { stdout } = await desk.type(HERE.look);
      expect(stdout).toContain("'***43' =>");
      expect(stdout).not.toContain('***42');
    } finally {
      expect(await watch.interrupt()).toBe(130);
      await desk.type('wdev stack down --kind embedded');
    }
  }, 300_000);

  it('stays within two screens', () => {
    expect(readFileSync(path.join(packageRoot(), 'README.md'), 'utf8').split('\n').length).toBeLessThan(120);
  });
});

describe('CONTRIBUTING.md', () => {
  const text = readFileSync(path.join(packageRoot(), 'CONTRIBUTING.md'), 'utf8');

  it('says of every dependency why it is there, and of no other', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const section = text.slice(text.indexOf('## Dependencies'));
    const table = section.slice(section.search(/^\| package +\| why/m)).replace(/^.*\n/, '');
    const rows = [...table.matchAll(/^\| (\w[^|]*?|@[^|]+?) +\| [^|]{10,} \|$/gm)].flatMap(([, names = '']) =>
      names.split(', '),
    );
    const compare = (a: string, b: string): number => a.localeCompare(b);
    expect(rows.toSorted(compare)).toEqual(Object.keys(dependencies).toSorted(compare));
  });

  it('names only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });
});
