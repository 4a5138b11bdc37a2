/**
 * Each parser of others' texts, on texts that nearly follow its grammar: it throws nothing but its documented error,
 * its places lie in the text, and it says the same again. WDEV_FUZZ=RUNS tries more, WDEV_TEST_SEED=NUMBER others.
 */
import * as fc from '../support/fast-check.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { lintDialplan } from '../../src/dialplan/lint/lint.ts';
import { loadDialplan } from '../../src/dialplan/read/load.ts';
import { parseRejections } from '../../src/dialplan/read/rejections.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import { parseShow } from '../../src/dialplan/show/show-text.ts';
import { showDialplan } from '../../src/dialplan/show/show.ts';
import { parseCalls } from '../../src/dialplan/trace/trace-calls.ts';
import { traceCall } from '../../src/dialplan/trace/trace.ts';
import { readServiceLog } from '../../src/effects/evidence/service-log.ts';
import { readEnvironment } from '../../src/kinds/call-logger-manifest.ts';
import { readMakefile } from '../../src/migrate/makefile.ts';
import { readIni } from '../../src/readers/ini.ts';
import { readPythonText } from '../../src/readers/python/python-text.ts';
import { readSetupCfg } from '../../src/readers/python/settings-files.ts';
import { readMadeRules } from '../../src/readers/shell/make-answer.ts';
import { readRules } from '../../src/readers/shell/rules-script.ts';
import { readShellParts } from '../../src/readers/shell/script-parts.ts';
import { SourceText } from '../../src/readers/source-text.ts';
import { readManifest } from '../../src/readers/yaml/manifest.ts';
import { readOwnYaml } from '../../src/readers/yaml/own.ts';
import { readYaml, readYamlStream } from '../../src/readers/yaml/read.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { parseDialogue, parseTap } from '../../src/simulate/agi/dialogue.ts';
import { UserError } from '../../src/support/errors.ts';
import { parseAddress } from '../../src/targets/address.ts';
import { languageOf } from '../../src/templates/languages.ts';
import { checkTags } from '../../src/templates/tags.ts';
import { LABELS } from '../../src/update/merge-trees.ts';
import { mergeFile } from '../../src/update/merge-file.ts';

/** Texts for each parser. */
const RUNS = Number(process.env['WDEV_FUZZ'] ?? 60);

/** The result of a parser: any value, and the places in it that have to lie in the text. */
interface Read {
  readonly value: unknown;
  readonly offsets?: readonly (number | undefined)[];
  readonly lines?: readonly (number | undefined)[];
}

interface Fuzzed {
  readonly name: string;
  /** Pieces of the grammar, of which texts are made. */
  readonly pieces: readonly string[];
  readonly read: (text: string) => Read;
}

