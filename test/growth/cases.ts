/** Every analysis of somebody's text, over texts that can be made of any size. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPlugin } from '../../src/check/check.ts';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { githubReport } from '../../src/check/formats/github.ts';
import { junitReport } from '../../src/check/formats/junit.ts';
import { dialplanGraph } from '../../src/dialplan/graph/build.ts';
import { coverageOf } from '../../src/dialplan/graph/coverage.ts';
import { withTraces } from '../../src/dialplan/graph/hops.ts';
import { pictureOf } from '../../src/dialplan/graph/picture.ts';
import { lintDialplan } from '../../src/dialplan/lint/lint.ts';
import { loadDialplan } from '../../src/dialplan/read/load.ts';
import { parseRejections } from '../../src/dialplan/read/rejections.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import { expectedEntries, missingFromShow } from '../../src/dialplan/show/read-back.ts';
import { parseShow, splitShow } from '../../src/dialplan/show/show-text.ts';
import { showDialplan } from '../../src/dialplan/show/show.ts';
import { stepsOfLog } from '../../src/dialplan/trace/executed.ts';
import { parseCalls, traceCalls } from '../../src/dialplan/trace/trace-calls.ts';
import { callLines } from '../../src/dialplan/trace/trace-text.ts';
import { traceCall } from '../../src/dialplan/trace/trace.ts';
import { changesOf, locations } from '../../src/editor/addresses.ts';
import { confMentionsIn, confOutline } from '../../src/editor/conf-names.ts';
import { mentionsIn } from '../../src/editor/dialplan-names.ts';
import { outlineOf } from '../../src/editor/dialplan-outline.ts';
import { referencesOf, renamesOf } from '../../src/editor/dialplan-places.ts';
import { enabledIn, groupsIn } from '../../src/editor/entry-points.ts';
import { askedRights, grantedRights } from '../../src/editor/rights.ts';
import { partsOf } from '../../src/editor/rules-steps.ts';
import { EditedPlugin } from '../../src/editor/workspace.ts';
import { yamlOutline } from '../../src/editor/yaml-keys.ts';
import { endOf } from '../../src/effects/evidence/end-place.ts';
import { readServiceLog } from '../../src/effects/evidence/service-log.ts';
import { readUnitEnd } from '../../src/effects/evidence/unit-end.ts';
import { sha256, type SourceFile } from '../../src/git/sources.ts';
import { planMigration } from '../../src/migrate/migrate.ts';
import { lintGenerated } from '../../src/preview/lint.ts';
import { placedEntryPoints } from '../../src/readers/entry-points.ts';
import { readIni } from '../../src/readers/ini.ts';
import { importsOf } from '../../src/readers/python/imports.ts';
import { readPythonText } from '../../src/readers/python/python-text.ts';
import { readSetupCfg, tomlSettings } from '../../src/readers/python/settings-files.ts';
import { readMadeRules } from '../../src/readers/shell/make-answer.ts';
import { readRules } from '../../src/readers/shell/rules-script.ts';
import { SourceText } from '../../src/readers/source-text.ts';
import { readManifest } from '../../src/readers/yaml/manifest.ts';
import { repeatedKeys } from '../../src/readers/yaml/node.ts';
import { readOwnYaml } from '../../src/readers/yaml/own.ts';
import { plainValue } from '../../src/readers/yaml/plain-value.ts';
import { readYaml, readYamlStream } from '../../src/readers/yaml/read.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { explainStep } from '../../src/stage/step-failure.ts';
import { learnProvenance } from '../../src/stage/provenance.ts';
import { Mentions, mergeLines, readLines } from '../../src/status/log-lines.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { lineDiff } from '../../src/support/line-diff.ts';
import { didYouMean } from '../../src/support/nearest.ts';
import { jsonText, visible } from '../../src/support/visible.ts';
import { Progress } from '../../src/deploy/progress.ts';
import { readRow } from '../../src/deploy/answers.ts';
import { read as readDiagnosis } from '../../src/deploy/diagnose.ts';
import { groupsOf } from '../../src/fleet/inventory.ts';
import { readFailure } from '../../src/fleet/roll.ts';
import { withDrift } from '../../src/fleet/status.ts';
import { wavesOf } from '../../src/fleet/waves.ts';
import { marketOf, missingDependencies, readMarket } from '../../src/market/market.ts';
import { readChangeset, saysUnreleased, withSection } from '../../src/release/changelog.ts';
import { judgeUpgrade } from '../../src/status/upgrade.ts';
import { diagnosticOf } from '../../src/editor/diagnostics.ts';
import { Lines } from '../../src/editor/span.ts';
import { languageOf } from '../../src/templates/languages.ts';
import { checkTags } from '../../src/templates/tags.ts';
import { checkLines } from '../../src/terminal/check-text.ts';
import { deepMatcher, nameMatcher } from '../../src/support/glob.ts';
import { paintGenerated } from '../../src/terminal/generated-text.ts';
import { kebab } from '../../src/wazo/names.ts';
import { fit } from '../../src/terminal/fit.ts';
import { mergeFile } from '../../src/update/merge-file.ts';
import { LABELS, mergeTrees } from '../../src/update/merge-trees.ts';
import { conflictLines, hasConflict } from '../../src/update/text-merge.ts';

/** One analysis over one shape of text. */
export interface Growing {
  readonly name: string;
  /** Its work grows faster than its text, up to a budget by which it gives up. */
  readonly hasBudget?: boolean;
  /** The size that takes a few milliseconds; it is measured at 1, 4 and 16 times this. */
  readonly size: number;
  readonly make: (size: number) => unknown;
  readonly run: (input: never) => unknown;
  /** Whether `run` gives the work: of a program that is no JavaScript. */
  readonly counts?: true;
}

function growing<T>(
  name: string,
  size: number,
  make: (size: number) => T,
  run: (input: T) => unknown,
): Growing {
  return { name, size, make, run, hasBudget: BUDGETS.test(name) };
}

/** Cases that multiply by their nature: they are read as far as a budget goes. */
const BUDGETS =
  /^(?:shell: (?:substitutions within|unclosed sub)|dialplan lint: patterns|dialplan .*: templates that double|graph: (?:patterns|calls of a log, |templates that double|a context that includes|loops within)|merge: (?:lines|files)|python: names)/;

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
}

const PLUGIN = { kind: 'stack', dir: '/p', id: 'a/b', name: 'b', namespace: 'a', version: '1' } as const;
const EXTRA = 'etc/asterisk/extensions_extra.d/acme-hello.conf';
const NAME = 'extensions_extra.d/a.conf';

function source(path: string, text: string, mode = 0o644): SourceFile {
  const bytes = Buffer.from(text);
  return { path, mode, bytes, hash: sha256(bytes) };
}

function sources(files: Readonly<Record<string, string>>): ReadonlyMap<string, SourceFile> {
  const all = Object.entries({ ...SOUND_PLUGIN, ...files });
  return new Map(
    all.map(([path, text]) => [path, source(path, text, path === 'wazo/rules' ? 0o755 : 0o644)]),
  );
}

/** wdev check without Python: its rules, the dialplan linter, and how the outcome is printed. */
async function check(files: Readonly<Record<string, string>>): Promise<unknown> {
  const findings = await checkPlugin(PLUGIN, sources(files), { python: false });
  const report = [{ id: 'a/b', dir: 'p', findings }];
  return [githubReport(report), junitReport(report), checkLines(report, () => () => 'x'), jsonText(report)];
}

