/**
 * `npm run truth:record [-- --new] [JUDGE…]` (as root): asks the real things about each row, or about those that are new
 * or changed, and writes recorded.json. wdev does nothing there: the files of a package are laid out by hand. Manifests are judged by wazo-plugind itself: `PLUGIND` names a
 * clone of it, and the python3 of the PATH imports it, with marshmallow, jinja2 and xivo.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { downReal, upReal } from '../../src/stacks/real.ts';
import { inside } from '../support/machines.ts';
import {
  byManifest,
  byPlugind,
  byPython,
  byPyyaml,
  isShown,
  layOut,
  packaged,
  packagedBy,
  type Verdicts,
} from './judges.ts';
import { goods } from './plugins.ts';
import type { Judge, Recorded, Recordings, Row } from './row.ts';
import { ROWS, changeOf } from './rows.ts';

const file = path.join(import.meta.dirname, 'recorded.json');
const before = JSON.parse(readFileSync(file, 'utf8')) as Recordings;
const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-truth-'));
const good = goods(folder);

async function byAsterisk(rows: readonly Row[]): Promise<Verdicts> {
  const name = `truth-${process.pid}`;
  const stack = await upReal(name, { forUs: true });
  try {
    const console = (command: string): string => inside(stack, `asterisk -rx '${command}'`);
    const by = console('core show version').split(' built by')[0] ?? '';
    const base = await packaged(good({ plugin: 'hello' }));
    const works: boolean[] = [];
    for (const row of rows) {
      const tree = await packagedBy(row, good(row), base, folder);
      const takeAway = layOut(tree, row.server, stack.rootfs);
      console('dialplan reload');
      works.push(isShown(row, (context) => console(`dialplan show ${context}`)));
      takeAway();
    }
    return { by, works };
  } finally {
    await downReal(name);
  }
}

function byPackages(rows: readonly Row[]): Verdicts {
  const by = execFileSync('dpkg-deb', ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? '';
  return {
    by: `${by}, the steps of wazo-plugind`,
    works: rows.map((row) => byPlugind(row, good(row), folder)),
  };
}

const ASK: Readonly<Record<Judge, (rows: readonly Row[]) => Verdicts | Promise<Verdicts>>> = {
  pyyaml: (rows) => byPyyaml(rows, good),
  python: (rows) => byPython(rows, good, folder),
  plugind: byPackages,
  manifest: (rows) => byManifest(rows, good),
  apt: (rows) => byManifest(rows, good, true),
  asterisk: byAsterisk,
};

try {
  const { values, positionals: only } = parseArgs({
    options: { new: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const by: Record<string, string> = { ...before.by };
  const found: Record<string, Recorded> = {};
  for (const [judge, ask] of Object.entries(ASK)) {
    if (only.length > 0 && !only.includes(judge)) continue;
    const isAsked = (row: Row): boolean => !values.new || before.rows[row.name]?.of !== changeOf(row);
    const rows = ROWS.filter((row) => row.asks === judge && isAsked(row));
    if (rows.length === 0) continue;
    if ((judge === 'manifest' || judge === 'apt') && process.env['PLUGIND'] === undefined) {
      throw new Error(`${rows.length} manifests of ${judge}, and no PLUGIND to ask: ${rows[0]?.name}`);
    }
    const verdicts = await ask(rows);
    by[judge] = verdicts.by;
    for (const [at, row] of rows.entries()) {
      found[row.name] = { works: verdicts.works[at] === true, of: changeOf(row) };
    }
    process.stdout.write(`${rows.length} rows, by ${verdicts.by}\n`);
  }
  const lines = ROWS.flatMap(({ name }) => {
    const one = found[name] ?? before.rows[name];
    return one === undefined ? [] : [`    ${JSON.stringify(name)}: ${JSON.stringify(one)}`];
  });
  const head = `{\n  "at": "${new Date().toISOString().slice(0, 10)}",\n  "by": ${JSON.stringify(by)},\n  "rows": {\n`;
  writeFileSync(file, `${head}${lines.join(',\n')}\n  }\n}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
