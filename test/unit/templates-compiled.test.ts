import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { builtInsOfFolders, compile } from '../../src/templates/compile.ts';
import { COMPILED_FILE, readCompiled } from '../../src/templates/compiled.ts';
import type { Template, TemplateFile } from '../../src/templates/template.ts';

const sources = builtInsOfFolders();
const compiled = readCompiled();

it('the compiled templates are those of the folders; npm run build makes them', () => {
  expect(readFileSync(COMPILED_FILE, 'utf8').split('\n')).toEqual(compile(sources));
});

it.each(sources.names())('%s is the same, compiled or read from its folder', (name) => {
  expect(withContents(compiled.template(name))).toEqual(withContents(sources.template(name)));
});

function withContents(template: Template): unknown {
  const read = (file: TemplateFile): unknown => ({ ...file, read: file.read() });
  const parts = template.parts.map((part) => ({ ...part, files: part.files.map(read) }));
  return { ...template, files: template.files.map(read), parts };
}
