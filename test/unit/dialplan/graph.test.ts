import { expect, test } from 'vitest';
import { dialplanGraph } from '../../../src/dialplan/graph/build.ts';
import type { GraphEdge } from '../../../src/dialplan/graph/model.ts';
import type { LoadedDialplan } from '../../../src/dialplan/read/dialplan.ts';
import { DARK, LIGHT } from '../../../src/dialplan/graph/colours.ts';
import { mermaidOf } from '../../../src/dialplan/graph/mermaid.ts';
import { pictureOf } from '../../../src/dialplan/graph/picture.ts';
import { svgOf } from '../../../src/dialplan/graph/svg.ts';
import { stepsOfLog } from '../../../src/dialplan/trace/executed.ts';
import { withTraces } from '../../../src/dialplan/graph/hops.ts';
import { loadDialplan } from '../../../src/dialplan/read/load.ts';
import { memorySource } from '../../../src/dialplan/read/source.ts';
import { traceCall } from '../../../src/dialplan/trace/trace.ts';
import type { Steps } from '../../../src/dialplan/graph/hops.ts';
import { NUMBERS, PLACES, flowDialplan, randomFrom } from '../../support/dialplan-flow.ts';
import { contrastOf } from '../../support/contrast.ts';
import { CALLS } from '../../real/dialplan-calls.ts';

/** Another channel begins there, or a whole context is looked into: no step follows another by them. */
const NO_HOPS = new Set(['leg', 'include', 'switch']);
const NOW = new Date('2026-11-20T09:30:00Z');
const load = (text: string) => loadDialplan(memorySource(new Map([['/etc/asterisk/extensions.conf', text]])));

test.each(CALLS)('each hop of a call is an edge of the picture: $name', ({ text, dial = 's' }) => {
  const dialplan = load(text.replaceAll('@', 'ctx').replaceAll('§', '@'));
  const trace = traceCall(dialplan, { context: 'ctx', extension: dial, priority: 1 }, { now: new Date() });
  const { unknown } = withTraces(dialplanGraph(dialplan), [trace.steps]);
  expect(unknown).toEqual([]);
});

const SEEDS = Number(process.env['WDEV_FUZZ'] ?? 4);

/** Calls of every number in every context, at some priorities; what their conditions hang on is drawn by lot. */
function callsThrough(
  dialplan: LoadedDialplan,
  variables: readonly string[],
  priorities: readonly number[],
  tries: number,
  random: () => number,
): Steps[] {
  const one = (of: readonly string[]) => of[Math.floor(random() * of.length)]!;
  const calls: Steps[] = [];
  for (const { name } of dialplan.contexts) {
    for (const extension of NUMBERS) {
      for (const priority of priorities) {
        for (let again = 0; again < tries; again++) {
          const given = new Map(variables.map((variable) => [variable, one(['0', '1'])]));
          given
            .set('WHERE', one(PLACES))
            .set('NUMBER', one(NUMBERS))
            .set('DIALSTATUS', one(['ANSWER', 'BUSY']));
          const { steps } = traceCall(
            dialplan,
            { context: name, extension, priority },
            { given, now: NOW, limit: 40 },
          );
          // there is no such place
          if (steps.length === 0) break;
          // behind the limit `h` follows whatever stands there
          calls.push(steps.slice(0, 40));
        }
      }
    }
  }
  return calls;
}

