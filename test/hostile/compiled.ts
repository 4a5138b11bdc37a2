import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/support/paths.ts';

const outputs = new Map<string, string>();

/**
 * A source as a file of its own: `dist/` holds several in one, where no guard can be found.
 * @param file e.g. `src/templates/safe-paths.js`, for the source of that name
 */
export function compiled(file: string): string {
  const known = outputs.get(file);
  if (known !== undefined) return known;
  const source = readFileSync(path.join(packageRoot(), file.replace(/js$/, 'ts')), 'utf8');
  const { ESNext: module } = ts.ModuleKind;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module, target: ts.ScriptTarget.ES2023, rewriteRelativeImportExtensions: true },
  });
  outputs.set(file, outputText);
  return outputText;
}
