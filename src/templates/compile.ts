/** The built-in templates, read from their folders, and made into what compiled.ts reads. */

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot, packageVersion } from '../support/paths.ts';
import type { BuiltIns, Compiled, CompiledFile, CompiledPart, CompiledTemplate } from './compiled.ts';
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

/** Everything but the contents of files and the version, which is the package's. */
export function compile(builtIns: BuiltIns): Compiled {
  const parts = new Pool<CompiledPart>();
  const questions = new Pool<Question>();
  const files = new Pool<CompiledFile>();
  const lists = (of: { questions: readonly Question[]; files: readonly TemplateFile[] }) => ({
    questions: of.questions.map((question) => questions.add(question)),
    files: of.files.map(({ read: _content, ...file }) => files.add(file)),
  });
  const templates = builtIns.names().map((name): [string, string] => {
    const { pin: _ofPackage, ...template } = builtIns.template(name);
    const partIndices = template.parts.map((part) => parts.add({ ...part, ...lists(part) }));
    const compiled: CompiledTemplate = { ...template, ...lists(template), parts: partIndices };
    return [name, JSON.stringify(compiled)];
  });
  return {
    templates: Object.fromEntries(templates),
    parts: parts.values,
    questions: questions.values,
    files: files.values.map((file) => JSON.stringify(file)),
  };
}

/** Values that are stored once, however many refer to them. */
class Pool<T> {
  readonly values: T[] = [];
  private readonly indices = new Map<string, number>();

  add(value: T): number {
    const key = JSON.stringify(value);
    const index = this.indices.get(key) ?? this.values.push(value) - 1;
    this.indices.set(key, index);
    return index;
  }
}
