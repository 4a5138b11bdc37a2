import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const HELLO_WORLD = path.join(packageRoot(), 'templates/hello-world');

it.each([
  [['--template', 'smdr-logger', 'x', '--day-first', 'no'], 'smdr-logger asks for it: use --set dayFirst=…'],
  [['bank-holidays', 'x', '--country=france'], 'bank-holidays asks for it: use --set country=…'],
  [['--template', HELLO_WORLD, '--hello-extension', '5'], 'use --set helloExtension=…'],
  [['--template', 'npm:acme-elsewhere', '--anything'], 'is answered with --set NAME=VALUE'],
  [['stack', 'x', '--frobnicate'], 'is answered with --set NAME=VALUE; wdev templates show NAME lists them.'],
])('wdev new %j says how such a question is answered', async (words, says) => {
  const { status, stdout, stderr } = await wdev(['new', ...words, '--yes'], { cwd: tempFolder() });
  expect(stderr).toContain('unknown option --');
  expect(stderr).toContain(says);
  expect([status, stdout]).toEqual([2, '']);
});

it('wdev templates show gives each question as it is typed', async () => {
  const shown = async (name: string): Promise<string> => (await wdev(['templates', 'show', name])).stdout;
  const click = await shown('click-to-call');
  expect(click).toMatch(/^ {2}--namespace +Namespace: one word/m);
  expect(click).not.toContain('--set');
  const holidays = await shown('bank-holidays');
  expect(holidays).toMatch(/^ {2}--namespace +Namespace: one word/m);
  expect(holidays).toMatch(/^ {2}--set country=… +Country whose holidays/m);
  const cwd = tempFolder();
  const made = await wdev(
    ['new', 'bank-holidays', 'x', '--namespace', 'a', '--set', 'country=france', '--yes', '--json'],
    { cwd },
  );
  expect(JSON.parse(made.stdout)).toMatchObject({ answers: { country: 'france' } });
});
