/**
 * `npm run build`: makes dist/. Node takes about a millisecond to load a file, however small, and a command needs up to
 * 350 of ours: those that the same commands need are put into one.
 */

import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { buildProgram } from './cli/program.ts';
import { COMMANDS } from './commands/registry.ts';
import { buildPage } from './live/build.ts';
import { SHELLS, completionScript } from './manual/completion-scripts.ts';
import { packageRoot, packageVersion } from './support/paths.ts';
import { readText } from './support/read-file.ts';
import { builtInsOfFolders, compile } from './templates/compile.ts';
import { COMPILED_FILE } from './templates/compiled.ts';

const DIST = path.join(packageRoot(), 'dist');

/** Packages that dist/ holds a copy of, because they are many files and read at the start of many commands. */
const COPIED = [
  'commander',
  'fast-wrap-ansi',
  'fast-string-width',
  'fast-string-truncated-width',
  'spdx-license-ids',
  'unbash',
];

const BIN = 'src/bin.ts';
/** The files of dist/ that each command line needs; Rolldown adds the second. */
const STARTED = ['src/bin.js', 'src/parts/rolldown-runtime.js', 'src/parts/start.js'];
const REGISTRY = 'src/commands/registry.ts';
/** The modules that each command line needs; `wdev new` has little more, and others mostly need that too. */
const START = ['src/main.ts', 'src/commands/new.ts'];
const DAEMON = 'src/stacks/embedded/daemon.ts';

/** The modules that start by themselves, each under its own name in dist/. */
function entries(): Record<string, string> {
  const generators = readdirSync(path.join(packageRoot(), 'generators'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `generators/${name}/index.ts`);
  return Object.fromEntries([BIN, DAEMON, ...generators].map((file) => [file.slice(0, -'.ts'.length), file]));
}

interface Module {
  readonly imports: readonly string[];
  /** Loaded when it is needed. */
  readonly later: readonly string[];
}

/** The module graph, by paths below the package. */
type Graph = ReadonlyMap<string, Module>;

/** All that can be reached from modules, these too. */
function reached(from: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}

/**
 * The file of dist/src/parts for each module. In one file are modules that the same commands may load, that need the same
 * packages, and that are, or are not, a part of each start. What a module imports has at least these properties: so no
 * two files import each other, and none brings a package that its modules do not need.
 */
function fileOfEach(graph: Graph): ReadonlyMap<string, string> {
  const imports = (id: string): readonly string[] => graph.get(id)?.imports ?? [];
  // from the registry each command could load each other
  const anyOf = (id: string): readonly string[] =>
    [...imports(id), ...(id === REGISTRY ? [] : (graph.get(id)?.later ?? []))].filter(
      (one) => one !== REGISTRY,
    );
  const start = reached(START, imports);
  const commands = [
    ...(graph.get(REGISTRY)?.later ?? []),
    ...Object.values(entries()).filter((id) => id !== BIN),
  ];
  const reachable = commands.map((command) => reached([command], anyOf));
  const named = new Map<string, string>();
  const files = new Map<string, string>();
  // named after our own rooms first
  for (const id of [...graph.keys()].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    const packages = [...reached([id], imports)].filter((one) => !graph.has(one) && !one.startsWith('node:'));
    const commandsOf = reachable.map((modules) => (modules.has(id) ? 1 : 0));
    const key = start.has(id) ? 'start' : [...commandsOf, ...packages.toSorted()].join();
    const name = named.get(key) ?? (key === 'start' ? key : `${roomOf(id)}-${named.size + 1}`);
    named.set(key, name);
    files.set(id, name);
  }
  return files;
}

function rank(id: string): string {
  return id.startsWith('src/') ? ` ${id}` : id;
}

/** `src/git/call.ts`: `git`; the package for one of node_modules. */
function roomOf(id: string): string {
  const [, room = 'start'] = /^(?:src|node_modules)\/([^/]+)\//.exec(id) ?? [];
  return room;
}

const relative = (id: string): string => path.relative(packageRoot(), id);
const isCopied = (name: string): boolean => COPIED.some((one) => name === one || name.startsWith(`${one}/`));

/** Leaves out the reader of template folders: the build has compiled them. */
const noFolders: Plugin = {
  name: 'no-folders',
  transform: {
    filter: { id: /\/src\/templates\/built-in\.ts$/ },
    handler: (code) => {
      const without = code.replace('await readFolders()', 'undefined');
      if (without === code) throw new Error('the templates are read from folders in another way now');
      return without;
    },
  },
};

/**
 * Commander can start programs for commands, which ours does not, and would load what Node needs for that; and what it
 * requires of Node would be prepared for imports as well.
 */
const lightCommander: Plugin = {
  name: 'light-commander',
  transform: {
    filter: { id: /\/node_modules\/commander\/lib\/command\.js$/ },
    handler: (code) => {
      const light = code
        .replace(/require\('node:child_\w+'\)/, '{}')
        .replaceAll(/\brequire\(('node:\w+')\)/g, 'globalThis.process.getBuiltinModule($1)');
      if (!light.includes('= {};') || light.includes("require('node:"))
        throw new Error('commander loads what it needs of Node in another way now');
      return light;
    },
  },
};

/**
 * Makes CommonJS of what each start loads, for which Node needs not even begin to work with modules: that takes it a
 * third of the time that it needs to start. Others require it from there.
 */
const plainStart: Plugin = {
  name: 'plain-start',
  generateBundle(_options, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      if (file.type !== 'chunk') continue;
      const code = requireStart(takeBuiltins(file.code, STARTED.includes(name)), name);
      if (!STARTED.includes(name)) {
        file.code = code;
        continue;
      }
      delete bundle[name];
      this.emitFile({ type: 'asset', fileName: name.replace(/js$/, 'cjs'), source: plain(code) });
    }
  },
};