function rules(body: string, functions = ''): string {
  return `#!/bin/sh\nset -e\n${functions}case "$1" in\nbuild) ;;\npackage)\n${body}\n;;\ninstall|uninstall) ;;\nesac\n`;
}

function walked(text: string): unknown {
  return readRules(new SourceText('wazo/rules', text, 0o755));
}

function linted(...texts: readonly string[]): unknown {
  return lintDialplan(
    texts.map((content, at) => ({
      name: `${at}.conf`,
      installed: `/etc/asterisk/extensions_extra.d/${at}.conf`,
      content,
    })),
  );
}

function loaded(text: string) {
  return loadDialplan(memorySource(new Map([['/etc/asterisk/extensions.conf', text]])));
}

/** The texts of a merge: both sides changed something else in each `every` lines. */
function three(old: string, changed: (side: 'new' | 'mine') => string) {
  return { old, new: changed('new'), mine: changed('mine') };
}

const YAML: readonly Growing[] = [
  ['keys', 150, (n: number) => lines(n, (at) => `key${at}: value ${at}`)],
  ['one key again and again', 150, (n: number) => lines(n, () => 'key: value')],
  ['items', 150, (n: number) => `a:\n${lines(n, (at) => `  - item ${at}`)}`],
  ['a flow list', 150, (n: number) => `a: [${Array.from({ length: n }, (_, at) => `b${at}`).join(', ')}]\n`],
  [
    'a flow map',
    150,
    (n: number) => `a: {${Array.from({ length: n }, (_, at) => `b${at}: 1`).join(', ')}}\n`,
  ],
  ['blank lines of a block', 250, (n: number) => `a: |\n  x\n${'\n'.repeat(n * 16)}  y\n`],
  ['lines of a folded block', 150, (n: number) => `a: >\n${lines(n, (at) => `  line ${at}`)}`],
  ['lines of a plain scalar', 150, (n: number) => `a: x\n${lines(n, (at) => `  line ${at}`)}`],
  ['blank lines of a plain scalar', 250, (n: number) => `a: x\n${'\n'.repeat(n * 16)}  y\n`],
  ['a quoted scalar', 150, (n: number) => `a: "${'x\\n\\\n  '.repeat(n)}"\n`],
  ['blank lines of a quoted scalar', 250, (n: number) => `a: "x\n${'\n'.repeat(n * 16)}y"\n`],
  ['an unclosed quote', 150, (n: number) => `a: "x\n${lines(n, (at) => `key${at}: "v"`)}`],
  ['unclosed brackets', 20, (n: number) => `a: ${'['.repeat(n)}\n`],
  ['brackets within brackets', 5, (n: number) => `a: ${'['.repeat(n)}${']'.repeat(n)}\n`],
  ['keys within keys', 100, (n: number) => lines(Math.sqrt(n), (at) => `${' '.repeat(at)}a:`)],
  ['anchors and aliases', 80, (n: number) => lines(n, (at) => `a${at}: &x${at} 1\nb${at}: *x${at}`)],
  ['aliases of one map', 80, (n: number) => `a: &x {b: 1}\n${lines(n, (at) => `b${at}: *x`)}`],
  ['merges', 200, (n: number) => `a: &x {b: 1}\n${lines(n, (at) => `b${at}:\n  <<: *x`)}`],
  ['comments', 250, (n: number) => `${lines(n, (at) => `# comment ${at}`)}a: 1\n`],
  ['a comment that is long', 250, (n: number) => `a: 1 # ${'x '.repeat(n)}\n`],
  ['a scalar that is long', 250, (n: number) => `a: ${'x: '.repeat(n)}\n`],
  [
    'a number that is long',
    250,
    (n: number) => `a: ${'1'.repeat(n)}x\nb: ${'1:'.repeat(n)}\nc: ${'1_'.repeat(n)}\nd: ${'.'.repeat(n)}\n`,
  ],
  ['binary that is long', 250, (n: number) => `a: !!binary ${'QUJD'.repeat(n)}\n`],
  ['tags', 80, (n: number) => lines(n, (at) => `a${at}: !!str ${at}`)],
  ['directives', 80, (n: number) => `${lines(n, (at) => `%TAG !t${at}! tag:x,${at}:`)}---\na: 1\n`],
  ['documents', 80, (n: number) => lines(n, (at) => `---\na: ${at}`)],
].map(([name, size, make]) =>
  growing(`yaml: ${name as string}`, size as number, make as (n: number) => string, (text) => {
    const { root } = readYaml(text);
    readYamlStream(text);
    return [repeatedKeys(root), plainValue(root), readManifest(text), readOwnYaml(text)];
  }),
);

const SHELL: readonly Growing[] = [
  ['commands', 200, (n: number) => rules(lines(n, (at) => `cp -R etc/a${at} "$pkgdir/etc/"`))],
  ['lines that are wrong', 200, (n: number) => rules(lines(n, () => 'if ; then ((( |& esac'))],
  ['words of one command', 400, (n: number) => rules(`cp ${'a "$b" '.repeat(n)} "$pkgdir/"`)],
  [
    'functions',
    200,
    (n: number) =>
      rules(
        'f1',
        lines(n, (at) => `f${at}() { touch a; }`),
      ),
  ],
  [
    'functions that call two others',
    100,
    (n: number) =>
      rules(
        'f0',
        lines(n, (at) => `f${at}() { f${at + 1}; f${at + 1}; }`),
      ),
  ],
  [
    'branches',
    100,
    (n: number) =>
      `#!/bin/sh\ncase "$1" in\n${lines(n, (at) => `x${at}) touch a${at} ;;`)}package) ;;\nesac\n`,
  ],
  [
    'patterns of a branch',
    200,
    (n: number) =>
      `#!/bin/sh\ncase "$1" in\n${Array.from({ length: n }, (_, at) => `x${at}`).join('|')}) touch a ;;\nesac\n`,
  ],
  ['commands behind &&', 200, (n: number) => rules(`true${' && touch a'.repeat(n)}`)],
  ['commands behind |', 200, (n: number) => rules(`true${' | cat'.repeat(n)}`)],
  ['ifs within ifs', 10, (n: number) => rules(`${'if true; then\n'.repeat(n)}touch a\n${'fi\n'.repeat(n)}`)],
  [
    'substitutions within substitutions',
    5,
    (n: number) => rules(`a=${'$(echo '.repeat(n)}x${')'.repeat(n)}`),
  ],
  ['braces within braces', 10, (n: number) => rules(`${'{ '.repeat(n)}touch a${'; }'.repeat(n)}`)],
  ['unclosed substitutions', 50, (n: number) => rules(`a=${'$('.repeat(n)}`)],
  ['unclosed quotes', 200, (n: number) => rules(lines(n, () => 'echo "a \'b'))],
  ['here-documents', 100, (n: number) => rules(lines(n, (at) => `cat <<E${at}\ntext $a\nE${at}`))],
  ['assignments', 400, (n: number) => rules(lines(n, (at) => `a${at}=x\ncp "$a${at}" "$pkgdir/"`))],
  ['one variable that grows', 100, (n: number) => rules(lines(n, () => 'a="$a$a"x'))],
  ['loops', 50, (n: number) => rules(lines(n, () => 'for a in 1 2 3 4 5 6 7 8 9; do touch $a; done'))],
  ['arithmetic', 100, (n: number) => rules(lines(n, () => 'a=$((1+2*(3+4)))'))],
  ['array words', 100, (n: number) => rules(`a=(${'x '.repeat(n)})`)],
  ['comments', 1000, (n: number) => rules(lines(n, (at) => `# comment ${at}`))],
  ['redirections', 200, (n: number) => rules(`cat ${'>a '.repeat(n)}`)],
].map(([name, size, make]) =>
  growing(`shell: ${name as string}`, size as number, make as (n: number) => string, walked),
);

