import { array, assert, constantFrom, nat, property, record, type Arbitrary } from '../support/fast-check.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { settleAnswers } from '../../src/answers/answers.ts';
import type { FileState, FileTree } from '../../src/edits/file-tree.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { render } from '../../src/templates/render.ts';
import { stateOf } from '../../src/edits/file-tree.ts';
import { mergeTrees } from '../../src/update/merge-trees.ts';

/** One step of an edit script; numbers are taken modulo what there is. */
interface Step {
  readonly do: 'insert' | 'change' | 'delete' | 'append' | 'remove-file' | 'add-file' | 'rename-file' | 'run';
  readonly file: number;
  readonly line: number;
  readonly form: number;
}

const FORMS = [
  '# @',
  '@: true',
  '  @: 1',
  '  - @',
  "        '@ = a.b:C',",
  '        @',
  '    @) ;;',
  '[@]',
  '@',
  '@() {',
  '\t@',
];

const step = (kinds: readonly Step['do'][]): Arbitrary<Step> =>
  record({ do: constantFrom(...kinds), file: nat(99), line: nat(400), form: nat(FORMS.length - 1) });

const AUTHOR = [
  'insert',
  'insert',
  'change',
  'change',
  'delete',
  'append',
  'remove-file',
  'add-file',
  'run',
] as const;
const TEMPLATE = [...AUTHOR, 'rename-file'] as const;

let base: FileTree;

beforeAll(async () => {
  const template = loadTemplate('stack');
  const answers = await settleAnswers(template, {
    given: { name: 'hello', namespace: 'demo', parts: ['calld', 'confd', 'dialplan', 'debian-depends'] },
    facts: { year: '2026', gitName: 'Acme', user: 'acme' },
    open: 'defaults',
  });
  const wanted = /^(wazo\/|setup\.py|README|etc\/|\.gitignore|demo_hello\/calld\/)/;
  const files = render(template, answers).filter(({ path }) => wanted.test(path));
  base = new Map([
    ...files.map(({ path, content, mode }): [string, FileState] => [path, stateOf(content, mode)]),
    ['requirements.txt', { text: 'pyyaml\nrequests>=2\nstevedore\n', mode: 0o644 }],
    [
      'setup.cfg',
      { text: '[metadata]\nname = a\n\n[options.entry_points]\ng.one =\n    a = a.x:P\n', mode: 0o644 },
    ],
  ]);
});

/** Plays a script; each line and file that it makes holds a word of its own. */
function play(tree: FileTree, script: readonly Step[], who: string): FileTree {
  const files = new Map(tree);
  for (const [at, { do: what, file, line, form }] of script.entries()) {
    const word = `${who}${at}x`;
    const paths = [...files.keys()].sort();
    const path = paths[file % paths.length];
    if (path === undefined) break;
    const state = files.get(path) as FileState;
    const rows = state.text.split('\n');
    const place = line % rows.length;
    const made = (FORMS[form] ?? '@').replaceAll('@', word);
    const write = (): void => void files.set(path, { ...state, text: rows.join('\n') });
    if (what === 'insert') rows.splice(place, 0, made);
    if (what === 'change') rows[place] = `${rows[place] ?? ''} # ${word}`;
    if (what === 'delete') rows.splice(place, 1);
    if (what === 'append') rows.push(made);
    if (['insert', 'change', 'delete', 'append'].includes(what)) write();
    if (what === 'remove-file') files.delete(path);
    if (what === 'add-file') files.set(`${who}/${word}`, { text: `${word}\n`, mode: 0o644 });
    if (what === 'run') files.set(path, { ...state, mode: state.mode ^ 0o111 });
    if (what === 'rename-file') {
      files.delete(path);
      files.set(`${path}.${word}`, state);
    }
  }
  return files;
}

function linesOf(tree: FileTree): readonly string[] {
  return [...tree.values()].flatMap(({ text }) => text.split('\n'));
}

/** The lines that stand between no markers. */
function outsideConflicts(text: string): readonly string[] {
  let open = false;
  return text.split('\n').filter((line) => {
    if (/^<{7} /.test(line)) open = true;
    const outside = !open;
    if (/^>{7} /.test(line)) open = false;
    return outside;
  });
}

describe('random edits', () => {
  it('of an author are in the merged tree, and what the author deleted is not, outside of marked conflicts', () => {
    let conflicts = 0;
    let clean = 0;
    assert(
      property(
        array(step(TEMPLATE), { maxLength: 12 }),
        array(step(AUTHOR), { maxLength: 12 }),
        (templates, authors) => {
          const fresh = play(base, templates, 'tpl');
          const mine = play(base, authors, 'own');
          const merged = mergeTrees(base, fresh, mine);
          if (merged.conflicts.length > 0) conflicts += 1;
          else clean += 1;
          const result = linesOf(merged.files);
          // every line that the author wrote or changed stands somewhere, in a conflict or not
          const written = linesOf(mine).filter((line) => /own\d+x/.test(line));
          expect(written.filter((line) => !result.includes(line))).toEqual([]);
          // files
          for (const path of base.keys()) if (!mine.has(path)) expect(merged.files.has(path)).toBe(false);
          for (const [path, state] of mine)
            if (!base.has(path)) expect(merged.files.get(path)).toEqual(state);
          // a line that the author took out comes back nowhere but in a marked conflict
          for (const [path, { text }] of base) {
            const now = merged.files.get(path)?.text;
            const own = mine.get(path)?.text;
            if (now === undefined || own === undefined) continue;
            const rows = own.split('\n');
            const gone = text
              .split('\n')
              .filter((line, _at, all) => isOnce(line, all) && !rows.includes(line));
            const outside = outsideConflicts(now);
            expect(gone.filter((line) => outside.includes(line))).toEqual([]);
          }
          // nothing of it depends on anything else, and a second update has nothing to do
          expect(mergeTrees(base, fresh, mine)).toEqual(merged);
          expect(mergeTrees(fresh, fresh, merged.files).files).toEqual(merged.files);
        },
      ),
      { numRuns: 1000, seed: Number(process.env['WDEV_TEST_SEED'] ?? 8) },
    );
    // the scripts must meet both
    expect(conflicts).toBeGreaterThan(100);
    expect(clean).toBeGreaterThan(100);
  });
});

function isOnce(line: string, all: readonly string[]): boolean {
  return line.trim() !== '' && all.filter((other) => other === line).length === 1;
}
