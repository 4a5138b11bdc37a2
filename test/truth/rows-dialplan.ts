import { COMMANDS, type Row } from './row.ts';

const EXTRA = 'etc/asterisk/extensions_extra.d';
const CONF = `${EXTRA}/demo-hello.conf`;
const HEAD = '[demo-row]\n';
const GOOD = '[demo-row]\nexten = s,1,NoOp(row)\n same = n,Hangup()\n';

/** Name, text of the file, code and the text of the line that is at fault, and what has to be there. */
type Text = readonly [
  name: string,
  text: string,
  code?: string | undefined,
  at?: string | undefined,
  wants?: readonly string[],
];

/** The lines below the header of a context, in which `s` is wanted, and what else is. */
function lines(name: string, text: string, code?: string, at?: string, ...wants: readonly string[]): Text {
  return [name, `${HEAD}${text}`, code, at, wants.length === 0 ? ['demo-row s'] : wants];
}

const END = ' same = n,Hangup()\n';

const TEXTS: readonly Text[] = [
  ['a file like any other', GOOD],
  lines('blanks around it all', '  exten   =   s , 1 , NoOp(row)\n'),
  lines('a tab before the line', '\texten = s,1,NoOp(row)\n'),
  lines('a comment of several lines', ';-- exten = t,1,NoOp()\nmore --;\nexten = s,1,NoOp()\n'),
  lines('a label and a jump to it', 'exten = s,1(start),NoOp()\n same = n,Goto(start)\n'),
  lines('a pattern for all of it', 'exten = _X.,1,Hangup()\n', undefined, undefined, 'demo-row _X.'),
  lines('a pattern with a range', 'exten = _[2-5]XX,1,Hangup()\n', undefined, undefined, 'demo-row _[2-5]XX'),
  lines('a pattern that ends early', 'exten = _NXX!,1,Hangup()\n', undefined, undefined, 'demo-row _NXX!'),
  lines('a hint', 'exten = 10,hint,PJSIP/10\n', undefined, undefined, 'demo-row 10'),
  lines('a caller', 'exten = s/100,1,NoOp()\n', undefined, undefined, 'demo-row'),
  [
    'a template',
    `[demo-row](!)\nexten = s,1,NoOp()\n[demo-row-2](demo-row)\n`,
    undefined,
    undefined,
    ['demo-row-2 s'],
  ],
  lines('an include with hours', 'include = default,09:00-17:00,mon-fri,*,*\nexten = s,1,NoOp()\n'),
  lines('an ignored pattern', 'ignorepat = 9\nexten = s,1,NoOp()\n'),
  lines('a switch', 'switch = Loopback/default\nexten = s,1,NoOp()\n'),
  [
    'a context in two parts',
    `${GOOD}[demo-row]\nexten = t,1,NoOp()\n`,
    undefined,
    undefined,
    ['demo-row s', 'demo-row t'],
  ],
  [
    'B10 (+) behind the first in the same file',
    `${GOOD}[demo-row](+)\nexten = t,1,Hangup()\n`,
    undefined,
    undefined,
    ['demo-row s', 'demo-row t'],
  ],
  lines('a priority that is two more', 'exten = s,1,NoOp()\n same = n+2,NoOp()\n'),
  lines('a file that need not be there', '#tryinclude nowhere.conf\nexten = s,1,NoOp()\n'),
  lines('an escaped semicolon', 'exten = s,1,NoOp(a\\;b)\n'),
  lines('letters beyond ASCII', 'exten = é,1,NoOp(ünder)\n', undefined, undefined, 'demo-row é'),
  lines('dashes in a number', 'exten = 1-2-3,1,NoOp()\n', undefined, undefined, 'demo-row 1-2-3'),
  lines('signs in an extension', 'exten = a+b-c,1,Hangup()\n', undefined, undefined, 'demo-row a+b-c'),
  lines('C19 an application that nobody knows', 'exten = s,1,NoSuchApplication()\n'),
  lines('C19 an unclosed application', 'exten = s,1,NoOp(x\n'),
  lines('C19 an open variable', 'exten = s,1,NoOp(${x)\n'),
  lines('C19 a pattern for everything', 'exten = _.,1,NoOp()\n', undefined, undefined, 'demo-row _.'),
  lines('C19 an include of what is not there', 'include = nowhere\nexten = s,1,NoOp()\n'),
  lines('C19 a label twice', 'exten = s,1(a),NoOp()\n same = n(a),NoOp()\n'),
  lines('C19 a semicolon in a text', 'exten = s,1,NoOp(a;b)\n'),
  lines('C19 an include twice', 'include = default\ninclude = default\nexten = s,1,NoOp()\n'),
  lines(
    'C22 a jump to a priority by its number',
    'exten = s,1,Goto(3)\n same = n,NoOp()\n same = n,Hangup()\n',
  ),
  lines('autohints', 'autohints = yes\nexten = s,1,NoOp()\n'),
  ['B8 a context with nothing in it', HEAD, undefined, undefined, ['demo-row']],
  ['B8 an include only', `${HEAD}include = default\n`, undefined, undefined, ['demo-row']],
  [
    'B10 (+) before the context exists',
    '[xivo-extrafeatures](+)\nexten = ***77,1,Hangup()\n',
    'dialplan-unknown-addition',
    '(+)',
    ['xivo-extrafeatures ***77'],
  ],
  [
    'B10 the plain header of a stock context',
    '[xivo-extrafeatures]\nexten = ***77,1,Hangup()\n',
    undefined,
    undefined,
    ['xivo-extrafeatures ***77'],
  ],
  [
    'a section that is not closed',
    `[demo-row\nexten = s,1,NoOp()\n${END}`,
    'dialplan-unclosed-section',
    '[demo-row',
  ],
  [
    'options that are not closed',
    `[demo-row](!\nexten = s,1,NoOp()\n`,
    'dialplan-unclosed-options',
    '[demo-row](!',
  ],
  [
    'a template that nobody knows',
    '[demo-row](demo-nowhere)\nexten = s,1,NoOp()\n',
    'dialplan-unknown-template',
    '(demo-nowhere)',
  ],
  [
    'a line above every section',
    `exten = s,1,NoOp()\n${HEAD}`,
    'dialplan-no-section|dialplan-not-loaded',
    'exten = s,1',
  ],
  lines('a priority that is no number', 'exten = s,one,NoOp()\n', 'dialplan-bad-priority', 's,one'),
  lines('priority 0', 'exten = s,0,NoOp()\n', 'dialplan-bad-number', 's,0'),
  lines('a negative priority', 'exten = s,-1,NoOp()\n', 'dialplan-bad-number', 's,-1'),
  lines('a number with a letter', 'exten = s,1x,NoOp()\n', 'dialplan-bad-priority', 's,1x'),
  lines('a line without an equals sign', 'exten s,1,NoOp()\n', 'dialplan-no-equals', 'exten s'),
  lines('a misspelt key', 'extne = s,1,NoOp()\n', 'dialplan-unknown-directive', 'extne'),
  lines(
    'a key in another language',
    'nebenstelle = s,1,NoOp()\n',
    'dialplan-unknown-directive',
    'nebenstelle',
  ),
  lines(
    'a label that is not closed',
    'exten = t,1,NoOp()\nexten = s,1(a,NoOp()\n',
    'dialplan-unclosed-label',
    's,1(a',
  ),
  lines('a first line with n', 'exten = s,n,NoOp()\n', 'dialplan-first-next', 's,n'),
  lines('a first line with same', 'same = 1,NoOp()\n', 'dialplan-same-without-extension', 'same = 1'),
  lines(
    'a priority twice',
    'exten = s,1,NoOp(a)\nexten = s,2,NoOp(b)\nexten = s,2,Hangup()\n',
    'dialplan-duplicate-priority',
    's,2,Hangup',
    'demo-row|2. NoOp',
    'demo-row|2. Hangup',
  ),
  lines(
    'a file that is not there',
    '#include demo-nowhere.conf\nexten = s,1,NoOp()\n',
    'dialplan-missing-file',
    '#include',
  ),
  lines(
    'a directive that nobody knows',
    '#incldue demo-more.conf\nexten = s,1,NoOp()\n',
    'dialplan-unknown-hash',
    '#incldue',
    'demo-more s',
  ),
  lines(
    'a comment that is not closed',
    ';-- words\nexten = s,1,NoOp()\n',
    'dialplan-unclosed-comment',
    ';--',
  ),
  lines(
    'no extension',
    'exten = ,1,NoOp(u)\nexten = t,1,NoOp()\n',
    'dialplan-empty-extension',
    ',1,NoOp(u',
    'demo-row|NoOp(u)',
  ),
  lines('C19 no application', 'exten = s,1\n'),
  lines('no priority', 'exten = s\n', 'dialplan-bad-priority', 'exten = s'),
  lines(
    'hours that are none',
    'exten = s,1,NoOp()\ninclude = default,25:00-26:00,*,*,*\n',
    'dialplan-bad-start-time',
    '25:00',
    'demo-row|default,25:00',
  ),
  lines('a pattern that is not closed', 'exten = _[2-5,1,NoOp()\n', undefined, undefined, 'demo-row _[2-5'),
  lines('an empty include', 'include =\nexten = s,1,NoOp()\n'),
  ['Windows line ends', GOOD.replaceAll('\n', '\r\n')],
  ['line ends of an old Mac', GOOD.replaceAll('\n', '\r'), 'dialplan-behind-header'],
  [
    'the mark of UTF-8 at the beginning',
    `\uFEFF${GOOD}`,
    'dialplan-byte-order-mark|dialplan-no-context|dialplan-no-equals',
  ],
  lines('Windows line ends behind a label', 'exten = s,1(a),NoOp()\r\n same = n,Goto(a)\r\n'),
  lines('a value in quotes', 'exten = "s",1,NoOp()\n', undefined, undefined, 'demo-row "s"'),
  lines('a long text', `exten = s,1,NoOp(${'x'.repeat(300)})\n`),
];

