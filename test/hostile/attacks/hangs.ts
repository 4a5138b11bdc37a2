/** Texts that an analysis would work on for minutes, or until the memory is full. */
import { appendFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { SOUND_PLUGIN } from '../../../src/check/examples.ts';
import type { Attack, Guard } from '../attack.ts';
import type { Place } from '../place.ts';

const EXTRA = 'etc/asterisk/extensions_extra.d/acme-hello.conf';

/** A sound plugin with other files. */
function plugin(place: Place, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = path.join(place.folder, 'hello');
  for (const [name, text] of Object.entries({ ...SOUND_PLUGIN, ...files })) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: name === 'wazo/rules' ? 0o755 : 0o644 });
  }
  return folder;
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
}

function attack(
  name: string,
  guards: readonly [Guard, ...Guard[]],
  files: () => Readonly<Record<string, string | Buffer>>,
  command: readonly string[] = ['check'],
  /** The words of the output when the analysis gives up. */
  says?: string,
): Attack {
  return {
    kind: 'hang',
    name,
    guards,
    async run(place) {
      const cwd = plugin(place, files());
      const { status, stdout, stderr } = await place.wdev(command, { cwd });
      if (status >= 0 && says !== undefined && !(stdout + stderr).includes(says))
        return `nothing says ${says}: ${(stdout + stderr).slice(-300)}`;
      return undefined;
    },
  };
}

/** Takes the bound out of a line such as `const FILES = 5_000;`. */
function unbound(file: string, constant: string, value: string): Guard {
  return { file, from: `const ${constant} = ${value};`, to: `const ${constant} = Infinity;` };
}

const BUDGET = 'src/dialplan/read/reading-budget.js';

const DIALPLAN: readonly Attack[] = [
  attack(
    'a dialplan with a jump in each extension',
    [
      {
        file: 'src/dialplan/read/extension-index.js',
        from: 'if (isPattern(extension.name))\n',
        to: 'if (true)\n',
      },
      unbound('src/dialplan/read/extension-index.js', 'TRIED', '5_000_000'),
    ],
    () => ({ [EXTRA]: `[acme-hello]\n${lines(100_000, (at) => `exten = s${at},1,Goto(s${at + 1},1)`)}` }),
  ),
  attack(
    'patterns that each jump has to be looked up in',
    [unbound('src/dialplan/read/extension-index.js', 'TRIED', '5_000_000')],
    () => ({ [EXTRA]: `[acme-hello]\n${lines(20_000, (at) => `exten = _X.${at},1,Goto(${at},1)`)}` }),
    ['check'],
    'dialplan-not-read',
  ),
  attack(
    'braces of an #include that stand for 2^24 names',
    [unbound('src/support/glob.js', 'ALTERNATIVES', '256')],
    () => ({ [EXTRA]: `[acme-hello]\nexten = s,1,Return()\n#include "${'{a,b}'.repeat(24)}.conf"\n` }),
    ['check'],
    'dialplan-not-read',
  ),
  attack(
    'files that include each other',
    [
      unbound(BUDGET, 'FILES', '5_000'),
      unbound(BUDGET, 'PATTERNS', '5_000'),
      unbound(BUDGET, 'LINES', '120_000'),
    ],
    () =>
      Object.fromEntries(
        Array.from({ length: 9 }, (_, at) => [
          `etc/asterisk/extensions_extra.d/acme-${at}.conf`,
          `[acme-${at}]\nexten = s,1,Return()\n#tryinclude "extensions_extra.d/acme-*.conf"\n`,
        ]),
      ),
    ['check'],
    'dialplan-not-read',
  ),
  attack(
    'templates of templates',
    [unbound(BUDGET, 'ENTRIES', '120_000')],
    () => ({
      [EXTRA]: `[t0](!)\nexten = s,1,Return()\n${lines(30, (at) => `[t${at + 1}](!,t${at},t${at})`)}[acme-hello](t30)\nexten = s,1,Return()\n`,
    }),
    ['check'],
    'dialplan-not-read',
  ),
  attack(
    'a regular expression of the dialplan that does not come to an end',
    [
      {
        file: 'src/dialplan/read/regular-expression.js',
        from: 'const SHORT = 12;',
        to: 'const SHORT = Infinity;',
      },
    ],
    () => ({
      [EXTRA]: `[globals]\nACME = \${REGEX("^(a+)+$" ${'a'.repeat(60)}b)}\n[acme-hello]\nexten = s,1,Return()\n`,
    }),
  ),
];

