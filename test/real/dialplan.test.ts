import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedEntries, missingFromShow } from '../../src/dialplan/show/read-back.ts';
import { parseRejections, rejectionsOf } from '../../src/dialplan/read/rejections.ts';
import { dialplanGraph } from '../../src/dialplan/graph/build.ts';
import { withTraces } from '../../src/dialplan/graph/hops.ts';
import { stepsOfLog } from '../../src/dialplan/trace/executed.ts';
import type { GraphEdge } from '../../src/dialplan/graph/model.ts';
import { NUMBERS, PLACES, flowDialplan, randomFrom } from '../support/dialplan-flow.ts';
import { lintDialplan } from '../../src/dialplan/lint/lint.ts';
import { loadDialplan } from '../../src/dialplan/read/load.ts';
import { answer, startConsole } from '../../src/dialplan/show/console.ts';
import { folderSource } from '../../src/dialplan/read/folder-source.ts';
import { askScript } from '../../src/simulate/agi/trace-script.ts';
import { traceCall, traceCallWithAgi } from '../../src/dialplan/trace/trace.ts';
import { memorySource } from '../../src/dialplan/read/source.ts';
import { AGI_SCRIPT, CALLS } from './dialplan-calls.ts';
import { CASES, inLayout } from './dialplan-cases.ts';
import { Comparison, read, withoutDate } from './dialplan-compare.ts';
import { stackLayout } from '../../src/stacks/layout.ts';
import { ensureRoot } from '../../src/stacks/real/root.ts';
import { lacks } from '../support/needs.ts';
import { AsteriskStack, type Files } from './dialplan-stack.ts';

/** A line of `dialplan show`, not of the log. */
const SHOWN = /^(?:real|ours): (?![A-Z]+ [\w.]+\.c: )/;

const stack = new AsteriskStack();
const comparison = new Comparison(stack);
let base = '';

beforeAll(async () => {
  if (lacks('real')) return;
  [, base = ''] = await ensureRoot(stackLayout(), () => undefined);
  await stack.start(base);
});
afterAll(async () => {
  await stack.stop();
});

const compare = async (files: Files): Promise<string[]> => await comparison.of(files);

/** A step of runCalls() as it stands in Asterisk's log. */
function asLogged(step: string): string {
  const [, place = '', app = '', data = ''] = /^(\[.*?\]) (\w+)\((.*)\)$/s.exec(step) ?? [];
  return `Executing ${place} ${app}("Local/x;2", "${data}") in new stack`;
}