/** Patterns with n stars over texts of n characters: their product is the square of n. */
const PATTERNS: readonly Growing[] = [
  growing(
    'pattern across folders',
    10,
    (n) => root(n),
    (n) => deepMatcher(`${'**/a*'.repeat(n)}b`)('a/'.repeat(n)),
  ),
  growing(
    'pattern of names',
    20,
    (n) => root(n),
    (n) => nameMatcher(`${'*a'.repeat(n)}b`)('a'.repeat(n)),
  ),
  growing(
    'a generated line',
    2_000,
    (n) => ' '.repeat(n),
    (text) => paintGenerated('a.conf')(`x${text}`),
  ),
  growing(
    'a name of dashes',
    2_000,
    (n) => '-'.repeat(n),
    (text) => kebab(`a${text}b`),
  ),
];

function root(size: number): number {
  return Math.ceil(Math.sqrt(size));
}

/** facts.py on a text: lines of it that ran. */
async function factLines(text: string): Promise<number> {
  const root = packageRoot();
  const command = ['python3', `${root}/test/growth/lines.py`, `${root}/src/readers/python/facts.py`] as const;
  const { stdout, stderr } = await run(command, { input: text });
  if (stdout === '') throw new Error(stderr);
  return Number(stdout);
}

const FACTS: readonly Growing[] = (
  [
    ['calls', 20, (n) => lines(n, (at) => `yaml.load(${at}, x=[1, 'a'])`)],
    ['calls on one line', 20, (n) => `x = 'é'; ${'yaml.load(1); '.repeat(n)}`],
    ['calls within calls', 15, (n) => `${'setup('.repeat(n)}${')'.repeat(n)}`],
    ['classes', 20, (n) => lines(n, (at) => `class A${at}:\n    x = 1\n\n    def get(self): pass`)],
    ['a name of many words', 60, (n) => `a${'.b'.repeat(n)}\n`],
    ['imports', 20, (n) => lines(n, (at) => `from a${at} import b, c as d`)],
    [
      'names that stand for lists of names',
      2,
      (n) => `${lines(5, (at) => `n${at} = [${`n${at + 1}, `.repeat(n)}]`)}setup(packages=n0)\n`,
    ],
    ['ifs within ifs', 5, (n) => lines(n, (at) => `${' '.repeat(at)}if x:`) + `${' '.repeat(n)}y = 1\n`],
  ] as readonly (readonly [string, number, (n: number) => string])[]
).map(([name, size, make]) => ({ ...growing(`python: ${name}`, size, make, factLines), counts: true }));

const PYTHON: readonly Growing[] = [
  ...FACTS,
  growing(
    'imports without Python',
    100,
    (n) => 'from a import ('.repeat(n) + lines(n, () => 'from a import ('),
    (text) => importsOf(text, 'a.b', false),
  ),
  growing(
    'setup.py without Python: calls',
    100,
    (n) => lines(n, (at) => `setup(name='a${at}', packages=['b'])`),
    readPythonText,
  ),
  growing(
    'setup.py without Python: calls that do not end',
    50,
    (n) => lines(n, () => `setup(name='a', `),
    readPythonText,
  ),
  growing(
    'setup.py without Python: a list',
    200,
    (n) => `setup(packages=[${Array.from({ length: n }, (_, at) => `'b${at}'`).join(', ')}])`,
    readPythonText,
  ),
  growing(
    'setup.py without Python: lists within lists',
    20,
    (n) => `setup(packages=${'['.repeat(n)}${']'.repeat(n)})`,
    readPythonText,
  ),
  growing(
    'setup.py without Python: calls within calls',
    20,
    (n) => `setup(${'a('.repeat(n)}${')'.repeat(n)})`,
    readPythonText,
  ),
  growing(
    'setup.py without Python: calls within calls, unclosed',
    20,
    (n) => `setup(${'a('.repeat(n)}`,
    readPythonText,
  ),
  growing('setup.py without Python: quotes', 500, (n) => `setup(a="${'\\"'.repeat(n)}`, readPythonText),
  growing('setup.cfg: options', 500, (n) => `[a]\n${lines(n, (at) => `k${at} = v`)}`, readSetupCfg),
  growing('setup.cfg: sections', 500, (n) => lines(n, (at) => `[s${at}]\na = 1`), readSetupCfg),
  growing(
    'setup.cfg: lines of a value',
    500,
    (n) => `[a]\nb =\n${lines(n, (at) => `  v${at}`)}`,
    readSetupCfg,
  ),
  growing(
    'setup.cfg: entry points',
    300,
    (n) => `[options.entry_points]\nx =\n${lines(n, (at) => `  a${at} = b.c:D`)}`,
    readSetupCfg,
  ),
  growing(
    'ini: blanks in a line',
    500,
    (n) => `[a]\nb${' '.repeat(n)}c\nd${' '.repeat(n)}=${' '.repeat(n)}e\n`,
    (text: string) => readIni(text),
  ),
  growing('entry points', 300, (n) => `[a]\n${lines(n, (at) => `a${at} = b.c:D`)}`, placedEntryPoints),
  growing(
    'entry points: blanks and brackets',
    200,
    (n) => `[a]\nb${' '.repeat(n)}=${' '.repeat(n)}c${' '.repeat(n)}${'['.repeat(n)}\n`,
    placedEntryPoints,
  ),
  growing(
    'pyproject.toml: entry points',
    200,
    (n) => ({
      text: lines(n, (at) => `a${at} = "b.c:D${at}"`),
      points: { x: Array.from({ length: n }, (_, at) => `a${at} = b.c:D${at}`) },
    }),
    ({ text, points }) => tomlSettings(text, { entryPoints: points, requires: false }),
  ),
];

