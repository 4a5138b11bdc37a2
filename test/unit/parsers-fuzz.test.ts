/**
 * Each parser of others' texts, on texts that nearly follow its grammar: it throws nothing but its documented error,
 * its places lie in the text, and it says the same again. WDEV_FUZZ=RUNS tries more, WDEV_TEST_SEED=NUMBER others.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from '../support/fast-check.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isDiagnosis, isLook, readRow } from '../../src/deploy/answers.ts';
import { read as readDiagnosis } from '../../src/deploy/diagnose.ts';
import { refusal } from '../../src/deploy/far-end.ts';
import { serverAt } from '../../src/deploy/http.ts';
import { Progress, type PlugindEvent } from '../../src/deploy/progress.ts';
import { mentionsIn } from '../../src/editor/dialplan-names.ts';
import { outlineOf } from '../../src/editor/dialplan-outline.ts';
import { definitionsOf, mentionAt, referencesOf, renamesOf } from '../../src/editor/dialplan-places.ts';
import { hoverOf } from '../../src/editor/dialplan-words.ts';
import { confMentionsIn, confOutline } from '../../src/editor/conf-names.ts';
import { enabledIn, groupsIn } from '../../src/editor/entry-points.ts';
import { fieldHover, fieldWords, schemaOf } from '../../src/editor/fields.ts';
import { askedRights, grantedRights } from '../../src/editor/rights.ts';
import { partsOf } from '../../src/editor/rules-steps.ts';
import { keysAbove, yamlOutline } from '../../src/editor/yaml-keys.ts';
import { readLedger, withLedger } from '../../src/edits/ledger.ts';
import { undoLast } from '../../src/edits/undo.ts';
import { splitSections } from '../../src/effects/sections.ts';
import { dialplanGraph } from '../../src/dialplan/graph/build.ts';
import { withTraces } from '../../src/dialplan/graph/hops.ts';
import { stepsOfLog, stepsOfTrace } from '../../src/dialplan/trace/executed.ts';
import { readUnits } from '../../src/effects/unit-state.ts';
import { groupsOf } from '../../src/fleet/inventory.ts';
import { readFailure, readWritten } from '../../src/fleet/roll.ts';
import { statusOf, withDrift } from '../../src/fleet/status.ts';
import { readWanted } from '../../src/fleet/version.ts';
import { readWaves } from '../../src/fleet/waves.ts';
import { parseEntryPoint, parseEntryPoints, placedEntryPoints } from '../../src/readers/entry-points.ts';
import { importsOf } from '../../src/readers/python/imports.ts';
import { confgendPackage } from '../../src/readers/python/packaging-glance.ts';
import { readTexts } from '../../src/readers/python/read-facts.ts';
import { readSettings, settingOf } from '../../src/readers/service-settings.ts';
import { readComments } from '../../src/readers/shell/shellcheck.ts';
import { readChangeset, saysUnreleased } from '../../src/release/changelog.ts';
import { timesOf } from '../../src/sandbox/bounds.ts';
import { parseDeb822, parseSourcesList } from '../../src/stacks/real/mirror.ts';
import { parseState } from '../../src/stacks/real/run-folder.ts';
import { parseLine } from '../../src/stacks/wazo/repository.ts';
import { readTrace } from '../../src/stage/trace.ts';
import { readServerStanding } from '../../src/status/standing.ts';
import { readRecorded } from '../../src/targets/record-rows.ts';
import { readPacked, readReason } from '../../src/templates/fetch-npm.ts';
import { readProblems } from '../../src/templates/lint-files.ts';
import { parseManifest } from '../../src/templates/manifest-text.ts';
import { parseReference } from '../../src/templates/reference.ts';
import { readMarket } from '../../src/market/market.ts';
import { readAnswers } from '../../src/effects/evidence/answers-shape.ts';
import { readReport } from '../../src/own-tests/run.ts';
import { readMetadata } from '../../src/kinds/plugin-metadata.ts';
import { replyFindings } from '../../src/preview/findings.ts';
import { readReply } from '../../src/preview/reply-shape.ts';
import type { Schema } from '../../src/readers/yaml/validate.ts';
import { readEvent } from '../../src/simulate/event-shapes.ts';
import { outcomeOf, recordLines } from '../../src/simulate/outcome.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { journalName, journalPath, quote } from '../../src/support/quote.ts';
import { readRecords as readTargetRecords } from '../../src/targets/damage.ts';
import { readHashLines } from '../../src/targets/hashes.ts';
import { manifestText } from '../../src/targets/manifest.ts';
import { readOwnerLine } from '../../src/targets/packages.ts';
import { ownRecords, recordText } from '../../src/targets/touched.ts';
import { outcomeLines, summaryLine } from '../../src/terminal/simulation-view.ts';
import { parseAnswersFile } from '../../src/update/answers-file.ts';
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
  readonly pieces?: readonly string[];
  /** JSON values as they should be: texts are made of one of them, with some of its parts replaced or gone. */
  readonly values?: readonly unknown[];
  readonly read: (text: string) => Read | Promise<Read>;
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

