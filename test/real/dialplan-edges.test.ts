import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialplanGraph } from '../../src/dialplan/graph/build.ts';
import { withTraces } from '../../src/dialplan/graph/hops.ts';
import type { GraphEdge } from '../../src/dialplan/graph/model.ts';
import { loadDialplan } from '../../src/dialplan/read/load.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import { stepsOfLog } from '../../src/dialplan/trace/executed.ts';
import { stackLayout } from '../../src/stacks/layout.ts';
import { ensureRoot } from '../../src/stacks/real/root.ts';
import { lacks } from '../support/needs.ts';
import { AsteriskStack } from './dialplan-stack.ts';

/** Every way that a text alone names from one priority to another, each of which some call of CALLS takes. */
const DIALPLAN = `[plain]
exten = s,1,NoOp(next)
same = n,Goto(end)
same = n(end),Goto(12,1)
exten = _1X,1,NoOp(the next one is of another extension)
exten = 12,2,Goto(jump,7,1)
[jump]
exten = 7,1,GotoIf($["\${A}" = "1"]?yes:no)
same = n(yes),GotoIf($["\${B}" = "1"]?hours,7,1)
same = n,ExecIf($["\${C}" = "1"]?Goto(no):Goto(asks,42,1))
same = n(no),GotoIfTime(06:00-17:59,*,*,*?outer,s,1:loop,s,1)
[hours]
include = day,06:00-17:59,*,*,*
include = night
[day]
exten = 7,1,NoOp(day)
[night]
exten = 7,1,NoOp(night)
[asks]
exten = 41,1,NoOp(own)
switch = Loopback/@asked
[asked]
exten = 42,1,NoOp(looked up)
same = n,Hangup()
exten = h,1,NoOp(asked is over)
[outer]
exten = s,1,Gosub(subs,one,1(x))
same = n,GosubIf($["\${A}" = "1"]?subs,two,1:subs,three,1)
same = n,ExecIf($["\${B}" = "1"]?Gosub(subs,two,1))
same = n,GosubIf($["\${C}" = "1"]?subs,nine,1)
same = n,Hangup()
exten = h,1,NoOp(over)
same = n,NoOp(and out)
[subs]
exten = one,1,Return(value)
exten = two,1,NoOp(two)
same = n,Return()
exten = three,1,Gosub(one,1)
same = n,Return()
[loop]
exten = s,1,Set(I=0)
same = n,While($[\${I} < 3])
same = n,Set(I=$[\${I} + 1])
same = n,ExecIf($["\${I}" = "\${SKIP}"]?ContinueWhile())
same = n,ExecIf($["\${I}" = "\${STOP}"]?ExitWhile())
same = n,EndWhile()
same = n,Goto(invalid,s,1)
[invalid]
exten = s,1,GotoIf($["\${A}" = "1"]?99,1:5,2)
exten = 5,2,NoOp(5 has no first priority)
exten = i,1,GotoIf($["\${B}" = "1"]?nowhere,s,1)
exten = h,1,NoOp(invalid is over)
[nowhere]
exten = s,1,Goto(99,1)
exten = h,1,NoOp(there is no 99)
[legs]
exten = s,1,Goto(12,1)
exten = 12/123,1,Dial(Local/1@other/n,20,U(greet))
exten = 12,1,Dial(Local/2@other/n,20,b(made^s^1))
same = n,Dial(Local/3@other/n,20,B(before,s,1(x)))
same = n,Dial(Local/4@other/n,20,G(both^s^first))
same = n,Dial(Local/5@other/n,20,F(after,s,1)U(greet)b(made,s,1))
same = n,Originate(Local/6@other/n,exten,begun,9,1)
same = n,Queue(edges,,,,3,,agent)
same = n,Hangup()
exten = h,1,NoOp(legs are over)
[other]
exten = _X,1,GotoIf($["\${ANSWER}" = "\${EXTEN}" | "\${EXTEN}" = "6"]?yes)
same = n,GotoIf($["\${WAIT}" = "\${EXTEN}"]?wait)
same = n,Hangup()
same = n(yes),Answer()
same = n(wait),Wait(\${HOLD})
[greet]
exten = s,1,Return()
[made]
exten = s,1,Return()
[before]
exten = s,1,Return()
[both]
exten = s,1(first),NoOp(the caller)
same = n,NoOp(the called)
same = n,Hangup()
[after]
exten = s,1,NoOp(the called, alone)
[begun]
exten = 9,1,NoOp(a call of its own)
[agent]
exten = s,1,Return()
`;

const QUEUES = '[edges]\nstrategy = ringall\nmember => Local/7@other/n\n';

