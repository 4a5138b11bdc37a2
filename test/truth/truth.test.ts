import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { figure, isLong } from '../support/promises.ts';
import { tempFolder } from '../support/temp.ts';
import { byPython, byPyyaml } from './judges.ts';
import { goods } from './plugins.ts';
import { ROWS, share } from './rows.ts';
import { summary, Table, truthOf, type Wrong } from './table.ts';

/** One row of so many is asked here; all of them: npm run truth. */
const EVERY = 14;

const wrong: Wrong[] = [];

it('has rows enough, each with a verdict of the real thing', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(250);
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  const works = ROWS.filter(truthOf).length;
  expect(Math.min(works, ROWS.length - works)).toBeGreaterThan(100);
});

it('says what PyYAML and Python say here', () => {
  const folder = tempFolder();
  const good = goods(folder);
  const yaml = ROWS.filter(({ asks }) => asks === 'pyyaml');
  const python = ROWS.filter(({ asks }) => asks === 'python');
  expect(byPyyaml(yaml, good).works).toEqual(yaml.map(truthOf));
  const { by, works } = byPython(python, good, folder);
  // other releases of Python have other modules and words
  if (by.startsWith('Python 3.11')) expect(works).toEqual(python.map(truthOf));
});

describe('check, build and watch say of each row what the real thing says', () => {
  const rows = share(isLong ? 1 : EVERY, 0);
  let table: Table;

  beforeAll(async () => {
    table = await Table.open();
  });

  afterAll(async () => {
    await table.close();
    figure(11, `${summary(rows.length, wrong)}, of ${ROWS.length}${isLong ? '' : '; all: npm run truth'}`);
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const found = await table.ask(row);
    wrong.push(...found);
    expect(found).toEqual([]);
  });
});

/** Text of the product, and what it is in one that lies. */
const LIES = [
  ['effects/evidence/dialplan.ts', /(function unread\([^{]*\{\n)/, '$1    return [];\n'],
  [
    'package/build.ts',
    /( +const \{ metadata \} = manifest;\n)/,
    "$1    if (metadata.version === '2.0-1~rc1') return { ok: false, plugin, findings: [{ code: 'manifest-version-invalid', level: 'error', message: 'none' }] };\n",
  ],
  [
    'check/check.ts',
    /(judgements \?\? \[\]\)\.map\(\(\{ finding \}\) => finding\))/,
    "$1.filter(({ code }) => code !== 'dialplan-bad-priority')",
  ],
] as const;

/** The product in another folder, with the lies. */
function lyingProduct(): string {
  const root = tempFolder();
  for (const name of ['node_modules', 'templates', 'generators', 'package.json', 'CHANGELOG.md']) {
    symlinkSync(path.join(packageRoot(), name), path.join(root, name));
  }
  cpSync(path.join(packageRoot(), 'src'), path.join(root, 'src'), { recursive: true });
  for (const [name, from, to] of LIES) {
    const file = path.join(root, 'src', name);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(file, text.replace(from, to));
  }
  return root;
}

it('counts the lies of a product that tells three', async () => {
  const table = await Table.open(lyingProduct());
  const names = [
    'B8 a file in a folder below',
    'the package: another version',
    'a priority that is no number',
    'a file like any other',
  ];
  try {
    const found: Wrong[] = [];
    for (const row of ROWS.filter(({ name }) => names.includes(name))) found.push(...(await table.ask(row)));
    expect(found.map(({ row, command, kind }) => [row, command, kind])).toEqual([
      ['a priority that is no number', 'check', 'success'],
      ['B8 a file in a folder below', 'watch', 'success'],
      ['the package: another version', 'build', 'failure'],
    ]);
    expect(summary(names.length, found)).toContain('4 rows, 2 wrong successes, 1 wrong failures');
  } finally {
    await table.close();
  }
});
