/**
 * npm run public -- [--from FOLDER] [--only TEXT] [--write]
 * Runs `wdev check` on public plugins, each at its commit, and compares what it says with plugins.tsv: what is an error
 * of a plugin that builds was looked at by a person. Their code is read, never run. A clone is taken from FOLDER/OWNER+NAME
 * where there is one, else from GitHub.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkPlugin } from '../../src/check/check.ts';
import { listSources } from '../../src/git/sources.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { messageOf } from '../../src/support/errors.ts';

const LIST = path.join(import.meta.dirname, 'plugins.tsv');

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

const scratch = mkdtempSync(path.join(tmpdir(), 'wdev-public-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** A line of the list: `owner/name@commit`, and the counts that are expected. */
interface Row {
  readonly source: string;
  readonly counts: string;
}

async function main(): Promise<number> {
  const rows = readRows();
  const told: Row[] = [];
  let different = 0;
  for (const row of rows) {
    if (!row.source.includes(values.only)) {
      told.push(row);
      continue;
    }
    const counts = await countsOf(row.source).catch((error: unknown) => `? ${messageOf(error)}`);
    told.push({ ...row, counts });
    if (counts === row.counts) continue;
    different += 1;
    console.log(`${row.source}\n  expected ${row.counts}\n  found    ${counts}`);
  }
  if (values.write) writeFileSync(LIST, told.map(({ source, counts }) => `${source}\t${counts}\n`).join(''));
  console.log(`${rows.length} plugins, ${different} with other findings than expected`);
  return different === 0 || values.write ? 0 : 1;
}

function readRows(): readonly Row[] {
  return readFileSync(LIST, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [source = '', counts = ''] = line.split('\t');
      return { source, counts };
    });
}

/** `2 errors (api-acl-missing=2), 5 warnings` of a plugin at its commit. */
async function countsOf(source: string): Promise<string> {
  const dir = checkOut(source);
  try {
    const plugin = readPlugin(dir);
    if (plugin === undefined) return 'no plugin';
    const found = await checkPlugin(plugin, await listSources(dir));
    const errors = found.filter(({ level }) => level === 'error').map(({ code }) => code);
    const each = [...new Set(errors)]
      .sort()
      .map((code) => `${code}=${errors.filter((other) => other === code).length}`);
    const named = each.length === 0 ? '' : ` (${each.join(' ')})`;
    const warnings = found.filter(({ level }) => level === 'warning').length;
    return `${errors.length} errors${named}, ${warnings} warnings`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A work tree of the commit in a folder of its own. */
function checkOut(source: string): string {
  const [repository = '', commit = ''] = source.split('@');
  const dir = path.join(scratch, repository.replace('/', '+'));
  const near = values.from === undefined ? '' : path.join(values.from, repository.replace('/', '+'));
  const from = existsSync(near) ? near : `https://github.com/${repository}.git`;
  const git = (...args: readonly string[]): Buffer =>
    execFileSync('git', ['-c', 'core.hooksPath=/dev/null', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    });
  git('clone', '--quiet', '--no-checkout', from, dir);
  git('-C', dir, 'checkout', '--quiet', '--detach', commit);
  return dir;
}