const RULES: readonly Attack[] = [
  attack(
    'substitutions within substitutions of rules',
    [unbound('src/readers/shell/parse.js', 'PARTS', '2_000')],
    () => ({
      'wazo/rules': `#!/bin/sh\ncase "$1" in\npackage)\n${'$('.repeat(30_000)}\n;;\nesac\n`,
    }),
    ['check'],
    'rules-not-followed',
  ),
  attack(
    'functions of rules that call each other twice',
    [unbound('src/readers/shell/walk-budget.js', 'REPEATED', '2000')],
    () => ({
      'wazo/rules': `#!/bin/sh\n${lines(40, (at) => `f${at}() { f${at + 1}; f${at + 1}; }`)}case "$1" in\npackage) f0 ;;\nesac\n`,
    }),
    ['check'],
    'rules-not-followed',
  ),
];

const YAML: readonly Attack[] = [
  attack(
    'aliases of aliases',
    [unbound('src/readers/yaml/limits.js', 'VALUES', '1_000_000')],
    () => ({
      'etc/wazo-calld/conf.d/50-hello.yml': `a0: &a0 [x]\n${lines(25, (at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`)}`,
    }),
    ['check'],
    'aliases make over',
  ),
  attack(
    'half a million brackets that nothing closes',
    [unbound('src/readers/yaml/compose.js', 'DEPTH', '450')],
    () => ({ 'etc/wazo-calld/conf.d/50-hello.yml': `a: ${'['.repeat(490_000)}` }),
    ['check'],
    'not closed',
  ),
];

const TEMPLATE =
  'title: Note\nsummary: a note\nkind: stack\nquestions:\n  - {name: name, type: input, message: Name, valid: plugin-name}\n  - {name: namespace, type: input, message: Namespace, valid: namespace}\n';

/** A template whose file, and the author's, got more of the lines that it has. */
const UPDATE: Attack = {
  kind: 'hang',
  name: 'lines that are all alike, in a template and in a plugin',
  guards: [unbound('src/update/text-merge.js', 'STEPS', '4_000_000_000')],
  async run(place) {
    const template = path.join(place.folder, 'template');
    const mine = path.join(place.folder, 'hello/notes.txt');
    mkdirSync(path.join(template, 'files'), { recursive: true });
    writeFileSync(path.join(template, 'template.yml'), TEMPLATE);
    const write = (file: string, count: number): void =>
      writeFileSync(
        file,
        lines(count, () => 'same'),
      );
    write(path.join(template, 'files/notes.txt'), 3000);
    await place.wdev(['new', 'hello', '--template', template, '--namespace', 'demo', '--yes']);
    write(path.join(template, 'files/notes.txt'), 3005);
    write(mine, 3010);
    const cwd = path.join(place.folder, 'hello');
    const { status, stderr } = await place.wdev(['update', '--template', template], { cwd });
    return status > 1 ? `update failed: ${stderr}` : undefined;
  },
};

const CONFD = 'etc/wazo-calld/conf.d';

/** Much of everything: what each file may have is not what all may have, and findings are not listed without end. */
const MUCH: readonly Attack[] = [
  attack(
    'YAML of twenty files, each of the size that one may have',
    [
      {
        file: 'src/check/subject.js',
        from: 'let left = LENGTH;',
        to: 'let left = Infinity;',
      },
    ],
    () =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [
          `${CONFD}/${at}-acme-hello.yml`,
          lines(34_000, (key) => `key${key}: 1`),
        ]),
      ),
    ['check'],
    'the YAML files of the plugin have more than',
  ),
  attack(
    'Python of twenty files, each of the size that one may have',
    [
      {
        file: 'src/readers/python/read-facts.js',
        from: 'let left = LONGEST;',
        to: 'let left = Infinity;',
      },
    ],
    () =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [
          `acme/module${at}.py`,
          `import yaml\n\n\nclass A:\n${lines(8_500, (line) => `    def get_${line}(self):\n        return yaml.load(1)`)}`,
        ]),
      ),
    ['check'],
    'python-not-read',
  ),
  attack(
    'a manifest of keys that nobody knows',
    [unbound('src/check/judge.js', 'MOST', '1000'), unbound('src/readers/yaml/read.js', 'LENGTH', '500_000')],
    () => ({
      'wazo/plugin.yml': `${SOUND_PLUGIN['wazo/plugin.yml'] ?? ''}${lines(200_000, (at) => `key${at}: 1`)}`,
    }),
  ),
  attack(
    'a dialplan of lines that Asterisk refuses',
    [unbound('src/check/judge.js', 'MOST', '1000'), unbound(BUDGET, 'LINES', '120_000')],
    () => ({ [EXTRA]: `[acme-hello]\n${'x\n'.repeat(1_500_000)}` }),
    ['check'],
    'more like it, not listed',
  ),
  attack(
    'rules of sixty megabytes',
    [
      unbound('src/readers/source-text.js', 'TEXT', '4 * 2 ** 20'),
      unbound('src/readers/shell/parse.js', 'LENGTH', '1_000_000'),
    ],
    () => ({ 'wazo/rules': '#x\n'.repeat(20_000_000) }),
    ['check'],
    'file-not-checked',
  ),
  attack(
    'a dialplan line of four megabytes, of which each other byte is no UTF-8',
    [
      {
        file: 'src/support/file-name.js',
        from: 'const units = Buffer.alloc(bytes.length * 2);\n',
        // each by itself, as it was
        to: `const strict = new TextDecoder('utf-8', { fatal: true });
for (const byte of bytes) try { strict.decode(Uint8Array.of(byte)); } catch {}
const units = Buffer.alloc(bytes.length * 2);\n`,
      },
    ],
    () => ({
      [EXTRA]: Buffer.concat([
        Buffer.from('[acme-hello]\nexten = s,1,NoOp('),
        Buffer.alloc(4_000_000, Buffer.from([0xff, 0x61])),
        Buffer.from(')\n'),
      ]),
    }),
    ['dialplan', 'check', EXTRA],
    'dialplan-long-line',
  ),
  attack(
    'copies that each mean two thousand files',
    [unbound('src/check/package-tree.js', 'LOOKED_AT', '500_000')],
    () => ({
      'wazo/rules': `#!/bin/sh\ncase "$1" in\npackage)\n${'cp -R */*/*/*/* "$pkgdir"/\n'.repeat(20_000)};;\nesac\n`,
      ...Object.fromEntries(
        Array.from({ length: 2_000 }, (_, at) => [
          `a${at % 10}/b${at % 7}/c${at % 11}/d${at % 13}/${at}`,
          '',
        ]),
      ),
    }),
    ['check'],
    'wdev cannot follow all copies of package',
  ),
  attack(
    'a file of rules that a pattern of stars nearly means',
    [
      {
        file: 'src/check/package-tree.js',
        from: 'const matches = globMatcher(pattern);',
        to: "const slow = new RegExp('^' + pattern.replaceAll('*', '[^/]*') + '$'); const matches = (name) => slow.test(name);",
      },
    ],
    () => ({
      'wazo/rules': `#!/bin/sh\ncase "$1" in\npackage) cp ${'*a'.repeat(24)}b "$pkgdir"/ ;;\nesac\n`,
      ['a'.repeat(200)]: '',
    }),
  ),
  attack(
    'headers that no line ends, in a dialplan to migrate',
    [{ file: 'src/migrate/dialplan.js', from: '[^\\]\\r\\n\\u2028\\u2029]+', to: '[^\\]\\n]+' }],
    () => ({ [EXTRA]: '[\r'.repeat(400_000) }),
    ['migrate', '--dry-run'],
  ),
  attack(
    'a patch whose lines end where a regular expression begins another',
    [
      {
        file: 'src/check/rules/rules-services.js',
        from: '[^\\t\\r\\n\\u2028\\u2029]*?',
        to: '[^\\t\\n]*?',
      },
    ],
    () => ({ 'etc/acme/a.patch': '--- \r'.repeat(400_000) }),
  ),
  attack(
    'a hundred thousand files',
    [unbound('src/git/bounds.js', 'MOST', '10_000')],
    () =>
      Object.fromEntries(
        Array.from({ length: 100_000 }, (_, at) => [`data/${Math.floor(at / 1000)}/file-${at}`, '']),
      ),
    ['check'],
    'data alone has 100000',
  ),
];

