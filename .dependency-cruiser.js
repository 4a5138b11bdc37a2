/**
 * The layers of ARCHITECTURE.md: a room imports only from rooms before it, in its own layer or an earlier one,
 * and no imports form a circle. Type imports and `import()` count too.
 */
export const LAYERS = {
  facts: ['support', 'wazo', 'findings'],
  readers: ['readers', 'dialplan', 'kinds', 'git', 'sandbox', 'settings'],
  'work on files': [
    'edits',
    'answers',
    'templates',
    'create',
    'check',
    'update',
    'migrate',
    'stage',
    'package',
    'preview',
    'simulate',
    'stacks',
  ],
  'work on targets': [
    'effects',
    'targets',
    'own-tests',
    'status',
    'deploy',
    'rehearse',
    'release',
    'market',
    'fleet',
    'loop',
  ],
  faces: ['terminal', 'live', 'editor', 'manual', 'cli', 'tour', 'commands', 'guide'],
};

/** Packages that parse a language; a text is parsed once, for all who ask. */
const PARSERS = ['unbash'];

const rooms = Object.values(LAYERS).flat();
const outside = ['^src/(bin|main|build)\\.ts$', '^generators/'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rooms.map((room, index) => ({
      name: `layers-${room}`,
      comment: `src/${room} imports only from rooms before it`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: {
        path: [...rooms.slice(index + 1).map((later) => `^src/${later}/`), ...outside],
      },
    })),
    {
      name: 'a-room-for-each-file',
      comment: 'A folder of src that no layer names',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/(${rooms.join('|')})/`, '^src/(bin|main|build)\\.ts$'] },
      to: {},
    },
    {
      name: 'parsers-only-in-readers',
      comment: 'Other rooms get from readers/ what is parsed, Python by read-facts.ts',
      severity: 'error',
      from: { pathNot: '^src/readers/' },
      to: {
        path: [`^node_modules/(${PARSERS.join('|')})/`, '^src/readers/python/python-process\\.ts$'],
      },
    },
    {
      name: 'one-reader-of-yaml',
      comment: 'YAML is read in src/readers/yaml',
      severity: 'error',
      from: { pathNot: '^src/readers/yaml/' },
      to: { path: '^node_modules/(js-yaml|yaml)/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: `^(src|generators)/|^node_modules/(${[...PARSERS, 'js-yaml', 'yaml'].join('|')})/`,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
    // packages that have nothing but `exports`, as unbash
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    detectJSDocImports: true,
  },
};