const FOLLOWS = /^(?:exten|same)/m;

/** Names that a server may have although the plugin lacks them. */
const ONLY_THERE: ReadonlySet<string> = new Set(['dialplan-missing-file', 'dialplan-unknown-template']);

/** A row of a text in a file, and the same in other words and in other places. */
function variants([name, text, code, at, wants = ['demo-row s']]: Text): readonly Row[] {
  const row = (how: string, file: string, change: (text: string) => string): Row => {
    const changed = change(text);
    const says =
      code === undefined
        ? {}
        : { says: { code, file, ...lineOf(changed, at === undefined ? at : change(at)) } };
    return {
      name: how === '' ? name : `${name}, ${how}`,
      plugin: 'hello',
      files: { [file]: changed },
      asks: 'asterisk',
      wants: wants.map(change),
      ...says,
      unknownTo: code !== undefined && ONLY_THERE.has(code) ? ['check', 'build'] : ['build'],
    };
  };
  const named = (one: string): string => one.replaceAll('demo-row', 'Demo_2');
  const arrows = (one: string): string => one.replaceAll(/^(\s*(?:exten|same|include)\s*)= ?/gm, '$1=> ');
  const later = `; words of the author\n\n[demo-more]\nexten = t,1,NoOp(more)\n same = n,Return()\n\n`;
  return [
    row('', CONF, (one) => one),
    row('by another name', CONF, named),
    row('in another file, with arrows', `${EXTRA}/zz-row.conf`, arrows),
    {
      ...row('behind other lines', CONF, (one) => one),
      files: { [CONF]: `${later}${text}` },
      ...(code === undefined ? {} : { says: { code, file: CONF, ...lineOf(`${later}${text}`, at) } }),
    },
  ].filter(({ name: one }) => {
    if (one.endsWith('arrows')) return FOLLOWS.test(text);
    // above every section is nothing behind other lines
    return !one.endsWith('behind other lines') || code?.startsWith('dialplan-no-section') !== true;
  });
}