const DIALPLAN = [
  '[a]\n',
  '[b](!)\n',
  '[c](b,+)\n',
  '[a](+)\n',
  '[d](c)\n',
  'exten = s,1,NoOp()\n',
  'exten => _X.,n,',
  ' same = n(l),',
  'Goto(',
  'a,s,1',
  'Gosub(b,${EXTEN},1(x,y))',
  '${EXTEN:1:-2}',
  '$[1+(2*',
  ')]',
  '${',
  '$[',
  ']',
  '}',
  ')',
  '(',
  ',',
  '\n',
  ';',
  ';--',
  '--;',
  '#include "a*.conf"\n',
  '#tryinclude {a,b}.conf\n',
  '#exec x\n',
  'include = b|9:00-17:00|mon-fri|*|*\n',
  'switch = Loopback/x@a\n',
  'ignorepat = 9\n',
  'exten = s,hint,SIP/1\n',
  '_[1-5]X',
  '_[',
  '"',
  '\\',
  '\u0000',
  '\r\n',
  'é',
  '+=',
  '=>',
  '[globals]\nA=${A}${A}\n',
  'GotoIf($[${A} = 1]?x:y)',
  'Set(A=${REGEX("(a+)+" ${A})})',
  'While(1)',
  'EndWhile()',
  '\t',
];
const YAML = [
  'a',
  ': ',
  ':\n',
  '- ',
  '\n',
  '  ',
  '    ',
  '"',
  "'",
  '|',
  '>',
  '|+2\n',
  '[',
  ']',
  '{',
  '}',
  ',',
  '&x ',
  '*x',
  '<<: ',
  '!!str ',
  '!!binary ',
  '!!set ',
  '? ',
  '%TAG ! x\n',
  '---\n',
  '...\n',
  '#',
  '\t',
  '1.5e3',
  '0o7',
  '2001-01-01',
  '~',
  'yes',
  '\\x4',
  '\\u12',
  '\u0085',
  '\u2028',
  '\uFEFF',
  '\u0000',
  'é',
  '😀',
  '\r',
  '@',
  '`',
  'name: b\n',
  'namespace: c\n',
  'version: 1.0\n',
];
const SHELL = [
  '#!/bin/sh\n',
  'set -e\n',
  'case "$1" in\n',
  'build) ',
  'package)\n',
  ';;\n',
  'esac\n',
  'f() { ',
  '}\n',
  'f\n',
  'if ',
  'then ',
  'else ',
  'fi\n',
  'for a in 1 2; do ',
  'done\n',
  '$(',
  ')',
  '`',
  '"',
  "'",
  '$((',
  '))',
  '${a:-',
  '}',
  '<<A\n',
  'A\n',
  '|',
  '&&',
  ' ; ',
  'cp -R etc "$pkgdir/"\n',
  'a=$a$a\n',
  '[[ ',
  ' ]]',
  '\\\n',
  '#',
  '\n',
  '<(',
  '>',
  '2>&1',
  '\u0000',
  'é',
  '\r\n',
  '! ',
  '*) ',
  'cd ',
  'rm -rf ',
];
const PYTHON = [
  'from setuptools import setup\n',
  'from distutils.core import setup\n',
  'setup(',
  'name=',
  '"a"',
  "'b'",
  '"""',
  "'''",
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  ',',
  ':',
  '=',
  '\n',
  ' ',
  '#',
  '\\',
  '"',
  "'",
  'entry_points=',
  'yaml.load(',
  'f',
  '\u0000',
  'é',
  '\r\n',
  '==',
  '.',
  'x.setup(',
];
const INI = [
  '[a]\n',
  '[options.entry_points]\n',
  'k = v\n',
  'k: v\n',
  '=',
  ':',
  '\n',
  ' ',
  '\t',
  '#',
  ';',
  '[',
  ']',
  'x =\n',
  '  a = b.c:D\n',
  '\uFEFF',
  '\u0000',
  '\r',
  'é',
];
const LOG = [
  '[Jan  1 00:00:00] ',
  'WARNING[7]',
  'ERROR[0]',
  ' pbx_config.c: ',
  ' config.c:',
  'parse error: No category context for line 3 of /etc/asterisk/a.conf',
  'Unable to register extension at line 2 of extensions_extra.d/a.conf',
  '\n',
  'Traceback (most recent call last):\n',
  '  File "/usr/lib/python3/dist-packages/a.py", line 3, in b\n',
  'ValueError: x\n',
  'ModuleNotFoundError: ',
  "No module named 'a'\n",
  '\u001b[31m',
  "'",
  '"',
  '[',
  ']',
  ':',
  '0',
  ' ',
  'é',
  '\r\n',
];
const SHOW = [
  "[ Context 'a' created by 'pbx_config' ]\n",
  "  's' =>            1. NoOp(x)     [a.conf:1]\n",
  '     [l]           2. NoOp(y)    [a.conf:2]\n',
  "  Include =>        'b'     [pbx_config]\n",
  "  Ignore pattern => '9'\n",
  "  Alt. Switch =>    'Loopback/x'\n",
  '\n',
  "'",
  '[',
  ']',
  ' => ',
  '1. ',
  ' ',
  '-= 1 extension =-\n',
  "(CID match '1')",
  'é',
];
const MAKE = [
  'install:',
  ' build\n',
  '\tcp a /etc/b\n',
  'A = b\n',
  'A ?= $(A)$(A)\n',
  '$(A)',
  '${B}',
  '\\\n',
  '\n',
  '#',
  '\t',
  ':',
  '=',
  'a b: c\n',
  '-',
  '@',
  '\r',
  'é',
];
const TAGS = [
  '<%',
  '%>',
  '<%=',
  '#@',
  '@#',
  ' name ',
  ' if (name) { ',
  ' } ',
  ' } else { ',
  ' for (const a of name) { ',
  '\n',
  'x',
  '"',
  ' yaml(name) ',
  'constructor',
  '`',
  '${',
];
const CONFLICT = [
  'a\n',
  'b\n',
  'c\n',
  '\n',
  '<<<<<<< x\n',
  '||||||| x\n',
  '=======\n',
  '>>>>>>> x\n',
  'a: 1\n',
  'b:\n',
  '  - c\n',
  '  d: e\n',
  '[s]\n',
  'x==1\n',
  'a',
];
const SETTINGS = [
  'target: ',
  'exec:x',
  'ssh://a',
  'local',
  'reload:\n',
  '  - {path: /etc/a, do: [{nothing: true}]}\n',
  'hooks:\n',
  '  before: x\n',
  'targets:\n',
  '  a: b\n',
  '\n',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '"',
  "'",
  '1',
  '\t',
  '\u0000',
];
const DIALOGUE = [
  'handler: a.py b\n',
  'agi_request: x\n',
  '> VERBOSE "a" 1\n',
  '< 200 result=1\n',
  ';\n',
  '\n',
  '! x\n',
  '= 1\n',
  '= x\n',
  '>',
  '<',
  ' ',
  '"',
  '\u0000',
  'é',
  'x',
];

