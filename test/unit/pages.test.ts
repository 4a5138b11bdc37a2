import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutAnsi } from '../../src/guide/ansi.ts';
import { terminalSvg } from '../../src/guide/terminal-svg.ts';
import { KINDS, loadTemplate } from '../../src/templates/load.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { allCases } from '../matrix/cases.ts';
import { cellOf } from '../matrix/table.ts';
import { answersPage } from '../support/answers-page.ts';
import { makePlugin, project } from '../support/watch.ts';
import { recordWatch, sameButTimes, withTimesOf } from '../docs/watch-session.ts';
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

/** The pictures of README.md: lines of the session, from one that has a text to one that has another. */
const PICTURES = {
  verified: {
    from: '→ 1 file, dialplan reload',
    to: '***42 gone',
    title: 'A save is verified: wdev watch says what Asterisk serves now',
  },
  refused: {
    from: '→ failed',
    to: 'live: demo/hello 0.1.0, unchanged',
    title: 'A save is refused: the reason stands at the source line, and the version before serves on',
  },
} as const;

it('SESSION.md and the pictures show wdev watch as it is', async () => {
  const file = path.join(packageRoot(), 'src/guide/SESSION.md');
  const text = readFileSync(file, 'utf8');
  const [, shown = ''] = /^```text\n(\$ wdev watch hello\n[\s\S]*?)^```$/m.exec(text) ?? [];
  expect(shown).not.toBe('');
  const place = project();
  try {
    makePlugin(place.dir, 'hello');
    const session = await recordWatch(place.dir);
    const now = sameButTimes(shown, withoutAnsi(session).replaceAll(/ +$/gm, ''));
    await expect(text.replace(shown, () => now)).toMatchFileSnapshot(file);
    for (const [name, { from, to, title }] of Object.entries(PICTURES)) {
      const picture = path.join(packageRoot(), `src/guide/pictures/${name}.svg`);
      const lines = withTimesOf(session, now)
        .split('\n')
        .filter((line) => !withoutAnsi(line).startsWith('#'));
      const at = (words: string): number => lines.findIndex((line) => withoutAnsi(line).includes(words));
      const shownLines = [
        `\u001b[2m$\u001b[22m \u001b[1mwdev watch hello\u001b[22m`,
        ...lines.slice(at(from), at(to) + 1),
      ];
      await expect(terminalSvg(shownLines.join('\n'), title)).toMatchFileSnapshot(picture);
    }
  } finally {
    await place.remove();
  }
});
