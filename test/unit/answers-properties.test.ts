import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as fc from '../support/fast-check.ts';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/dialplan/read/config.ts';
import { loadDialplan } from '../../src/dialplan/read/load.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import { settleAnswers } from '../../src/answers/answers.ts';
import { createPlugin } from '../../src/create/create.ts';
import { KINDS, loadTemplate, type Kind } from '../../src/templates/load.ts';
import type { Question } from '../../src/answers/question.ts';
import { ANSWERS_FILE } from '../../src/templates/list-files.ts';
import { render } from '../../src/templates/render.ts';
import { UserError } from '../../src/support/errors.ts';
import { run } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';

const FACTS = { year: '2026', gitName: '', user: 'tester' };

/** The answers without which some questions are not asked. */
const MORE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  asteriskName: { asteriskFile: 'other' },
  path: { base: 'plugin' },
  depends: { formatVersion: '2' },
};

/** Answers that no file prints as they were typed, and what is looked at instead (or the other tests look at). */
const NOT_PRINTED = [
  'year',
  'license',
  'className',
  'email',
  'depends',
  'debianDepends',
  'asteriskName',
  'namespace',
  'branch',
  'subdirectory',
];

const PIECES = fc.oneof(
  fc.constantFrom(
    '"',
    "'",
    '\\',
    '\\n',
    '${HOME}',
    '$(id)',
    '`id`',
    '%',
    '%s',
    '%(name)s',
    '{name}',
    '{{x}}',
    '<%= 1 %>',
    '# @= name @#',
    '; @= name @;',
    '🎉',
    'שלום',
    'عربى',
    '\u200f',
    '\u2028',
    '\ufeff',
    '\n',
    '\r',
    '\t',
    '---',
    ': ',
    ' #',
    ';',
    ',',
    '&',
    '*',
    '!',
    '|',
    '>',
    '@',
    '</b>',
    '\u0000',
    '\u001b',
    '\ud800',
    'null',
    '0x1f',
    '=',
    '***42',
    'acme-example',
    'acme_example',
    ']',
    '[',
    '(+)',
    '_X.',
    '$',
    '~',
    '/',
    '..',
    ' ',
    '.conf',
    '-',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

/** A sound answer with something in it, before it, behind it, or in its place. */
function answersTo(sound: string): fc.Arbitrary<string> {
  const text = fc.array(PIECES, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const inside = fc
    .tuple(text, fc.nat(sound.length))
    .map(([piece, at]) => sound.slice(0, at) + piece + sound.slice(at));
  return fc.oneof({ weight: 2, arbitrary: text }, { weight: 3, arbitrary: inside }, fc.constant(sound));
}

/** The least that has the question asked. */
function given(kind: Kind, question: Question): Record<string, unknown> {
  const asking = question.when?.['parts'];
  const parts = kind !== 'stack' ? {} : { parts: Array.isArray(asking) ? asking : ['calld', 'dialplan'] };
  return { name: 'hello', namespace: 'demo', ...parts, ...MORE[question.name] };
}

type Files = Readonly<Record<string, string>>;

/** The plugin's files when the answer is accepted; when it is refused, the refusal names the flag. */
async function filesWith(kind: Kind, question: Question, value: string): Promise<Files | undefined> {
  const template = loadTemplate(kind);
  const answers = { ...given(kind, question), [question.name]: value };
  try {
    const settled = await settleAnswers(template, { given: answers, facts: FACTS, open: 'defaults' });
    const files = render(template, settled).filter(
      ({ path, content }) => path !== ANSWERS_FILE && typeof content === 'string',
    );
    return Object.fromEntries(files.map(({ path, content }) => [path, String(content)]));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toMatch(/^--[a-z-]+: /);
    return undefined;
  }
}

/** Asterisk reads its files without throwing anything away, and a dialled extension is where it belongs. */
function readAsterisk(files: Files): void {
  const own = Object.entries(files).filter(([file]) => file.startsWith('etc/asterisk/'));
  const dialplan = own.filter(([file]) => file.includes('extensions_extra.d/'));
  const source = new Map([
    ['/etc/asterisk/extensions.conf', '#include extensions_extra.d/*\n'],
    ...dialplan.map(([file, text]) => [`/${file}`, text] as const),
  ]);
  if (dialplan.length > 0) expect(loadDialplan(memorySource(source)).log).toEqual([]);
  for (const [file, text] of own.filter(([name]) => !name.includes('extensions_extra.d/'))) {
    // (+) adds to a section of Wazo's file, and #exec is allowed by Wazo's asterisk.conf
    if (text.includes('(+)') || text.startsWith('#exec')) continue;
    expect(readConfig(memorySource(new Map([[`/${file}`, text]])), `/${file}`).log).toEqual([]);
  }
}

const QUESTIONS = KINDS.flatMap((kind) =>
  loadTemplate(kind)
    .questions.filter(({ type }) => type === 'input')
    .map((question) => ({ kind, question })),
);

describe.each(KINDS)('any answer to a question of %s', (kind) => {
  it('is refused by its flag, or every file that it goes into parses and holds it', async () => {
    const accepted: { question: string; value: string; files: Files }[] = [];
    for (const { question } of QUESTIONS.filter((entry) => entry.kind === kind)) {
      const sound =
        typeof question.default === 'string' && !question.default.includes('{') ? question.default : 'abc';
      const property = fc.asyncProperty(answersTo(sound), async (value) => {
        const files = await filesWith(kind, question, value);
        if (files === undefined) return;
        if (accepted.filter((entry) => entry.question === question.name).length < 6) {
          accepted.push({ question: question.name, value, files });
        }
        readAsterisk(files);
      });
      await fc.assert(property, { numRuns: 40 });
    }
    expect(new Set(accepted.map(({ question }) => question)).size).toBeGreaterThan(5);
    const read = await run(['/usr/bin/python3', '-c', READ_ALL], {
      input: JSON.stringify({ kind, accepted, not_printed: NOT_PRINTED }),
    });
    expect(read.stderr).toBe('');
    expect(read.status).toBe(0);
    const scripts = accepted.flatMap(({ files }) => files['wazo/rules'] ?? []);
    for (const script of new Set(scripts)) execFileSync('sh', ['-n'], { input: script });
  });
});

it('a refused answer writes nothing, whatever it is', async () => {
  const questions = QUESTIONS.filter(({ question }) => question.valid !== undefined);
  const cwd = tempFolder();
  const wrong = fc.constantFrom('\u0000', '\u001b[2J', '\ud800', 'a\u0007b');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...questions), wrong, async ({ kind, question }, value) => {
      const dir = path.join(cwd, 'plugin');
      const answers = { ...given(kind, question), [question.name]: value };
      await expect(createPlugin({ template: kind, dir, git: false, answers })).rejects.toThrow(
        `--${question.flag}:`,
      );
      expect(existsSync(dir)).toBe(false);
      expect(readdirSync(cwd)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

const READ_ALL = `
import ast, json, sys, tomllib, yaml

def scalars(value):
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from scalars(key)
            yield from scalars(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from scalars(entry)
    elif value is not None:
        yield str(value)

def read(path, text):
    if path.endswith('.py'):
        return [node.value for node in ast.walk(ast.parse(text, path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if path.endswith(('.yml', '.yaml', '.pre-commit-config.yaml')):
        return list(yaml.safe_load_all(text))
    if path.endswith('plugin-info'):
        return json.loads(text)
    if path.endswith('.toml'):
        return tomllib.loads(text)
    if path.endswith(('.conf', '.timer', '.env')):
        return [part.strip() for line in text.splitlines() for part in (line, line.partition('=')[2], *line.split(','))]
    return []

asked = json.load(sys.stdin)
for plugin in asked['accepted']:
    held = set()
    for path, text in plugin['files'].items():
        try:
            held.update(scalars(read(path, text)))
        except Exception as error:
            sys.exit(f'{plugin["question"]}={plugin["value"]!r}: {path}: {error}')
    held.update(path for path in plugin['files'])
    value = plugin['value']
    if plugin['question'] == 'description' and asked['kind'] != 'stack':
        # of several lines, files of settings hold the first
        value = value.strip().split('\\n')[0].strip()
    if value and plugin['question'] not in asked['not_printed'] and not any(value in text for text in held):
        sys.exit(f'{plugin["question"]}={value!r} is nowhere to be read')
`;
