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
    async run(place) {
      const cwd = plugin(place, files());
      const { status, stdout, stderr } = await place.wdev(command, { cwd, hangs: 30 });
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
      unbound(BUDGET, 'LINES', '300_000'),
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
    [unbound(BUDGET, 'ENTRIES', '300_000')],
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

export const ATTACKS: readonly Attack[] = [...DIALPLAN];
