/**
 * npm run mutants -- [--only TEXT] [--share [K/]N] [--jobs N]
 * Puts each fault of operators.ts into a plugin of each part and example that it fits, and asks whether `wdev check`
 * or the plugin's own tests see it. Prints those that nobody saw, and `N of M seen`; ends with 1 below 95 in 100.
 * `--share 10` takes every tenth, `--share 3/10` others, of which 90 in 100 are enough: so few say less.
 */

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { judgePlugins } from '../../src/check/check.ts';
import { createPlugin } from '../../src/create/create.ts';
import { listSources } from '../../src/git/sources.ts';
import { discoverPlugins } from '../../src/kinds/discover.ts';
import { run } from '../../src/support/run.ts';
import { allCases, type Case } from '../matrix/cases.ts';
import { OPERATORS, type Operator } from './operators.ts';

const BAR = 0.95;
const SHARE_BAR = 0.9;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    share: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});

interface Mutant {
  readonly entry: Case;
  readonly operator: Operator;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const work = mkdtempSync(path.join(tmpdir(), 'wdev-mutants-'));
process.exitCode = await main().finally(() => rmSync(work, { recursive: true, force: true }));

async function main(): Promise<number> {
  const cases = allCases(false).filter(
    (entry) => /^part |^example [\w-]+$/.test(entry.title) && entry.kind === 'stack',
  );
  const all: Mutant[] = [];
  for (const entry of cases) {
    const dir = folderOf(entry);
    const answers = { name: 'hello', namespace: 'demo', ...entry.answers };
    await createPlugin({ template: entry.template ?? 'stack', dir, git: false, answers });
    all.push(...mutantsOf(entry, dir));
  }
  const [first = 1, share = first] = values.share.split('/').map(Number);
  const at = values.share.includes('/') ? first - 1 : 0;
  const chosen = all
    .filter((_, index) => index % share === at)
    .filter(({ entry, operator }) => `${entry.title}: ${operator.name}`.includes(values.only));
  const missed: Mutant[] = [];
  const queue = [...chosen.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [number, mutant] = next;
      if (!(await isSeen(mutant, String(number)))) missed.push(mutant);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  for (const { entry, operator, file, line } of missed)
    console.log(`NOT SEEN ${entry.title}: ${operator.name}, ${file}:${line}`);
  const seen = chosen.length - missed.length;
  console.log(
    `${seen} of ${chosen.length} seen, of ${new Set(chosen.map(({ operator }) => operator.name)).size} kinds`,
  );
  return chosen.length > 0 && seen >= (share > 1 ? SHARE_BAR : BAR) * chosen.length ? 0 : 1;
}

function folderOf(entry: Case): string {
  return path.join(work, encodeURIComponent(entry.title));
}

function mutantsOf(entry: Case, dir: string): readonly Mutant[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(path.join(dir, name)).isFile()).sort();
  return OPERATORS.flatMap((operator) =>
    files
      .filter((file) => operator.files.test(file))
      .flatMap((file) => {
        const text = readFileSync(path.join(dir, file), 'utf8');
        return [...text.matchAll(operator.find)].map((match): Mutant => {
          const changed = match[0].replace(new RegExp(operator.find.source, 'm'), operator.put);
          const line = text.slice(0, match.index).split('\n').length;
          const mutated = text.slice(0, match.index) + changed + text.slice(match.index + match[0].length);
          return { entry, operator, file, line, text: mutated };
        });
      }),
  );
}

async function isSeen({ entry, file, text }: Mutant, name: string): Promise<boolean> {
  const dir = path.join(work, name, 'plugin');
  cpSync(folderOf(entry), dir, { recursive: true });
  try {
    writeFileSync(path.join(dir, file), text);
    return (await hasFinding(dir)) || (await failsOwnTests(dir));
  } finally {
    rmSync(path.join(work, name), { recursive: true, force: true });
  }
}

async function hasFinding(dir: string): Promise<boolean> {
  const plugins = discoverPlugins([dir]);
  const read = await Promise.all(
    plugins.map(async (plugin) => ({ plugin, sources: await listSources(plugin.dir) })),
  );
  const judged = await judgePlugins(read, { debian: 12 });
  return plugins.length !== 1 || judged.some(({ judgements }) => judgements.length > 0);
}

/** By Debian's Python; a test that was left out says nothing. */
async function failsOwnTests(dir: string): Promise<boolean> {
  const env = { PYTHONDONTWRITEBYTECODE: '1', SETUPTOOLS_USE_DISTUTILS: undefined };
  const tested = await run(['/usr/bin/python3', '-m', 'pytest', '-qx', '-p', 'no:cacheprovider'], {
    cwd: dir,
    env,
  });
  return tested.status !== 0;
}