function requireStart(code: string, name: string): string {
  const require = STARTED.includes(name)
    ? 'require'
    : 'process.getBuiltinModule("node:module").createRequire(import.meta.url)';
  return code
    .replaceAll(
      /^import \{ ([^}]*) \} from "([^"]*\/(?:start|rolldown-runtime))\.js";$/gm,
      (_all, names: string, from: string) =>
        `const { ${names.replaceAll(' as ', ': ')} } = ${require}("${from}.cjs");`,
    )
    .replaceAll(
      /\bimport\("([^"]*\/start)\.js"\)/g,
      (_all, from: string) => `Promise.resolve(${require}("${from}.cjs"))`,
    );
}

/** CommonJS of a module that imports nothing and awaits nothing. */
function plain(code: string): string {
  const exported = /\nexport \{ ([^}]*) \};\s*$/.exec(code);
  const names = exported?.[1]?.split(', ').map((one) => one.replace(/^(\S+) as (\S+)$/, '$2: $1')) ?? [];
  const text = (exported === null ? code : code.slice(0, exported.index))
    .replace(/^export \{\};$/m, '')
    .replaceAll('import.meta.filename', '__filename')
    .replaceAll('import.meta.dirname', '__dirname')
    .replaceAll('createRequire(import.meta.url)', 'require');
  const left = /^(?:import|export) .*$|import\.meta.*$/m.exec(text);
  if (left !== null) throw new Error(`what each start loads cannot be CommonJS: ${left[0]}`);
  const hashbang = /^#!.*\n/.exec(text)?.[0] ?? '';
  return `${hashbang}"use strict";\n${text.slice(hashbang.length)}\nmodule.exports = { ${names.join(', ')} };\n`;
}

/** Modules of Node whose functions a start may not need, and that take long to load. */
const LATE = ['node:fs/promises', 'node:module', 'node:os'];

/**
 * Modules of Node as `require` gives them: an import reads each of their exports, and loads Node's streams with that.
 * @param isStart whether those that take long are loaded when a function of theirs is called
 */
function takeBuiltins(code: string, isStart: boolean): string {
  return code
    .replaceAll(/^import "node:[^"]+";\n/gm, '')
    .replaceAll(
      /^import (?:(\w+)(?:, )?)?(?:\{ ([^}]*) \})? from "(node:[^"]+)";$/gm,
      (_all, whole: string | undefined, names: string | undefined, from: string) => {
        if (isStart && LATE.includes(from) && names !== undefined) {
          return names
            .split(', ')
            .map((name) => lateFunction(name, from))
            .join(' ');
        }
        const named = names === undefined ? undefined : `{ ${names.replaceAll(' as ', ': ')} }`;
        return [whole, named]
          .flatMap((left) =>
            left === undefined ? [] : [`const ${left} = process.getBuiltinModule("${from}");`],
          )
          .join(' ');
      },
    );
}

function lateFunction(name: string, from: string): string {
  if (typeof (process.getBuiltinModule(from) as Record<string, unknown>)[name] !== 'function')
    throw new Error(`${name} of ${from} is no function, and cannot be loaded when it is called`);
  return `const ${name} = (...args) => process.getBuiltinModule("${from}").${name}(...args);`;
}

/**
 * Imports what files pass on that only pass on, which Rolldown writes for each module that is loaded later and shares
 * its file with others, from where it is.
 */
