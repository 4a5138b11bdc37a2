/** The built-in templates, read from their folders, and made into what compiled.ts reads. */

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot, packageVersion } from '../support/paths.ts';
import type { BuiltIns, CompiledFile, CompiledIndex, CompiledPart, CompiledTemplate } from './compiled.ts';
import { loadFolder } from './load-folder.ts';
import type { Question } from '../answers/question.ts';
import type { TemplateFile } from './template.ts';
import { readText } from '../support/read-file.ts';

/** A folder whose manifest has no kind is a layer for others. */
export function builtInsOfFolders(): BuiltIns {
  const layers = path.join(packageRoot(), 'templates');
  const isTemplate = (name: string): boolean => {
    const manifest = path.join(layers, name, 'template.yml');
    return existsSync(manifest) && /^kind: /m.test(readText(manifest));
  };
  return {
    names: () => readdirSync(layers).filter(isTemplate).sort(),
    template: (name) =>
      loadFolder({
        reference: name,
        folder: path.join(layers, name),
        layers,
        pin: { wdev: packageVersion() },
      }),
  };
}

/** The lines of the compiled file: everything but the contents of files and the version, which is the package's. */
export function compile(builtIns: BuiltIns): readonly string[] {
  const pool = new Pool();
  const lists = (of: { questions: readonly Question[]; files: readonly TemplateFile[] }) => ({
    questions: of.questions.map((question) => pool.add(question)),
    files: of.files.map(({ read: _content, ...file }) => pool.add(file satisfies CompiledFile)),
  });
  const templates = builtIns.names().map((name): [string, number] => {
    const { pin: _ofPackage, ...template } = builtIns.template(name);
    const parts = template.parts.map((part) => pool.add({ ...part, ...lists(part) } satisfies CompiledPart));
    return [name, pool.add({ ...template, ...lists(template), parts } satisfies CompiledTemplate)];
  });
  const index: CompiledIndex = Object.fromEntries(templates);
  return [JSON.stringify(index), ...pool.lines];
}

/** Values that are stored once, however many refer to them. */
class Pool {
  readonly lines: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** The number of the value's line; the first line is the index. */
  add(value: object): number {
    const line = JSON.stringify(value);
    const number = this.numbers.get(line) ?? this.lines.push(line);
    this.numbers.set(line, number);
    return number;
  }
}
