import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** ARCHITECTURE.md, "Direction": a folder imports only from those before it. */
const ORDER = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  .split('\n')
  .find((line) => line.startsWith('`support` ‹'))
  ?.split('‹')
  .map((part) => part.replaceAll(/[`\s]|,.*/g, '')) as readonly string[];

const PURE = ['dialplan', 'check', 'plan'];
const EDGES = new Set([
  'src/dialplan/folder-source.ts',
  'src/dialplan/find-files.ts',
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

/** The files and folders of ARCHITECTURE.md, "The tree". */
function listed(): readonly string[] {
  const text = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const block = /## The tree\n+```\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  let folder = '';
  return block.split('\n').flatMap((line) => {
    const [name = ''] = line.trim().split(/\s{2,}|\s/);
    if (name === '') return [];
    if (line.startsWith(' ')) return [`${folder}${name}`];
    folder = name;
    return name.endsWith('/') ? [] : [name];
  });
}

/** Every code file of a folder, and `assets/` as one. */
function codeFiles(folder: string): readonly string[] {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
  return [...new Set(files.map((file) => file.replace(/^(.*\/assets\/).*$/, '$1')))];
}

describe('architecture', () => {
  const imports = [...sources('src'), ...sources('generators')].flatMap(importsOf);

  it('lets every folder import only from folders to its left', () => {
    const wrong = imports
      .filter(({ target }) => target.startsWith('src/') || target.startsWith('generators/'))
      .filter(({ file, target }) => {
        const [from, to] = [ORDER.indexOf(layer(file)), ORDER.indexOf(layer(target))];
        const outermost = layer(file) === 'bin.ts' || layer(file) === 'generators/';
        if (outermost) return to < 0 && layer(target) !== layer(file);
        return to < 0 || from < 0 || to > from;
      })
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(wrong).toEqual([]);
  });

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

  it('names every file of src and generators in the tree, with a line about it', () => {
    const compare = (a: string, b: string): number => a.localeCompare(b);
    expect(listed().toSorted(compare)).toEqual(
      [...codeFiles('src'), ...codeFiles('generators')].toSorted(compare),
    );
  });
});