test('each hop of generated calls is an edge, and each static edge is taken by one of them', () => {
  let [hops, edges] = [0, 0];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { text, variables } = flowDialplan(seed);
    const dialplan = load(text);
    const graph = dialplanGraph(dialplan);
    const random = randomFrom(seed);
    const isHop = ({ kind, certainty }: GraphEdge) => certainty === 'static' && !NO_HOPS.has(kind);
    const untaken = new Set(graph.edges.filter(isHop).map(nameOf));
    edges += untaken.size;
    // what most conditions hide is looked for again, from where it begins
    for (let round = 0; round < 8 && untaken.size > 0; round++) {
      const numbers = [...untaken].flatMap((name) =>
        [...name.matchAll(/,(\d)(?= |$)/g)].map(([, at]) => Number(at)),
      );
      const starts = round === 0 ? [1, 2, 3, 4, 5, 6] : [...new Set(numbers)];
      const calls = callsThrough(dialplan, variables, starts, round === 0 ? 4 : 24, random);
      const traced = withTraces(graph, calls);
      const at = (step: Steps[number]) => `${step.extension}@${step.context}:${step.priority} ${step.app}`;
      const named = traced.unknown.map(({ from, to }) => `${at(from)} -> ${at(to)}`);
      expect([...new Set(named)], `seed ${seed}\n${text}`).toEqual([]);
      for (const edge of traced.graph.edges) if (edge.taken! > 0) untaken.delete(nameOf(edge));
      hops += calls.reduce((sum, steps) => sum + steps.length - 1, 0);
    }
    expect([...untaken], `seed ${seed}\n${text}`).toEqual([]);
  }
  console.log(
    `dialplan graph: ${SEEDS} dialplans, ${hops} hops, all edges; ${edges} static edges, all taken`,
  );
});

function nameOf({ from, to, reason }: GraphEdge): string {
  return `${from} -> ${to} : ${reason}`;
}

const graphOf = (text: string) => dialplanGraph(load(text));
const edgesOf = (text: string): string[] =>
  graphOf(text).edges.map(({ from, to, kind, certainty }) => `${from} -> ${to} ${kind} ${certainty}`);

test('what only a call knows is computed, with what is known of it', () => {
  const edges = edgesOf(
    '[globals]\nMENU = b\n[a]\nexten = s,1,GotoIf($[${X} = 1]?${Y})\nsame = n,Gosub(b,${Z},1)\nsame = n,Goto(${MENU},7,1)\nexten = _X,1,Goto(b,${EXTEN},1)\n[b]\nexten = 7,1,Return()\n',
  );
  expect(edges).toContain('a,s,1 -> computed ${Y} goto computed');
  expect(edges).toContain('a,s,2 -> context, b gosub computed');
  expect(edges).toContain('a,s,3 -> b,7,1 goto computed');
  expect(edges).toContain('a,_X,1 -> context, b goto computed');
  expect(edges).toContain('a,s,1 -> a,s,2 next static');
});

test('a condition without variables has one branch', () => {
  const edges = edgesOf('[a]\nexten = s,1,GotoIf(1?3:2)\nsame = n,Hangup()\nsame = n,Hangup()\n');
  expect(edges).toEqual(['a,s,1 -> a,s,3 goto static']);
});

test('places that are not in the files, macros that are gone, legs of their own', () => {
  const edges = edgesOf(
    '[a]\nexten = s,1,Goto(nowhere,s,1)\nexten = t,1,Macro(old)\nsame = n,Dial(Local/7@a,20,U(sub)b(sub,s,1))\nsame = n,Goto(a,8,1)\n[sub]\nexten = s,1,Return()\n',
  );
  expect(edges).toContain('a,s,1 -> context nowhere goto static');
  expect(edges).toContain('a,t,1 -> context macro-old macro computed');
  expect(edges).toContain('a,t,2 -> sub,s,1 leg static');
  expect(edges).toContain('a,t,3 -> missing a,8,1 goto computed');
});

test('a traced call makes a computed jump solid', () => {
  const dialplan = load('[a]\nexten = s,1,Goto(${X})\n[b]\nexten = 7,1,Hangup()\n');
  const given = new Map([['X', 'b,7,1']]);
  const { steps } = traceCall(dialplan, { context: 'a', extension: 's', priority: 1 }, { given, now: NOW });
  const { graph, reached } = withTraces(dialplanGraph(dialplan), [steps]);
  expect(graph.edges).toContainEqual(expect.objectContaining({ from: 'a,s,1', to: 'b,7,1', taken: 1 }));
  expect([...reached]).toEqual([
    ['a,s,1', 1],
    ['b,7,1', 1],
  ]);
  const { links } = pictureOf(graph, { reached });
  expect(links.filter(({ isSolid }) => isSolid)).toHaveLength(1);
});