function lineOf(text: string, at: string | undefined): { readonly line?: number } {
  if (at === undefined) return {};
  const line = text.split('\n').findIndex((one) => one.includes(at)) + 1;
  if (line === 0) throw new Error(`no ${at} in ${text}`);
  return { line };
}

function files(name: string, changes: Row['files'], wants: readonly string[], more: Partial<Row> = {}): Row {
  return { name, plugin: 'hello', files: changes, asks: 'asterisk', wants, unknownTo: ['build'], ...more };
}

const S = ['demo-row s'];
const DANGLING = { says: { code: 'link-dangling', file: CONF }, unknownTo: ['build'] } as const;
/** Only a server knows whether it has what no part of the plugin has. */
const DANGLING_THERE = { ...DANGLING, unknownTo: ['check', 'build'] } as const;
const NOTHING = (file: string): Partial<Row> => ({
  says: { code: 'dialplan-nothing-loaded', file },
  unknownTo: ['check', 'build'],
});
const OTHER = '/etc/asterisk/extensions_extra.d';

const FILES: readonly Row[] = [
  files(
    'B7 a link out of etc/',
    { [CONF]: { link: '../../../dialplan/a.conf' }, 'dialplan/a.conf': GOOD },
    S,
    DANGLING,
  ),
  files(
    'B7 a link to another file of etc/',
    { [CONF]: { link: '../../demo/a.conf' }, 'etc/demo/a.conf': GOOD },
    S,
  ),
  files(
    'B7 an absolute link to another file of etc/',
    { [CONF]: { link: '/etc/demo/a.conf' }, 'etc/demo/a.conf': GOOD },
    S,
  ),
  files('B7 a link to itself', { [CONF]: { link: 'demo-hello.conf' } }, S, DANGLING),
  files('B7 a link beside it', { [CONF]: { link: 'demo-b.conf' }, [`${EXTRA}/demo-b.conf`]: GOOD }, S),
  files(
    'B7 a link beside it, read before it',
    { [CONF]: GOOD, [`${EXTRA}/a.conf`]: { link: 'demo-hello.conf' } },
    S,
  ),
  files(
    'B7 two links beside it',
    {
      [CONF]: GOOD,
      [`${EXTRA}/a.conf`]: { link: 'demo-hello.conf' },
      [`${EXTRA}/z.conf`]: { link: 'a.conf' },
    },
    S,
  ),
  files(
    'B7 a link beside it, of a file with a context in two parts',
    { [CONF]: `${GOOD}[demo-row]\nexten = t,1,NoOp()\n`, [`${EXTRA}/z.conf`]: { link: 'demo-hello.conf' } },
    [...S, 'demo-row t'],
  ),
  files(
    'B7 a link beside it, of a file with an include and a hint',
    {
      [CONF]: `${HEAD}include = default\nignorepat = 9\nexten = 10,hint,PJSIP/10\nexten = s,1(a),NoOp()\n`,
      [`${EXTRA}/z.conf`]: { link: 'demo-hello.conf' },
    },
    [...S, 'demo-row 10'],
  ),
  files(
    'B7 a link beside it, of a file that is broken',
    { [CONF]: `${HEAD}exten = s,one,NoOp()\n`, [`${EXTRA}/z.conf`]: { link: 'demo-hello.conf' } },
    S,
    { says: { code: 'dialplan-bad-priority', file: CONF, line: 2 } },
  ),
  files('B7 a copy beside it', { [CONF]: GOOD, [`${EXTRA}/demo-hello.conf.2`]: GOOD }, S),
  files(
    'B7 an older copy beside it, with another line',
    { [CONF]: GOOD, [`${EXTRA}/demo-hello.conf.2`]: GOOD.replace('NoOp(row)', 'NoOp(old)') },
    ['demo-row|1. NoOp(old)'],
    {
      says: { code: 'dialplan-duplicate-priority', file: `${EXTRA}/demo-hello.conf.2`, line: 2 },
    },
  ),
  files(
    'B7 a link to a link',
    { [CONF]: { link: '../../demo/b.conf' }, 'etc/demo/b.conf': { link: 'a.conf' }, 'etc/demo/a.conf': GOOD },
    S,
  ),
  files(
    'B7 a link to a link to nothing',
    { [CONF]: { link: '../../demo/b.conf' }, 'etc/demo/b.conf': { link: 'a.conf' } },
    S,
    DANGLING_THERE,
  ),
  files(
    'B7 a link to a link out of etc/',
    {
      [CONF]: { link: '../../demo/b.conf' },
      'etc/demo/b.conf': { link: '../../dialplan/a.conf' },
      'dialplan/a.conf': GOOD,
    },
    S,
    { says: { code: 'link-dangling' }, unknownTo: ['build'] },
  ),
  files(
    'B7 two links in a circle',
    { [CONF]: { link: 'a.conf' }, [`${EXTRA}/a.conf`]: { link: 'demo-hello.conf' } },
    S,
    { says: { code: 'link-dangling' }, unknownTo: ['build'] },
  ),
  files(
    'B7 a link to another file of etc/ that is broken',
    { [CONF]: { link: '../../demo/a.conf' }, 'etc/demo/a.conf': `${HEAD}exten = s,one,NoOp()\n` },
    S,
    { says: { code: 'dialplan-bad-priority', file: 'etc/demo/a.conf', line: 2 } },
  ),
  files(
    'B7 a link out of etc/ that package follows',
    {
      [CONF]: { link: '../../../dialplan/a.conf' },
      'dialplan/a.conf': GOOD,
      'wazo/rules': { from: 'cp -R etc', to: 'cp -RL etc' },
    },
    S,
  ),
  files(
    'B7 a link out of etc/ to a broken file that package follows',
    {
      [CONF]: { link: '../../../dialplan/a.conf' },
      'dialplan/a.conf': `${HEAD}exten = s,one,NoOp()\n`,
      'wazo/rules': { from: 'cp -R etc', to: 'cp -RL etc' },
    },
    S,
    { says: { code: 'dialplan-bad-priority', file: 'dialplan/a.conf', line: 2 } },
  ),
  files(
    'B7 a folder that is a link out of etc/',
    { 'etc/asterisk/demo.d': { link: '../../dialplan' }, 'dialplan/a.conf': GOOD, [CONF]: GOOD },
    S,
  ),
  files(
    'B7 a link through a folder that is a link',
    {
      [CONF]: { link: '../../demo/more/a.conf' },
      'etc/demo/more': { link: 'real' },
      'etc/demo/real/a.conf': GOOD,
    },
    S,
  ),
  files(
    'B7 a file that two others include',
    {
      [`${EXTRA}/a.conf`]: '#include /etc/demo/a.conf\n',
      [`${EXTRA}/b.conf`]: '#include /etc/demo/a.conf\n',
      'etc/demo/a.conf': GOOD,
    },
    S,
  ),
  files(
    'B7 a file that is read, and included beside it',
    { [`${EXTRA}/a.conf`]: '#include extensions_extra.d/demo-hello.conf\n', [CONF]: GOOD },
    S,
  ),
  files(
    'B7 a link that is included, to a file that is read',
    {
      [`${EXTRA}/a.conf`]: '#include /etc/demo/a.conf\n',
      'etc/demo/a.conf': { link: `/${CONF}` },
      [CONF]: GOOD,
    },
    S,
  ),
  files('B7 a link to a file of the server', { [CONF]: { link: '/etc/demo/server.conf' } }, S, {
    server: { '/etc/demo/server.conf': GOOD },
  }),
  files(
    'B7 a link that is included, to nothing',
    { [CONF]: `#include /etc/demo/a.conf\n${GOOD}`, 'etc/demo/a.conf': { link: 'nowhere.conf' } },
    S,
    { says: { code: 'dialplan-missing-file', file: CONF, line: 1 }, unknownTo: ['check', 'build'] },
  ),
  files('B7 a link to nothing', { [CONF]: { link: 'nowhere.conf' } }, S, { unknownTo: COMMANDS }),
  files(
    'B7 a second file, and a link to nothing',
    { [`${EXTRA}/demo-b.conf`]: { link: '../nowhere/b.conf' }, [CONF]: GOOD },
    S,
    { unknownTo: ['build'] },
  ),
  files(
    'B8 a file in a folder below',
    { [`${EXTRA}/more/a.conf`]: GOOD },
    S,
    NOTHING(`${EXTRA}/more/a.conf`),
  ),
  files('B8 a hidden file', { [`${EXTRA}/.a.conf`]: GOOD }, S, NOTHING(`${EXTRA}/.a.conf`)),
  files('B8 a file without an ending', { [`${EXTRA}/demo-row`]: GOOD }, S),
  files('B8 a file with another ending', { [`${EXTRA}/demo-row.conf.old`]: GOOD }, S),
  files(
    'B8 two files with two contexts',
    { [`${EXTRA}/a.conf`]: GOOD, [`${EXTRA}/b.conf`]: GOOD.replaceAll('row', 'raw') },
    [...S, 'demo-raw s'],
  ),
  files(
    'B8 two files with a context of both',
    { [`${EXTRA}/a.conf`]: GOOD, [`${EXTRA}/b.conf`]: '[demo-row]\nexten = t,1,NoOp()\n' },
    [...S, 'demo-row t'],
  ),
  files(
    'B10 (+) on a context of an earlier file',
    { [`${EXTRA}/a.conf`]: GOOD, [`${EXTRA}/b.conf`]: '[demo-row](+)\nexten = t,1,NoOp()\n' },
    [...S, 'demo-row t'],
  ),
  files(
    'B10 (+) on a context of a later file',
    { [`${EXTRA}/b.conf`]: GOOD, [`${EXTRA}/a.conf`]: '[demo-row](+)\nexten = t,1,NoOp()\n' },
    [...S, 'demo-row t'],
    {
      says: { code: 'dialplan-unknown-addition', file: `${EXTRA}/a.conf`, line: 1 },
    },
  ),
  files('C20 a server with another context', { [CONF]: GOOD }, S, {
    server: { [`${OTHER}/other.conf`]: '[other]\nexten = s,1,NoOp()\n' },
  }),
  files('C20 a server with a warning of its own', { [CONF]: GOOD }, S, {
    server: { [`${OTHER}/other.conf`]: '[other]\ninclude = nowhere\nexten = s,1,NoOp(x\n' },
  }),
  files(
    'C20 an include of a file that the server has',
    { [CONF]: `${HEAD}#include /etc/demo/server.conf\nexten = s,1,NoOp()\n` },
    S,
    { server: { '/etc/demo/server.conf': 'exten = t,1,NoOp()\n' } },
  ),
  files('C20 a template that the server has', { [CONF]: '[demo-row](demo-base)\nexten = s,1,NoOp()\n' }, S, {
    server: { [`${OTHER}/aa.conf`]: '[demo-base](!)\nexten = t,1,NoOp()\n' },
  }),
  files(
    'a template that comes too late',
    { [CONF]: '[demo-row](demo-base)\nexten = s,1,NoOp()\n[demo-base](!)\nexten = t,1,NoOp()\n' },
    S,
    { says: { code: 'dialplan-unknown-template', file: CONF, line: 1 } },
  ),
  files('C20 a server with the same lines before', { [CONF]: GOOD }, ['demo-row|[demo-hello.conf:2]'], {
    server: { [`${OTHER}/aa.conf`]: GOOD },
    says: { code: 'dialplan-duplicate-priority|dialplan-not-loaded', file: CONF, line: 2 },
    unknownTo: ['check', 'build'],
  }),
  files('C20 a server with the same extension before', { [CONF]: GOOD }, S, {
    server: { [`${OTHER}/aa.conf`]: '[demo-row]\nexten = t,1,NoOp()\n' },
  }),
  files(
    'C20 an include of what the server has',
    { [CONF]: `${HEAD}include = other\nexten = s,1,NoOp()\n` },
    S,
    { server: { [`${OTHER}/other.conf`]: '[other]\nexten = 7,1,NoOp()\n' } },
  ),
  files(
    'C20 (+) on a context that the server has',
    { [CONF]: '[other](+)\nexten = s,1,NoOp()\n' },
    ['other s'],
    {
      server: { [`${OTHER}/aa.conf`]: '[other]\nexten = 7,1,NoOp()\n' },
      unknownTo: ['check', 'build'],
    },
  ),
];