const DIALPLAN_URI = 'file:///p/a.conf';

const EVENTS: readonly unknown[] = [
  { event: 'ready', generation: '2', package: 'stand-in', serial: false },
  {
    event: 'record',
    line: 1,
    fields: {
      call_type: 0,
      number: '1',
      line: 1,
      ext: 2,
      ring: 3,
      duration: '00:10',
      date: '2026-01-01T00:00:00',
    },
    unserialisable: [['date', 'datetime']],
    place: { file: '/p/a.py', line: 3 },
  },
  { event: 'none', line: null, place: null },
  {
    event: 'raised',
    line: 2,
    where: 'parse',
    error: { type: 'ValueError', message: 'x', frames: [{ file: '/p/a.py', line: 1 }] },
  },
  { event: 'port', path: '/dev/pts/1', rate: 9600, written: 3, read: 2, reconnects: 0 },
  { event: 'unended', lines: 2 },
  { event: 'end', fed: 2, records: 1 },
];
const SUBJECT = {
  dir: '/p',
  id: 'a',
  module: '/p/a.py',
  isAlone: false,
  className: undefined,
  settings: { rate: 1200 },
  settingsFile: undefined,
  generation: '2',
} as const;

const REPLY = {
  outcome: 'raised',
  phase: 'generate',
  error: {
    type: 'KeyError',
    message: 'x',
    frames: [{ file: '/r/a.py', line: 2 }],
    runtime: false,
    missing: 'dao find',
    call: 'queue_dao.find(1)',
  },
  problems: [{ file: 'a.yml', kind: 'invalid', message: 'x', line: null }],
  touches: [{ what: 'network', phase: 'generate', detail: 'x', frames: [] }],
  enabled: null,
  found: [{ name: 'a', value: 'b:C', package: 'd' }],
  undefined: ['x'],
  printed: 'x',
  places: { generate: { file: '/r/a.py', line: 1 } },
  total: 3,
};

const PLUGIN_NAME = { namespace: 'a', name: 'b', package: 'wazo-plugind-b-a' };
const PLUGIN_LIST = { items: [{ namespace: 'a', name: 'b', version: '1.0' }], total: 1 };
const MARKET_ENTRY = {
  namespace: 'a',
  name: 'b',
  versions: [
    {
      version: '1.0',
      upgradable: true,
      min_wazo_version: '26.01',
      method: 'git',
      options: { url: 'https://x', ref: 'v1' },
    },
  ],
};
const BUS: readonly unknown[] = [
  { begun: 'x' },
  { status: 'building', uuid: 'u', own: true },
  { status: 'installing dependencies', uuid: 'u', own: true },
  {
    status: 'error',
    uuid: 'v',
    own: false,
    errors: {
      error_id: 'install-error',
      message: 'x',
      details: { install_options: { namespace: 'a', name: 'c' } },
    },
  },
  {
    status: 'error',
    uuid: 'u',
    own: true,
    errors: { error_id: 'building-error', message: 'x', details: { step: 'building' } },
  },
  { status: 'completed', uuid: 'u', own: true },
  { refused: 'not-allowed', message: '401' },
  { unseen: 'x' },
  {
    found: {
      installed: { version: '1' },
      package: { state: 'installed', version: '1' },
      wazo: '26.01',
      market: MARKET_ENTRY,
    },
  },
  {
    found: {
      term: 'x',
      dpkg: 'x',
      journal: 'x',
      package: null,
      clone: [2, 'x'],
      update: [1, 'E: x'],
      configure: [1, 'x'],
      depends: [['a', 'unknown']],
    },
  },
];

