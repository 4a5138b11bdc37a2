/** No parser is forgotten: they are found in the sources, and each has a row in parsers-fuzz.test.ts, or a reason. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';

const SRC = path.join(packageRoot(), 'src');
const FUZZ = readFileSync(path.join(import.meta.dirname, 'parsers-fuzz.test.ts'), 'utf8');
const TEXTS = new Map(
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, readFileSync(path.join(SRC, file), 'utf8')]),
);

const [OURS, MADE_HERE, SAME] = [
  'a file of this package',
  'written by this account on this machine, and held against a shape',
  'read by a parser that has a row',
];

/** Files that read JSON and are not in the fuzz, each with the reason. */
const JSON_ELSEWHERE: Readonly<Record<string, string>> = {
  'bin.ts': OURS,
  'build.ts': OURS,
  'commands/market.ts': OURS,
  'editor/fields.ts': OURS,
  'settings/settings.ts': OURS,
  'support/paths.ts': OURS,
  'templates/compiled.ts': OURS,
  'templates/manifest-text.ts': OURS,
  'stage/remembered-trees.ts': MADE_HERE,
  'support/lock.ts': MADE_HERE,
  'support/trust.ts': MADE_HERE,
  'templates/fetch-elsewhere.ts': MADE_HERE,
  'tour/progress.ts': MADE_HERE,
  'edits/ledger.ts': SAME,
  'own-tests/server.ts': 'held against a shape there',
  'live/beside.ts': 'held against a shape there',
  'support/shape.ts': 'what all the others use',
  'targets/manifest.ts': SAME,
  'readers/python/python-process.ts':
    'the answers of our own program, which runs nothing of the text; its row is that of the texts',
  'preview/interpreter.ts': 'the first line of our own program, before a driver is loaded',
  'sandbox/python.ts': 'held against a shape there',
  'live/page/watch.ts': 'what our own server tells the page',
  'live/server.ts': 'from the page that we serve, with its token; each field is compared with words',
};

/** Functions that read a text and have no row of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  parsePriority: SAME,
  parseApplication: SAME,
  parseEntryPoint: SAME,
  parseShell: SAME,
  readInterpreter: SAME,
  readManifestText: SAME,
  readSettingsText: SAME,
  splitArguments: SAME,
  splitAt: SAME,
  splitShow: SAME,
  readRecords: SAME,
  readUnit: SAME,
};

/** Whether the fuzz names it in its code, beyond any import. */
function isFuzzed(name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(FUZZ.replaceAll(/^import [^;]*;$/gms, ''));
}

it('has a row for each function that reads a text', () => {
  const parser =
    /export (?:async )?function \*?((?:read|parse|split|placed)[A-Z]\w*)(?:<[^>]*>)?\(\s*(?:text|logText|log|whole|line|said|stdout|output|tap|script)\??: (?:string|Buffer)/g;
  const found = [...TEXTS.values()].flatMap((text) =>
    [...text.matchAll(parser)].map(([, name = '']) => name),
  );
  expect(found.length).toBeGreaterThan(50);
  expect(found.filter((name) => !isFuzzed(name) && ELSEWHERE[name] === undefined)).toEqual([]);
  expect(Object.keys(ELSEWHERE).filter((name) => !found.includes(name))).toEqual([]);
});

it('has a row for each file that reads JSON', () => {
  const found = [...TEXTS]
    .filter(([, text]) => /\bJSON\.parse\(|\bparsedJson\(/.test(text))
    .map(([file]) => file);
  expect(found.length).toBeGreaterThan(30);
  const isIn = (file: string): boolean => FUZZ.includes(`'../../src/${file}'`);
  expect(found.filter((file) => !isIn(file) && JSON_ELSEWHERE[file] === undefined)).toEqual([]);
  expect(Object.keys(JSON_ELSEWHERE).filter((file) => !found.includes(file))).toEqual([]);
});

it('has a row for each reader of others’ files', () => {
  const readers = [...TEXTS].filter(
    ([file, text]) =>
      file.startsWith('readers/') && /export (?:async )?function (?:read|parse|placed|settingOf)/.test(text),
  );
  const isIn = (file: string): boolean => FUZZ.includes(`'../../src/${file}'`);
  // parts of readers that have a row
  const known = [
    'readers/shell/parse.ts',
    'readers/shell/word.ts',
    'readers/yaml/own-places.ts',
    'readers/yaml/properties.ts',
  ];
  expect(readers.map(([file]) => file).filter((file) => !isIn(file) && !known.includes(file))).toEqual([]);
});