const unpassed: Plugin = {
  name: 'unpassed',
  generateBundle: (_options, bundle) => {
    const passed = new Map<string, string>();
    for (const [name, file] of Object.entries(bundle)) {
      if (file.type !== 'chunk' || file.isEntry) continue;
      const [, names, from] = /^export \{ ([^}]*) \} from "([^"]+)";\s*$/.exec(file.code) ?? [];
      if (names === undefined) continue;
      const entries = names.split(', ').map((one) => {
        const [inside = one, outside = inside] = one.split(' as ');
        return `${outside}: m.${inside}`;
      });
      passed.set(path.basename(name), `import("${from}").then((m) => ({ ${entries.join(', ')} }))`);
      delete bundle[name];
    }
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      file.code = file.code.replaceAll(
        /import\("([^"]*\/)([^"/]+)"\)/g,
        (all, folder: string, name: string) => passed.get(name)?.replace('"./', () => `"${folder}`) ?? all,
      );
    }
  },
};

async function bundle(): Promise<readonly string[]> {
  const graph = new Map<string, Module>();
  const ids = (all: readonly string[]): readonly string[] =>
    all.map((id) => (path.isAbsolute(id) ? relative(id) : id));
  const reader: Plugin = {
    name: 'graph',
    moduleParsed: ({ id, importedIds, dynamicallyImportedIds }) => {
      if (path.isAbsolute(id))
        graph.set(relative(id), { imports: ids(importedIds), later: ids(dynamicallyImportedIds) });
    },
  };
  let files: ReadonlyMap<string, string> | undefined;
  const own = new Set(Object.values(entries()));
  const build = await rolldown({
    input: entries(),
    cwd: packageRoot(),
    platform: 'node',
    tsconfig: true,
    external: (id) => id.startsWith('node:') || !(/^[./\0]/.test(id) || isCopied(id)),
    plugins: [lightCommander, reader, noFolders, unpassed, plainStart],
    preserveEntrySignatures: 'allow-extension',
    onLog: (level, log, print) => {
      // what is in one file with those that import it is loaded with them
      if (log.code !== 'INEFFECTIVE_DYNAMIC_IMPORT') print(level, log);
    },
  });
  const { output } = await build.write({
    dir: DIST,
    format: 'esm',
    comments: { legal: true, annotation: false, jsdoc: false },
    entryFileNames: '[name].js',
    chunkFileNames: 'src/parts/[name].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          debugName: 'part',
          name: (id) =>
            own.has(relative(id)) ? null : ((files ??= fileOfEach(graph)).get(relative(id)) ?? null),
        },
      ],
    },
  });
  await build.close();
  return output.flatMap((file) => (file.type === 'chunk' ? ids(file.moduleIds) : []));
}

/** The licence of each package that is copied. */
function licences(modules: readonly string[]): string {
  const packages = new Set(
    modules.flatMap((id) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []),
  );
  const texts = [...packages].toSorted().map((name) => {
    const folder = path.join(packageRoot(), 'node_modules', name);
    const { version, license } = JSON.parse(readText(path.join(folder, 'package.json'))) as {
      version: string;
      license: string;
    };
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? '' : `\n${readText(path.join(folder, file))}`;
    return `${name} ${version}, ${license}\n${text}`;
  });
  return `dist/src/parts and dist/live hold copies of these packages.\n\n${texts.join('\n---\n\n')}`;
}

/** The texts that bin.ts prints for a whole command line. */
async function startTexts(): Promise<Readonly<Record<string, string>>> {
  const program = await buildProgram(COMMANDS, undefined);
  let text = '';
  program.configureOutput({ writeOut: (more) => void (text += more) });
  program.outputHelp();
  return {
    ...Object.fromEntries(['-h', '--help', 'help'].map((words) => [words, text])),
    '--version': `${packageVersion()}\n`,
    ...Object.fromEntries(SHELLS.map((shell) => [`completion ${shell}`, completionScript(shell)])),
  };
}

for (const folder of ['src', 'generators', 'live'])
  rmSync(path.join(DIST, folder), { recursive: true, force: true });
const modules = [...(await bundle()), ...(await buildPage(DIST)).map(relative)];
chmodSync(path.join(DIST, 'src/bin.cjs'), 0o755);
writeFileSync(path.join(DIST, 'LICENCES'), licences(modules));
writeFileSync(path.join(DIST, 'src/start-texts.json'), JSON.stringify(await startTexts()));
// the last: test/run.ts compares its time with those of the sources
mkdirSync(path.dirname(COMPILED_FILE), { recursive: true });
writeFileSync(COMPILED_FILE, compile(builtInsOfFolders()).join('\n'));
