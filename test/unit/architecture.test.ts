import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { describe, expect, it, onTestFinished } from 'vitest';
import configuration, { LAYERS } from '../../.dependency-cruiser.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Names of the rules that a tree of files breaks. */
async function broken(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-layers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const { tsConfig: _, ...options } = configuration.options ?? {};
  const result = await cruise(['src'], {
    ...options,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: configuration.forbidden ?? [] },
  });
  const { summary } = result.output as ICruiseResult;
  return [...new Set(summary.violations.map(({ rule }) => rule.name))];
}

/** Every way to import a file. */
const WAYS = {
  value: (from: string) => `import { it } from '${from}';\nit();\n`,
  type: (from: string) => `import type { It } from '${from}';\nexport type There = It;\n`,
  'inline type': (from: string) => `import { type It } from '${from}';\nexport type There = It;\n`,
  're-export': (from: string) => `export { it } from '${from}';\n`,
  'import()': (from: string) => `export const it = async () => await import('${from}');\n`,
  'type of import()': (from: string) => `export type There = typeof import('${from}');\n`,
} as const;
const THERE = 'export const it = () => 1;\nexport type It = 1;\n';

describe('the linter of layers', () => {
  it('sees the parsers that the sources import', async () => {
    const result = await cruise(['src/readers'], { ...configuration.options, baseDir: ROOT });
    const { modules } = result.output as ICruiseResult;
    const packages = modules.flatMap(({ source }) => /^node_modules\/([^/]+)/.exec(source)?.[1] ?? []);
    expect([...new Set(packages)].sort()).toEqual(['js-yaml', 'unbash']);
  });

  it.each(Object.entries(WAYS))('refuses an earlier room that imports a later one: %s', async (_, text) => {
    expect(await broken({ 'src/wazo/a.ts': text('../findings/b.ts'), 'src/findings/b.ts': THERE })).toEqual([
      'layers-wazo',
    ]);
    expect(await broken({ 'src/stage/a.ts': text('../loop/b.ts'), 'src/loop/b.ts': THERE })).toEqual([
      'layers-stage',
    ]);
  });

  it.each(Object.entries(WAYS))('refuses a circle: %s', async (_, text) => {
    expect(await broken({ 'src/loop/a.ts': text('./b.ts'), 'src/loop/b.ts': WAYS.value('./a.ts') })).toEqual([
      'no-circles',
    ]);
  });

  it.each(Object.entries(WAYS))('refuses a parser outside of readers/: %s', async (_, text) => {
    // as it is published: all that it exports it names under `exports`
    const parser = {
      'node_modules/unbash/package.json': readFileSync(
        path.join(ROOT, 'node_modules/unbash/package.json'),
        'utf8',
      ),
      'node_modules/unbash/dist/parser.js': 'export const it = () => 1;\n',
    };
    expect(await broken({ 'src/update/a.ts': text('unbash'), ...parser })).toEqual([
      'parsers-only-in-readers',
    ]);
    expect(await broken({ 'src/readers/shell/a.ts': text('unbash'), ...parser })).toEqual([]);
  });

  it('refuses the Python process outside of readers/', async () => {
    const files = { 'src/readers/python/python-process.ts': THERE };
    const own = '../readers/python/python-process.ts';
    expect(await broken({ 'src/check/a.ts': WAYS.value(own), ...files })).toEqual([
      'parsers-only-in-readers',
    ]);
  });

  it('allows a later room to import an earlier one', async () => {
    const files = { 'src/findings/a.ts': WAYS.value('../wazo/b.ts'), 'src/wazo/b.ts': THERE };
    expect(await broken(files)).toEqual([]);
  });

  it('refuses a folder that no layer names', async () => {
    const files = { 'src/utils/a.ts': WAYS.value('../wazo/b.ts'), 'src/wazo/b.ts': THERE };
    expect(await broken(files)).toEqual(['a-room-for-each-file']);
  });

  it('names every folder of src once', () => {
    const folders = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(Object.values(LAYERS).flat().toSorted()).toEqual(folders.toSorted());
  });
});

