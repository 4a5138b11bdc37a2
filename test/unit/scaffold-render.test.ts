import * as fc from '../support/fast-check.ts';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { settleAnswers } from '../../src/answers/answers.ts';
import { KINDS, loadTemplate, type Kind } from '../../src/templates/load.ts';
import type { Answers } from '../../src/answers/question.ts';
import { ANSWERS_FILE } from '../../src/templates/list-files.ts';
import { render } from '../../src/templates/render.ts';
import { parseManifest } from '../../src/templates/manifest-text.ts';
import { parseLayer } from '../../src/templates/manifest.ts';
import type { Template } from '../../src/templates/template.ts';
import { run } from '../../src/support/run.ts';

const FACTS = { year: '2026', gitName: '', user: 'tester' };

function settle(kind: Kind, given: Record<string, unknown> = {}): Promise<Answers> {
  return settleAnswers(loadTemplate(kind), {
    given: { name: 'hello', namespace: 'demo', ...given },
    facts: FACTS,
    open: 'defaults',
  });
}

async function rendered(kind: Kind, given: Record<string, unknown> = {}): Promise<Map<string, string>> {
  const files = render(loadTemplate(kind), await settle(kind, given));
  return new Map(files.map((file) => [file.path, String(file.content)]));
}

/** Text of one or more lines, of anything a person may type or paste. */
const anyText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]/gu, ''))
  .map((text) => `x${text}`);
const nasty = fc.constantFrom(
  `"quoted" 'single' \\ back\\slash \${HOME} $(id) \`id\``,
  '100% %s %(name)s {name} {{x}} <%= 1 %> # @= name @# ; @= name @; <!--@= name @-->',
  '🎉 שלום عربى \u200f\u2028line\u2029 \ufeff é',
  '--- [x]: {y} & *z !t | > @ ` # comment',
  'acme-example acme_example AcmeExample ***42 xivo-extrafeatures example_driver ExamplePlugin',
  '</script> &amp; <b> _a_ **b** [c](d)',
);
const freeText = fc.oneof(
  nasty,
  anyText,
  fc.tuple(nasty, anyText).map(([a, b]) => `${a}\n${b}`),
);
const line = freeText.map((text) => text.replace(/[\n\t\u2028\u2029]/g, ' '));

/** The description where there is room for one line. */
function firstLine(description: string): string {
  return description.split('\n').find((text) => text.trim() !== '') ?? '';
}

describe('render', () => {
  it.each(KINDS)('%s: no sentinel, no tag and no name of the tool is left', async (kind) => {
    for (const [path, text] of await rendered(kind)) {
      expect(`${path}\n${text}`).not.toMatch(/acme|example_driver|Example(Driver|Plugin)|@#|@;|@-->/i);
      // these name it because they call it
      const named = [ANSWERS_FILE, 'README.md', '.pre-commit-config.yaml'];
      if (!named.includes(path)) expect(text).not.toMatch(/yeoman|generator-wazo/i);
    }
  });

  it('makes wazo/rules executable and nothing else', async () => {
    const files = render(loadTemplate('stack'), await settle('stack'));
    expect(files.filter((file) => file.mode !== 0o644).map((file) => [file.path, file.mode])).toEqual([
      ['wazo/rules', 0o755],
    ]);
  });

  it('puts the dialplan under the plugin’s own names', async () => {
    const files = await rendered('stack', { extension: '_*77X.', context: 'my-features' });
    const dialplan = files.get('etc/asterisk/extensions_extra.d/demo-hello.conf');
    expect(dialplan).toContain('[my-features]\nexten = _*77X.,1,Gosub(demo-hello,s,1)\nsame = n,Hangup()\n');
    expect(dialplan).toContain('[demo-hello]\nexten = s,1,');
  });

  it('keeps names that YAML would read as something else', async () => {
    for (const name of ['on', 'null', '42', '1e3', 'y']) {
      const yml = (await rendered('stack', { name, namespace: '12' })).get('wazo/plugin.yml') ?? '';
      const { status, stdout } = await run(['/usr/bin/python3', '-c', PRINT_YAML], { input: yml });
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ name, namespace: '12' });
    }
  });

  it('brings any text into YAML unharmed', async () => {
    await fc.assert(
      fc.asyncProperty(freeText, line, async (description, author) => {
        const stack = await rendered('stack', { description, author });
        expect(load(stack.get('wazo/plugin.yml') ?? '')).toMatchObject({ description, author });
        const confgend = await rendered('confgend', { description, author });
        const summary = firstLine(description);
        expect(load(confgend.get('etc/wazo-confgend/conf.d/50-demo-hello.yml') ?? '')).toMatchObject({
          demo_hello: { sections: { general: { description: summary } } },
        });
      }),
      { numRuns: 60 },
    );
  });

  it('PyYAML and Python read the same texts as they were typed', async () => {
    const texts = fc.sample(fc.tuple(freeText, line), 60);
    const inputs = await Promise.all(
      texts.map(async ([description, author]) => {
        const stack = await rendered('stack', { description, author });
        const confgend = await rendered('confgend', { description, author });
        return { yml: stack.get('wazo/plugin.yml'), setup: confgend.get('setup.py') };
      }),
    );
    const { status, stdout, stderr } = await run(['/usr/bin/python3', '-c', READ_BACK], {
      input: JSON.stringify(inputs),
      env: { PYTHONIOENCODING: 'utf-8' },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const expected = texts.map(([description, author]) => ({
      yml: [description, author],
      setup: [firstLine(description), author],
    }));
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  it('names the template file when a tag prints what was never asked', async () => {
    const template = withFile('note.txt', 'Port # @= port @#\n');
    expect(() => render(template, { name: 'hello', namespace: 'demo', base: 'plugin' })).toThrow(
      /x\/files\/note\.txt.*no text to print/s,
    );
  });

  it.each([
    ['# @= process @#', 'unknown name process'],
    ['# @= name.constructor @#', 'not allowed'],
    ['# @_ while (true) { _@#', 'not allowed'],
    ['# @= (() => 1)() @#', 'not allowed'],
    ['# @- name @#', 'not allowed'],
    ['# @= name', 'not allowed'],
  ])('refuses code in a template: %s', (tag, reason) => {
    expect(() => render(withFile('a.sh', `true\n${tag}\n`), { name: 'a', namespace: 'b' })).toThrow(
      new RegExp(`x/files/a\\.sh:2: .*${reason}`),
    );
  });
});

function withFile(path: string, text: string): Template {
  const layer = parseLayer({
    folder: 'x',
    manifest: parseManifest(
      'title: X\nsummary: x\nquestions:\n  - {name: name, type: input, message: N}\n  - {name: port, type: input, message: P}\n',
      'x/template.yml',
    ),
    files: [{ path, content: text }],
  });
  return {
    ...layer,
    name: 'x',
    kind: 'x',
    parts: [],
    pin: { wdev: '0.1.0' },
    own: { conditions: [], questions: [] },
  };
}

const PRINT_YAML = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.read())))';

const READ_BACK = `
import ast, json, sys, yaml
def setup(text):
    call = ast.parse(text).body[-1].value
    found = {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg in ('description', 'author')}
    return [found['description'], found['author']]
def plugin(text):
    found = yaml.safe_load(text)
    return [found['description'], found['author']]
print(json.dumps([{'yml': plugin(e['yml']), 'setup': setup(e['setup'])} for e in json.load(sys.stdin)]))
`;
