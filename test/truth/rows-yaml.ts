import type { Row } from './row.ts';

/** Name, text, and the code where PyYAML, or xivo.config_helper behind it, refuses it. */
const TEXTS: readonly (readonly [name: string, text: string, code?: string])[] = [
  ['settings that a service reads', 'demo_row: {word: hello}\n'],
  ['a block of them', 'demo_row:\n  word: hello\n  list:\n    - a\n    - b\n'],
  ['a text over several lines', 'demo_row:\n  word: |\n    one\n    two\n'],
  ['a folded text', 'demo_row:\n  word: >-\n    one\n    two\n'],
  ['an anchor and its use', 'demo_row: &a {b: 1}\ndemo_raw: *a\n'],
  ['a merge', 'demo_row: &a {b: 1}\ndemo_raw:\n  <<: *a\n  c: 2\n'],
  ['a number with a leading zero', 'demo_row: {number: 0123}\n'],
  ['a quoted sign', 'demo_row: {pattern: "*42"}\n'],
  ['words that mean yes and no', 'demo_row: {a: yes, b: off, c: ~}\n'],
  ['a comment behind a value', 'demo_row: 1 # one\n'],
  ['a document marker', '---\ndemo_row: 1\n'],
  ['keys that are no texts', 'demo_row: {1: a, true: b}\n'],
  ['a key with blanks', '? demo row\n: 1\n'],
  ['letters beyond ASCII', 'demo_row: {word: grüß}\n'],
  ['a time', 'demo_row: {at: 2026-01-01 10:00:00}\n'],
  ['hours and minutes', 'demo_row: {at: 10:30}\n'],
  ['Windows line ends', 'demo_row:\r\n  word: hello\r\n  list:\r\n    - a\r\n'],
  ['Windows line ends within a text block', 'demo_row:\r\n  word: |\r\n    one\r\n    two\r\n'],
  ['line ends of an old Mac', 'demo_row:\r  word: hello\r'],
  ['the mark of UTF-8 at the beginning', '\uFEFFdemo_row: 1\n'],
  ['a control character', 'demo_row: "a\u0007b"\n', 'confd-syntax'],
  ['a list that is not closed', 'demo_row: [1\n', 'confd-syntax'],
  ['a mapping that is not closed', 'demo_row: {a: 1\n', 'confd-syntax'],
  ['a quote that is not closed', 'demo_row: "a\n', 'confd-syntax'],
  ['a single quote that is not closed', "demo_row: 'a\n", 'confd-syntax'],
  ['a mapping within a value', 'demo_row: a: b\n', 'confd-syntax'],
  ['a tab before a key', 'demo_row:\n\tword: hello\n', 'confd-syntax'],
  ['a sign that needs quotes', 'demo_row: *42\n', 'confd-syntax'],
  ['a percent sign at the beginning', 'demo_row: %a\n', 'confd-syntax'],
  ['an at sign at the beginning', 'demo_row: @a\n', 'confd-syntax'],
  ['a backtick at the beginning', 'demo_row: `a`\n', 'confd-syntax'],
  ['a key that is less far in', 'demo_row:\n    a: 1\n  b: 2\n', 'confd-syntax'],
  ['a key that is further in', 'demo_row:\n  a: 1\n    b: 2\n', 'confd-syntax'],
  ['an escape that is none', 'demo_row: "\\d"\n', 'confd-syntax'],
  ['a tag that nobody knows', 'demo_row: !vault abc\n', 'confd-syntax'],
  ['a Python object', 'demo_row: !!python/object:os.system {}\n', 'confd-syntax'],
  ['two documents', 'demo_row: 1\n---\ndemo_raw: 2\n', 'confd-syntax'],
  ['a comma too many', 'demo_row: [a,,b]\n', 'confd-syntax'],
  ['a list within a mapping of one level', 'demo_row: 1\n- a\n', 'confd-syntax'],
  ['marks of a merge', '<<<<<<< HEAD\ndemo_row: 1\n=======\ndemo_row: 2\n>>>>>>> other\n', 'confd-syntax'],
  ['a colon without a blank', 'demo_row:hello\n', 'confd-not-mapping'],
  ['a list at the top', '- demo_row\n', 'confd-not-mapping'],
  ['a text at the top', 'demo row\n', 'confd-not-mapping'],
  ['a number at the top', '42\n', 'confd-not-mapping'],
];