const EDIT = {
  did: 'add calld',
  at: '2026-01-01T00:00:00.000Z',
  files: [
    { path: 'a/b', before: { text: 'x', mode: 420 }, after: { content: 'y', mode: 420 } },
    { path: 'c', after: { content: 'z', mode: 420 } },
  ],
  folders: ['a'],
  modes: { a: 493 },
};
const LEDGERS: readonly unknown[] = [
  { records: [EDIT] },
  // this one can be rolled back
  {
    records: [{ ...EDIT, files: [{ path: 'c', before: { text: 'x', mode: 420 } }], folders: [], modes: {} }],
  },
  {
    records: [],
    pending: { record: EDIT, undoes: false, work: '.wdev/edit-00000000-0000-0000-0000-000000000000' },
  },
  { records: [{ ...EDIT, release: { tag: 'v1', branch: 'main', parent: 'x' } }] },
];

/** A record as it is written, with another ledger in it. */
async function ledgerOf(body: string): Promise<Read> {
  const line = body.replaceAll('\n', ' ');
  writeFileSync(
    written.file,
    `${JSON.stringify({ ...written.head, sum: createHash('sha256').update(line).digest('hex') })}\n${line}\n`,
  );
  for (const name of readdirSync(EDITED)) rmSync(path.join(EDITED, name), { recursive: true });
  const value = readLedger(EDITED);
  // whatever is recorded, nothing beside the folder is touched
  await undoLast(EDITED).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
  });
  expect(readdirSync(path.dirname(EDITED)).sort()).toEqual(['plugin', 'state']);
  return { value };
}

async function httpLook(text: string, infos: string): Promise<Read> {
  const answer = (url: string): string => (url.includes('/infos') ? infos : text);
  vi.stubGlobal('fetch', async (url: string) => await Promise.resolve(new Response(answer(url))));
  try {
    return { value: await serverAt('http://x', 't').look(PLUGIN_NAME, true) };
  } finally {
    vi.unstubAllGlobals();
  }
}