/** Plugins beside each other: what each may have is not what a run may take. */
const MANY: Attack = {
  kind: 'hang',
  name: 'three hundred plugins, each with another long script',
  guards: [
    {
      file: 'src/support/allowance.js',
      from: 'this.#left -= Math.max(0, seconds - free);',
      to: '',
    },
  ],
  async run(place) {
    const script = (of: number): string =>
      lines(
        110,
        (at) =>
          `if [ "$a${of}" = "$(echo $b${at})" ] && cd /x${at}; then for f in *; do cat $f | grep x; done; fi`,
      );
    for (let at = 0; at < 300; at += 1) {
      const files = {
        'wazo/plugin.yml': `name: p${at}\nnamespace: acme\nversion: '1'\n`,
        'wazo/rules': `#!/bin/sh\ncase "$1" in\npackage)\n${script(at)};;\nesac\n`,
      };
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(place.folder, `p${at}`, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text, { mode: 0o755 });
      }
    }
    const { stdout } = await place.wdev(['check']);
    return stdout.includes('file-not-checked') ? undefined : 'nothing says what was not checked';
  },
};

/** Files that are held one beside the other. */
const HELD: Attack = attack(
  'many files that are each held in memory',
  [
    {
      file: 'src/git/sources.js',
      from: 'bytes > SMALL && bytes > this.#left',
      to: 'false',
    },
  ],
  () =>
    Object.fromEntries(
      Array.from({ length: 120 }, (_, at) => [`data/${at}`, Buffer.alloc(3_900_000, at + 1)]),
    ),
);