/** Slips of authors, once each: what is copied from elsewhere, and habits of other languages. */
const SLIPS: readonly Text[] = [
  lines('G37 old syntax', 'exten = s,1,NoOp,Extension ${CALLERID(num)} is here (x) y\n'),
  lines('G37 old syntax with bars', 'exten = s,1,Dial,PJSIP/100|30|tT\n'),
  lines('G37 old syntax with brackets in it', 'exten = s,1,NoOp,(x) $[1 + (2)] y)\n'),
  lines(
    'D28 a blank that does not break, before same',
    'exten = s,1,NoOp()\n\u00A0same = n,NoOp(second)\n',
    'dialplan-unknown-directive',
    '\u00A0same',
    'demo-row|2. NoOp',
  ),
  lines(
    'D28 a blank of no width before the line',
    '\u200Bexten = s,1,NoOp()\n',
    'dialplan-unknown-directive',
    'exten',
  ),
  lines('B8 curly quotes', 'exten = s,1,Playback(“hello”)\n'),
  lines('C19 an include of itself', 'include = demo-row\nexten = s,1,NoOp()\n'),
  lines('B8 keys in capitals', 'EXTEN = s,1,NoOp()\nSame = n,Hangup()\n'),
  ['B8 words behind the header', `[demo-row] ; of the author\nexten = s,1,NoOp()\n`],
  lines(
    'B8 lines of hyphens in a comment',
    ';---- calls ----\nexten = s,1,NoOp()\n;-----------------\nexten = t,1,NoOp()\n',
    undefined,
    undefined,
    'demo-row s',
    'demo-row t',
  ),
  lines('B8 a comment as of several lines, in one', ';-- words --;\nexten = s,1,NoOp()\n'),
  [
    'B8 a name of 100 letters',
    `[demo-${'x'.repeat(95)}]\nexten = s,1,NoOp()\n`,
    'dialplan-section-name',
    '[demo-',
    [`demo-${'x'.repeat(95)} s`],
  ],
  lines(
    'B8 an extension of 100 letters',
    `exten = ${'x'.repeat(100)},1,NoOp()\n`,
    undefined,
    undefined,
    `demo-row ${'x'.repeat(100)}`,
  ),
  lines(
    'B8 a line of 9,000 letters',
    `exten = s,1,NoOp(${'x'.repeat(9000)})\n`,
    'dialplan-long-line',
    'exten = s,1',
  ),
  lines(
    'B8 a line that goes on behind a backslash',
    'exten = s,1,NoOp(a\\\n b)\n same = n,Hangup()\n',
    'dialplan-no-equals|dialplan-unknown-directive',
    ' b)',
    'demo-row|b)',
  ),
  lines('B8 hours with bars', 'include = default|09:00-17:00|mon-fri|*|*\nexten = s,1,NoOp()\n'),
  lines('C19 a range that goes down', 'exten = _[5-2]X,1,NoOp()\n', undefined, undefined, 'demo-row _[5-2]X'),
  lines('C19 an extension without priority 1', 'exten = s,2,NoOp()\n'),
  lines('C19 a gap between priorities', 'exten = s,1,NoOp()\n same = 5,Hangup()\n'),
  lines('C19 a switch without a name', 'switch =\nexten = s,1,NoOp()\n'),
  lines(
    'B8 a comment as of a shell',
    '# of the author\nexten = s,1,NoOp()\n',
    'dialplan-unknown-hash',
    '# of',
    'demo-row|# of the author',
  ),
  lines(
    'B8 an include without a file',
    '#include\nexten = s,1,NoOp()\n',
    'dialplan-empty-include',
    '#include',
    'demo-row|#include',
  ),
  lines('B8 an empty header', '[]\nexten = s,1,NoOp()\n', 'dialplan-section-name', '[]', 'demo-row s'),
  [
    'B8 a template of itself',
    `[demo-row](demo-row)\nexten = s,1,NoOp()\n`,
    'dialplan-unknown-template',
    '(demo-row)',
  ],
  [
    'B8 two templates',
    `[a](!)\nexten = s,1,NoOp()\n[b](!)\nexten = t,1,NoOp()\n[demo-row](a,b)\nexten = i,1,NoOp()\n`,
    undefined,
    undefined,
    ['demo-row s', 'demo-row t', 'demo-row i'],
  ],
  ['B8 [general] in a file of a plugin', `[general]\nautofallthrough = no\n${GOOD}`],
  [
    'B8 a line of [globals] without a value',
    `[globals]\nDEMO_ROW\n${GOOD}`,
    'dialplan-no-equals',
    'DEMO_ROW',
    ['demo-row|DEMO_ROW'],
  ],
  ['B8 an empty file behind a good one', ';\n', undefined, undefined, ['default']],
];

