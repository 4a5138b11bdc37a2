import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import helpers from 'yeoman-test';
import App from '../../generators/app/index.ts';
import CallLogger from '../../generators/call-logger/index.ts';
import Confgend from '../../generators/confgend/index.ts';
import Stack from '../../generators/stack/index.ts';
import { undoLast } from '../../src/edits/undo.ts';
import { createPlugin } from '../../src/create/create.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { run } from '../../src/support/run.ts';
import { treeOf } from '../support/generations.ts';
import { tempFolder } from '../support/temp.ts';

const GENERATORS = { stack: Stack, confgend: Confgend, 'call-logger': CallLogger } as const;

/** Runs a generator in a new folder and gives the folder. */
async function yo(
  generator: (typeof GENERATORS)['stack'] | typeof App,
  options: Record<string, unknown>,
  answers: Record<string, unknown> = {},
  cwd = tempFolder(),
): Promise<string> {
  await helpers
    .run(generator as never, { namespace: 'wazo-plugin:test' }, { cwd })
    .cd(cwd)
    .withOptions({ git: false, ...options } as object)
    .withAnswers(answers, { throwOnMissingAnswer: false });
  return cwd;
}

describe.each(Object.keys(GENERATORS) as (keyof typeof GENERATORS)[])('yo wazo-plugin:%s', (kind) => {
  it('makes the same bytes and modes as wdev new', async () => {
    const cwd = await yo(GENERATORS[kind], { name: 'hello', 'plugin-namespace': 'demo', yes: true });
    mkdirSync(path.join(cwd, 'wdev'));
    await createPlugin({
      template: kind,
      dir: path.join(cwd, 'wdev/hello'),
      answers: { name: 'hello', namespace: 'demo' },
      git: false,
    });
    expect((await run(['diff', '-r', 'hello', 'wdev/hello'], { cwd })).stdout).toBe('');
    expect(modes(path.join(cwd, 'hello'))).toEqual(modes(path.join(cwd, 'wdev/hello')));
  });

  it('asks what no option tells', async () => {
    const cwd = await yo(
      GENERATORS[kind],
      { name: 'hello' },
      { namespace: 'asked', description: 'From a prompt' },
    );
    const record = readFileSync(path.join(cwd, 'hello/.yo-rc.json'), 'utf8');
    expect(record).toContain('"namespace": "asked"');
    expect(record).toContain('"description": "From a prompt"');
  });
});

describe('yo wazo-plugin', () => {
  it('asks for the kind', async () => {
    const cwd = await yo(App, { name: 'hello', 'plugin-namespace': 'demo' }, { kind: 'confgend' });
    expect(readdirSync(path.join(cwd, 'hello'))).toContain('demo_hello_confgend');
  });

  it('offers every part of the stack plugin in one checkbox, each with its line', async () => {
    const cwd = tempFolder();
    const offered: unknown[] = [];
    await helpers
      .run(Stack as never, { namespace: 'wazo-plugin:test' }, { cwd })
      .cd(cwd)
      .withOptions({ git: false, name: 'hello' } as object)
      .withAnswers(
        { namespace: 'demo', parts: ['calld', 'sounds'] },
        {
          throwOnMissingAnswer: false,
          callback: (
            answer: unknown,
            { question }: { question: { name: string; type: string; choices?: unknown } },
          ) => {
            if (question.name === 'parts') offered.push(question.type, question.choices);
            return answer;
          },
        },
      );
    // what Enter alone takes stands first, where it is seen
    const parts = [...loadTemplate('stack').parts].sort(
      (a, b) => Number(b.name === 'dialplan') - Number(a.name === 'dialplan'),
    );
    const choices = parts.map(({ name, summary }) =>
      expect.objectContaining({
        value: name,
        // a line of a terminal each
        name: expect.stringContaining(`${name}: ${summary.slice(0, 50)}`) as string,
      }),
    );
    expect(offered).toEqual(['checkbox', choices]);
    expect(readdirSync(path.join(cwd, 'hello/etc'))).toEqual(['wazo-calld']);
    expect(readdirSync(path.join(cwd, 'hello/usr/share/asterisk/sounds'))).toEqual(['demo-hello']);
  });

  it('is rolled back by wdev undo: the new folder, or what was written into one that held something', async () => {
    const options = { name: 'hello', 'plugin-namespace': 'demo', yes: true };
    const fresh = await yo(Stack, options);
    expect((await undoLast(path.join(fresh, 'hello'))).folderRemoved).toBe(true);
    expect(readdirSync(fresh)).toEqual([]);

    const hello = path.join(fresh, 'hello');
    mkdirSync(path.join(hello, 'etc'), { recursive: true });
    writeFileSync(path.join(hello, 'README.md'), 'before\n');
    const before = treeOf(hello);
    await yo(Stack, { ...options, force: true }, {}, fresh);
    expect(Object.keys(treeOf(hello))).toContain('wazo/rules');
    expect((await undoLast(hello)).record.did).toBe('new');
    expect(treeOf(hello)).toEqual(before);
  });

  it('refuses a wrong answer before anything is written', async () => {
    await expect(yo(Stack, { name: 'Hello World', yes: true })).rejects.toThrow(/--name: .*"hello-world"/);
  });
});

function modes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    files.map((file) => [file, (statSync(path.join(folder, file)).mode & 0o777).toString(8)]),
  );
}