/** JSON of others: the journal of undo, a target, a plugin's process, a server, a plugin's folder. */
const JSON_PARSERS: readonly Fuzzed[] = [
  { name: 'the journal of undo', values: LEDGERS, read: ledgerOf },
  {
    name: 'the answers file',
    values: [
      {
        'generator-wazo-plugin': {
          template: 'stack',
          version: 1,
          pin: { wdev: '1.0.0' },
          package: 'acme_hello',
          answers: { name: 'a', parts: ['calld'], force: true },
        },
        other: {},
      },
      {
        'generator-wazo-plugin': {
          template: 'git+https://x/y#v1',
          version: 0,
          pin: { commit: 'a'.repeat(40) },
          answers: {},
        },
      },
    ],
    read: (text) => ({ value: parseAnswersFile(text) }),
  },
  {
    name: 'events of a call logger',
    values: EVENTS,
    read: (text) => {
      const event = readEvent(text);
      if (event === undefined) return { value: 'none' };
      const outcomes = outcomeOf(SUBJECT, [event, event]);
      return { value: [recordLines(outcomes), outcomeLines(SUBJECT, outcomes), summaryLine(outcomes)] };
    },
  },
  {
    name: 'answers of services',
    values: [
      {
        'wazo-calld': {
          routes: [
            { bare: 401, text: '' },
            { bare: 404, options: 200, allow: 'GET', token: 0 },
          ],
          description: { status: 200, missing: ['/x'] },
          login: 401,
          imports: 'x',
          lookups: [{ status: 200, results: 0, made: true }, { sources: 0 }],
          backends: ['wazo_user'],
          handlers: [{ commands: ['VERBOSE x'], isCall: true }],
          log: 'Traceback',
        },
      },
    ],
    read: (text) => ({
      value: Object.entries(readAnswers(text)).map(([unit, { routes, log, lookups = [] }]) => [
        unit,
        routes.map(({ bare = 0 }) => bare + 1),
        log.length,
        lookups.map(({ results = 0 }) => results.toFixed(0)),
      ]),
    }),
  },
  {
    name: 'the report of tests',
    values: [
      [
        { test: 'a::b', outcome: 'passed', seconds: 0.1 },
        { test: 'a', outcome: 'failed', seconds: 0, message: 'x', file: 'a', line: 1 },
      ],
    ],
    read: (text) => ({
      value: readReport(`wdev-report [${text}]\nwdev-report ${text}\n`).map(({ test, message = '' }) => [
        test.length,
        message.split('\n')[0],
      ]),
    }),
  },
  {
    name: 'answers of a driver',
    values: [REPLY, { outcome: 'text', text: 'x', total: 1, ms: { generate: 2 } }],
    read: (text) => {
      const reply = readReply(text);
      const driver = {
        input: { plugin: { dir: '/p' } },
        name: 'a',
        resource: 'asterisk',
        filename: 'a.conf',
        value: 'b:C',
      };
      return { value: reply && replyFindings(driver as never, reply, (file) => ({ file }) as never) };
    },
  },
  {
    name: 'messages of the bus of a server',
    values: BUS,
    read: (text) => {
      const row = readRow(text);
      const progress = new Progress(0);
      for (const status of ['validating', 'installing dependencies'])
        progress.take({ status, uuid: 'u', own: true }, 1);
      if (row?.status !== undefined && row.uuid !== undefined && row.own !== undefined)
        progress.take(row as PlugindEvent, 2);
      const { step, error } =
        progress.verdict?.is === 'failed' ? progress.verdict : { step: 'installing', error: {} };
      const failure = {
        step,
        error,
        dependencies: progress.dependencies,
        plugin: { id: 'a/b', dir: '/p' },
        name: PLUGIN_NAME,
        clone: undefined,
      };
      const told = isDiagnosis(row?.found) ? readDiagnosis(failure as never, row.found, new Map()) : [];
      const refused = row?.refused === undefined ? undefined : refusal(row).message;
      return { value: [progress.verdict, progress.dependencies, told, refused, isLook(row?.found)] };
    },
  },
  {
    name: 'plugins and market of a server',
    values: [PLUGIN_LIST, MARKET_ENTRY, { items: [] }],
    read: async (text) => await httpLook(text, text),
  },
  {
    name: 'the version of a server',
    values: [{ wazo_version: '26.01' }, []],
    read: async (text) => await httpLook(JSON.stringify(PLUGIN_LIST), text),
  },
  {
    name: 'the index of a market',
    values: [
      { items: [MARKET_ENTRY, { namespace: 'a', name: 'b', display_name: 'x', versions: [] }], total: 2 },
    ],
    read: (text) => {
      const { market, findings } = readMarket(text, MARKET_SCHEMA);
      return { value: [market, findings], lines: findings.map(({ line }) => line) };
    },
  },
  {
    name: 'records of a target',
    values: [
      {
        id: 'a/b',
        version: '1',
        files: [
          ['/etc/a', 'f'.repeat(64), 420],
          ['/etc/b', 'folder', 493, null, 'x', 'found'],
        ],
      },
    ],
    read: (text) => {
      const records = readTargetRecords('A /etc/a\n', text);
      return { value: [records.damage, records.installed.map((one) => manifestText(one))] };
    },
  },
];

const GRAPH = dialplanGraph(
  loadDialplan(
    memorySource(
      new Map([['/etc/asterisk/extensions.conf', '[a]\nexten = s,1,NoOp(x)\nexten = _X.,1,Goto(s,1)\n']]),
    ),
  ),
);

