/** Texts that an analysis would work on for minutes, or until the memory is full. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SOUND_PLUGIN } from '../../../src/check/examples.ts';
import type { Attack, Guard } from '../attack.ts';
import type { Place } from '../place.ts';

const EXTRA = 'etc/asterisk/extensions_extra.d/acme-hello.conf';

/** A sound plugin with other files. */
function plugin(place: Place, files: Readonly<Record<string, string>>): string {
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
  files: () => Readonly<Record<string, string>>,
  command: readonly string[] = ['check'],
  /** What the output has to say, when the analysis gives up. */
  says?: string,
): Attack {
  return {
    kind: 'hang',
    name,
    guards,
    limit: 120_000,
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
    [unbound('src/dialplan/read/glob.js', 'ALTERNATIVES', '256')],
    () => ({ [EXTRA]: `[acme-hello]\nexten = s,1,Return()\n#include "${'{a,b}'.repeat(24)}.conf"\n` }),
    ['check'],
    'dialplan-not-read',
  ),
  attack(
    'files that include each other',
    [
      unbound(BUDGET, 'FILES', '5_000'),
      unbound(BUDGET, 'PATTERNS', '5_000'),
      unbound(BUDGET, 'LINES', '200_000'),
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
    [unbound(BUDGET, 'ENTRIES', '200_000')],
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
    'four million brackets that nothing closes',
    [unbound('src/readers/yaml/problem.js', 'NESTED', '5_000')],
    () => ({ 'etc/wazo-calld/conf.d/50-hello.yml': `a: ${'['.repeat(4_000_000)}` }),
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

export const ATTACKS: readonly Attack[] = [...DIALPLAN, ...RULES, ...YAML, UPDATE];