interface Call {
  readonly at: string;
  readonly set: Readonly<Record<string, string>>;
  /** When the caller hangs up, in seconds. */
  readonly seconds?: number;
  readonly by?: 'day' | 'night';
}

const CALLS: readonly Call[] = [
  { at: 'plain,s,1', set: { A: '0' }, by: 'day' },
  { at: 'plain,s,1', set: { A: '1', B: '1' }, by: 'day' },
  { at: 'jump,7,1', set: { A: '1', B: '1' }, by: 'night' },
  { at: 'jump,7,1', set: { A: '1', C: '1' }, by: 'night' },
  { at: 'jump,7,1', set: { A: '1' } },
  { at: 'asked,42,1', set: {} },
  { at: 'outer,s,1', set: { A: '1', B: '1' } },
  { at: 'outer,s,1', set: { A: '0', C: '1' } },
  { at: 'loop,s,1', set: { SKIP: '1', STOP: '2', A: '1' } },
  { at: 'invalid,s,1', set: { A: '0', B: '1' } },
  { at: 'asks,41,1', set: {} },
  ...['1', '2', '3', '4', '5', '7'].map((ANSWER) => ({
    at: 'legs,s,1',
    set: { ANSWER, HOLD: ANSWER === '5' ? '60' : '0.1', WHO: ANSWER === '1' ? '123' : '1' },
    seconds: ANSWER === '5' ? 2 : 20,
  })),
  { at: 'legs,s,1', set: { WAIT: '4', HOLD: '60', WHO: '123' }, seconds: 2 },
  { at: 'legs,s,1', set: { HOLD: '0.1' }, seconds: 20 },
];

const stack = new AsteriskStack();
beforeAll(async () => {
  if (lacks('real')) return;
  const [, root = ''] = await ensureRoot(stackLayout(), () => undefined);
  await stack.start(root);
});
afterAll(async () => await stack.stop());

/** The dialplan with a context for each call, which sets its variables. */
function withCalls(): string {
  const starts = CALLS.map(({ at, set }, index) => {
    const { WHO = '', ...rest } = set;
    const sets = [
      'Answer()',
      `Set(CALLERID(num)=${WHO})`,
      ...Object.entries(rest).map(([name, value]) => `Set(__${name}=${value})`),
    ];
    const lines = [...sets, `Goto(${at})`].map(
      (app, line) => `${line === 0 ? 'exten = s,1' : 'same = n'},${app}`,
    );
    return `[call-${index}]\n${lines.join('\n')}\n`;
  });
  return `${DIALPLAN}${starts.join('')}`;
}

const nameOf = ({ from, to, kind, reason }: GraphEdge): string => `${kind}: ${from} -> ${to} (${reason})`;

describe.skipIf(lacks('real'))('the picture of a dialplan, against a real Asterisk 22', () => {
  test('has each hop of calls as an edge, and no static edge that no call takes', async () => {
    const text = withCalls();
    stack.reload({ 'extensions.conf': text, 'queues.conf': QUEUES });
    for (const by of ['day', 'night'] as const) {
      stack.setHour(by === 'day' ? 12 : 0);
      stack.restart();
      stack.startTrace();
      stack.rx('module load app_queue.so');
      for (const [index, { by: when = 'day', seconds = 20 }] of CALLS.entries())
        if (when === by) await stack.call(`s@call-${index}`, seconds);
    }
    const dialplan = loadDialplan(memorySource(new Map([['/etc/asterisk/extensions.conf', text]])));
    const drawn = dialplanGraph(dialplan);
    const calls = stepsOfLog(stack.traced());
    const { graph, unknown } = withTraces(drawn, calls);

    const at = ({ context, extension, priority }: (typeof unknown)[number]['from']): string =>
      `${extension}@${context}:${priority}`;
    expect(unknown.map(({ from, to }) => `${at(from)} -> ${at(to)}`)).toEqual([]);
    const statics = graph.edges.filter(({ certainty }) => certainty === 'static');
    const taken = statics.filter((edge) => (edge.taken ?? 0) > 0);
    expect(statics.filter((edge) => !taken.includes(edge)).map(nameOf)).toEqual([]);
    // what calls took beside them is known to hang on the call
    const kinds = new Set(statics.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual([
      'gosub',
      'goto',
      'hangup',
      'include',
      'invalid',
      'leg',
      'loop',
      'next',
      'return',
      'switch',
    ]);
    const hops = calls.reduce((sum, steps) => sum + steps.length - 1, 0);
    console.log(
      `dialplan graph: ${CALLS.length} calls and ${calls.length} channels on Asterisk, ${hops} hops, all edges; ${statics.length} static edges of ${kinds.size} kinds, all taken`,
    );
  });
});