const STANDING = {
  wazo: '26.07',
  debian: null,
  plugins: [
    {
      by: 'package',
      plugin: 'a/b',
      package: 'wazo-plugind-b-a',
      version: '1',
      state: 'installed',
      depends: 'x (>= 1)',
      changed: ['/etc/a'],
      files: [
        ['/etc/a', 'x'],
        ['/etc/b', null],
      ],
      unread: ['/etc/c'],
    },
  ],
};
const WRITTEN = {
  outcome: 'back',
  before: '1',
  after: '1',
  why: 'x',
  evidence: [{ what: 'package', ok: true, said: '' }],
  back: [{ what: 'routes', ok: null, said: 'x' }],
};

/** JSON of programs that wdev asks: of a target, of a fleet, of npm, of shellcheck. */
const ANSWER_PARSERS: readonly Fuzzed[] = [
  {
    name: 'the plugins that stand on a server',
    values: [STANDING],
    read: (text) => {
      const answer = readServerStanding(text);
      const server = statusOf('a', answer);
      return { value: [server, withDrift([server, { ...server, host: 'b' }], { 'wazo-plugind-b-a': '2' })] };
    },
  },
  {
    name: 'rows of a database',
    values: [
      { calls: { 'dao.find(1)': [{ a: 1 }], 'dao.x()': null }, simplified: ['x'], error: null },
      { calls: {}, simplified: [], error: { type: 'KeyError', message: 'x', noDatabase: true } },
    ],
    read: (text) => {
      const { calls, simplified, error } = readRecorded(`x\n${text}\n`, 'y', 'stack');
      return { value: [Object.keys(calls), simplified.map((one) => one.length), error?.message.length] };
    },
  },
  {
    name: 'the complaints of shellcheck',
    values: [{ comments: [{ file: 'a', line: 1, column: 1, code: 3010, message: 'x.', level: 'error' }] }],
    read: (text) => ({
      value: readComments(text).map(({ message, line, code }) => [message.replace(/\.$/, ''), line + code]),
    }),
  },
  {
    name: 'the answer of npm pack',
    values: [
      [{ version: '1.0.0', filename: 'a-1.0.0.tgz' }],
      { a: { version: '1.0.0', filename: 'a' } },
      { error: { summary: 'x\ny' } },
    ],
    read: (text) => ({ value: [readPacked(text)?.filename.length, readReason(text).length] }),
  },
  {
    name: 'the record of a roll-out',
    values: [WRITTEN, { msg: 'x', stderr: 'y' }],
    read: (text) => {
      const written = readWritten(text);
      return { value: [written?.evidence.map(({ said }) => said.length), readFailure(text).length] };
    },
  },
  {
    name: 'an inventory of Ansible',
    values: [
      {
        _meta: { hostvars: {} },
        all: { children: ['ungrouped', 'wazo'] },
        wazo: { hosts: ['a', 'b'], children: ['wazo'] },
      },
    ],
    read: (text) => {
      const groups = groupsOf(text);
      return { value: [...(groups ?? [])].map(([name, hosts]) => [name, hosts.map((one) => one.length)]) };
    },
  },
  {
    name: 'what the readers of a template say',
    values: [[{ index: 0, line: 1, message: 'x' }]],
    read: (text) => ({ value: readProblems(text).map(({ message, line }) => [message.length, line + 1]) }),
  },
  {
    name: 'the state of a stack',
    values: [
      { name: 'a', what: 'machine', phase: 'running', startedAt: 1, sshPort: 2 },
      { name: 'a', what: 'embedded', phase: 'making', startedAt: 1 },
    ],
    read: (text) => ({ value: parseState('a', text) }),
  },
  {
    name: 'the steps of a trace',
    values: [
      {
        calls: [
          {
            steps: [
              { context: 'a', extension: 's', priority: 1, app: 'NoOp', place: { file: 'x', line: 1 } },
            ],
          },
        ],
      },
    ],
    read: (text) => ({ value: withTraces(GRAPH, stepsOfTrace(text) ?? []).unknown }),
  },
  {
    name: 'a merge of .yo-rc.json',
    values: [{ 'generator-wazo-plugin': { version: 1 }, other: {} }],
    read: (text) => ({ value: mergeFile('.yo-rc.json', { old: text, new: text, mine: text }, LABELS) }),
  },
];

