import { describe, expect, test } from 'vitest';
import { REJECTION_TABLE } from '../../../src/dialplan/read/rejection-table.ts';
import { parseRejections } from '../../../src/dialplan/read/rejections.ts';

const VALUES: Readonly<Record<string, string>> = {
  line: '12',
  count: '10',
  file: '/etc/asterisk/x.conf',
  priority: '3',
};

describe('every message of the table is recognized in a log', () => {
  test.each(REJECTION_TABLE.map((row) => [row.code, row] as const))('%s', (code, row) => {
    const message = row.text.replace(/\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? name);
    const [found, ...more] = parseRejections(
      `[Nov 20 10:36:19] ${row.level}[39] ${row.source}: ${message}\n`,
    );
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code, level: row.level, message });
    if (row.text.includes('{line}')) expect(found?.asteriskLine).toBe(12);
    if (row.text.includes('{file}')) expect(found?.file).toBe('/etc/asterisk/x.conf');
  });
});

test('a duplicate is one rejection: why, and where', () => {
  const log = `[2026-11-20 10:36:19.123] WARNING[102] pbx.c: Unable to register extension 's' priority 2 in 'a', already in use
[2026-11-20 10:36:19.123] WARNING[102] pbx_config.c: Unable to register extension at line 5 of /etc/asterisk/a.conf
[2026-11-20 10:36:19.124] NOTICE[102] pbx.c: Cannot find extension 't' in context 'a'
[2026-11-20 10:36:19.124] WARNING[102] pbx_config.c: Invalid priority/label 'foo' at line 6 of /etc/asterisk/a.conf
[2026-11-20 10:36:19.124] VERBOSE[102] pbx.c: Time to scan old dialplan
`;
  expect(parseRejections(log)).toEqual([
    {
      code: 'dialplan-duplicate-priority',
      level: 'WARNING',
      message: "Unable to register extension 's' priority 2 in 'a', already in use",
      exten: 's',
      priority: '2',
      context: 'a',
      file: '/etc/asterisk/a.conf',
      asteriskLine: 5,
    },
    {
      code: 'dialplan-bad-priority',
      level: 'WARNING',
      message: "Invalid priority/label 'foo' at line 6 of /etc/asterisk/a.conf",
      exten: 't',
      context: 'a',
      priority: 'foo',
      file: '/etc/asterisk/a.conf',
      asteriskLine: 6,
    },
  ]);
});

test('lines of a call, with its number and function, are read too', () => {
  const log = '[Nov 20 12:23:42] ERROR[111][C-00000001] pbx_functions.c: Function len not registered\n';
  expect(parseRejections(log)).toMatchObject([{ code: 'dialplan-unknown-function', value: 'len' }]);
});