const PARSERS: readonly Fuzzed[] = [
  {
    name: 'dialplan, linted',
    pieces: DIALPLAN,
    read: (text) => {
      const installed = '/etc/asterisk/extensions_extra.d/a.conf';
      const value = lintDialplan([{ name: 'a.conf', installed, content: text }]);
      return { value, lines: value.map(({ line }) => line) };
    },
  },
  {
    name: 'dialplan, loaded, shown and called',
    pieces: DIALPLAN,
    read: (text) => {
      const dialplan = loadDialplan(memorySource(new Map([['/etc/asterisk/extensions.conf', text]])));
      const shown = showDialplan(dialplan);
      const { steps, end } = traceCall(
        dialplan,
        { context: 'a', extension: 's', priority: 1 },
        { now: new Date(0), limit: 200 },
      );
      return { value: [shown, parseShow(shown), steps.length, end] };
    },
  },
  {
    name: 'YAML',
    pieces: YAML,
    read: (text) => {
      const { root, problem } = readYaml(text);
      const documents = readYamlStream(text);
      return { value: [problem, documents.length], offsets: [root?.start, root?.end, problem?.offset] };
    },
  },
  { name: 'plugin.yml', pieces: YAML, read: (text) => ({ value: [...readManifest(text).fields] }) },
  {
    name: 'our own YAML',
    pieces: YAML,
    read: (text) => {
      const { problems } = readOwnYaml(text);
      return { value: problems, lines: problems.map(({ line }) => line) };
    },
  },
  { name: 'wdev.yml', pieces: SETTINGS, read: (text) => ({ value: parseSettings(text) }) },
  {
    name: 'rules',
    pieces: SHELL,
    read: (text) => {
      const { branches, script } = readRules(new SourceText('wazo/rules', text, 0o755));
      const { parts, isSound } = readShellParts(text);
      const found = [...(branches?.values() ?? [])];
      return {
        value: [found.map(({ name, commands }) => [name, commands.length]), isSound],
        offsets: [
          ...found.flatMap(({ start, end }) => [start, end]),
          ...parts.flatMap(({ from, to }) => [from, to]),
          ...(script.errors ?? []).map(({ pos }) => pos),
        ],
      };
    },
  },
  {
    name: 'setup.py without Python',
    pieces: PYTHON,
    read: (text) => {
      const { calls, imports } = readPythonText(text);
      return {
        value: [calls, imports],
        offsets: calls.flatMap(({ from, to, argsTo }) => [from, to, argsTo]),
        lines: [...calls, ...imports].map(({ line }) => line),
      };
    },
  },
  { name: 'setup.cfg', pieces: INI, read: (text) => ({ value: readSetupCfg(text) }) },
  {
    name: 'ini',
    pieces: INI,
    read: (text) => {
      const { error } = readIni(text, '=:');
      return { value: error, lines: [error?.line] };
    },
  },
  { name: 'an environment file', pieces: INI, read: (text) => ({ value: [...readEnvironment(text)] }) },
  {
    name: 'a Makefile',
    pieces: MAKE,
    read: (text) => {
      const { targets, problems } = readMakefile(text);
      const commands = [...targets.values()].flat();
      return {
        value: [[...targets.keys()], problems],
        lines: [...commands, ...problems].map(({ line }) => line),
      };
    },
  },
  {
    name: 'what make says of a Makefile',
    pieces: [
      ...MAKE,
      "wazo/rules:1: target 'package' does not exist\n",
      "wazo/rules:3: update target 'build' due to: x\n",
      'wazo/rules:2: *** missing separator.  Stop.\n',
    ],
    read: (text) => {
      const file = new SourceText('wazo/rules', text);
      const answers = [{ name: 'package', status: 2, stdout: text, stderr: text }];
      const { branches, made, file: script } = readMadeRules(file, new Map([[file.path, file]]), { answers });
      const commands = branches?.get('package')?.commands ?? [];
      return {
        value: [commands.length, made?.problems],
        lines: commands.map(({ start }) => script.at(start).line),
      };
    },
  },
  { name: 'a log of Asterisk', pieces: LOG, read: (text) => ({ value: parseRejections(text) }) },
  { name: 'a log of a service', pieces: LOG, read: (text) => ({ value: readServiceLog(text, new Map()) }) },
  { name: 'dialplan show', pieces: SHOW, read: (text) => ({ value: parseShow(text) }) },
  {
    name: 'calls to trace',
    pieces: [...SETTINGS, 'calls:\n', '- start: s@a\n', '  expect: [x]\n', '  given: {A: 1}\n'],
    read: (text) => ({
      value: parseCalls(text, 'calls.yml', { start: 's@a', given: new Map(), now: new Date(0) } as never),
    }),
  },
  {
    name: 'an AGI dialogue',
    pieces: DIALOGUE,
    read: (text) => {
      const tapped = parseTap(text);
      const { turns } = parseDialogue(text, 'a.agi');
      return { value: [turns, tapped.errors], lines: turns.map(({ line }) => line) };
    },
  },
  {
    name: 'tags of a template',
    pieces: TAGS,
    read: (text) => ({ value: checkTags(text, languageOf('a.py'), ['name'], 'a') }),
  },
  ...['a.yml', 'setup.cfg', 'requirements.txt', 'setup.py', 'wazo/rules', 'README.md', '.gitignore'].map(
    (file): Fuzzed => ({
      name: `a merge of ${file}`,
      pieces: [...CONFLICT, '\u0001'],
      read: (text) => {
        const [old = '', fresh = '', mine = ''] = text.split('\u0001');
        const merged = mergeFile(file, { old, new: fresh, mine }, LABELS);
        expect(mergeFile(file, { old, new: old, mine }, LABELS).text).toBe(mine);
        return { value: merged };
      },
    }),
  ),
  {
    name: 'an address',
    pieces: [
      'ssh://',
      'exec:',
      'local',
      'a',
      '@',
      ':',
      '22',
      '[',
      ']',
      '/',
      '-o',
      ' ',
      '\n',
      '%',
      'stack',
      '"',
    ],
    read: (text) => ({ value: parseAddress(text) }),
  },
];

