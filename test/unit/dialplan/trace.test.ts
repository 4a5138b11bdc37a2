import { expect, test } from 'vitest';
import { loadDialplan } from '../../../src/dialplan/read/load.ts';
import { memorySource } from '../../../src/dialplan/read/source.ts';
import { agiWords } from '../../../src/dialplan/trace/agi.ts';
import { isWithin } from '../../../src/dialplan/read/timing.ts';
import { parseCalls } from '../../../src/dialplan/trace/trace-calls.ts';
import { coverage, traceCall } from '../../../src/dialplan/trace/trace.ts';

const now = new Date('2026-03-04T05:06:07Z');

function dialplan(text: string): ReturnType<typeof loadDialplan> {
  return loadDialplan(memorySource(new Map([['/etc/asterisk/extensions.conf', text]])));
}

function trace(
  text: string,
  extension = 's',
  given: Record<string, string> = {},
): ReturnType<typeof traceCall> {
  const start = { context: 'acme', extension, priority: 1 };
  return traceCall(dialplan(text), start, { now, given: new Map(Object.entries(given)), limit: 200 });
}

function steps(text: string, extension?: string, given?: Record<string, string>): string[] {
  return trace(text, extension, given).steps.map((step) => `${step.place.line} ${step.app}(${step.data})`);
}

test('each step names its line, and its data as the call sees it', () => {
  const text =
    '[acme]\nexten = _1X,1,Set(A=${EXTEN:1})\nsame = n,GotoIf($[${A} > 1]?big)\nsame = n,Hangup()\nsame = n(big),NoOp(${A})\n';
  expect(steps(text, '15')).toEqual(['2 Set(A=5)', '3 GotoIf(1?big)', '5 NoOp(5)']);
  expect(steps(text, '10')).toEqual(['2 Set(A=0)', '3 GotoIf(0?big)', '4 Hangup()']);
});

test('outcomes and callers are given', () => {
  const text = '[acme]\nexten = s,1,Dial(PJSIP/x)\nsame = n,NoOp(${DIALSTATUS})\nexten = h,1,NoOp(h)\n';
  expect(steps(text, 's', { DIALSTATUS: 'BUSY' })).toEqual(['2 Dial(PJSIP/x)', '3 NoOp(BUSY)', '4 NoOp(h)']);
  expect(steps(text, 's', { DIALSTATUS: 'ANSWER' })).toEqual(['2 Dial(PJSIP/x)', '4 NoOp(h)']);
  const caller = '[acme]\nexten = s/100,1,NoOp(boss)\nexten = s,1,NoOp(other)\n';
  expect(steps(caller, 's', { 'CALLERID(num)': '100' })).toEqual(['2 NoOp(boss)']);
  expect(steps(caller)).toEqual(['3 NoOp(other)']);
});

test('why a call ends', () => {
  expect(trace('[acme]\nexten = s,1,Goto(nowhere)\n').end).toBe('there is no nowhere');
  expect(trace('[acme]\nexten = s,1,Return()\n').end).toBe(
    'Return without Gosub: start the call where this subroutine is called',
  );
  expect(trace('[acme]\nexten = s,1,Goto(1)\n').end).toBe('more than 200 steps');
  expect(trace('[acme]\nexten = 1,1,NoOp\n').end).toBe('no extension s in context acme');
});

test('what cannot be known is told, and can be given', () => {
  const text = '[acme]\nexten = s,1,NoOp(${ODBC_X(1)})\n';
  expect(trace(text).notes[0]).toContain("--set 'ODBC_X(1)=VALUE'");
  expect(steps(text, 's', { 'ODBC_X(1)': 'row' })).toEqual(['2 NoOp(row)']);
});

test('coverage by line over several calls', () => {
  const loaded = dialplan('[acme]\nexten = 1,1,NoOp\nexten = 2,1,NoOp\nexten = 3,1,NoOp\n');
  const traces = ['1', '3'].map((extension) =>
    traceCall(loaded, { context: 'acme', extension, priority: 1 }, { now }),
  );
  expect(coverage(loaded, traces)).toEqual([
    { file: '/etc/asterisk/extensions.conf', reached: [2, 4], missed: [3] },
  ]);
});