const UNITS = [
  'Id=wazo-calld.service\n',
  'ActiveState=active\n',
  'SubState=running\n',
  'MainPID=12\n',
  'NRestarts=1\n',
  '\n\n',
  '=',
  'x',
  '\u0000',
  'é',
  '\r',
];
const APT = [
  'deb ',
  '[signed-by=/a ',
  '] ',
  'https://x/debian ',
  'file:/a ',
  'bookworm ',
  'main\n',
  'Types: deb\n',
  'URIs: http://x\n',
  'Suites: a b\n',
  'Components: c\n',
  'Enabled: no\n',
  ' more\n',
  '\n',
  '#',
  '\t',
  'é',
];
const EXECUTED = [
  'Executing [s@a:1] NoOp("PJSIP/a", "x") in new stack\n',
  'Executing [',
  's@a',
  '@',
  ':1] ',
  'NoOp',
  '("',
  '", "',
  '") in new stack',
  '\n',
  '\\"',
  '\\',
  '1',
  'é',
  ']',
];

/** Texts of other programs, and of people who name things. */
const TEXT_PARSERS: readonly Fuzzed[] = [
  {
    name: 'settings of a service',
    pieces: [...YAML, '!exec ', 'enabled_plugins:\n', '  a: true\n'],
    read: (text) => {
      const read = readSettings(text);
      const keys = ['enabled_plugins', 'a'];
      return {
        value: [
          read,
          settingOf(
            [
              { path: 'a', text },
              { path: 'b', text: 'enabled_plugins: {a: true}\n' },
            ],
            keys,
          ),
        ],
        lines: [read.ok ? undefined : read.line],
      };
    },
  },
  {
    name: 'facts of Python, as Python reads them',
    pieces: [
      ...PYTHON,
      'import a\n',
      'class A(b.C):\n',
      ' def d(self): pass\n',
      '[project]\n',
      'name = "a"\n',
    ],
    read: async (text) => {
      const names = ['setup.py', 'a/b.py', 'pyproject.toml', 'setup.cfg'];
      const read = await readTexts(names.map((name) => ({ path: name, text })));
      return {
        value: read?.files,
        lines:
          read?.files.flatMap(({ imports, calls }) => [...imports, ...calls].map(({ line }) => line)) ?? [],
      };
    },
  },
  {
    name: 'entry points',
    pieces: [...INI, '[wazo_calld.plugins]\n', 'a = b.c:D [x]\n', ' [x]', ':', '.'],
    read: (text) => {
      const points = placedEntryPoints(text);
      return {
        value: [points, parseEntryPoints(text), parseEntryPoint(text)],
        lines: points.map(({ line }) => line),
      };
    },
  },
  {
    name: 'imports of Python',
    pieces: [...PYTHON, 'import a.b as c\n', 'from . import d\n', 'from ..e import (f,\n', '...'],
    read: (text) => ({ value: [...importsOf(text, 'a.b', false), ...importsOf(text, 'a', true)] }),
  },
  {
    name: 'packaging without Python',
    pieces: [...PYTHON, ...INI],
    read: (text) => ({ value: [confgendPackage(text), readSetupCfg(text)] }),
  },
  { name: 'units of systemd', pieces: UNITS, read: (text) => ({ value: [...readUnits(text)] }) },
  {
    name: 'sources of apt',
    pieces: APT,
    read: (text) => ({ value: [parseSourcesList(text), parseDeb822(text)] }),
  },
  { name: 'a repository', pieces: APT, read: (text) => ({ value: parseLine(text) }) },
  {
    name: 'the steps of a log',
    pieces: EXECUTED,
    read: (text) => ({ value: withTraces(GRAPH, stepsOfLog(text)).unknown }),
  },
  {
    name: 'a note of a release',
    pieces: ['---\n', '"a": patch\n', "'b': minor\n", ': major', '\n', 'text', '\r\n', '---', ' '],
    read: (text) => ({ value: [readChangeset(text), saysUnreleased(text)] }),
  },
  {
    name: 'the address of a template',
    pieces: [
      'git+',
      'https://',
      'ssh://',
      'ext::',
      'npm:',
      '@a/',
      'b',
      '@1.0.0',
      '#',
      ':',
      '/',
      '..',
      '~',
      '-',
      'stack',
      '\n',
      '\u001b',
      'user:pass@',
      '%',
    ],
    read: (text) => ({ value: parseReference(text, ['stack', 'confgend']) }),
  },
  {
    name: 'the manifest of a template',
    pieces: [...YAML, 'questions:\n', '  - name: a\n', 'parts:\n', 'files:\n', 'extends: stack\n'],
    read: (text) => ({ value: parseManifest(text, 'template.yml').fields }),
  },
  {
    name: 'the trace of rules',
    pieces: ['D\t', 'E\t', '0\t', '1\t', '12\t', 'cp a b', '\n', '\t', '. "$0"', 'é', '-1\t'],
    read: (text) => ({ value: readTrace(text, 'build') }),
  },
  {
    name: 'waves and versions of a fleet',
    pieces: ['1', '25%', '100%', ',', ' ', 'acme/hello', '=', '0.2.0', '%', '0', '\n'],
    read: (text) => ({ value: [valueOr(() => readWaves(text)), valueOr(() => readWanted(text))] }),
  },
  {
    name: 'times of make',
    pieces: ['0m0.1s 0m0.2s\n', '1m3s ', '\n', 'x', '0m', 's', '.'],
    read: (text) => ({ value: timesOf(text) }),
  },
];

