import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isEnd } from '../../src/wazo/call-ends.ts';
import { stackLayout } from '../../src/stacks/layout.ts';
import { ensureRoot } from '../../src/stacks/real/root.ts';
import { lacks } from '../support/needs.ts';
import { AsteriskStack } from './dialplan-stack.ts';

/** A call of each application that could be the last one of a line, with arguments that it takes. */
const CALLS = [
  'Answer()',
  'Busy(1)',
  'Congestion(1)',
  'ContinueWhile()',
  'EndWhile()',
  'Exec(NoOp())',
  'ExecIf(1?NoOp())',
  'ExitWhile()',
  'Gosub(sub,1)',
  'Goto(away)',
  'GotoIf(0?away)',
  'GotoIfTime(00:00-00:00,sun&mon,30,feb?away)',
  'Hangup()',
  'NoOp()',
  'Return()',
  'StackPop()',
  'Stasis(wdev)',
  'Transfer(100)',
  'TryExec(NoOp())',
  'Wait(0)',
] as const;

const stack = new AsteriskStack();
beforeAll(async () => {
  if (lacks('real')) return;
  const [, root = ''] = await ensureRoot(stackLayout(), () => undefined);
  await stack.start(root);
});
afterAll(async () => {
  await stack.stop();
});

describe.skipIf(lacks('real'))('Asterisk 22', () => {
  test('goes on with the next line after each application but those that end a line', async () => {
    // the call under test stands in a loop of one round, in a subroutine
    const text = CALLS.map(
      (call, at) => `[returns-${at}]
exten = s,1,Gosub(tried,1)
same = n,Hangup()
exten = tried,1,While($["\${ONCE}" = ""])
same = n,Set(ONCE=1)
same = n,${call}
same = n,Verbose(0,BEHIND)
${call.startsWith('EndWhile') ? '' : 'same = n,EndWhile()'}
same = n(away),Return()
exten = sub,1,Return()
`,
    ).join('');
    stack.reload({ 'extensions.conf': text });
    stack.startTrace();
    const runs = await stack.runCalls(CALLS.map((_, at) => `s@returns-${at}`));
    const name = (call: string): string => call.replace(/\(.*/, '');
    const ended = CALLS.filter((_, at) => runs[at]?.every((line) => !line.includes('BEHIND')));
    expect(ended.map(name)).toEqual(CALLS.map(name).filter(isEnd));
  });
});