test('the log of Asterisk says which steps its channels ran', () => {
  const log = `[Nov 20] VERBOSE[12][C-1] pbx.c:     -- Executing [s@a:1] Goto("Local/s@a-1;2", "b,7,1") in new stack
[Nov 20] VERBOSE[13][C-2] pbx.c:     -- Executing [9@c:2] NoOp("PJSIP/x-1", "") in new stack
[Nov 20] VERBOSE[12][C-1] pbx.c:     -- Executing [7@b:1] Hangup("Local/s@a-1;2", "") in new stack
`;
  expect(
    stepsOfLog(log).map((steps) => steps.map(({ context, priority }) => `${context}:${priority}`)),
  ).toEqual([['a:1', 'b:1'], ['c:2']]);
});

test('names of others are shown in every drawing, and never read by it', async () => {
  const name = `"><script>alert(1)</script>\\N|<b>&amp--%%`;
  const text = `[${name}]\nexten = s"<i>,1,Goto(${name},\${<x>},1)\nexten = t,1(<u>),Goto(]]>,"end",1)\n`;
  const graph = graphOf(text);
  expect(graph.contexts.map((one) => one.name)).toEqual([name]);
  for (const depth of ['contexts', 'extensions', 'priorities'] as const) {
    const picture = pictureOf(graph, { depth });
    const svg = await svgOf(picture, { nameOf: () => '"a<b>.conf', linkOf: () => './a%3Cb%3E.conf#L1' });
    expect(svg).not.toMatch(/<(?:script|b|i|u|x)>/);
    expect(svg).toContain('&lt;script&gt;alert(1)');
    const lines = mermaidOf(picture).split('\n');
    for (const line of lines)
      expect(line).toMatch(
        /^(?:flowchart LR| {2,4}(?:\w+(?: (?:-->|o--o|-\.->)\|"[^":<>\\|\]]*"\| \w+| --- \w+|\(?\["[^":<>\\|\]]*"\]\)?(?::::\w+)?)|subgraph \w+\["[^":<>\\|\]]*"\]|end|classDef .*))?$/,
      );
  }
});