// 2026-03-04 is a Wednesday
test.each([
  ['', true],
  ['*,*,*,*,UTC', true],
  ['05:06,*,*,*,UTC', true],
  ['05:07,*,*,*,UTC', false],
  ['04:00-05:06,*,*,*,UTC', true],
  ['22:00-06:00,*,*,*,UTC', true],
  ['06:00-05:00,*,*,*,UTC', false],
  ['00:00-01:00&05:00-06:00,*,*,*,UTC', true],
  ['*,wed,*,*,UTC', true],
  ['*,sat-tue,*,*,UTC', false],
  ['*,tue-mon,*,*,UTC', true],
  ['*,sun&wed,*,*,UTC', true],
  ['*,*,4,mar,UTC', true],
  ['*,*,5-3,*,UTC', false],
  ['*,*,*,nov-3,UTC', true],
  ['*,*,*,4-12,UTC', false],
  ['*|wed|*|*|UTC', true],
  ['14:00-14:30,*,*,*,Asia/Tokyo', true],
  ['05:06,*,*,*,Nowhere/Atall', true],
  ['25:00-26:00,*,*,*,UTC', false],
])('the times %s at 05:06 UTC', (times, holds) => {
  expect(isWithin(times, now)).toBe(holds);
});

test('a switch takes the call into another context; others are told', () => {
  const text =
    '[acme]\nlswitch = Loopback/9${EXTEN}@other\nswitch = Realtime/x\n[other]\nexten = _9X,1,NoOp(${CONTEXT} ${EXTEN})\nsame = n,NoOp(2)\n';
  expect(steps(text, '1')).toEqual(['5 NoOp(other 91)', '6 NoOp(2)']);
  expect(trace(text, '12').notes).toEqual(['switch Realtime/x of acme is not asked']);
});

test('an AGI script that nobody answers for is passed over, and that is told', () => {
  const text = '[acme]\nexten = s,1,AGI(agi://host/x)\nsame = n,NoOp(${AGISTATUS})\n';
  expect(steps(text)).toEqual(['2 AGI(agi://host/x)', '3 NoOp(SUCCESS)']);
  expect(steps(text, 's', { AGISTATUS: 'FAILURE' })[1]).toBe('3 NoOp(FAILURE)');
  expect(trace(text).notes).toEqual(['AGI agi://host/x was not asked: --agi PROGRAM answers for it']);
});

test('words of an AGI command', () => {
  expect(agiWords('SET VARIABLE X "a b \\" c" "" d\\ e')).toEqual([
    'SET',
    'VARIABLE',
    'X',
    'a b " c',
    '',
    'd e',
  ]);
});

test.each([
  ['- { call: acme }', 'acme: write CONTEXT,EXTENSION'],
  ['- { set: {} }', 'calls.yml: call 1: it does not say where the call enters'],
  ["- { call: 'a,s', frobnicate: 1 }", 'calls.yml: call 1: there is no frobnicate'],
  ["- { call: 'a,s', time: noon }", 'noon is not a time'],
  ['call: x', 'calls.yml is not a list of calls'],
  ['[x', 'calls.yml:1: the bracket [ is not closed'],
])('a file of calls that is none: %s', (text, message) => {
  expect(() => parseCalls(text, 'calls.yml', { given: new Map(), now, expect: [] })).toThrow(message);
});

test('a jump to an extension without a first priority goes to i, whatever priority it names', () => {
  const text =
    '[acme]\nexten = s,1,Goto(7,3)\nexten = t,1,Goto(8,3)\nexten = 8,1,Hangup()\nexten = i,1,NoOp(${INVALID_EXTEN})\n';
  expect(steps(text)).toEqual(['2 Goto(7,3)', '5 NoOp(7)']);
  expect(trace(text, 't').end).toBe('no priority 3 of extension 8 in context acme');
});
