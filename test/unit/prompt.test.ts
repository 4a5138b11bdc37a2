import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Ask } from '../../src/answers/answers.ts';
import { createPlugin } from '../../src/create/create.ts';
import { askThrough, type PromptQuestion } from '../../src/terminal/prompt.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { KEY, inTerminal } from '../support/terminal.ts';
import { tempFolder } from '../support/temp.ts';

const before = Object.getOwnPropertyDescriptor(process.stdout, 'columns');

/** Gives standard output the width of a terminal. */
function terminal(columns: number): void {
  Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true, writable: true });
}

afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(process.stdout, 'columns');
  else Object.defineProperty(process.stdout, 'columns', before);
});

it('a name is refused when it is typed, where a folder of that name holds something', async () => {
  const parent = tempFolder();
  mkdirSync(path.join(parent, 'taken'));
  writeFileSync(path.join(parent, 'taken/notes.txt'), '');
  mkdirSync(path.join(parent, 'empty'));
  writeFileSync(path.join(parent, 'file'), '');
  const told: (string | undefined)[] = [];
  const ask: Ask = (question, fallback, problem) => {
    if (question.name !== 'name') return Promise.resolve(fallback ?? 'demo');
    told.push(...['taken', 'file', 'empty', 'free'].map((name) => problem(name)));
    return Promise.resolve('free');
  };
  await createPlugin({ template: 'stack', parent, open: ask, answers: {}, git: false, dryRun: true });
  expect(told).toEqual([
    `${parent}/taken exists and is not empty`,
    `${parent}/file exists and is not a folder`,
    undefined,
    undefined,
  ]);
});

it('a list says how long it is, and shows the whole of a line that is cut', async () => {
  terminal(80);
  let seen: PromptQuestion | undefined;
  const long = `one: ${'a long description '.repeat(8)}`.trim();
  const choices = [
    { value: 'one', name: long },
    ...Array.from({ length: 40 }, (_, at) => ({ value: `n${at}`, name: `n${at}` })),
  ];
  const question = {
    name: 'parts',
    type: 'list',
    message: 'Which',
    flag: 'part',
    ask: true,
    choices,
  } as const;
  await askThrough((asked) => {
    seen = asked;
    return Promise.resolve({});
  })(question, 'one', () => undefined);
  expect(seen?.message).toBe('Which (41, the arrow keys show more)');
  const [first, second] = seen?.choices ?? [];
  expect(first?.name).toMatch(/^one: .*…$/);
  expect(first?.description?.replaceAll('\n', ' ')).toBe(long);
  expect(second?.description).toBeUndefined();
});

it('Ctrl-C at a yes/no question is an interruption, and no no', async () => {
  const prompt = path.join(packageRoot(), 'src/terminal/prompt.ts');
  const code = `import(${JSON.stringify(prompt)}).then(({ confirm }) => confirm('Remove it?', 'Add --yes.')).then(
    (answer) => console.log('answered', answer),
    ({ message, exit }) => { console.log(message); process.exitCode = exit; },
  )`;
  const node = [process.execPath, '--import', 'tsx', '-e', code];
  const ctrlC = await inTerminal(node, { cwd: packageRoot() }, [['Remove it? [y/N]', KEY.interrupt]]);
  expect(ctrlC.stdout).toContain('interrupted; nothing was done');
  expect(ctrlC.status).toBe(130);
  const no = await inTerminal(node, { cwd: packageRoot() }, [['Remove it? [y/N]', KEY.enter]]);
  expect(no.stdout).toContain('answered false');
  expect(no.status).toBe(0);
});
