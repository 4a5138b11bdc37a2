import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleNames, isKind } from '../../src/templates/built-in.ts';
import { loadTemplate } from '../../src/templates/load.ts';
import { run } from '../../src/support/run.ts';
import { generated } from '../support/generated-plugin.ts';

/** The modules that the files of a plugin import, but for Python's, the plugin's own and those of tests/standins. */
const IMPORTED = `
import ast, pathlib, sys

root = pathlib.Path(sys.argv[1])
there = {path.stem for folder in ('', 'tests', 'tests/standins') for path in (root / folder).glob('*')}
found = set()

def look(node):
    # a type checker alone reads what stands below it
    if isinstance(node, ast.If) and 'TYPE_CHECKING' in ast.unparse(node.test):
        return
    if isinstance(node, ast.Import):
        found.update(name.name.split('.')[0] for name in node.names)
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        found.add(node.module.split('.')[0])
    if isinstance(node, ast.Call) and ast.unparse(node.func) == 'pytest.importorskip':
        found.add(node.args[0].value)
    for child in ast.iter_child_nodes(node):
        look(child)

for file in root.rglob('*.py'):
    # what is installed there runs in the service
    if 'integration' not in file.parts and 'standins' not in file.parts:
        look(ast.parse(file.read_text(encoding='utf-8')))
print(*sorted(found - there - sys.stdlib_module_names))
`;

const KNOWN = ['jinja2', 'pytest', 'setuptools', 'stevedore', 'yaml'];

const PLUGINS: readonly (readonly [string, string, Record<string, unknown>])[] = [
  ...loadTemplate('stack').parts.map(({ name }) => [`part ${name}`, 'stack', { parts: [name] }] as const),
  ...['extend', 'scratch', 'template'].flatMap((style) => [
    ['part confgend', 'stack', { parts: ['confgend'], generatedFile: 'asterisk/pjsip.conf', style }] as const,
    ['confgend', 'confgend', { generatedFile: 'provd/network.yml', style }] as const,
  ]),
  ['call-logger', 'call-logger', {}],
  ...exampleNames()
    .filter((name) => isKind(loadTemplate(name).kind))
    .map((name) => [`example ${name}`, name, {}] as const),
];

describe('the Debian packages that README names for the tests', () => {
  it.each(PLUGINS)('are those that they import: %s (%s, %j)', async (_title, template, answers) => {
    const dir = await generated(template, answers);
    const imported = await run(['/usr/bin/python3', '-c', IMPORTED, dir]);
    expect(imported.stderr).toBe('');
    const needed = imported.stdout
      .trim()
      .split(' ')
      .filter((module) => KNOWN.includes(module));
    const line = /^`python3 -m pytest` needs (.*?)(?:, and no server)?\.$/m.exec(
      readFileSync(path.join(dir, 'README.md'), 'utf8'),
    );
    expect(line?.[1]?.split(/, | and /)).toEqual(needed.map((module) => `python3-${module}`));
  });
});