const PLACES = ['etc/wazo-calld/conf.d/50-demo-row.yml', 'etc/wazo-confd/conf.d/zz-row.yml'] as const;

function rows([name, text, code]: (typeof TEXTS)[number]): readonly Row[] {
  const row = (how: string, file: string, content: string, plugin: Row['plugin']): Row => ({
    name: `B13 ${name}${how}`,
    plugin,
    files: { [file]: content },
    asks: 'pyyaml',
    wants: [file],
    ...(code === undefined ? {} : { says: { code, file } }),
    unknownTo: ['build'],
  });
  const behind = `# of the author\nenabled_row:\n  demo: {word: hello}\n`;
  const begins = text.startsWith('---') || code === 'confd-not-mapping';
  return [
    row('', PLACES[0], text, 'hello'),
    row(', in another service', PLACES[1], text, 'py'),
    ...(begins ? [] : [row(', behind other keys', PLACES[0], `${behind}${text}`, 'hello')]),
  ];
}

/** Slips of authors, once each. */
const SLIPS: typeof TEXTS = [
  ['a blank that does not break before a key', 'demo_row:\n\u00A0\u00A0word: hello\n', 'confd-syntax'],
  ['curly quotes', 'demo_row: “hello”\n'],
  ['a key twice', 'demo_row: 1\ndemo_row: 2\n'],
  ['an equals sign in place of a colon', 'demo_row = 1\n', 'confd-not-mapping'],
  ['a tab behind a colon', 'demo_row:\t1\n'],
  ['a list on the line of its key', 'demo_row: - a\n', 'confd-syntax'],
  ['braces of a template', 'demo_row: {{ word }}\n', 'confd-syntax'],
  ['a variable of a shell', 'demo_row: ${WORD}\n'],
  ['a comment without a blank', 'demo_row: a#b\n'],
  ['JSON', '{"demo_row": {"word": "hello"}}\n'],
  ['a key without a value', 'demo_row:\n'],
  ['a number sign in a password', 'demo_row: {word: #a}\n', 'confd-syntax'],
  ['a colon in a time of a list', 'demo_row: [10:30, 11:45]\n'],
  ['a Windows path in double quotes', 'demo_row: "C:\\new"\n'],
  ['a Windows path with a folder that is no escape', 'demo_row: "C:\\demo"\n', 'confd-syntax'],
];

/** The text in place of a line of wazo/plugin.yml. */
const MANIFESTS: readonly (readonly [name: string, from: string, to: string, code?: string])[] = [
  ['another description', 'description: "The hello plugin"', 'description: Another one'],
  [
    'a colon in a description',
    'description: "The hello plugin"',
    'description: The: plugin',
    'manifest-syntax',
  ],
  [
    'a quote that is not closed',
    'description: "The hello plugin"',
    'description: "The plugin',
    'manifest-syntax',
  ],
  ['a tab', 'depends: []', 'depends:\n\t- x', 'manifest-syntax'],
  ['a list that is not closed', 'depends: []', 'depends: [', 'manifest-syntax'],
  ['a key further in', 'namespace: demo', '  namespace: demo', 'manifest-syntax'],
  ['a description over two lines', 'description: "The hello plugin"', 'description: The\n  plugin'],
  ['Windows line ends', '\n', '\r\n'],
  ['a text block', 'description: "The hello plugin"', 'description: |\n  The plugin'],
];

const MANIFEST = 'wazo/plugin.yml';

export const YAML_ROWS: readonly Row[] = [
  ...TEXTS.flatMap(rows),
  ...SLIPS.flatMap((one) => rows(one).slice(0, 1)),
  {
    name: 'B13 letters in Latin-1',
    plugin: 'hello',
    files: { [PLACES[0]]: { latin1: 'demo_row: {word: gr\u00FC\u00DFe}\n' } },
    asks: 'pyyaml',
    wants: [PLACES[0]],
    says: { code: 'confd-syntax', file: PLACES[0] },
    unknownTo: ['build'],
  },
  ...MANIFESTS.map(([name, from, to, code]): Row => ({
    name: `the manifest: ${name}`,
    plugin: 'hello',
    files: { [MANIFEST]: { from, to } },
    asks: 'manifest',
    wants: [],
    ...(code === undefined ? {} : { says: { code, file: MANIFEST } }),
  })),
];
