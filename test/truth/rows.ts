import type { Row } from './row.ts';

const EXTRA = 'etc/asterisk/extensions_extra.d';
const CONF = `${EXTRA}/demo-hello.conf`;
const SOUND = '[demo-row]\nexten = s,1,NoOp(row)\n same = n,Hangup()\n';
const SETTINGS = 'etc/wazo-calld/conf.d/50-demo-row.yml';

function dialplan(
  name: string,
  files: Row['files'],
  wants: readonly string[],
  says?: Row['says'],
  more: Partial<Row> = {},
): Row {
  return { name, files, asks: 'asterisk', wants, ...(says === undefined ? {} : { says }), ...more };
}

/** A dialplan that check and Asterisk judge; what build packages, it cannot know. */
function broken(name: string, text: string, code: string, line: number, wants = ['demo-row s']): Row {
  return dialplan(name, { [CONF]: text }, wants, { code, file: CONF, line }, { unknownTo: ['build'] });
}

function settings(name: string, text: string, code?: string): Row {
  const says = code === undefined ? {} : { says: { code, file: SETTINGS } };
  return {
    name,
    files: { [SETTINGS]: text },
    asks: 'yaml',
    wants: [SETTINGS],
    ...says,
    unknownTo: ['build'],
  };
}

/** More belong here than there are; each was once a wrong success or a wrong failure, or is its neighbour. */
export const ROWS: readonly Row[] = [
  dialplan('a file like any other', { [CONF]: SOUND }, ['demo-row s']),
  dialplan(
    'B7 a link out of etc/',
    { [CONF]: { link: '../../../dialplan/a.conf' }, 'dialplan/a.conf': SOUND },
    ['demo-row s'],
    { code: 'link-dangling', file: `/${CONF}` },
    { unknownTo: ['check', 'build'] },
  ),
  dialplan(
    'B7 a link to another file of etc/',
    { [CONF]: { link: '../../demo/a.conf' }, 'etc/demo/a.conf': SOUND },
    ['demo-row s'],
  ),
  dialplan(
    'B7 an absolute link to another file of etc/',
    { [CONF]: { link: '/etc/demo/a.conf' }, 'etc/demo/a.conf': SOUND },
    ['demo-row s'],
  ),
  dialplan(
    'B7 a link to itself',
    { [CONF]: { link: 'demo-hello.conf' } },
    ['demo-row s'],
    { code: 'link-dangling', file: `/${CONF}` },
    { unknownTo: ['check', 'build'] },
  ),
  dialplan(
    'B8 a file in a folder below',
    { [`${EXTRA}/more/a.conf`]: SOUND },
    ['demo-row s'],
    { code: 'dialplan-nothing-loaded', file: `${EXTRA}/more/a.conf` },
    { unknownTo: ['check', 'build'] },
  ),
  dialplan(
    'B8 a hidden file',
    { [`${EXTRA}/.a.conf`]: SOUND },
    ['demo-row s'],
    { code: 'dialplan-nothing-loaded', file: `${EXTRA}/.a.conf` },
    { unknownTo: ['check', 'build'] },
  ),
  dialplan('B8 a file without an ending', { [`${EXTRA}/demo-row`]: SOUND }, ['demo-row s']),
  dialplan('B8 a context with nothing in it', { [CONF]: '[demo-row]\n' }, ['demo-row']),
  dialplan('B8 an include only', { [CONF]: '[demo-row]\ninclude = default\n' }, ['demo-row']),
  broken(
    'B10 (+) before the context exists',
    '[xivo-extrafeatures](+)\nexten = ***77,1,Hangup()\n',
    'dialplan-unknown-addition',
    1,
    ['xivo-extrafeatures ***77'],
  ),
  dialplan(
    'B10 the plain header of a stock context',
    { [CONF]: '[xivo-extrafeatures]\nexten = ***77,1,Hangup()\n' },
    ['xivo-extrafeatures ***77'],
  ),
  dialplan(
    'B10 (+) behind the first in the same file',
    { [CONF]: `${SOUND}[demo-row](+)\nexten = t,1,Hangup()\n` },
    ['demo-row s', 'demo-row t'],
  ),
  broken('a section that is not closed', `[demo-row\n${SOUND}`, 'dialplan-unclosed-section', 1, [
    'demo-row s',
    'demo-row t',
  ]),
  broken('a priority that is no number', '[demo-row]\nexten = s,one,NoOp()\n', 'dialplan-bad-priority', 2),
  dialplan('a pattern that is the whole dial plan', { [CONF]: '[demo-row]\nexten = _X.,1,Hangup()\n' }, [
    'demo-row _X.',
  ]),
  dialplan('an extension of letters and signs', { [CONF]: '[demo-row]\nexten = a+b-c,1,Hangup()\n' }, [
    'demo-row a+b-c',
  ]),
  settings('B13 settings that a service reads', 'demo_row: {word: hello}\n'),
  settings('B13 a list that is not closed', 'demo_row: [1\n', 'confd-syntax'),
  settings('B13 a mapping within a value', 'demo_row: a: b\n', 'confd-syntax'),
  settings('B13 a tab before a key', 'demo_row:\n\tword: hello\n', 'confd-syntax'),
  settings('B13 a sign that needs quotes', 'demo_row: *42\n', 'confd-syntax'),
  settings('B13 a colon without a blank', 'demo_row:hello\n', 'confd-not-mapping'),
  settings('D24 a list at the top', '- demo_row\n', 'confd-not-mapping'),
];
