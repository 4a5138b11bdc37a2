import type { Finding } from '../../src/findings/finding.ts';
import type { TEMPLATES } from '../../src/findings/templates.ts';
import { lintTemplate } from '../../src/templates/lint.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import type { Scenario } from './scenario.ts';

async function linted(files: Readonly<Record<string, string>>, more = ''): Promise<readonly Finding[]> {
  const dir = tempFolder();
  const head = 'title: T\nsummary: For a test\nkind: stack\nversion: 1\nquestions:\n';
  const questions = ['name', 'namespace'].map(
    (name) => `  - {name: ${name}, type: input, message: ${name}, default: demo}\n`,
  );
  const named = Object.entries(files).map(([name, text]) => [`files/${name}`, text] as const);
  writeFiles(dir, { 'template.yml': `${head}${questions.join('')}${more}`, ...Object.fromEntries(named) });
  return (await lintTemplate(dir)).findings;
}

export const TEMPLATE_SCENARIOS: Readonly<Record<keyof typeof TEMPLATES, Scenario>> = {
  'template-unsafe': () => linted({ '.git/config': 'x\n' }),
  'template-broken': () => linted({ 'one.md': 'x\n' }, 'reload: [x]\n'),
  'template-file-broken': () => linted({ 'two.json': '{"a": }' }),
  'template-file-never-made': () => linted({ 'one.md': 'x\n' }, 'conditions: {one.md: {name: nobody}}\n'),
  'template-condition': () => linted({ 'one.md': 'x\n' }, 'conditions: {gone/: {name: hello}}\n'),
  'template-sample': () =>
    linted(
      { 'one.md': 'often\n' },
      '  - {name: pace, type: input, message: Pace, default: often, sample: PACE}\n',
    ),
  'template-question-unused': () =>
    linted({ 'one.md': 'x\n' }, '  - {name: pace, type: input, message: Pace, default: often}\n'),
  'template-tag-left': () => linted({ 'two.md': '# @= where @#\n' }),
  'template-name-left': () =>
    linted(
      { 'two.md': '<!--@= who @-->-example\n' },
      '  - {name: who, type: input, message: who, default: acme}\n',
    ),
};
