import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KINDS, loadTemplate } from '../../src/templates/load.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { allCases } from '../matrix/cases.ts';
import { cellOf } from '../matrix/table.ts';
import { answersPage } from '../support/answers-page.ts';
import { makePlugin, project } from '../support/watch.ts';
import { recordWatch, sameButTimes } from '../docs/watch-session.ts';
import { wdev } from '../support/wdev.ts';

const TEMPLATES = path.join(packageRoot(), 'templates');

// `npm run pages` writes what differs
describe('pages that are made from the templates', () => {
  it('ANSWERS.md has every kind, part and question', async () => {
    const page = answersPage();
    for (const kind of KINDS) {
      const { parts, questions } = loadTemplate(kind);
      for (const { name } of parts) expect(page).toContain(`- \`${name}\`: `);
      for (const { flag, message } of questions) {
        expect(page).toContain(`\`--${flag}\``);
        expect(page).toContain(message);
      }
    }
    await expect(page).toMatchFileSnapshot(path.join(TEMPLATES, 'ANSWERS.md'));
  });

  it.each(KINDS)('schemas/%s.json is what wdev templates schema prints', async (kind) => {
    const { stdout } = await wdev(['templates', 'schema', kind]);
    await expect(stdout).toMatchFileSnapshot(path.join(TEMPLATES, 'schemas', `${kind}.json`));
  });
});

it('MATRIX.md has a row for every case of the matrix, and no case failed', () => {
  const page = readFileSync(path.join(TEMPLATES, 'MATRIX.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.slice(2, -2).split(/(?<!\\) \| /));
  expect(rows.map(([title]) => title)).toEqual(allCases(false).map(cellOf));
  expect(new Set(rows.flatMap((cells) => cells.slice(1)))).toEqual(new Set(['ok']));
});

it('SESSION.md shows wdev watch as it is', async () => {
  const file = path.join(packageRoot(), 'src/guide/SESSION.md');
  const text = readFileSync(file, 'utf8');
  const [, shown = ''] = /^```text\n(\$ wdev watch hello\n[\s\S]*?)^```$/m.exec(text) ?? [];
  expect(shown).not.toBe('');
  const place = project();
  try {
    makePlugin(place.dir, 'hello');
    const now = sameButTimes(shown, await recordWatch(place.dir));
    await expect(text.replace(shown, () => now)).toMatchFileSnapshot(file);
  } finally {
    await place.remove();
  }
});