describe.skipIf(lacks('real'))('against a real Asterisk 22', () => {
  test.each(CASES)('%s', async (_, files) => {
    expect(await compare(inLayout(files))).toEqual([]);
  });

  test('every file of asterisk-config, read as a dialplan', async () => {
    const folder = `${base}/usr/share/asterisk/conf`;
    const samples = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    let lines = 0;
    for (const sample of samples) {
      const files: Files = { 'extensions.conf': readFileSync(sample) };
      // of a file that is refused, Asterisk keeps the dialplan before: then only the log can be compared
      const found = (await compare(files)).filter((line) => read(files).loaded || !SHOWN.test(line));
      expect(found, sample).toEqual([]);
      lines += String(files['extensions.conf']).split('\n').length;
    }
    expect(samples.some((name) => name.endsWith('extensions_minivm.conf.sample'))).toBe(true);
    expect(samples.length).toBeGreaterThan(100);
    console.log(`dialplan: ${samples.length} files of asterisk-config, ${lines} lines: 0 differences`);
  });

  test('the linter finds no error in the sample configuration but those that are there', () => {
    const content = readFileSync(`${base}/usr/share/asterisk/conf/samples/extensions.conf.sample`);
    const files = [{ name: 'extensions.conf', installed: '/etc/asterisk/extensions.conf', content }];
    const found = lintDialplan(files).filter(({ code }) => /gone-application|unknown-target/.test(code));
    // [page] calls SIPAddHeader, which went with chan_sip; two intercom extensions call page,s,1, and it has only _X.
    expect(found.map(({ level, code, message }) => `${level} ${code}: ${message}`)).toEqual([
      'error dialplan-gone-application: SIPAddHeader was removed from Asterisk',
      'warning dialplan-unknown-target: No extension "s" in context "page"',
      'warning dialplan-unknown-target: No extension "s" in context "page"',
    ]);
    const lintedCodes = (name: string): string[] => {
      const text = readFileSync(`${base}/usr/share/asterisk/conf/${name}`);
      const file = { name, installed: '/etc/asterisk/extensions.conf', content: text };
      const found = lintDialplan([file]).filter((one) => one.level === 'error');
      return found.map((one) => `${one.line} ${one.code.replace('dialplan-', '')}`);
    };
    // it still calls Macro, and its Goto(label) lead to labels of other extensions
    expect(lintedCodes('samples/extensions_minivm.conf.sample')).toEqual([
      '39 gone-application',
      '97 gone-application',
      '98 unknown-target',
      '100 gone-application',
      '101 unknown-target',
      '103 gone-application',
      '104 unknown-target',
      '106 gone-application',
      '107 unknown-target',
      '113 unknown-target',
      '116 unknown-target',
      '138 unknown-target',
    ]);
    // Goto(1111) is a jump to a priority, not to the extension that it means
    expect(lintedCodes('basic-pbx/extensions.conf')).toEqual(['107 unknown-target']);
  });

  test('every rejected line has the same code, file and line in the real log and in ours', () => {
    const [, files] = CASES[0]!;
    const { log } = stack.reload(inLayout(files));
    const installed = new Map(
      Object.entries(inLayout(files)).map(([name, text]) => [`/etc/asterisk/${name}`, text]),
    );
    const brief = ({ code, file, asteriskLine, level }: ReturnType<typeof rejectionsOf>[number]): string =>
      `${level} ${code} ${file}:${asteriskLine}`;
    const ours = rejectionsOf(loadDialplan(memorySource(installed)).log).map(brief);
    const real = parseRejections(log.join('\n')).map(brief);
    expect(real.filter((line) => !line.includes('bad-bracket'))).toEqual(ours);
    expect(real.length).toBeGreaterThan(10);
  });

  test('what a file must bring is found in the real dialplan show, and is missed when it is not there', () => {
    const name = '/etc/asterisk/extensions_extra.d/acme.conf';
    const text =
      '[xivo-features]\nexten = ***42,1(go),Gosub(acme,s,1)\nsame = n(end),Hangup()\ninclude = acme\n[acme]\nexten = s,1,Return()\n';
    stack.reload(
      inLayout({ 'extensions_extra.d/a.conf': '; first\n\n', 'extensions_extra.d/acme.conf': text }),
    );
    const { entries, contexts } = expectedEntries(text, name);
    const show = (): string => contexts.map((context) => stack.rx(`dialplan show ${context}`)).join('');
    expect(missingFromShow(entries, show())).toEqual([]);
    stack.reload(
      inLayout({
        'extensions_extra.d/a.conf': '[xivo-features]\nexten = ***42,1,NoOp\n',
        'extensions_extra.d/acme.conf': text,
      }),
    );
    expect(missingFromShow(entries, show()).map(({ instead }) => instead)).toEqual(['1. NoOp() [a.conf:2]']);
    stack.reload(inLayout({ 'extensions_extra.d/a.conf': '[a\n', 'extensions_extra.d/acme.conf': text }));
    expect(missingFromShow(entries, show())).toHaveLength(entries.length);
  });

  test('the embedded console answers as the real one', () => {
    const files = inLayout({
      'extensions_extra.d/a.conf': `[a]
exten => s,1,NoOp
exten => s,n,Return()
exten => s,hint,SIP/x
exten => 1000,1(lab),NoOp
exten => 1000/12,1,NoOp
exten => _1XXX,1,NoOp
include => b
include => a
ignorepat => 9
lswitch => Loopback/x
[b]
exten => s,1,NoOp(b)
exten => t,1,NoOp(b)
include => a
include => d
[c]
[d]
[d]
exten => t,1,NoOp(d)
`,
    });
    const one = { 'extensions.conf': '[general]\nclearglobalvars=yes\n[globals]\nA=1\nB=2\nA=3\n[x]\n' };
    const broken = { 'extensions.conf': '[x\n' };
    const steps: readonly (Files | string)[] = [
      one,
      'dialplan reload',
      'dialplan show globals',
      files,
      'dialplan reload',
      'dialplan show globals',
      ...[
        '',
        ' a',
        ' b',
        ' c',
        ' A',
        ' s@a',
        ' t@a',
        ' 1000@a',
        ' 1001@a',
        ' 1001/12@a',
        ' _1XXX@a',
        ' 9@a',
        ' 1000@',
        ' @a',
        ' s@',
        ' s@nope',
        ' x@a',
        ' nope',
        ' a b',
        ' "c"',
      ].map((rest) => `dialplan show${rest}`),
      'DIALPLAN SHOW c',
      'dialplan',
      'dialplan foo',
      'foo',
      'show',
      'dialpl show c',
      'core show nope',
      'dialplan reload x',
      'core show channels count',
      'core waitfullybooted',
      'module reload pbx_config.so',
      'module reload pbx_config',
      'module reload nope.so',
      'module reload app_dial.so',
      'module load pbx_config.so',
      'module show like',
      'module show like zzz',
      'core show version x',
      'core reload x',
      one,
      'dialplan reload',
      'dialplan show',
      'dialplan reload',
      'dialplan show',
      broken,
      'dialplan reload',
      'dialplan show',
      'dialplan show globals',
      'module reload pbx_config.so',
    ];
    stack.reload({ 'extensions.conf': '[general]\nclearglobalvars=yes\n[empty]\n' });
    let source = folderSource(`${stack.configFolder}/../..`);
    let { state } = startConsole({ source });
    for (const step of steps) {
      if (typeof step !== 'string') {
        stack.put(step);
        source = folderSource(`${stack.configFolder}/../..`);
        continue;
      }
      const real = stack.logged(step);
      const ours = answer(state, step, { source });
      expect(ours.output, step).toBe(real.output);
      expect(
        ours.log.map((line) => `${line.level} ${line.source}: ${line.message}`),
        step,
      ).toEqual(real.log.map(withoutDate));
      state = ours.state;
    }
  });

  test('a configuration that is refused at the start: no reload command, as in the embedded console', () => {
    stack.put({ 'extensions.conf': '[x\n' });
    const restart = stack.restart();
    expect(parseRejections(restart.log.join('\n')).map(({ code, value }) => [code, value])).toContainEqual([
      'dialplan-refused',
      'pbx_config',
    ]);
    const source = folderSource(`${stack.configFolder}/../..`);
    let { state, log } = startConsole({ source });
    expect(log.at(-1)?.message).toBe('pbx_config declined to load.');
    for (const step of [
      'dialplan reload',
      'dialplan show',
      'dialplan show a',
      'module reload pbx_config.so',
      'module load pbx_config.so',
      'core reload',
      'REPAIR',
      'dialplan reload',
      'module load pbx_config.so',
      'dialplan reload',
      'dialplan show',
    ]) {
      if (step === 'REPAIR') {
        stack.put({ 'extensions.conf': '[repaired]\nexten => s,1,NoOp\n' });
        continue;
      }
      const ours = answer(state, step, { source });
      expect(ours.output, step).toBe(stack.rx(step));
      state = ours.state;
    }
  });

  test(`${CALLS.length} traced calls run through the same applications on a real Asterisk`, async () => {
    const texts = CALLS.map(({ text }, at) =>
      text
        .replaceAll('@', `t${at}`)
        .replaceAll('§', '@')
        .replace(/wdevt\d+/g, 'wdev'),
    );
    const files = { 'extensions.conf': `${texts.join('\n')}\n` };
    stack.startTrace();
    stack.reload(files);
    const dialplan = loadDialplan(
      memorySource(new Map([['/etc/asterisk/extensions.conf', files['extensions.conf']]])),
    );
    const script = stack.putProgram(AGI_SCRIPT.path, AGI_SCRIPT.text);
    const ours = await Promise.all(
      CALLS.map(async ({ dial = 's' }, at) => {
        const start = { context: `t${at}`, extension: dial, priority: 1 };
        const { steps } = await traceCallWithAgi(
          dialplan,
          start,
          { now: new Date() },
          async (call, request) => askScript(script, call, request),
        );
        return steps.map(
          (step) => `[${step.extension}@${step.context}:${step.priority}] ${step.app}(${step.data})`,
        );
      }),
    );
    const real = await stack.runCalls(CALLS.map(({ dial = 's' }, at) => `${dial}@t${at}`));
    const named = (lists: readonly string[][]): unknown =>
      Object.fromEntries(CALLS.map(({ name }, at) => [name, lists[at]]));
    expect(named(ours)).toEqual(named(real));
    // each step that Asterisk took is an edge of the picture
    const executed = real.map((steps) => stepsOfLog(steps.map(asLogged).join('\n')).flat());
    const { unknown } = withTraces(dialplanGraph(dialplan), executed);
    expect(unknown).toEqual([]);
    expect(executed.flat()).toHaveLength(real.flat().length);
    console.log(
      `dialplan: ${CALLS.length} calls, ${ours.flat().length} applications: the same as Asterisk's`,
    );
  });

  test('calls on a real Asterisk take the static edges that they take here', async () => {
    const chosen = SEEDS_OF_FLOW.flatMap((seed) => callsForEdges(seed));
    const files = { 'extensions.conf': `${chosen.map(({ text }) => text).join('\n')}\n` };
    stack.startTrace();
    stack.reload(files);
    const calls = chosen.flatMap((one) => one.calls);
    const real = await stack.runCalls(calls.map((at) => `s@${at}`));
    const dialplan = loadDialplan(
      memorySource(new Map([['/etc/asterisk/extensions.conf', files['extensions.conf']]])),
    );
    const executed = real.map((steps) => stepsOfLog(steps.map(asLogged).join('\n')).flat());
    const { graph, unknown } = withTraces(dialplanGraph(dialplan), executed);
    expect(unknown).toEqual([]);
    const taken = new Set(graph.edges.filter((edge) => (edge.taken ?? 0) > 0).map(edgeName));
    const wanted = chosen.flatMap((one) => one.edges);
    expect(wanted.filter((name) => !taken.has(name))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(100);
    console.log(
      `dialplan graph: ${calls.length} calls on Asterisk, ${executed.flat().length} steps, all edges; ${wanted.length} static edges taken there`,
    );
  });
});

const SEEDS_OF_FLOW = [1, 2, 3, 4, 5];
const NO_HOPS = new Set(['leg', 'include', 'switch']);

function edgeName({ from, to, kind }: GraphEdge): string {
  return `${from} -> ${to} ${kind}`;
}

/** A generated dialplan with contexts of its own, and for each static edge that a short call takes such a call. */
function callsForEdges(seed: number): { text: string; calls: string[]; edges: string[] } {
  const flow = flowDialplan(seed);
  const text = flow.text.replaceAll(/\bc[abcd]\b/g, (name) => `f${seed}${name}`);
  const load = (more: string) =>
    loadDialplan(memorySource(new Map([['/etc/asterisk/extensions.conf', `${text}${more}`]])));
  const plain = load('');
  const graph = dialplanGraph(plain);
  const random = randomFrom(seed);
  const one = (of: readonly string[]) => of[Math.floor(random() * of.length)]!;
  const known = new Set<string>();
  const calls: string[] = [];
  let starts = '';
  const statics = new Set(
    graph.edges.filter(({ certainty, kind }) => certainty === 'static' && !NO_HOPS.has(kind)).map(edgeName),
  );
  for (const { name } of plain.contexts) {
    for (const extension of NUMBERS) {
      for (let again = 0; again < 12; again++) {
        const given = new Map(flow.variables.map((variable) => [variable, one(['0', '1'])]));
        given.set('WHERE', one(PLACES).replace(/^c/, `f${seed}c`)).set('NUMBER', one(NUMBERS));
        const start = { context: name, extension, priority: 1 };
        // Asterisk has no channel to dial here
        const trace = traceCall(plain, start, {
          given: new Map([...given, ['DIALSTATUS', 'CHANUNAVAIL']]),
          now: new Date(),
          limit: 30,
        });
        if (trace.steps.length < 2 || trace.steps.length >= 30) continue;
        const taken = withTraces(graph, [trace.steps])
          .graph.edges.filter((edge) => (edge.taken ?? 0) > 0)
          .map(edgeName);
        const more = taken.filter((edge) => statics.has(edge) && !known.has(edge));
        if (more.length === 0) continue;
        for (const edge of more) known.add(edge);
        const at = `f${seed}start${calls.length}`;
        calls.push(at);
        const sets = [...given].map(
          ([variable, value], index) =>
            `${index === 0 ? 'exten = s,1' : 'same = n'},Set(${variable}=${value})`,
        );
        starts += `[${at}]\n${sets.join('\n')}\nsame = n,Goto(${name},${extension},1)\n`;
      }
    }
  }
  return { text: `${text}${starts}`, calls, edges: [...known] };
}