function valueOr(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const PARSERS: readonly Fuzzed[] = [
  ...JSON_PARSERS,
  ...ANSWER_PARSERS,
  ...TEXT_PARSERS,
  {
    name: 'metadata for wazo-plugind',
    pieces: [
      ...YAML,
      'debian_depends: [a, b]\n',
      'depends:\n- {name: a, namespace: b}\n',
      'plugin_format_version: 2\n',
      'homepage: x\n',
    ],
    read: (text) => {
      const result = readMetadata(text);
      return { value: result.findings, lines: result.findings.map(({ line }) => line) };
    },
  },
  {
    name: 'answers of a target',
    pieces: [
      '\nM:log\n',
      '\nM:',
      'M:',
      '\n',
      `${'a'.repeat(64)}  /etc/a\n`,
      '#0\n',
      '  ',
      'S 1 /etc/a\n',
      'A /etc/b\n',
      'M 755 /etc\n',
      'D /x\n',
      '\\n',
      '\\',
      'x 1 - /etc/a',
      ' ',
      '\u0000',
      'é',
    ],
    read: (text) => {
      const sections = splitSections(text, 'M');
      const touched = ownRecords(text, ['/etc/a']);
      return {
        value: [
          sections,
          [...readHashLines(text, ['/etc/a', '/etc/\n'], '')],
          touched,
          recordText(touched).toString(),
          text.split('\n').flatMap(readOwnerLine),
        ],
      };
    },
  },
  {
    name: 'names for a target and back',
    pieces: ['/', 'a', '\n', '\\', '\\n', ' ', "'", '"', '$(x)', '\u0001', 'é', '-'],
    read: (text) => {
      expect(journalPath(journalName(text))).toBe(text);
      return { value: quote(text) };
    },
  },
  {
    name: 'a dialplan in an editor',
    pieces: DIALPLAN,
    read: (text) => {
      const file = { uri: DIALPLAN_URI, text };
      const mentions = mentionsIn(text);
      const at = Math.floor(text.length / 2);
      const wanted = mentionAt(file, at);
      const found =
        wanted === undefined
          ? []
          : [definitionsOf(wanted, [file]), referencesOf(wanted, [file]), renamesOf(wanted, [file])];
      return {
        value: [mentions, outlineOf(file), hoverOf(file, [file], at), found],
        offsets: mentions.flatMap(({ start, end }) => [start, end]),
      };
    },
  },
  {
    name: 'a manifest in an editor',
    pieces: YAML,
    read: (text) => {
      const schema = schemaOf('wazo/plugin.yml');
      const lines = text.split('\n');
      const line = Math.floor(lines.length / 2);
      return {
        value: schema && [
          fieldHover(schema, lines, line, 1),
          fieldWords(schema, lines, line),
          keysAbove(lines, line),
          yamlOutline({ text }),
          groupsIn(text),
          enabledIn({ uri: '', name: 'etc/wazo-calld/conf.d/a.yml', text }, []),
          askedRights([{ uri: '', name: 'a.py', text }]),
          grantedRights([{ uri: '', name: 'etc/wazo-auth/conf.d/a.yml', text }]),
          partsOf(text),
          confMentionsIn(text, 'pjsip'),
          confOutline({ uri: '', name: 'etc/asterisk/pjsip.d/a.conf', text }),
        ],
      };
    },
  },
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

/** Values in JSON where something else is meant. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 60,
  '',
  'x',
  '../../x',
  '\u001b[31m',
  'constructor',
  [],
  [null],
  ['x', 0],
  {},
  { __proto__: null, constructor: 1, length: -1 },
  [[[[]]]],
];

/** One of the values as JSON, with up to three of its parts replaced, gone or repeated; now and then cut off. */
function documents(values: readonly unknown[]): fc.Arbitrary<string> {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('replace', 'remove', 'repeat'),
    fc.constantFrom(...STRANGE),
  );
  return fc
    .tuple(fc.constantFrom(...values), fc.array(change, { maxLength: 3 }), fc.nat({ max: 19 }), fc.nat())
    .map(([value, changes, luck, cut]) => {
      let changed = value;
      for (const [at, how, strange] of changes) changed = withChange(changed, at, how, strange);
      const text = JSON.stringify(changed) ?? '';
      return luck === 0 ? text.slice(0, cut % (text.length + 1)) : text;
    });
}

function withChange(value: unknown, at: number, how: string, strange: unknown): unknown {
  const parts = Array.isArray(value)
    ? value.map((one, key): [string, unknown] => [String(key), one])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  const chosen = at % (parts.length + 1);
  if (chosen === parts.length) return strange;
  const deeper = Math.floor(at / (parts.length + 1));
  const changed = parts.flatMap(([key, one], index): [string, unknown][] => {
    if (index !== chosen) return [[key, one]];
    if (deeper % 3 !== 0) return [[key, withChange(one, Math.floor(deeper / 3), how, strange)]];
    if (how === 'remove') return [];
    if (how === 'repeat')
      return [
        [key, one],
        [`${key}x`, one],
      ];
    return [[key, strange]];
  });
  return Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed);
}