/** Files that take no place on the disk, and would be copied whole. */
const SPARSE: Attack = {
  kind: 'hang',
  name: 'files of gigabytes that take no place, in a plugin and in its package',
  guards: [unbound('src/git/bounds.js', 'MOST_MEGABYTES', '1_000')],
  async run(place) {
    const cwd = plugin(place, {});
    const makes = plugin(
      { ...place, folder: path.join(place.folder, 'other') },
      {
        'wazo/rules': '#!/bin/sh\n[ "$1" != package ] || truncate -s 3G "$pkgdir"/sounds\n',
      },
    );
    writeFileSync(path.join(cwd, 'sounds'), '');
    truncateSync(path.join(cwd, 'sounds'), 3 * 2 ** 30);
    for (const [command, folder] of [
      ['check', cwd],
      ['build', cwd],
      ['build', makes],
    ] as const) {
      const { status, stderr } = await place.wdev([command], { cwd: folder });
      if (status >= 0 && !stderr.includes('sounds alone has 3222 MB'))
        return `${command} does not say what is large: ${stderr.slice(-300)}`;
    }
    return undefined;
  },
};

/** Contexts that each call two others, as if by chance. */
function tangled(count: number): string {
  return lines(
    count,
    (at) =>
      `[acme-${at}]\nexten = s,1,Gosub(acme-${(at * 7919 + 13) % count},s,1)\n same = n,Goto(acme-${(at * 104_729 + 7) % count},s,1)`,
  );
}

