import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PURE = ['wazo', 'dialplan', 'check'];
const EDGES = new Set([
  'src/dialplan/read/folder-source.ts',
  'src/dialplan/read/find-files.ts',
  'src/check/write-mended.ts',
]);

interface Import {
  readonly file: string;
  readonly target: string;
}

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  return found.map((target) => ({
    file,
    target: target.startsWith('.')
      ? path.relative(ROOT, path.resolve(ROOT, path.dirname(file), target))
      : target,
  }));
}

function layer(file: string): string {
  const [top = '', folder = ''] = file.split('/');
  return top === 'generators' ? 'generators/' : folder;
}

describe('architecture', () => {
  const imports = [...sources('src'), ...sources('generators')].flatMap(importsOf);

  it('keeps processes, network and terminal out of the pure folders', () => {
    const wrong = imports
      .filter(({ file }) => PURE.includes(layer(file)) && !EDGES.has(file))
      .filter(({ target }) =>
        /^node:(fs|child_process|net|http)|^(execa|chokidar|chalk|inquirer)$/.test(target),
      )
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  it('never lets wdev load Yeoman', () => {
    const wrong = imports.filter(({ file, target }) => file.startsWith('src/') && /yeoman/.test(target));
    expect(wrong).toEqual([]);
  });
});
