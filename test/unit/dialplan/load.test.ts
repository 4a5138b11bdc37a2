import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folderSource } from '../../../src/dialplan/read/folder-source.ts';
import { loadDialplan } from '../../../src/dialplan/read/load.ts';
import { trueLine } from '../../../src/dialplan/read/locate.ts';
import { showDialplan } from '../../../src/dialplan/show/show.ts';
import { memorySource } from '../../../src/dialplan/read/source.ts';

const ENTRY = '/etc/asterisk/extensions.conf';
const EXTRA = '/etc/asterisk/extensions_extra.d/';

function load(files: Record<string, string | Uint8Array>): ReturnType<typeof loadDialplan> {
  return loadDialplan(memorySource(new Map(Object.entries(files))));
}

const GLOB = {
  [ENTRY]: '#include extensions_extra.d/*\n',
  [`${EXTRA}a.conf`]: '[a]\nexten = s,1,NoOp(é)\n',
  [`${EXTRA}b.conf`]: '; b\n[b]\r\n  exten  =>  s,1,NoOp(x) ; comment\r\ngarbage\n',
};

describe('places', () => {
  const dialplan = load(GLOB);

  test('an element knows its own line and column, and the line that Asterisk reports', () => {
    const entry = dialplan.contexts[0]?.extensions[0]?.priorities[0];
    expect(entry?.place).toEqual({ file: `${EXTRA}b.conf`, line: 3, column: 3, asteriskLine: 6 });
    expect(showDialplan(dialplan, 'b')).toContain('[b.conf:6]');
  });

  test('so does what is thrown away', () => {
    expect(dialplan.log).toMatchObject([
      {
        code: 'dialplan-no-equals',
        place: { line: 4, asteriskLine: 7 },
        message: `No '=' (equal sign) in line 7 of ${EXTRA}b.conf`,
      },
    ]);
  });

  test('the true line is found again from what Asterisk reports', () => {
    expect(dialplan.files.map(({ newlines, linesBefore }) => [newlines, linesBefore])).toEqual([
      [1, 0],
      [2, 0],
      [4, 3],
    ]);
    expect(trueLine(7, [2])).toBe(4);
  });
});

test('contexts stand in the order in which Asterisk lists them', () => {
  const names = load({ [ENTRY]: '[a]\n[b]\n[a]\n[c]\n' }).contexts.map((context) => context.name);
  expect(names).toEqual(['c', 'b', 'a']);
});

test('a broken entry file refuses it all, a broken included one only itself', () => {
  expect(load({ [ENTRY]: '[a\n' })).toMatchObject({ loaded: false, contexts: [] });
  expect(load({}).loaded).toBe(false);
  const { loaded, contexts } = load({
    [ENTRY]: '[a]\n#include x.conf\n[c]\n',
    '/etc/asterisk/x.conf': '[b]\n[\n[d]\n',
  });
  expect([loaded, contexts.map(({ name }) => name)]).toEqual([true, ['c', 'b', 'a']]);
});

test('#exec is never run: without a stand-in it is passed over, with one its text is read', () => {
  const source = memorySource(new Map([[ENTRY, '[a]\n#exec /usr/bin/wazo-confgen x\nexten = t,1,NoOp\n']]));
  expect(loadDialplan(source).log.map(({ code }) => code)).toEqual(['dialplan-exec-disabled']);
  const asked: string[] = [];
  const exec = (command: string): string => {
    asked.push(command);
    return 'exten = s,1,NoOp\n[b]\n';
  };
  const { contexts } = loadDialplan(source, ENTRY, { exec });
  expect(asked).toEqual(['/usr/bin/wazo-confgen x']);
  expect(contexts.map(({ name, extensions }) => [name, extensions.map((one) => one.name)])).toEqual([
    ['b', []],
    ['a', ['s', 't']],
  ]);
});

describe('sources', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'wdev-dialplan-source-'));
  afterAll(() => rmSync(root, { recursive: true }));

  test('a folder reads as the same files in memory do', () => {
    for (const [name, text] of Object.entries(GLOB)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    expect(showDialplan(loadDialplan(folderSource(root)))).toBe(showDialplan(load(GLOB)));
  });

  test('a link that leads out of the folder is not followed, one inside of it is', () => {
    writeFileSync(path.join(root, '..', `${path.basename(root)}-secret`), '[secret]\n');
    symlinkSync(`../../../../${path.basename(root)}-secret`, path.join(root, EXTRA, 'out.conf'));
    symlinkSync('a.conf', path.join(root, EXTRA, 'in.conf'));
    const source = folderSource(root);
    expect(source.read(`${EXTRA}out.conf`)).toBeUndefined();
    expect(source.read(`${EXTRA}in.conf`)?.length).toBeGreaterThan(0);
    rmSync(path.join(root, '..', `${path.basename(root)}-secret`));
  });

  test.each([
    ['*', ['a.conf', 'b.conf']],
    ['[b-z].conf', ['b.conf']],
    ['{b,a}.conf', ['b.conf', 'a.conf']],
    ['?.conf', ['a.conf', 'b.conf']],
    ['a.conf', ['a.conf']],
    ['c.conf', []],
  ])('glob %s', (pattern, expected) => {
    const files = new Map(['a.conf', 'b.conf', '.hidden', 'deep/c.conf'].map((name) => [`/x/${name}`, '']));
    files.delete('/x/deep/c.conf');
    expect(memorySource(files).glob(`/x/${pattern}`)).toEqual(expected.map((name) => `/x/${name}`));
  });
});

test('loads 50,000 lines', () => {
  let text = '';
  for (let context = 0; context < 50; context++) {
    text += `[context-${context}]\n`;
    for (let exten = 0; exten < 100; exten++) {
      text += `exten = ${exten % 7 === 0 ? `_${exten}XX.` : exten + 1000},1(start),NoOp(\${EXTEN}) ; comment\n`;
      for (let n = 0; n < 9; n++) text += ` same =      n,Set(V${n}=\${IF($[${n} > 3]?a:b)})\n`;
    }
  }
  expect(load({ [ENTRY]: new TextEncoder().encode(text) }).contexts).toHaveLength(50);
});