const DRAWINGS: readonly Attack[] = [
  attack(
    'a drawing of few lines that Graphviz finds no place for',
    [unbound('src/dialplan/graph/svg.js', 'LIMIT', '3_500')],
    () => ({ [EXTRA]: tangled(800) }),
    ['dialplan', 'graph', EXTRA, '--out', 'graph.svg'],
    'Graphviz finds no place',
  ),
  attack(
    'a drawing of many boxes',
    [
      unbound('src/dialplan/graph/svg.js', 'MOST', '3_000'),
      unbound('src/dialplan/graph/svg.js', 'LIMIT', '3_500'),
    ],
    () => ({ [EXTRA]: tangled(2_400) }),
    ['dialplan', 'graph', EXTRA, '--out', 'graph.svg'],
    'the drawing would have',
  ),
  attack(
    'a page of a hundred thousand rows',
    [
      unbound('src/dialplan/graph/html.js', 'PAGE_ROWS', '10_000'),
      unbound('src/dialplan/graph/html.js', 'MOST', '50_000'),
    ],
    () => ({
      [EXTRA]: `[acme-hello]\n${lines(100_000, (at) => `exten = ${100_000 + at},1,Dial(PJSIP/${at})`)}`,
    }),
    ['dialplan', 'graph', EXTRA, '--out', 'graph.html'],
    'not everything is drawn',
  ),
];

const LONG_LOG: Attack = {
  kind: 'hang',
  name: 'a log of lines of ten megabytes',
  guards: [
    { file: 'src/status/logs.js', from: 'const AT_ONCE = 4 * 2 ** 20;', to: 'const AT_ONCE = 2 ** 40;' },
  ],
  async run(place) {
    await place.wdev(['stack', 'up', '--kind', 'embedded']);
    try {
      const log = path.join(place.folder, '.wdev/stack/root/var/log/asterisk/full');
      const line = Buffer.from(`[Jan  1 00:00:00] NOTICE[1] x: ${'y'.repeat(10_000_000)}\n`);
      for (let at = 0; at < 60; at += 1) appendFileSync(log, line);
      const { stderr } = await place.wdev(['logs', 'asterisk', '--target', 'embedded']);
      return stderr.includes('only the last') ? undefined : `nothing says what is left out: ${stderr}`;
    } finally {
      await place.wdev(['stack', 'down']);
    }
  },
};

/** The system takes no path of so many folders; they come by a move. */
const DEEP: Attack = {
  kind: 'hang',
  name: 'folders within folders, beyond the longest path',
  guards: [
    {
      file: 'src/support/entries.js',
      from: 'export function entriesOf(folder) {',
      to: 'export function entriesOf(folder) { return readEntries(folder);',
    },
  ],
  async run(place) {
    const cwd = plugin(place, {});
    const half = path.join(cwd, 'd/'.repeat(1_900));
    mkdirSync(half, { recursive: true });
    const other = path.join(place.folder, 'd');
    mkdirSync(path.join(place.folder, 'd/'.repeat(1_900)), { recursive: true });
    renameSync(other, path.join(half, 'e'));
    for (const command of ['check', 'why', 'build']) await place.wdev([command], { cwd });
    // rmSync takes no longer paths either
    await execa('rm', ['-rf', cwd]);
    return undefined;
  },
};

export const ATTACKS: readonly Attack[] = [
  ...DIALPLAN,
  ...RULES,
  ...YAML,
  ...MUCH,
  ...DRAWINGS,
  MANY,
  HELD,
  SPARSE,
  LONG_LOG,
  DEEP,
  UPDATE,
];
