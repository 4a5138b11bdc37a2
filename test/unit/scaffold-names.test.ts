import { describe, expect, it } from 'vitest';
import * as names from '../../src/wazo/names.ts';

type Check = (value: string) => string | undefined;

const CASES: readonly [string, Check, readonly string[], readonly string[]][] = [
  [
    'plugin name',
    names.pluginNameProblem,
    ['a', 'hello', 'call-notes', '42', 'on'],
    ['', 'Hello', 'a_b', 'a b', 'hello\n', '-a', 'a-', 'a--b', 'é'],
  ],
  [
    'namespace',
    names.namespaceProblem,
    ['demo', 'acme2', '3com'],
    ['', 'my-company', 'Demo', 'demo\n', 'a_b'],
  ],
  [
    'Debian version',
    names.debianVersionProblem,
    ['0.1.0', '1.2-1', '1:2.0', '1.0~rc1', '24.01+x'],
    ['', 'v1', '1.0 ', '1.0\n', '1_0', '-1', '1-'],
  ],
  [
    'Python version',
    names.pythonVersionProblem,
    ['0.1.0', '1', '1.2rc1', '1.2.post1'],
    ['', '1.0~rc1', '1:2', '1.0-x', '1.0\n'],
  ],
  ['Wazo version', names.wazoVersionProblem, ['24.01', '26.10'], ['24.1', '9.01', '24']],
  ['Python name', names.pythonNameProblem, ['a_b', 'x1'], ['class', 'a-b', '1a', 'A', 'a\n']],
  ['class name', names.classNameProblem, ['Hello', 'A_b1'], ['None', 'hello', '1A', 'A-b', 'A\n']],
  [
    'call-logger class',
    names.callLoggerClassProblem,
    ['Smdr'],
    ['Plugin', 'SerialPlugin', 'Record', 'Serialplugin'],
  ],
  [
    'driver',
    names.driverNameProblem,
    ['acme', 'a_b'],
    ['wazo', 'Wazo', 'class', 'on', 'null', 'a-b', '', 'a\n'],
  ],
  ['resource', names.resourceProblem, ['asterisk', 'provd'], ['a/b', '', 'A', 'a.b']],
  [
    'generated file',
    names.generatedFileProblem,
    ['sip.conf', 'a-b.conf', 'network.yml', 'x'],
    ['', 'a/b', '../x', '.x', 'a b', 'x\n', 'a..b'],
  ],
  [
    'extension',
    names.extensionProblem,
    ['***42', '42', '_*77X.', '_[1-5]XX', '_X!', '*abc'],
    ['', 's', 'h', '4 2', '42,1', '_.', '_!', '_X.X', '_[12', '42;', '42\n', '4.2', '${X}', 'x'.repeat(80)],
  ],
  [
    'context',
    names.contextProblem,
    ['xivo-extrafeatures', 'a_b'],
    ['', 'general', 'globals', 'a b', 'a]', 'a\n', '-a'],
  ],
];

describe.each(CASES)('%s', (_what, problem, good, bad) => {
  it.each(good.map((value) => [value]))('accepts %j', (value) => expect(problem(value)).toBeUndefined());
  it.each(bad.map((value) => [value]))('refuses %j with a sentence', (value) => {
    expect(problem(value)).toMatch(/^.{20,}$/s);
  });
});

it('tells what would be right', () => {
  expect(names.pluginNameProblem('My Plugin')).toContain('"my-plugin"');
  expect(names.namespaceProblem('my-company')).toContain('"mycompany"');
  expect(names.classNameProblem('my class')).toContain('"MyClass"');
});

it('gives a name in every case, as Python identifiers also after a digit', () => {
  expect(names.nameForms('demo', 'call-notes')).toEqual({
    kebab: 'demo-call-notes',
    snake: 'demo_call_notes',
    pascal: 'DemoCallNotes',
    upper: 'DEMO_CALL_NOTES',
  });
  expect(names.nameForms('3com', 'x')).toMatchObject({
    kebab: '3com-x',
    snake: 'wazo_3com_x',
    pascal: 'Wazo3comX',
  });
});
