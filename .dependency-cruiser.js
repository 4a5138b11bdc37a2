/**
 * The layers of ARCHITECTURE.md: a room imports only from rooms before it, in its own layer or an earlier one,
 * and no imports form a circle. Type imports and `import()` count too.
 */
export const LAYERS = {
  facts: ['support', 'wazo', 'findings'],
  readers: ['readers', 'dialplan', 'kinds', 'git', 'settings'],
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
  'work on targets': ['effects', 'targets', 'rehearse', 'status', 'loop'],
  faces: ['terminal', 'manual', 'cli', 'tour', 'commands', 'guide'],
};

const rooms = Object.values(LAYERS).flat();
const outside = ['^src/bin\\.ts$', '^generators/'];

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
      from: { path: '^src/', pathNot: [`^src/(${rooms.join('|')})/`, '^src/bin\\.ts$'] },
      to: {},
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
    includeOnly: '^(src|generators)/',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6'],
    detectJSDocImports: true,
  },
};
