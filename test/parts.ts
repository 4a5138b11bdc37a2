/**
 * `npm run test:parts`: builds a plugin of every part, and of all parts together, by wdev build and by a shell
 * transcript of wazo-plugind's steps, and compares fields, listing and bytes. Prints `N/N equal`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import os from 'node:os';
import path from 'node:path';
import { createPlugin } from '../src/create/create.ts';
import { loadTemplate } from '../src/templates/load.ts';
import { bothPackages } from './support/plugind-compare.ts';
import { commitAll } from './support/python-plugin.ts';

process.umask(0o022);
const all = loadTemplate('stack').parts.map(({ name }) => name);
const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-parts-'));
let equal = 0;
const cases = [...all.map((part) => [part]), all];
try {
  for (const [index, parts] of cases.entries()) {
    const dir = path.join(folder, String(index));
    await createPlugin({
      template: 'stack',
      answers: { name: 'made', namespace: 'acme', parts },
      dir,
      git: false,
    });
    await commitAll(dir);
    const { own, theirs } = await bothPackages(dir);
    const same = isDeepStrictEqual(own, theirs);
    if (same) equal += 1;
    const what = parts.length === 1 ? parts.join() : 'all parts';
    process.stdout.write(
      `${same ? 'equal' : 'DIFFERENT'}: ${what}, ${Object.keys(own.bytes).length} files\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${equal}/${cases.length} equal\n`);
process.exitCode = equal === cases.length ? 0 : 1;