test.each([
  'say "hi" (now) [a] {b} <c>',
  'a|b||c `d` *e* _f_ ~g~',
  'ünï – 漢字 😀',
  '# 35; #quot; &amp; %%',
  'style: #fff; classDef x:#1;',
  'end',
])('Mermaid reads back: %s', (said) => {
  const text = `[a]\nexten = s,1,NoOp(${said.replaceAll(';', String.raw`\;`)})\n`;
  const label = mermaidOf(pictureOf(graphOf(text), { depth: 'priorities' }))
    // as Mermaid prepares its text (encodeEntities)
    .replaceAll(/(?:style|classDef).*:\S*#.*;/g, (found) => found.slice(0, -1))
    .split('\n')
    .find((line) => line.includes('NoOp'));
  const read = label?.replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  expect(read).toMatch(/^ +\w+\["/);
  expect(read?.endsWith(`1 NoOp(${said})"]`), read).toBe(true);
});

test('the colours of a drawing can be read, by day and by night', () => {
  for (const colours of [LIGHT, DARK]) {
    // a style by night finds each by its value
    expect(new Set(Object.values(LIGHT)).size).toBe(Object.keys(LIGHT).length);
    for (const text of ['text', 'muted', 'violet', 'amber', 'red'] as const)
      for (const ground of ['card', 'extension', 'group'] as const)
        expect(contrastOf(colours[text], colours[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(
          4.5,
        );
    // WCAG 2.2, 1.4.11: what is no text
    for (const line of ['blue', 'violet', 'green', 'amber', 'grey', 'faint'] as const)
      expect(contrastOf(colours[line], colours.group), line).toBeGreaterThanOrEqual(3);
  }
});

test('what an SVG holds: both colours, a line for each jump, no address but those of lines', async () => {
  const text =
    '[a]\nexten = s,1,Goto(b,7,1)\nsame = n(x),NoOp(x)\nsame = n,GotoIf(${Y}?x)\n[b]\nexten = 7,1,Hangup()\n';
  const picture = pictureOf(graphOf(text));
  const svg = await svgOf(picture, { nameOf: () => 'a.conf', linkOf: (_, line) => `./a.conf#L${line}` });
  expect(svg).toMatch(/prefers-color-scheme: dark/);
  expect(svg.match(/class="edge jump"/g)).toHaveLength(1);
  expect(svg.match(/class="edge bow"/g)).toHaveLength(1);
  const addresses = [...svg.matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
  expect(new Set(addresses)).toEqual(
    new Set(['./a.conf#L1', './a.conf#L2', './a.conf#L3', './a.conf#L4', './a.conf#L5', './a.conf#L6']),
  );
  expect(svg).not.toMatch(/url\(|@import|<image/);
});

test('a drawing of more than is drawn is refused', async () => {
  const contexts = Array.from(
    { length: 1100 },
    (_, at) => `[a${at}]\nexten = s,1,Gosub(a${at + 1},s,1)\n same = n,Return()\n`,
  );
  const picture = pictureOf(graphOf(contexts.join('')), { depth: 'priorities' });
  const options = { nameOf: () => 'a.conf', linkOf: () => './a.conf' };
  await expect(svgOf(picture, options)).rejects.toThrow(
    /^the drawing would have \d+ boxes, \d+ rows and \d+ lines; up to 3000 together are drawn$/,
  );
});

test('options of Dial lead one side or the other, and their places may have commas', () => {
  const edges = edgesOf(
    '[a]\nexten = s,1,Dial(PJSIP/x,,B(b,s,1)G(b^t^here))\nsame = n,NoOp()\nexten = h,1,NoOp()\n[b]\nexten = s,1,Return()\nexten = t,1(here),NoOp()\nsame = n,Dial(PJSIP/x,,F(b,s,1))\n',
  );
  expect(edges).toEqual(
    expect.arrayContaining([
      'a,s,1 -> b,s,1 gosub static',
      'b,s,1 -> a,s,2 return static',
      'b,s,1 -> a,h,1 return static',
      'a,s,1 -> b,t,1 goto static',
      'a,s,1 -> b,t,2 leg static',
      'b,t,2 -> b,s,1 leg static',
    ]),
  );
  // the subroutine runs first
  expect(edges).not.toContain('a,s,1 -> a,s,2 next static');
});

test('a dialplan of 2,000 priorities is drawn in time, however its contexts lead to each other', async () => {
  const other = (at: number, by: number): string => `a${(at * by + by) % 100}`;
  const contexts = Array.from({ length: 100 }, (_, at) => {
    const steps = Array.from({ length: 15 }, (__, step) => `same = n,Set(X${step}=1)\n`).join('');
    return `[a${at}]\nexten = s,1,NoOp()\n${steps}same = n,GotoIf($[\${X} = 1]?${other(at, 7)},s,1)\nsame = n,Gosub(${other(at, 13)},s,1)\nsame = n,Gosub(${other(at, 29)},s,1)\nsame = n,Gosub(\${SUB},s,1)\nsame = n,Return()\n`;
  });
  const picture = pictureOf(graphOf(contexts.join('')));
  expect(picture.links.length).toBeGreaterThan(300);
  const svg = await svgOf(picture, { nameOf: () => 'a.conf', linkOf: () => './a.conf' });
  expect(svg.match(/class="node/g)?.length).toBeGreaterThan(100);
});