async function outcome(read: Fuzzed['read'], text: string): Promise<string> {
  try {
    const { value, offsets = [], lines = [] } = await read(text);
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

const PLACE = mkdtempSync(path.join(tmpdir(), 'wdev-fuzz-'));
const STATE = path.join(PLACE, 'state');
const EDITED = path.join(PLACE, 'plugin');
const MARKET_SCHEMA = JSON.parse(
  readFileSync(path.join(packageRoot(), 'src/market/market.schema.json'), 'utf8'),
) as Schema;

/** The record of a real edit: where it lies, and its first line. */
let written = { file: '', head: {} };

beforeAll(async () => {
  vi.stubEnv('XDG_STATE_HOME', STATE);
  mkdirSync(EDITED);
  await withLedger(EDITED, async (_ledger, write) => {
    await Promise.resolve(write({ records: [{ ...EDIT, files: [] }] }));
  });
  const ledgers = path.join(STATE, 'wdev/edits');
  const file = path.join(ledgers, readdirSync(ledgers).find((one) => one.endsWith('.json')) ?? '');
  written = { file, head: JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '') as object };
});

describe('a text that nearly follows its grammar', () => {
  for (const { name, pieces, values, read } of PARSERS)
    it(`is read or refused: ${name}`, { timeout: 1_800_000 }, async () => {
      const input = values === undefined ? texts(pieces ?? []) : documents(values);
      await fc.assert(
        fc.asyncProperty(input, async (text) => (await outcome(read, text)) === (await outcome(read, text))),
        { numRuns: RUNS },
      );
    });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(PLACE, { recursive: true });
    const { seed } = fc.readConfigureGlobal() ?? {};
    process.stdout.write(`fuzz: ${PARSERS.length} parsers, ${RUNS} texts each, seed ${seed}\n`);
  });
});
