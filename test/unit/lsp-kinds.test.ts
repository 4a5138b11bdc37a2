import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LspClient } from '../support/lsp-client.ts';
import { writePlugin } from '../support/plugins.ts';

/** One file of each kind; together they are a plugin. */
const FILES = {
  dialplan: 'etc/asterisk/extensions_extra.d/acme-hello.conf',
  asterisk: 'etc/asterisk/pjsip.d/50-acme-hello.conf',
  manifest: 'wazo/plugin.yml',
  rules: 'wazo/rules',
  settings: 'etc/wazo-calld/conf.d/50-acme-hello.yml',
  policy: 'etc/wazo-auth/conf.d/50-acme-hello.yml',
  wdev: 'wdev.yml',
  setup: 'setup.py',
  python: 'acme_hello/http.py',
  answers: '.yo-rc.json',
} as const;
type Kind = keyof typeof FILES;

const TEXTS: Readonly<Partial<Record<Kind, string>>> = {
  dialplan: `[acme-hello]
exten = s,1(start),Answer()
same = n,NoOp(\${LEN(abc)})
same = n,Gosub(acme-log,s,1)
same = n,Goto(start)

[acme-log]
exten = s,1,Return()
`,
  asterisk: `[acme-base](!)
type = endpoint
context = acme-hello

[acme-trunk](acme-base)
aors = acme-trunk

[acme-trunk]
type = aor
`,
  settings: 'enabled_plugins:\n  acme_hello: true\n\nacme_hello:\n  labels: [sales]\n',
  policy: 'default_policies:\n  acme_policy:\n    acl:\n      - "calld.acme.*.read"\n',
  wdev: 'quiet: 30\ncheck:\n  ignore:\n    - dialplan-no-hangup\n',
  setup: `from setuptools import setup

setup(
    name='acme_hello',
    version='1.0.0',
    packages=['acme_hello'],
    entry_points={
        'wazo_calld.plugins': [
            'acme_hello = acme_hello.plugin:Plugin',
        ],
    },
)
`,
  python: `from wazo_calld.auth import required_acl
from wazo_calld.http import AuthResource


class HelloResource(AuthResource):
    @required_acl('calld.acme.{hello_id}.read')
    def get(self, hello_id):
        return {}, 200
`,
  answers:
    '{\n  "generator-wazo-plugin": {\n    "answers": {\n      "parts": ["dialplan", "calld"]\n    }\n  }\n}\n',
};

/** A place in the text of the file: `|` is where the cursor stands. */
interface Probe {
  readonly at: string;
  /** The text that is said there, or the places that are led to as `KIND:LINE`. */
  readonly says: string | readonly string[];
}
/** A text that stands in the place of another one in the file; `|` is the cursor. */
interface Typed {
  readonly instead: string;
  readonly typed: string;
  readonly says: string | readonly string[];
  /** The finding to wait for, where Python is asked before it can be fixed. */
  readonly code?: string;
}
/** Why there is no such thing in files of a kind. */
type None = `none: ${string}`;

interface Row {
  /** The code that is found of a text. */
  readonly finding: Typed | None;
  /** The line that the fix makes of a text. */
  readonly fix: Typed | None;
  readonly hover: readonly Probe[] | None;
  readonly completion: readonly Typed[] | None;
  readonly definition: readonly Probe[] | None;
  readonly references: readonly Probe[] | None;
  readonly rename: readonly Probe[] | None;
  readonly outline: readonly string[] | None;
  /** First and last line of a fold, from 1. */
  readonly folding: readonly string[] | None;
  readonly lens: readonly string[] | None;
}

const NO_CALL = 'none: no call enters here';
const OF_PYTHON = "none: Python's own language server does it";

