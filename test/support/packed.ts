import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/support/paths.ts';
import { COMPILED_FILE } from '../../src/templates/compiled.ts';

/** A file in the tarball, as `npm pack --json` tells it. */
export interface PackedFile {
  readonly path: string;
  readonly mode: number;
}

const root = packageRoot();

function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name))
    .filter((name) => !/__pycache__|\.pytest_cache/.test(name) && statSync(path.join(root, name)).isFile());
}

/**
 * Things that npm leaves out without a word: dot files of templates, executable bits, data beside the code; and what does not belong.
 * `made` are files that no source stands for.
 */
export function checkContent(files: readonly PackedFile[], made: readonly string[] = []): void {
  const modes = new Map(files.map((file) => [file.path, file.mode]));
  // the page is built into dist/live, and the pictures are for who reads README in the repository
  const data = filesBelow('src').filter((name) => !/\.ts$|^src\/(live\/page|guide\/pictures)\//.test(name));
  const code = filesBelow('dist/src/parts');
  const wanted = [
    ...filesBelow('templates'),
    ...data,
    ...code,
    ...['bin.cjs', 'start-texts.json', 'stacks/embedded/daemon.js'].map((name) => `dist/src/${name}`),
    'dist/LICENCES',
    'dist/live/page.js',
    'dist/live/page.css',
    ...['app', 'stack', 'confgend', 'call-logger'].map((name) => `dist/generators/${name}/index.js`),
    path.relative(root, COMPILED_FILE),
    ...made,
    'package.json',
    'LICENSE',
    'SECURITY.md',
    'CHANGELOG.md',
    'README.md',
  ];
  assert.deepEqual(
    wanted.filter((name) => !modes.has(name)),
    [],
    'missing in the tarball',
  );
  assert(modes.has('templates/common/files/_gitignore'));
  for (const name of [
    'templates/stack/files/wazo/rules',
    'dist/src/bin.cjs',
    'src/targets/far-end/library.sh',
  ]) {
    const expected = statSync(path.join(root, name)).mode & 0o111;
    assert.equal((modes.get(name) ?? 0) & 0o111, expected, `executable bit of ${name}`);
  }
  assert.equal((modes.get('templates/stack/files/wazo/rules') ?? 0) & 0o111, 0o111);
  const unwanted = [...modes.keys()].filter((name) =>
    /^(test|dist\/test|node_modules|\.ci)\/|\.test\.|^src\/.*\.ts$|\.tgz$/.test(name),
  );
  assert.deepEqual(unwanted, [], 'does not belong in the tarball');
  const stale = [...modes.keys()].filter((name) => /^dist\/.*\.c?js$/.test(name) && !wanted.includes(name));
  assert.deepEqual(stale, [], 'not of this build; remove dist/ and build again');
  const texts = [...modes.keys()]
    .filter((name) => /\.c?js$/.test(name))
    .map((name) => readFileSync(name, 'utf8'));
  const unused = code.filter((name) => !texts.some((text) => text.includes(`/${path.basename(name)}"`)));
  assert.deepEqual(unused, [], 'imported by none');
}