const DIALPLANS: readonly (readonly [string, number, (n: number) => string])[] = [
  ['extensions', 300, (n) => `[a]\n${lines(n, (at) => `exten = ${at},1,NoOp()\n same = n,Hangup()`)}`],
  ['a jump in each extension', 300, (n) => `[a]\n${lines(n, (at) => `exten = ${at},1,Goto(a,${at + 1},1)`)}`],
  [
    'a jump to one extension',
    300,
    (n) => `[a]\n${lines(n, (at) => `exten = ${at},1,Goto(b,s,1)`)}[b]\nexten = s,1,Return()\n`,
  ],
  ['a jump to a context each', 200, (n) => lines(n, (at) => `[c${at}]\nexten = s,1,Gosub(c${at + 1},s,1)`)],
  [
    'a jump to each priority',
    300,
    (n) => `[a]\nexten = s,1,NoOp()\n${lines(n, (at) => ` same = n,Goto(${at + 1})`)}`,
  ],
  [
    'a jump to each label',
    300,
    (n) => `[a]\nexten = s,1,NoOp()\n${lines(n, (at) => ` same = n(l${at}),Goto(l${at})`)}`,
  ],
  [
    'one label again and again',
    200,
    (n) => `[a]\nexten = s,1,NoOp()\n${lines(n, () => ` same = n(l),NoOp()`)}`,
  ],
  [
    'priorities by label',
    100,
    (n) => `[a]\n${lines(n, (at) => `exten = ${at},1(x),NoOp()\nexten = ${at},x,NoOp()`)}`,
  ],
  ['patterns', 100, (n) => `[a]\n${lines(n, (at) => `exten = _${at}X.,1,Goto(a,${at}55,1)`)}`],
  [
    'patterns that all match',
    100,
    (n) =>
      `[a]\n${lines(n, (at) => `exten = _[0-9${String.fromCharCode(97 + (at % 26))}]X.${'X'.repeat(at % 50)},1,Goto(a,5555,1)`)}`,
  ],
  [
    'subroutines',
    200,
    (n) =>
      `[a]\n${lines(n, (at) => `exten = ${at},1,Gosub(b,x${at},1)`)}[b]\n${lines(n, (at) => `exten = x${at},1,NoOp()`)}`,
  ],
  ['contexts', 300, (n) => lines(n, (at) => `[c${at}]\nexten = s,1,NoOp()`)],
  ['one context again and again', 300, (n) => lines(n, (at) => `[c]\nexten = s${at},1,NoOp()`)],
  ['additions', 300, (n) => `[a]\n${lines(n, () => '[a](+)\nexten = s,1,NoOp()')}`],
  ['templates', 50, (n) => `[t](!)\nexten = s,1,NoOp()\n${lines(n, (at) => `[c${at}](t)`)}`],
  [
    'templates that double',
    3,
    (n) => `[t0](!)\nexten = s,1,NoOp()\n${lines(n, (at) => `[t${at + 1}](!,t${at},t${at})`)}`,
  ],
  ['includes', 300, (n) => `[a]\n${lines(n, (at) => `include = c${at}`)}`],
  ['ignored patterns', 300, (n) => `[a]\n${lines(n, (at) => `ignorepat = ${at}`)}`],
  ['switches', 300, (n) => `[a]\n${lines(n, (at) => `switch = Loopback/${at}@b`)}`],
  ['globals', 300, (n) => `[globals]\n${lines(n, (at) => `V${at} = \${V${at - 1}}x`)}`],
  [
    'globals that double',
    5,
    (n) => `[globals]\nV0 = x\n${lines(n, (at) => `V${at + 1} = \${V${at}}\${V${at}}`)}`,
  ],
  ['additions to one value', 200, (n) => `[globals]\na = x\n${lines(n, () => 'a += y')}`],
  ['lines without sense', 300, (n) => `[a]\n${lines(n, () => 'nonsense')}`],
  ['lines that are refused', 300, (n) => `[a]\n${lines(n, () => 'exten = s,1,NoOp()')}`],
  ['block comments', 300, (n) => `[a]\n${lines(n, () => ';-- x --;')}`],
  ['comments', 500, (n) => `[a]\n${lines(n, () => '; a comment \\; with semicolons ; ;; ;')}`],
  ['variables within variables', 20, (n) => `[globals]\nA = ${'${'.repeat(n)}A${'}'.repeat(n)}\n`],
  ['expressions within expressions', 20, (n) => `[globals]\nA = ${'$['.repeat(n)}1${']'.repeat(n)}\n`],
  ['parentheses within parentheses', 20, (n) => `[globals]\nA = $[${'('.repeat(n)}1${')'.repeat(n)}]\n`],
  ['signs', 20, (n) => `[globals]\nA = $[${'-'.repeat(n)}1]\n`],
  ['unclosed variables', 20, (n) => `[globals]\nA = ${'${'.repeat(n)}\n`],
  ['a long line', 400, (n) => `[a]\nexten = s,1,NoOp(${'"a,(b),${c}" '.repeat(n).slice(0, 8000)})\n`],
  ['functions', 100, (n) => `[a]\nexten = s,1,NoOp(${'${LEN(x)}'.repeat(n).slice(0, 8000)})\n`],
  ['includes of nothing', 100, (n) => `[a]\n${lines(n, (at) => `#tryinclude x${at}*.conf`)}`],
];

const DIALPLAN: readonly Growing[] = [
  ...DIALPLANS.map(([name, size, make]) => growing(`dialplan lint: ${name}`, size, make, linted)),
  ...DIALPLANS.map(([name, size, make]) =>
    growing(`dialplan load and show: ${name}`, size, make, (text) => showDialplan(loaded(text))),
  ),
  ...DIALPLANS.slice(0, 17).map(([name, size, make]) =>
    growing(`dialplan read back: ${name}`, size, make, (text) => {
      const { entries } = expectedEntries(text, NAME);
      return missingFromShow(entries, showDialplan(loaded(text)));
    }),
  ),
  growing(
    'dialplan lint: files',
    50,
    (n) => Array.from({ length: n }, (_, at) => `[c${at}]\nexten = s,1,NoOp()\n`),
    (texts) => linted(...texts),
  ),
  growing(
    'dialplan load: braces of a pattern',
    8,
    (n) => `[a]\n#tryinclude ${'{a,b}'.repeat(n)}.conf\n`,
    loaded,
  ),
  growing(
    'dialplan load: stars of a pattern',
    5,
    (n) => `[a]\n#tryinclude ${'*a'.repeat(n)}b\n`,
    (text) =>
      loadDialplan(
        memorySource(
          new Map([
            ['/etc/asterisk/extensions.conf', text],
            [`/etc/asterisk/${'a'.repeat(200)}`, '[x]\n'],
          ]),
        ),
      ),
  ),
  growing(
    'dialplan trace: a chain of jumps',
    300,
    (n) => `[a]\n${lines(n, (at) => `exten = ${at},1,Goto(a,${at + 1},1)`)}`,
    (text) => traced(text, '0'),
  ),
  growing(
    'dialplan trace: includes of two each',
    3,
    (n) =>
      `${lines(n, (at) => `[c${at}]\ninclude = c${at + 1}\ninclude = d${at + 1}\n[d${at}]\ninclude = c${at + 1}\ninclude = d${at + 1}`)}[a]\ninclude = c0\n`,
    (text) => traced(text, 's'),
  ),
  growing(
    'dialplan trace: a value that doubles',
    5,
    (n) => `[a]\nexten = s,1,Set(A=x)\n${lines(n, () => ' same = n,Set(A=${A}${A})')}`,
    (text) => traced(text, 's'),
  ),
  growing(
    'dialplan trace: a loop that is left',
    100,
    (n) =>
      `[a]\nexten = s,1,While(1)\n same = n,ExitWhile()\n${lines(n, () => ' same = n,NoOp()')} same = n,EndWhile()\n`,
    (text) => traced(text, 's'),
  ),
  growing(
    'dialplan trace: EVAL of EVAL',
    3,
    (n) => `[a]\nexten = s,1,Set(A=${'${EVAL('.repeat(n)}x${')}'.repeat(n)})\n`,
    (text) => traced(text, 's'),
  ),
  growing(
    'dialplan trace: subroutines',
    100,
    (n) => `[a]\n${lines(n, (at) => `exten = ${at},1,Gosub(a,${at + 1},1(x,y,z))`)}`,
    (text) => traced(text, '0'),
  ),
  growing(
    'dialplan trace: calls, and extensions that they come to',
    40,
    (n) =>
      [lines(n, (at) => `- call: a,${at}`), `[a]\n${lines(n, (at) => `exten = ${at},1,NoOp()`)}`] as const,
    async ([calls, text]) =>
      await traceCalls(
        loaded(text),
        parseCalls(calls, 'calls.yml', DEFAULTS),
        () => ({ kind: 'next' }) as never,
      ),
  ),
  growing(
    'graph: calls of a log',
    100,
    (n) => [executed(n, (at) => `${at}@a`), `[a]\n${lines(n, (at) => `exten = ${at},1,NoOp()`)}`] as const,
    followed,
  ),
  growing(
    'graph: calls of a log, patterns',
    40,
    (n) => [executed(n, (at) => `${at}@a`), `[a]\n${lines(n, (at) => `exten = _X${at}.,1,NoOp()`)}`] as const,
    followed,
  ),
  growing(
    'graph: calls of a log, contexts within contexts',
    20,
    (n) =>
      [
        executed(n, (at) => `s@c${at}`),
        `${lines(n, (at) => `[c${at}]\ninclude = c${at + 1}`)}[c${n}]\nexten = s,1,NoOp()\n`,
      ] as const,
    followed,
  ),
  growing(
    'generated Asterisk files',
    300,
    (n) => `[a]\n${lines(n, (at) => `k${at} = v`)}`,
    (text) => generated(text),
  ),
  growing(
    'generated Asterisk files: blank lines',
    500,
    (n) => `[a]\n${'\n'.repeat(n)}`,
    (text) => generated(text),
  ),
];

const DEFAULTS = { given: new Map(), now: new Date(0), expect: [] };

/** A log of Asterisk in which each call runs one step, of EXTENSION@CONTEXT. */
function executed(count: number, place: (at: number) => string): string {
  return lines(count, (at) => `Executing [${place(at)}:1] NoOp("PJSIP/${at}", "") in new stack`);
}

function followed([log, text]: readonly [string, string]): unknown {
  return coverageOf(withTraces(dialplanGraph(loaded(text)), stepsOfLog(log)));
}

function generated(text: string): unknown {
  return lintGenerated({ resource: 'asterisk', filename: 'sip.conf' }, text, {});
}

function traced(text: string, extension: string): unknown {
  const dialplan = loaded(text);
  const trace = traceCall(dialplan, { context: 'a', extension, priority: 1 }, { now: new Date(0) });
  const call = { start: 'a', given: new Map(), now: new Date(0), expect: [] };
  return callLines([{ call, trace, missing: [] }], (name) => name);
}

const ANSWERS: readonly Growing[] = [
  growing(
    'dialplan show of a server',
    300,
    (n) =>
      lines(
        n,
        (at) =>
          `[ Context 'c${at}' created by 'x' ]\n  's' =>            1. NoOp(x)                                    [a.conf:1]\n     [l]           2. NoOp(y)                                    [a.conf:2]\n  Include =>        'b'                                           [pbx_config]`,
      ),
    (text) => [parseShow(text), splitShow(text)],
  ),
  growing(
    'dialplan show of a server: lines made to be slow',
    30,
    (n) =>
      lines(4, () => `  '${"' (CID match '".repeat(n)}${"') => 0. ".repeat(n)}${' ['.repeat(n)}`) +
      `     [${'] 0. '.repeat(n)}${' ['.repeat(n)}-\n  Include => '${"' [".repeat(n)}\n[ Context '${"' created by '".repeat(n)}\n`,
    (text) => [parseShow(text), splitShow(text)],
  ),
  growing(
    'a log of Asterisk',
    100,
    (n) =>
      lines(
        n,
        (at) =>
          `[Jan  1 00:00:00] WARNING[7] pbx_config.c: Unable to register extension at line ${at} of /etc/asterisk/x.conf`,
      ),
    parseRejections,
  ),
  growing(
    'a log of Asterisk: lines made to be slow',
    100,
    (n) =>
      `[Jan  1 00:00:00] WARNING[7] pbx.c: ${"' in context '".repeat(n)}\nERROR[0] i.c:${'0'.repeat(n * 8)}B] A.c: \n`,
    parseRejections,
  ),
  growing(
    'a log of a service',
    100,
    (n) =>
      lines(
        n,
        (at) =>
          `2026-01-01 00:00:00 ERROR: Traceback (most recent call last):\n  File "/usr/lib/python3/dist-packages/a/b.py", line ${at}, in c\nValueError: x`,
      ),
    (text) => readServiceLog(text, new Map()),
  ),
  growing(
    'the end of a service: its log',
    100,
    (n) =>
      lines(
        n,
        (at) =>
          `2026-01-01 00:00:00 UTC [pid 1] [tid ${at}] (ERROR) (STDERR): Exception in thread\nException in thread ${at}:\nTraceback (most recent call last):\n ${'\t'.repeat(9)}`,
      ) + `code=dumped, status=${'1'.repeat(n)}`,
    (text) => [endOf('x ended', text, new Map(), 'wazo-calld', { end: EXITED }), readUnitEnd(text)],
  ),
  growing(
    'the end of a service: the lines that may have ended it',
    100,
    (n) =>
      `os.kill(${'1'.repeat(n)}${' '.repeat(n)}\nos._exit${'(1'.repeat(n)}${' '.repeat(n)}\nsys.exit(${'('.repeat(n)}\n${lines(n, (at) => `def a(): os._exit(${at}`)}`,
    (text) => {
      const path = '/usr/lib/python3/dist-packages/demo/plugin.py';
      const file = { path, mode: 0o644, hash: '', bytes: Buffer.from(text) };
      const before = new Map([[path, { ...file, bytes: Buffer.from('') }]]);
      return endOf('x ended', '', new Map([[path, file]]), 'wazo-calld', { end: EXITED, before });
    },
  ),
  growing(
    'lines of logs',
    500,
    (n) => lines(n, (at) => `Jan 01 00:00:${at % 60} wazo-calld acme-hello said acme ${at}`),
    (text) =>
      mergeLines([
        readLines('a', text, { now: '2026-01-01 00:00:00', mentions: new Mentions(['acme-hello', 'hell']) }),
        readLines('b', text, { now: '2026-01-01 00:00:00', mentions: new Mentions([]) }),
      ]),
  ),
  growing(
    'lines of logs: words that are looked for',
    500,
    (n) => n,
    (n) => {
      const words = Array.from({ length: n }, (_, at) => `/usr/share/acme-hello/file-${at}.wav`);
      const log = lines(n, (at) => `Jan 01 00:00:00 said /usr/share/acme-hello/file-${at * 2}.wav`);
      return readLines('a', log, { now: '2026-01-01 00:00:00', mentions: new Mentions(words) });
    },
  ),
  growing(
    'output of a step that failed',
    300,
    (n) =>
      `${lines(n, (at) => `  File "/tmp/x/source/a/b.py", line ${at}`)}${'File ",'.repeat(n)}${'/source/r'.repeat(n)}\n`,
    (stderr) =>
      explainStep(
        { runs: 'rules', name: 'build', file: 'wazo/rules' },
        { command: [], status: 1, stdout: '', stderr },
        undefined,
        '/tmp/x',
      ),
  ),
];

const MERGED: readonly (readonly [
  string,
  string,
  number,
  (n: number, side: 'old' | 'new' | 'mine') => string,
])[] = [
  [
    'lines',
    'README.md',
    200,
    (n, side) =>
      lines(n, (at) =>
        at % 10 === (side === 'new' ? 3 : 7) && side !== 'old' ? `${side} ${at}` : `line ${at}`,
      ),
  ],
  [
    'lines that all conflict',
    'README.md',
    50,
    (n, side) => lines(n, (at) => (at % 2 === 0 ? `line ${at}` : `${side} ${at}`)),
  ],
  ['lines that are all new', 'README.md', 100, (n, side) => lines(n, (at) => `${side} ${at}`)],
  [
    'lines that are all alike',
    'README.md',
    100,
    (n, side) => lines(side === 'old' ? n : n + 3, () => 'same'),
  ],
  [
    'ignored names',
    '.gitignore',
    100,
    (n, side) => lines(n, (at) => (side === 'old' ? `line ${at}` : `${side}${at}`)),
  ],
  [
    'keys of YAML',
    'a.yml',
    100,
    (n, side) =>
      lines(n, (at) => `k${at}: ${at % 7 === (side === 'new' ? 1 : 4) && side !== 'old' ? side : 'v'}`),
  ],
  [
    'new keys of YAML',
    'a.yml',
    100,
    (n, side) => `a: 1\n${side === 'old' ? '' : lines(n, (at) => `${side}${at}: 1`)}`,
  ],
  [
    'items of YAML',
    'a.yml',
    100,
    (n, side) =>
      `a:\n${lines(n, (at) => `  - ${at}`)}${side === 'old' ? '' : lines(n, (at) => `  - ${side}${at}`)}`,
  ],
  [
    'blank lines of YAML',
    'a.yml',
    5,
    (n, side) => `a:\n${'\n'.repeat(n)}  # x\n${'  \n'.repeat(n)}  b: ${side}\n`,
  ],
  [
    'keys of setup.cfg',
    'setup.cfg',
    100,
    (n, side) =>
      `[a]\n${lines(n, (at) => `k${at} = ${at % 7 === (side === 'new' ? 1 : 4) && side !== 'old' ? side : 'v'}`)}`,
  ],
  [
    'requirements',
    'requirements.txt',
    100,
    (n, side) => lines(n, (at) => `p${at}==${at % 7 === (side === 'new' ? 1 : 4) && side !== 'old' ? 2 : 1}`),
  ],
  [
    'branches of rules',
    'wazo/rules',
    20,
    (n, side) =>
      `#!/bin/sh\ncase "$1" in\n${lines(n, (at) => `x${at})\n  touch ${at % 7 === (side === 'new' ? 1 : 4) && side !== 'old' ? side : 'v'}\n  ;;`)}esac\n`,
  ],
  [
    'entry points of setup.py',
    'setup.py',
    20,
    (n, side) =>
      `from setuptools import setup\nsetup(entry_points={'a': [\n${lines(side === 'old' ? n : n + 1, (at) => `  'p${at}${at === n ? side : ''} = b:C',`)}]})\n`,
  ],
];

const UPDATE: readonly Growing[] = [
  ...MERGED.map(([name, file, size, make]) =>
    growing(
      `merge: ${name}`,
      size,
      (n) => three(make(n, 'old'), (side) => make(n, side)),
      (texts) => mergeFile(file, texts, LABELS),
    ),
  ),
  growing(
    'merge: files',
    100,
    (n) => {
      const tree = (word: string) =>
        new Map(
          Array.from({ length: n }, (_, at) => [
            `f${word === 'new' && at % 3 === 0 ? 'n' : ''}${at}`,
            { text: lines(5, (line) => `${word} ${at} ${line}`), mode: 0o644 },
          ]),
        );
      return [tree('old'), tree('new'), tree('mine')] as const;
    },
    ([old, fresh, mine]) => mergeTrees(old, fresh, mine),
  ),
  growing(
    'marks of conflicts',
    100,
    (n) => `${' \n<<<<<<< \n\n'.repeat(n)}${' \n||||||| \n\n'.repeat(n)}${' \n=======\n\n'.repeat(n)}`,
    (text) => [hasConflict(text), conflictLines(text)],
  ),
  growing(
    'a difference of lines',
    400,
    (n) => [lines(n, (at) => `a ${at}`), lines(n, (at) => `b ${at}`)] as const,
    ([before, after]) => lineDiff(before, after),
  ),
  growing(
    'a difference of lines in the same order',
    1200,
    (n) => [lines(n, (at) => `a ${at}`), lines(n, (at) => (at % 5 === 0 ? `b ${at}` : `a ${at}`))] as const,
    ([before, after]) => lineDiff(before, after),
  ),
  growing(
    'what a copy was made of',
    300,
    (n) =>
      [
        sources(Object.fromEntries(Array.from({ length: n }, (_, at) => [`a${at}`, 'same']))),
        Array.from({ length: n }, (_, at) => source(`/usr/a${at}`, 'same')),
      ] as const,
    ([from, staged]) => learnProvenance(from, staged),
  ),
  growing(
    'did you mean',
    50,
    (n) => Array.from({ length: n }, (_, at) => `word-${at}`),
    (words) => words.slice(0, 50).map((word) => didYouMean(`${word}x`, words)),
  ),
  growing(
    'did you mean: a long word',
    50,
    (n) => 'a'.repeat(n * 10),
    (word) => didYouMean(word, [`${word}b`, `b${word}`]),
  ),
];

function project(files: Readonly<Record<string, string>>) {
  return new Map(Object.entries(files).map(([path, text]) => [path, { text, mode: 0o644 }]));
}

const COMMANDS: readonly Growing[] = [
  growing(
    'check: findings in rules',
    50,
    (n) => ({ 'wazo/rules': rules(lines(n, () => 'systemctl restart wazo-calld')) }),
    check,
  ),
  growing(
    'check: copies in rules',
    30,
    (n) => ({
      'wazo/rules': rules(
        lines(n, (at) => `mkdir -p "$pkgdir/etc/d${at}"\ncp -R etc/d${at} "$pkgdir/etc/d${at}"`),
      ),
    }),
    check,
  ),
  growing(
    'check: errors in rules',
    50,
    (n) => ({ 'wazo/rules': rules(lines(n, () => 'if ; then (( |& esac [[ x ]]')) }),
    check,
  ),
  growing('check: bashisms', 50, (n) => ({ 'wazo/rules': rules(lines(n, () => '[[ x ]]')) }), check),
  growing(
    'check: files',
    100,
    (n) =>
      Object.fromEntries(
        Array.from({ length: n }, (_, at) => [
          `etc/wazo-calld/conf.d/${at}.yml`,
          `enabled_plugins: {a${at}: true}\n`,
        ]),
      ),
    check,
  ),
  growing(
    'check: wrong settings',
    100,
    (n) => ({ 'etc/wazo-calld/conf.d/50-a.yml': `enabled_plugins:\n${lines(n, (at) => `  a${at}: wrong`)}` }),
    check,
  ),
  growing(
    'check: dependencies',
    100,
    (n) => ({
      'wazo/plugin.yml': `${SOUND_PLUGIN['wazo/plugin.yml']}debian_depends:\n${lines(n, (at) => `  - p${at}`)}depends:\n${lines(n, (at) => `  - {name: p${at}, namespace: x}`)}`,
    }),
    check,
  ),
  growing(
    'check: dialplan findings',
    100,
    (n) => ({ [EXTRA]: `[a]\n${lines(n, (at) => `exten = ${at},1,Nonsense()`)}` }),
    check,
  ),
  growing(
    'check: comments that ignore',
    100,
    (n) => ({
      'wazo/rules': rules(lines(n, () => 'systemctl restart wazo-calld # wdev: ignore rules-no-set-e')),
    }),
    check,
  ),
  growing(
    'check: comment lines above',
    50,
    (n) => ({
      'wazo/rules': rules(
        `${lines(n, () => '# wdev: ignore x y')}${lines(n, () => 'systemctl restart wazo-calld')}`,
      ),
    }),
    check,
  ),
  growing(
    'check: long lines',
    200,
    (n) => ({
      'wazo/rules': rules(`echo ${'install -m 1 '.repeat(n)}`),
      'a.py': `x = "${'.'.repeat(n)}"\n`,
      'b.conf': `${';'.repeat(n)}\\\n`,
      'wazo/plugin.yml': `name: ${'.'.repeat(n)}x\nnamespace: ${'-'.repeat(n)}x\n`,
    }),
    check,
  ),
  growing(
    'migrate',
    50,
    (n) =>
      project({
        ...SOUND_PLUGIN,
        'wazo/rules': rules(lines(n, () => 'systemctl restart xivo-ctid-ng')),
        [EXTRA]: `[a]\n${lines(n, (at) => `exten = ${at},1,NoOp(\${XIVO_X})`)}`,
      }),
    (files) => planMigration(files, { to: '26.07', namespace: 'a' }),
  ),
  growing(
    'migrate: a Makefile',
    50,
    (n) =>
      project({
        'package.yml': 'name: a\nversion: "1"\n',
        Makefile: `install:\n${lines(n, (at) => `\tcp a${at} /etc/b${at}`)}${'\t'.repeat(n)}x\n`,
      }),
    (files) => planMigration(files, { to: '26.07', namespace: 'a' }),
  ),
  growing(
    'a Makefile as wazo/rules, and what make says of it',
    50,
    (n) => {
      return [
        new SourceText('wazo/rules', `package:\n${lines(n, (at) => `\t$(A)${at}`)}`),
        `wazo/rules:2: target 'package' does not exist\n${lines(n, (at) => `cp a${at} "$pkgdir/"`)}`,
      ] as const;
    },
    ([file, stdout]) =>
      readMadeRules(file, new Map([[file.path, file]]), {
        answers: [{ name: 'package', status: 0, stdout, stderr: '' }],
      }),
  ),
  growing(
    'settings',
    100,
    (n) => `reload:\n${lines(n, (at) => `  - {path: /etc/${at}, do: [{nothing: true}]}`)}`,
    (text) => parseSettings(text),
  ),
  growing(
    'tags of a template',
    200,
    (n) => lines(n, () => '#@= name @# text'),
    (text) => checkTags(text, languageOf('a.py'), ['name'], 'a'),
  ),
  growing(
    'text made visible',
    2000,
    (n) => `${'a\u001b'.repeat(n)}${'\u0301'.repeat(n)}`,
    (text) => [visible(text), jsonText(text)],
  ),
  growing(
    'a line broken',
    200,
    (n) => `${'word '.repeat(n)}${'x'.repeat(n)}`,
    (text) => fit(text, 80),
  ),
];

const GRAPHS: readonly Growing[] = [
  ...DIALPLANS.filter(([name]) => !/long line|functions|globals|within|signs|unclosed/.test(name)),
  [
    'subroutines that call the next one',
    60,
    (n: number) => lines(n, (at) => `[c${at}]\nexten = s,1,Gosub(c${at + 1},s,1)\n same = n,Return()`),
  ] as const,
  [
    'a subroutine with many Returns that many call',
    20,
    (n: number) =>
      `${lines(n, (at) => `[c${at}]\nexten = s,1,Gosub(sub,s,1)\n same = n,Return()`)}[sub]\nexten = s,1,NoOp()\n${lines(n, (at) => ` same = n,GotoIf(x?${at + 3})\n same = n,Return()`)}`,
  ] as const,
  [
    'a context that many include',
    100,
    (n: number) =>
      `${lines(n, (at) => `[c${at}]\ninclude = all\nexten = ${at},1,NoOp()`)}[all]\nexten = s,1,NoOp()\n`,
  ] as const,
  [
    'a context that includes many',
    20,
    (n: number) =>
      `[all]\n${lines(n, (at) => `include = c${at}`)}${lines(n, (at) => `[c${at}]\nexten = ${at},1,NoOp()`)}`,
  ] as const,
  [
    'loops',
    60,
    (n: number) => `[a]\nexten = s,1,NoOp()\n${lines(n, () => ' same = n,While(1)\n same = n,EndWhile()')}`,
  ] as const,
  [
    'loops within loops',
    30,
    (n: number) =>
      `[a]\nexten = s,1,NoOp()\n${' same = n,While(1)\n'.repeat(n)}${' same = n,EndWhile()\n'.repeat(n)}`,
  ] as const,
  [
    'ends of loops without a loop',
    60,
    (n: number) => `[a]\nexten = s,1,NoOp()\n${lines(n, () => ' same = n,EndWhile()')}`,
  ] as const,
].map(([name, size, make]) =>
  growing(`graph: ${name}`, size, make, (text) => {
    const graph = dialplanGraph(loaded(text));
    return [pictureOf(graph), pictureOf(graph, { depth: 'priorities' })];
  }),
);

const EDITOR: readonly Growing[] = (
  [
    ['a jump in each extension', (n) => lines(n, (at) => `exten = s${at},1,Goto(a,s${at + 1},1)`)],
    ['uses of one name', (n) => lines(n, () => 'same = n,Goto(a,s,l)')],
    ['contexts', (n) => lines(n, (at) => `[c${at}]\nexten = s,1(l),Gosub(a,s,1)`)],
    ['branches within branches', (n) => `exten = s,1,${'ExecIf(1?'.repeat(n)}`],
    ['functions', (n) => `exten = s,1,NoOp(${'${LEN(x)}'.repeat(n)})\n`],
    ['blank lines', (n) => `exten = s,1,NoOp()\n${' \n'.repeat(n)}`],
  ] as readonly (readonly [string, (n: number) => string])[]
).map(([name, make]) =>
  growing(
    `editor: ${name}`,
    200,
    (n) => `[a]\nexten = s,1(l),NoOp()\n${make(n)}`,
    (text) => {
      const file = { uri: 'file:///p/extensions.conf', text };
      const [context, , label] = mentionsIn(text);
      const placed = (found: ReturnType<typeof renamesOf>) =>
        found.map(({ uri, mention: { start, end } }) => ({ uri, start, end }));
      const files = [{ ...file, name: 'extensions.conf' }];
      return [
        outlineOf(file),
        [context, label].map((one) => one && changesOf(placed(renamesOf(one, [file])), files, 'b')),
        [context, label].map((one) => one && locations(placed(referencesOf(one, [file])), files)),
      ];
    },
  ),
);

/** Other files of an editor, read by their lines. */
const EDITOR_LINES: readonly Growing[] = (
  [
    ['keys', (n) => lines(n, (at) => `key${at}: value`)],
    ['keys and what they hold', (n) => lines(n, (at) => `key${at}:\n  acl:\n    - a.b.c${at}.#`)],
    ['one long list of ACLs', (n) => `acl:\n${lines(n, (at) => `- calld.a${at}.read`)}`],
    ['dashes', (n) => `${'- '.repeat(n)}x\n`],
    ['dots in a line', (n) => `${'a.'.repeat(n)}\n`],
    ['letters in a list of ACLs', (n) => `acl: ${'a'.repeat(n)}\n`],
    ['entry points', (n) => `'wazo_calld.plugins': [\n${lines(n, (at) => `'n${at} = a.b:C',`)}]\n`],
    ['sections', (n) => lines(n, (at) => `[s${at}](s)\ncontext = a\nauth = s${at}`)],
    ['functions of the shell', (n) => lines(n, (at) => `f${at}() { :; }`)],
    ['rights in code', (n) => lines(n, (at) => `@required_acl('calld.a${at}.read')`)],
  ] as readonly (readonly [string, (n: number) => string])[]
).map(([name, make]) =>
  growing(`editor: ${name}`, 200, make, (text) => [
    yamlOutline({ text }),
    groupsIn(text),
    enabledIn({ uri: '', name: 'etc/wazo-purge-db/conf.d/a.yml', text }, []),
    askedRights([{ uri: '', name: 'a.py', text }]),
    grantedRights([{ uri: '', name: 'etc/wazo-auth/conf.d/a.yml', text }]),
    partsOf(text),
    confMentionsIn(text, 'pjsip'),
    confOutline({ uri: '', name: 'etc/asterisk/pjsip.d/a.conf', text }),
  ]),
);

function failure() {
  return {
    step: 'installing',
    error: {},
    dependencies: Array.from({ length: 5 }, (_, at) => ({ name: `x/d${at}`, step: 'a', error: {} })),
    plugin: PLUGIN,
    name: { namespace: 'a', name: 'b', package: 'wazo-plugind-b-a' },
    clone: undefined,
  };
}

function tagged(n: number) {
  return Array.from({ length: n }, (_, at) => ({
    plugin: { namespace: 'a', name: `p${at % Math.ceil(n / 2)}`, display_name: 'x' },
    version: { version: `1.${at}`, method: 'git', options: { url: 'https://x', ref: `1.${at}` } },
    depends: [`a/q${at}`],
  })) as Parameters<typeof marketOf>[0];
}

function standing(n: number, files: (at: number) => readonly (readonly [string, string])[]) {
  return Array.from({ length: n }, (_, at) => ({
    by: 'package' as const,
    plugin: `a/p${at}`,
    package: `wazo-plugind-p${at}-a`,
    version: '1',
    state: 'installed',
    depends: Array.from({ length: 3 }, (_d, one) => `python3.${one}`).join(', '),
    changed: [],
    files: files(at),
  }));
}

/** Answers of servers, repositories and programs that manage servers. */
const SERVERS: readonly Growing[] = [
  growing(
    'deploy: events of the bus',
    300,
    (n) =>
      Array.from({ length: n }, (_, at) =>
        JSON.stringify({ status: at % 3 === 0 ? 'error' : 'starting', uuid: `u${at}`, own: at % 2 === 0 }),
      ),
    (rows) => {
      const progress = new Progress(0);
      for (const [at, row] of rows.entries()) progress.take(readRow(row) as never, at);
      return progress;
    },
  ),
  growing(
    'deploy: output of a step, its words again and again',
    2000,
    (n) => `${'new installed script '.repeat(n)}\n${lines(n, (at) => `Setting up x${at}`)}`,
    (term) => readDiagnosis(failure(), { term, journal: term, dpkg: term }, sources({})),
  ),
  growing(
    'deploy: dependencies that lack',
    100,
    (n) => ({
      told: { depends: Array.from({ length: n }, (_, at) => [`p${at}`, 'unknown'] as const) },
      files: sources({ 'wazo/plugin.yml': `debian_depends:\n${lines(n, (at) => `  - p${at}`)}` }),
    }),
    ({ told, files }) => readDiagnosis(failure(), told, files),
  ),
  growing(
    'release: notes of changes',
    300,
    (n) => Array.from({ length: n }, (_, at) => `---\n'a': patch\n---\n\n${'line\n'.repeat(at % 5)}`),
    (notes) =>
      withSection('# Changelog\n', {
        version: '1',
        date: '2026-01-01',
        changes: notes.map((one) => readChangeset(one)?.text ?? ''),
      }),
  ),
  growing(
    'release: one long note, and a long changelog',
    1000,
    (n) =>
      `${lines(n, (at) => `## ${at}`)}## Unreleased\n${':  '.repeat(n)}\n---\n${'## unreleased '.repeat(n)}`,
    (text) => [
      readChangeset(`---\n${text}---\n${text}`),
      saysUnreleased(text),
      withSection(text, { version: '1', date: '2026-01-01', changes: [text] }),
    ],
  ),
  growing('market: versions', 300, tagged, (versions) => {
    const market = marketOf(versions);
    const { findings } = readMarket(JSON.stringify(market, undefined, 1), {});
    return [missingDependencies(versions, market), findings];
  }),
  growing(
    'fleet: hosts of an inventory',
    500,
    (n) => JSON.stringify({ all: { hosts: Array.from({ length: n }, (_, at) => `h${at}`) } }),
    (text) => [groupsOf(text), wavesOf(['a'], ['1'])],
  ),
  growing(
    'fleet: groups within groups, of a few hosts',
    200,
    (n) =>
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: n }, (_, at) => [`g${at}`, { hosts: ['a'], children: ['all'] }]),
        ),
      ),
    (text) => groupsOf(text),
  ),
  growing(
    'fleet: servers and what they have',
    200,
    (n) =>
      Array.from({ length: n }, (_, at) => ({ host: `h${at}`, plugins: standing(4, () => []) })) as never,
    (servers) => withDrift(servers, { 'wazo-plugind-p1-a': '2' }),
  ),
  growing(
    'fleet: plugins of one server',
    200,
    (n) => [{ host: 'h', plugins: standing(n, () => []) }] as never,
    (servers) => withDrift(servers, {}),
  ),
  growing(
    'fleet: a failure that Ansible tells',
    2000,
    (n) => JSON.stringify({ msg: 'a\n'.repeat(n), stderr: ' '.repeat(n) }),
    (text) => readFailure(text),
  ),
  growing(
    'compat: plugins of a server',
    20,
    (n) => standing(n, (at) => [[`/etc/wazo-calld/conf.d/${at}.yml`, 'enabled_plugins: {a: true}\n']]),
    async (plugins) =>
      await judgeUpgrade({ wazo: '25.01', debian: '12', plugins }, { engine: '26.05', debian: 13 }),
  ),
  growing(
    'compat: files of another Python, and groups of entry points',
    100,
    (n) =>
      standing(1, () => [
        ...Array.from(
          { length: n },
          (_, at) => [`/usr/lib/python3.9/dist-packages/a/${at}.txt`, 'x'] as const,
        ),
        ['/usr/lib/python3/dist-packages/a.egg-info/entry_points.txt', lines(n, (at) => `[g${at}]\na = b:C`)],
      ]),
    async (plugins) =>
      await judgeUpgrade({ wazo: null, debian: null, plugins }, { engine: '26.05', debian: 13 }),
  ),
  growing(
    'editor: a key pressed in a long dialplan',
    300,
    (n) => {
      const dir = mkdtempSync(path.join(tmpdir(), 'wdev-growth-'));
      process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
      for (const [name, text] of Object.entries(SOUND_PLUGIN)) {
        mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
        writeFileSync(path.join(dir, name), text);
      }
      const text = `[a]\n${lines(n, (at) => `exten = ${at},1,NoOp(${at})\n same = n,Goto(a,${n - at},1)`)}`;
      return { plugin: new EditedPlugin(dir), text };
    },
    async ({ plugin, text }) => {
      plugin.edit(EXTRA, `${text}exten = x,1,Noop()\n`);
      return await plugin.judgeSoon(EXTRA);
    },
  ),
  growing(
    'editor: findings of a text',
    300,
    (n) => lines(n, (at) => `key${at}: value`),
    (text) => {
      const shown = new Lines(text);
      return Array.from({ length: shown.count }, (_, at) =>
        diagnosticOf({ code: 'file-leftover', level: 'info', message: 'x', line: at + 1, column: 2 }, shown),
      );
    },
  ),
];

const EXITED = { exit: 3, isOutOfMemory: false };

export const GROWING: readonly Growing[] = [
  ...SERVERS,
  ...GRAPHS,
  ...EDITOR,
  ...EDITOR_LINES,
  ...YAML,
  ...SHELL,
  ...PYTHON,
  ...PATTERNS,
  ...DIALPLAN,
  ...ANSWERS,
  ...UPDATE,
  ...COMMANDS,
];