const TABLE: Readonly<Record<Kind, Row>> = {
  dialplan: {
    finding: { instead: 'Answer()', typed: 'Anser()', says: 'dialplan-unknown-application' },
    fix: { instead: '[acme-log]', typed: '[acme-log](+)', says: '[acme-log]' },
    hover: [
      { at: 'An|swer()', says: 'Answer([delay]' },
      { at: '{L|EN(', says: 'LEN(string)' },
      { at: 'Gosub(acme|-log', says: 'context `acme-log`' },
    ],
    completion: [
      { instead: 'Answer()', typed: 'Pla|', says: ['Playback'] },
      { instead: 'LEN(abc)', typed: 'LE|', says: ['LEN'] },
      { instead: 'acme-log,s,1', typed: 'ac|', says: ['acme-log', 'acme-hello', 'xivo-extrafeatures'] },
      { instead: 'acme-log,s,1', typed: 'acme-log,|', says: ['s'] },
      { instead: 'acme-log,s,1', typed: 'acme-hello,s,|', says: ['start'] },
    ],
    definition: [
      { at: 'Gosub(acme-|log', says: ['dialplan:7'] },
      { at: 'Goto(st|art', says: ['dialplan:2'] },
    ],
    references: [{ at: '[acme-|hello', says: ['dialplan:1', 'asterisk:3'] }],
    rename: [
      { at: '[acme-|hello', says: ['dialplan:1', 'asterisk:3'] },
      { at: 'Goto(st|art', says: ['dialplan:2', 'dialplan:5'] },
    ],
    outline: ['acme-hello', 's', 'acme-log', 's'],
    folding: ['1-5', '7-8'],
    lens: ['acme-hello,s', 'acme-log,s'],
  },
  asterisk: {
    finding: 'none: tried below, with manager.d, about which there is a rule',
    fix: 'none: no rule about these files has a fix',
    hover: [
      { at: '[acme|-base]', says: 'module reload res_pjsip.so' },
      { at: 'context = acme|-', says: 'context `acme-hello`: 1 extension' },
      { at: 'ty|pe = endpoint', says: 'After a change' },
    ],
    completion: [
      { instead: 'context = acme-hello', typed: 'context = |', says: ['acme-hello', 'acme-log'] },
      { instead: 'aors = acme-trunk', typed: 'aors = |', says: ['acme-trunk'] },
      { instead: 'type = endpoint', typed: 'type = |', says: ['endpoint', 'aor', 'transport'] },
      { instead: '[acme-trunk](acme-base)', typed: '[acme-trunk](|', says: ['acme-base'] },
    ],
    definition: [
      { at: 'context = acme-|hello', says: ['dialplan:1'] },
      { at: '(acme-|base)', says: ['asterisk:1'] },
    ],
    references: [{ at: '[acme-b|ase]', says: ['asterisk:1', 'asterisk:5'] }],
    rename: [
      { at: '[acme-b|ase]', says: ['asterisk:1', 'asterisk:5'] },
      { at: 'context = acme-|hello', says: ['dialplan:1', 'asterisk:3'] },
    ],
    outline: ['acme-base', 'acme-trunk', 'acme-trunk'],
    folding: ['1-3', '5-6', '8-9'],
    lens: NO_CALL,
  },
  manifest: {
    finding: { instead: 'version: "1.0.0"', typed: 'version: 1.10', says: 'manifest-version-digits-lost' },
    fix: { instead: 'version: "1.0.0"', typed: 'version: 1.10', says: 'version: "1.10"' },
    hover: [{ at: 'name|space:', says: 'One word for the author' }],
    completion: [
      {
        instead: 'description: Says hello',
        typed: 'ho|',
        says: ['homepage', 'debian_depends', 'description'],
      },
      { instead: 'plugin_format_version: 1', typed: 'plugin_format_version: |', says: ['0', '1', '2'] },
    ],
    definition: 'none: its values are no names of the plugin',
    references: 'none: its values are no names of the plugin',
    rename: 'none: a plugin gets another name by wdev migrate',
    outline: ['name', 'namespace', 'version', 'description', 'author', 'plugin_format_version'],
    folding: [],
    lens: NO_CALL,
  },
  rules: {
    finding: { instead: '"$pkgdir/"', typed: '$pkgdir/', says: 'rules-pkgdir-unquoted' },
    fix: { instead: '"$pkgdir/"', typed: '$pkgdir/', says: '        cp -R etc "$pkgdir"/' },
    hover: [
      { at: 'post|rm)', says: 'after a removal' },
      { at: 'pack|age)', says: 'under fakeroot' },
    ],
    completion: [
      {
        instead: 'build)\n        :',
        typed: 'build)\n        systemctl restart |',
        says: ['wazo-calld', 'wazo-auth'],
      },
      { instead: 'build)\n        :', typed: 'build)\n        asterisk -rx "|', says: ['dialplan reload'] },
      { instead: '    postrm)', typed: '    |', says: ['postrm'] },
    ],
    definition: 'none: tried below, with functions',
    references: 'none: tried below, with functions',
    rename: 'none: the names of its steps are those of wazo-plugind',
    outline: ['build', 'package', 'install', 'uninstall', 'postrm'],
    folding: ['5-7', '8-10', '11-13', '14-16', '17-19'],
    lens: NO_CALL,
  },
  settings: {
    finding: { instead: 'labels: [sales]', typed: 'labels: [sales', says: 'confd-syntax' },
    fix: 'none: no rule about these files has a fix',
    hover: [
      { at: 'enabled_|plugins', says: 'wazo-calld loads at its start' },
      { at: '  acme|_hello: true', says: '`acme_hello.plugin:Plugin` (setup.py:9)' },
      { at: 'lab|els', says: 'a setting of wazo-calld' },
    ],
    completion: [
      { instead: '  acme_hello: true', typed: '  ac|', says: ['acme_hello'] },
      { instead: '  acme_hello: true', typed: '  acme_hello: |', says: ['true', 'false'] },
      { instead: 'enabled_plugins:', typed: 'en|', says: ['enabled_plugins'] },
    ],
    definition: [{ at: '  acme|_hello: true', says: ['setup:9'] }],
    references: [{ at: '  acme|_hello: true', says: ['setup:9', 'settings:2'] }],
    rename: [{ at: '  acme|_hello: true', says: ['setup:9', 'settings:2'] }],
    outline: ['enabled_plugins', 'acme_hello', 'acme_hello', 'labels'],
    folding: ['1-2', '4-5'],
    lens: NO_CALL,
  },
  policy: {
    finding: { instead: 'acl:', typed: 'acl: [', says: 'confd-syntax' },
    fix: 'none: no rule about these files has a fix',
    hover: [{ at: 'calld.ac|me.', says: 'It opens `calld.acme.{hello_id}.read` (acme_hello/http.py:6)' }],
    completion: [
      {
        instead: '- "calld.acme.*.read"',
        typed: '- |',
        says: ['calld.acme.{hello_id}.read', 'calld.', 'confd.'],
      },
    ],
    definition: [{ at: 'calld.ac|me.', says: ['python:6'] }],
    references: [{ at: 'calld.ac|me.', says: ['python:6'] }],
    rename: 'none: an ACL is no name but a pattern',
    outline: ['default_policies', 'acme_policy', 'acl'],
    folding: ['1-4', '2-4', '3-4'],
    lens: NO_CALL,
  },
  wdev: {
    finding: { instead: 'quiet: 30', typed: 'quit: 30', says: 'settings-broken' },
    fix: 'none: no rule about these files has a fix',
    hover: [
      { at: 'qui|et', says: 'Milliseconds without a change' },
      { at: 'dialplan-no-|hangup', says: '**dialplan-no-hangup**' },
    ],
    completion: [
      { instead: 'quiet: 30', typed: 'ta|', says: ['target', 'targets', 'reload'] },
      { instead: 'quiet: 30', typed: 'calls: |', says: ['now', 'wait'] },
      {
        instead: 'quiet: 30',
        typed: 'reload:\n  - path: /etc/x\n    do:\n      - restart: |',
        says: ['wazo-calld', 'wazo-confd'],
      },
      {
        instead: 'quiet: 30',
        typed: 'reload:\n  - path: /etc/x\n    do:\n      - console: |',
        says: ['dialplan reload'],
      },
      { instead: '- dialplan-no-hangup', typed: '- |', says: ['manifest-version-number'] },
    ],
    definition: 'none: it names nothing that stands elsewhere',
    references: 'none: it names nothing that stands elsewhere',
    rename: 'none: it names nothing that stands elsewhere',
    outline: ['quiet', 'check', 'ignore'],
    folding: ['2-4', '3-4'],
    lens: NO_CALL,
  },
  setup: {
    finding: {
      instead: 'acme_hello.plugin:Plugin',
      typed: 'acme_hello.plugins:Plugin',
      says: 'entry-point-module-missing',
    },
    fix: {
      instead: "version='1.0.0'",
      typed: "version='1.1.0'",
      says: "    version='1.0.0',",
      code: 'setup-version-mismatch',
    },
    hover: [
      { at: 'wazo_calld.|plugins', says: 'plugins of wazo-calld' },
      { at: "'acme|_hello = ", says: 'Named in etc/wazo-calld/conf.d/50-acme-hello.yml:2' },
    ],
    completion: [
      { instead: "'wazo_calld.plugins'", typed: "'wazo_|", says: ['wazo_calld.plugins', 'wazo_auth.http'] },
    ],
    definition: [{ at: 'acme_hello.plu|gin:', says: ['acme_hello/plugin.py:1'] }],
    references: [{ at: "'acme_|hello = ", says: ['setup:9', 'settings:2'] }],
    rename: [{ at: "'acme_|hello = ", says: ['setup:9', 'settings:2'] }],
    outline: ['wazo_calld.plugins', 'acme_hello'],
    folding: ['8-9'],
    lens: NO_CALL,
  },
  python: {
    finding: {
      instead: "    @required_acl('calld.acme.{hello_id}.read')\n",
      typed: '',
      says: 'api-acl-missing',
    },
    fix: 'none: no rule about routes has a fix',
    hover: [
      {
        at: 'calld.ac|me.',
        says: 'Granted by `calld.acme.*.read` (etc/wazo-auth/conf.d/50-acme-hello.yml:4)',
      },
    ],
    completion: [
      { instead: "'calld.acme.{hello_id}.read')", typed: "'ca|", says: ['calld.', 'calld.acme.*.read'] },
    ],
    definition: [{ at: 'calld.ac|me.', says: ['policy:4'] }],
    references: [{ at: 'calld.ac|me.', says: ['policy:4'] }],
    rename: 'none: an ACL is no name but a pattern',
    outline: OF_PYTHON,
    folding: OF_PYTHON,
    lens: NO_CALL,
  },
  answers: {
    finding: 'none: wdev update reads it, no check does',
    fix: 'none: wdev update reads it, no check does',
    hover: [{ at: '"dial|plan"', says: 'part `dialplan`' }],
    completion: [{ instead: '"calld"]', typed: '"|', says: ['calld', 'dialplan', 'auth-policy'] }],
    definition: 'none: it names nothing that stands elsewhere',
    references: 'none: it names nothing that stands elsewhere',
    rename: 'none: it names nothing that stands elsewhere',
    outline: 'none: every editor knows JSON',
    folding: 'none: every editor knows JSON',
    lens: NO_CALL,
  },
};

