import { expect, test } from 'vitest';
import { loadDialplan } from '../../../src/dialplan/load.ts';
import { memorySource } from '../../../src/dialplan/source.ts';
import { coverage, traceCall } from '../../../src/dialplan/trace.ts';

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
  expect(trace('[acme]\nexten = s,1,Return()\n').end).toBe('Return without Gosub: stack is empty');
  expect(trace('[acme]\nexten = s,1,Goto(1)\n').end).toBe('more than 200 steps');
  expect(trace('[acme]\nexten = 1,1,NoOp\n').end).toBe('there is no s in acme');
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