const MORE_FILES: readonly Row[] = [
  files(
    'B8 letters in Latin-1',
    { [CONF]: { latin1: `; gr\u00FC\u00DFe\n${HEAD}exten = s,1,NoOp(gr\u00FCn)\n` } },
    S,
  ),
  files(
    'B8 a template for files of others',
    { [CONF]: '[demo-row](!)\nexten = s,1,NoOp()\n' },
    ['demo-other s'],
    { server: { [`${OTHER}/zz.conf`]: '[demo-other](demo-row)\nexten = t,1,NoOp()\n' } },
  ),
  files(
    'B8 an included file in quotes',
    { [CONF]: `${HEAD}#include "/etc/demo/a.conf"\n`, 'etc/demo/a.conf': 'exten = s,1,NoOp()\n' },
    S,
  ),
  files(
    'B8 an included file in angle brackets',
    { [CONF]: `${HEAD}#include </etc/demo/a.conf>\n`, 'etc/demo/a.conf': 'exten = s,1,NoOp()\n' },
    S,
  ),
  files('B8 a folder named as a file', { [`${EXTRA}/a.conf/b.conf`]: '; words\n', [CONF]: GOOD }, S),
  files(
    'B8 a file that Asterisk may not read',
    {
      [CONF]: GOOD,
      'wazo/rules': {
        from: '        chmod -R u=rwX,go=rX "${pkgdir:?}"\n',
        to: '        chmod -R u=rwX,go=rX "${pkgdir:?}"\n        chmod 600 "${pkgdir:?}"/etc/asterisk/extensions_extra.d/*\n',
      },
    },
    S,
    { says: { code: 'package-hidden-file', file: 'wazo/rules' }, unknownTo: ['check'] },
  ),
];

function once(text: Text): Row {
  const [row] = variants(text);
  if (row === undefined) throw new Error(text[0]);
  return row;
}

export const DIALPLAN_ROWS: readonly Row[] = [
  ...TEXTS.flatMap(variants),
  ...FILES,
  ...SLIPS.map(once),
  ...MORE_FILES,
];