interface Located {
  readonly uri: string;
  readonly range: { readonly start: { readonly line: number } };
}
interface Symbols {
  readonly name: string;
  readonly children: readonly Symbols[];
}

describe.each([
  ['\n', ''],
  // as an editor on Windows writes files that git keeps with LF
  ['\r\n', '* text=auto\n'],
])('a language server, feature by feature in each kind of file, with ends %j', (ends, attributes) => {
  const ended = (text: string): string => text.replaceAll('\n', ends);
  const client = new LspClient();
  let folder = '';
  const texts = new Map<Kind, string>();
  const uriOf = (kind: Kind): string => pathToFileURL(path.join(folder, FILES[kind])).href;
  const ask = async (
    method: string,
    kind: Kind,
    offset?: number,
    text = texts.get(kind)!,
    more: object = {},
  ) => {
    const before = text.slice(0, offset);
    const position = {
      line: before.split('\n').length - 1,
      character: before.length - before.lastIndexOf('\n') - 1,
    };
    return await client.ask(`textDocument/${method}`, {
      textDocument: { uri: uriOf(kind) },
      position,
      ...more,
    });
  };
  const cursor = (kind: Kind, at: string): number => {
    const start = texts.get(kind)!.indexOf(ended(at.replace('|', '')));
    expect(start, `${kind} has ${at}`).toBeGreaterThanOrEqual(0);
    return start + at.indexOf('|');
  };
  /** Types, and gives the text and the place of the cursor in it. */
  const type = (
    kind: Kind,
    { instead: before, typed: after }: Typed,
  ): { readonly text: string; readonly offset: number } => {
    const whole = texts.get(kind)!;
    const [instead, typed] = [ended(before), ended(after)];
    expect(whole).toContain(instead);
    const marked = whole.replace(instead, () => typed);
    const text = marked === '' ? '' : whole.replace(instead, () => typed.replace('|', ''));
    client.type(uriOf(kind), text);
    return { text, offset: whole.indexOf(instead) + typed.indexOf('|') };
  };
  const placed = (found: readonly Located[]): readonly string[] =>
    found.map(({ uri, range }) => {
      const kind = (Object.keys(FILES) as Kind[]).find((one) => uriOf(one) === uri);
      return `${kind ?? decodeURIComponent(uri).slice(pathToFileURL(folder).href.length + 1)}:${range.start.line + 1}`;
    });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-lsp-'));
    const plugin = 'class Plugin:\n    def load(self, dependencies):\n        pass\n';
    const named = Object.entries(TEXTS).map(([kind, text]) => [FILES[kind as Kind], text] as const);
    writePlugin(folder, {
      ...Object.fromEntries(named),
      'acme_hello/__init__.py': '',
      'acme_hello/plugin.py': plugin,
      '.gitattributes': attributes,
    });
    await client.start();
    for (const [kind, name] of Object.entries(FILES)) {
      const text = ended(readFileSync(path.join(folder, name), 'utf8'));
      writeFileSync(path.join(folder, name), text);
      texts.set(kind as Kind, text);
      client.open(path.join(folder, name), text);
    }
  });
  afterAll(() => {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.entries(TABLE))('%s', async (name, row) => {
    const kind = name as Kind;
    const uri = uriOf(kind);
    const reset = () => client.type(uri, texts.get(kind)!);
    const locations = async (method: string, probes: readonly Probe[] | None): Promise<void> => {
      for (const { at, says } of typeof probes === 'string' ? [] : probes) {
        const found = (await ask(method, kind, cursor(kind, at), undefined, {
          context: { includeDeclaration: true },
        })) as Located[];
        expect(placed(found).toSorted(), `${method} ${at}`).toEqual([says].flat().toSorted());
      }
    };
    for (const { at, says } of typeof row.hover === 'string' ? [] : row.hover) {
      const hover = (await ask('hover', kind, cursor(kind, at))) as { contents: { value: string } } | null;
      expect(hover?.contents.value, `hover ${at}`).toContain(says);
    }
    await locations('definition', row.definition);
    await locations('references', row.references);
    for (const { at, says } of typeof row.rename === 'string' ? [] : row.rename) {
      const offset = cursor(kind, at);
      expect(await ask('prepareRename', kind, offset), `rename ${at}`).not.toBe(null);
      const { changes } = (await ask('rename', kind, offset, undefined, { newName: 'another' })) as {
        changes: Record<string, Omit<Located, 'uri'>[]>;
      };
      const edits = Object.entries(changes).flatMap(([file, list]) =>
        list.map((edit) => ({ uri: file, ...edit })),
      );
      expect(placed(edits).toSorted(), `rename ${at}`).toEqual([says].flat().toSorted());
    }
    if (typeof row.outline !== 'string') {
      const flat = (symbols: readonly Symbols[]): string[] =>
        symbols.flatMap((one) => [one.name, ...flat(one.children)]);
      expect(flat((await ask('documentSymbol', kind)) as Symbols[]), 'outline').toEqual(row.outline);
    }
    if (typeof row.folding !== 'string') {
      const folds = (await ask('foldingRange', kind)) as { startLine: number; endLine: number }[];
      const lines = folds.map(({ startLine, endLine }) => `${startLine + 1}-${endLine + 1}`);
      expect(new Set(lines), 'folding').toEqual(
        new Set(row.folding.length === 0 ? lines : [...lines, ...row.folding]),
      );
    }
    const lenses = (await ask('codeLens', kind)) as { command: { command: string; arguments?: string[] } }[];
    expect(
      lenses
        .filter(({ command }) => command.command === 'wdev.trace')
        .map(({ command }) => command.arguments?.[1]),
      'lens',
    ).toEqual(typeof row.lens === 'string' ? [] : row.lens);
    for (const typed of typeof row.completion === 'string' ? [] : row.completion) {
      const { text, offset } = type(kind, typed);
      const items = (await ask('completion', kind, offset, text)) as { label: string }[];
      expect(
        items.map(({ label }) => label),
        `completion ${typed.typed}`,
      ).toEqual(expect.arrayContaining([typed.says].flat()));
      reset();
    }
    if (typeof row.finding !== 'string') {
      const { says } = row.finding;
      const shown = client.shown(uri, ({ diagnostics }) => diagnostics.some(({ code }) => code === says));
      type(kind, row.finding);
      await shown;
      const gone = client.shown(uri, ({ diagnostics }) => diagnostics.every(({ code }) => code !== says));
      reset();
      await gone;
    }
    if (typeof row.fix !== 'string') {
      const { code: wanted } = row.fix;
      const shown = client.shown(uri, ({ diagnostics }) =>
        diagnostics.some(({ code }) => wanted === undefined || code === wanted),
      );
      const { text } = type(kind, row.fix);
      await shown;
      const range = {
        start: { line: 0, character: 0 },
        end: { line: text.split('\n').length, character: 0 },
      };
      const actions = (await client.ask('textDocument/codeAction', {
        textDocument: { uri },
        range,
        context: { diagnostics: [] },
      })) as {
        edit: { changes: Record<string, { range: { start: Position; end: Position }; newText: string }[]> };
      }[];
      const made = actions.map(({ edit }) => applied(text, edit.changes[uri] ?? []));
      expect(
        made.some((one) => one.split(/\r?\n/).includes(String((row.fix as Typed).says))),
        `fix: ${made.join('\n')}`,
      ).toBe(true);
      reset();
    }
  });

  it('finds what is typed in another file of Asterisk', async () => {
    const file = path.join(folder, 'etc/asterisk/manager.d/50-acme-hello.conf');
    const shown = client.shown(pathToFileURL(file).href, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === 'asterisk-plus-too-early'),
    );
    client.open(file, ended('[general](+)\ndebug = on\n'));
    await shown;
  });

  it('leads from a call of a function in wazo/rules to where it is written, and from a file to it', async () => {
    const uri = uriOf('rules');
    const text = texts
      .get('rules')!
      .replace(ended('    build)\n        :'), ended('    build)\n        tell me\n        cp wdev.yml x'))
      .replace('case', ended('tell() {\n    :\n}\n\ncase'));
    client.type(uri, text);
    const at = text.indexOf('tell me');
    expect(placed((await ask('definition', 'rules', at, text)) as Located[])).toEqual(['rules:4']);
    expect(placed((await ask('references', 'rules', at, text)) as Located[])).toEqual([
      'rules:4',
      'rules:10',
    ]);
    expect(placed((await ask('definition', 'rules', text.indexOf('wdev.yml'), text)) as Located[])).toEqual([
      'wdev:1',
    ]);
    client.type(uri, texts.get('rules')!);
  });
});

interface Position {
  readonly line: number;
  readonly character: number;
}

function applied(
  text: string,
  edits: readonly {
    readonly range: { readonly start: Position; readonly end: Position };
    readonly newText: string;
  }[],
): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return edits
    .toSorted((one, other) => offset(other.range.start) - offset(one.range.start))
    .reduce(
      (whole, { range, newText }) =>
        whole.slice(0, offset(range.start)) + newText + whole.slice(offset(range.end)),
      text,
    );
}