/** Pieces in any order, some many times, with a few characters of any kind. */
function texts(pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { arbitrary: fc.constantFrom(...pieces), weight: 12 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...pieces), fc.integer({ min: 2, max: 60 }))
        .map(([one, times]) => one.repeat(times)),
      weight: 1,
    },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 3 }), weight: 1 },
  );
  return fc.array(piece, { maxLength: 60 }).map((all) => all.join(''));
}

function outcome(read: Fuzzed['read'], text: string): string {
  try {
    const { value, offsets = [], lines = [] } = read(text);
    const last = text.split(/\r\n|\r|\n|\u0085|\u2028|\u2029/).length;
    for (const offset of offsets)
      if (offset !== undefined && !(offset >= 0 && offset <= text.length))
        throw new Error(`offset ${offset} of ${text.length}`);
    for (const line of lines)
      if (line !== undefined && !(line >= 1 && line <= last)) throw new Error(`line ${line} of ${last}`);
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

describe('a text that nearly follows its grammar', () => {
  for (const { name, pieces, read } of PARSERS)
    it(`is read or refused: ${name}`, { timeout: 600_000 }, () => {
      fc.assert(
        fc.property(texts(pieces), (text) => outcome(read, text) === outcome(read, text)),
        { numRuns: RUNS },
      );
    });

  afterAll(() => {
    const { seed } = fc.readConfigureGlobal() ?? {};
    process.stdout.write(`fuzz: ${PARSERS.length} parsers, ${RUNS} texts each, seed ${seed}\n`);
  });
});
