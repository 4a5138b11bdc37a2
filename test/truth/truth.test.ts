import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkPlugin } from '../../src/check/check.ts';
import { isError, type Finding } from '../../src/findings/finding.ts';
import { listSources } from '../../src/git/sources.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { Watch, makePlugin, project } from '../support/watch.ts';
import { applyRow, isPython, isYaml } from './judges.ts';
import type { Recorded, Row } from './row.ts';
import { ROWS } from './rows.ts';

const RECORDED = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'recorded.json'), 'utf8'),
) as Readonly<Record<string, Recorded>>;

const place = project();
const good = makePlugin(place.dir, 'hello');
const plugin = path.join(place.dir, 'watched/hello');
const wrong = { successes: [] as string[], failures: [] as string[] };
let told = 0;
let watch: Watch;

beforeAll(async () => {
  cpSync(good, plugin, { recursive: true, verbatimSymlinks: true });
  watch = new Watch(['watched/hello'], place.dir);
  await watch.next('verified');
});

afterAll(async () => {
  await watch.stop();
  await place.remove();
  const { successes, failures } = wrong;
  process.stdout.write(
    `truth: ${told} rows, ${successes.length} wrong successes, ${failures.length} wrong failures\n`,
  );
});

/** What the real thing makes of a row; the plugin's folder has its change. */
function truthOf(row: Row): boolean {
  if (row.asks === 'yaml') return isYaml(plugin, row);
  if (row.asks === 'python') return isPython(plugin, row);
  const recorded = RECORDED[row.name];
  if (recorded === undefined) throw new Error('Ask Asterisk: npm run truth:record');
  return recorded.works;
}

/** Compares what a command says with the truth; `knows` is false where it need not know of a failure. */
function compare(
  row: Row,
  command: string,
  works: boolean,
  errors: readonly Finding[],
  knows: boolean,
): void {
  const says = errors.map(({ code }) => code).join(', ');
  if (!works && errors.length === 0 && knows) wrong.successes.push(`${row.name}: ${command} finds nothing`);
  if (works && errors.length > 0) wrong.failures.push(`${row.name}: ${command} says ${says}`);
  if (works || errors.length === 0 || row.says === undefined || !knows) return;
  expect([command, errors.map(({ code, file, line }) => ({ code, file, line }))]).toEqual([
    command,
    expect.arrayContaining([expect.objectContaining(row.says)]),
  ]);
}

async function checked(): Promise<readonly Finding[]> {
  const found = readPlugin(plugin);
  if (found === undefined) return [];
  const errors = (await checkPlugin(found, await listSources(plugin))).filter(isError);
  // the loop restarts services whatever install does, and has a table of its own for that
  return errors.filter(({ file }) => file !== 'wazo/rules');
}

/** The last word of the loop on a change of these files: on a busy machine, they may come in several batches. */
async function watched(files: readonly string[]): Promise<readonly Finding[]> {
  const missing = new Set(files);
  let last = 0;
  for (;;) {
    const event = await watch.next(['batch', 'verified', 'failed']);
    if (event.event === 'batch') {
      for (const file of event.files) missing.delete(file);
      last = event.id;
    } else if (missing.size === 0 && event.id === last) {
      return event.event === 'failed' ? event.findings.filter(isError) : [];
    }
  }
}

function takeBack({ files }: Row): void {
  for (const name of Object.keys(files)) {
    const [from, to] = [path.join(good, name), path.join(plugin, name)];
    rmSync(to, { force: true });
    if (existsSync(from)) cpSync(from, to, { verbatimSymlinks: true });
  }
}

it.each(ROWS.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
  const before = { successes: wrong.successes.length, failures: wrong.failures.length };
  watch.forget();
  applyRow(plugin, row);
  const works = truthOf(row);
  const unknownTo = row.unknownTo ?? [];
  compare(row, 'watch', works, await watched(Object.keys(row.files)), true);
  compare(row, 'check', works, await checked(), !unknownTo.includes('check'));
  told += 1;
  watch.forget();
  takeBack(row);
  expect(await watched(Object.keys(row.files))).toEqual([]);
  expect([wrong.successes.slice(before.successes), wrong.failures.slice(before.failures)]).toEqual([[], []]);
});