/** Modules that a file imports, as written. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
}

describe('the rooms', () => {
  /** They read files; all else in these rooms is a pure function. */
  const edges = new Set(['src/dialplan/read/folder-source.ts', 'src/dialplan/read/find-files.ts']);

  it.each(['wazo', 'findings', 'dialplan', 'check'])('%s has no process, network or terminal', (room) => {
    const wrong = sources(`src/${room}`)
      .filter((file) => !edges.has(file))
      .flatMap((file) => importsOf(file).map((target) => `${file} imports ${target}`))
      .filter((line) => / node:(fs|child_process|net|http)| (execa|chokidar|inquirer)$/.test(line));
    expect(wrong).toEqual([]);
  });

  it('look in one line where `^` begins at each: JavaScript ends lines at CR, U+2028 and U+2029 too', () => {
    const wrong = sources('src').flatMap((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const patterns = text.match(/\/\^(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*m[a-z]*/g) ?? [];
      return patterns
        .filter((pattern) => /\[\^(?!\\S)(?:\\[^r]|[^\]\\])*\\n(?:\\[^r]|[^\]\\])*\][+*]/.test(pattern))
        .map((pattern) => `${file}: ${pattern}`);
    });
    expect(wrong).toEqual([]);
  });

  it('make folders in one way, which ends where there can be none', () => {
    const wrong = sources('src').filter(
      (file) =>
        file !== 'src/build.ts' &&
        /\bmkdir(?:Sync)?\([^;]*recursive/.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  it('write to the terminal in one file, which makes text of others visible', () => {
    const writers = new Set([
      'src/terminal/output.ts',
      // help: our own text only
      'src/cli/program.ts',
      'src/bin.ts',
      // hands the stream to a question of our own words
      'src/terminal/prompt.ts',
      // the codes of colours, where there are some
      'src/terminal/paint.ts',
      // frames of JSON, which an editor reads
      'src/editor/server.ts',
    ]);
    const uses = [...sources('src'), ...sources('generators')]
      .filter((file) => !writers.has(file))
      .flatMap((file) => {
        const text = readFileSync(path.join(ROOT, file), 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '');
        const reads =
          /(columnsOf|showsColours)\(process\.(stdout|stderr)\)|process\.(stdout|stderr)\.(isTTY|on\()/g;
        const rest = text.replaceAll(reads, '');
        const found =
          rest.match(
            /process\.(stdout|stderr)|\bconsole\.(log|error|warn|info|debug|table|trace|dir)\(|'(node:console|chalk)'/g,
          ) ?? [];
        return found.map((what) => `${file}: ${what}`);
      });
    expect(uses).toEqual([]);
  });

  it('read files through one file, which reads regular ones up to a size', () => {
    const others: Readonly<Record<string, string>> = {
      'src/support/read-file.ts': 'openSync',
      // our own package, at every start
      'src/support/paths.ts': 'readFileSync',
      'src/templates/compiled.ts': 'readFileSync',
      // what openRegular opened
      'src/templates/template-files.ts': 'createReadStream',
      // to write
      'src/edits/ledger.ts': 'openSync',
      'src/stacks/real/boot.ts': 'openSync',
      // a pipe of our own
      'src/stacks/embedded/requests.ts': 'openSync open',
    };
    const uses = [...sources('src'), ...sources('generators')].flatMap((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const imported = [...text.matchAll(/import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g)].flatMap(
        ([, names = '']) =>
          names.match(/\b(?:readFile(?:Sync)?|createReadStream|open(?:Sync|AsBlob)?)\b/g) ?? [],
      );
      const loaded =
        text.match(/import\('node:fs(?:\/promises)?'\)|import (?:\w+|\* as \w+) from 'node:fs/g) ?? [];
      return [...imported.filter((name) => !(others[file] ?? '').split(' ').includes(name)), ...loaded].map(
        (name) => `${file}: ${name}`,
      );
    });
    expect(uses).toEqual([]);
  });

  it('start git in one file, which obeys no repository', () => {
    // the first word of a command, or the program of spawn and its like
    const starts = /\[\s*(['"`])git\1|\b(?:run|runToEnd|exec\w*|spawn\w*)\(\s*(['"`])git\b/;
    const uses = [...sources('src'), ...sources('generators')].filter((file) =>
      starts.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );
    expect(uses).toEqual(['src/git/start.ts']);
  });

  it('load Yeoman nowhere: it takes a third of a second', () => {
    expect(sources('src').filter((file) => importsOf(file).some((name) => /yeoman/.test(name)))).toEqual([]);
  });
});
