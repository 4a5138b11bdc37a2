import { statSync } from 'node:fs';
import { createPlugin } from '../scaffold/create.ts';
import type { Sight, TourStep } from './tour.ts';

const FILE = 'hello/etc/asterisk/extensions_extra.d/demo-hello.conf';
const CONTEXT = 'xivo-extrafeatures';
const FIRST = 'exten = ***42,1,Gosub(demo-hello,s,1)';
const SECOND = 'exten = ***43,1,Gosub(demo-hello,s,1)';
const WHOLE = 'same = n,Hangup()';
const BROKEN = 'same n,Hangup()';
const SHOW = `dialplan show ${CONTEXT}`;

/** What is kept from one step for the next. */
interface Memory {
  before: string;
  good: string;
  brokenLine: number;
}

/** The main job: a plugin is made, every save is loaded and read back, a mistake is caught, all is taken off. */
export function dialplanSteps(): readonly TourStep[] {
  const memory: Memory = { before: '', good: '', brokenLine: 0 };
  return [make(), start(memory), save(memory), breakLine(memory), mend(memory), takeOff(memory)];
}

function make(): TourStep {
  return {
    title: 'Make a plugin',
    text: 'A stack plugin with one part: an extension that phones can dial.',
    command: 'wdev new stack hello --namespace demo --part dialplan --yes',
    do: async (bench) => {
      const answers = { name: 'hello', namespace: 'demo', parts: 'dialplan' };
      await createPlugin({ template: 'stack', answers, dir: bench.path('hello') });
    },
    check: async (bench) => [
      sight('wazo/plugin.yml says what the plugin is', bench.has('hello/wazo/plugin.yml')),
      sight(
        'wazo/rules builds and installs it, and is executable',
        bench.has('hello/wazo/rules') && (statSync(bench.path('hello/wazo/rules')).mode & 0o111) === 0o111,
      ),
      sight('the dialplan file holds ***42', bench.has(FILE) && bench.read(FILE).includes(FIRST)),
    ],
  };
}

function start(memory: Memory): TourStep {
  return {
    title: 'Start a stack, and watch the plugin',
    text: 'The plugin is staged through its own rules, put on the stack, and Asterisk is asked what it loaded.',
    command: 'wdev watch hello',
    do: async (bench) => {
      await bench.startStack();
      memory.before = await bench.hashes('/etc/asterisk');
      bench.watch('hello');
      await bench.next('verified');
    },
    check: async (bench) => shows(await bench.console(SHOW), ['***42'], []),
  };
}

function save(memory: Memory): TourStep {
  return {
    title: 'Save a change',
    text: 'The extension becomes ***43. Nothing is typed but the change.',
    do: async (bench) => {
      bench.edit(FILE, FIRST, SECOND);
      await bench.next('verified');
    },
    check: async (bench) => {
      memory.good = await bench.console(SHOW);
      return shows(memory.good, ['***43'], ['***42']);
    },
  };
}

function breakLine(memory: Memory): TourStep {
  return {
    title: 'Break a line',
    text: 'Without its "=", Asterisk skips the line and still says "Dialplan reloaded.", so its log is read.',
    do: async (bench) => {
      memory.brokenLine = bench.edit(FILE, WHOLE, BROKEN);
    },
    check: async (bench) => {
      const { findings } = await bench.next('failed');
      const { live } = await bench.next('rolled-back');
      const place = `demo-hello.conf, line ${memory.brokenLine}`;
      const told = findings.some(
        ({ file, line }) => file !== undefined && FILE.endsWith(file) && line === memory.brokenLine,
      );
      return [
        sight(`the finding names the source: ${place}`, told),
        sight('the last good version was put back', live !== ''),
        ...sameAs(memory.good, await bench.console(SHOW)),
      ];
    },
  };
}

function mend(memory: Memory): TourStep {
  return {
    title: 'Mend it',
    text: 'The next save is verified again.',
    do: async (bench) => {
      bench.edit(FILE, BROKEN, WHOLE);
      await bench.next('verified');
    },
    check: async (bench) => sameAs(memory.good, await bench.console(SHOW)),
  };
}

function takeOff(memory: Memory): TourStep {
  return {
    title: 'Take it all off again',
    text: 'Ctrl-C in wdev watch --clean, or wdev restore: the stack is as it was before.',
    command: 'wdev watch hello --clean',
    do: async (bench) => await bench.stopWatching(),
    check: async (bench) => [
      ...shows(await bench.console(SHOW), [], ['***43']),
      sight(
        'every file below /etc/asterisk is as it was before',
        memory.before !== '' && memory.before === (await bench.hashes('/etc/asterisk')),
      ),
    ],
  };
}

function sight(what: string, ok: boolean): Sight {
  return { what, ok };
}

function shows(answer: string, there: readonly string[], gone: readonly string[]): readonly Sight[] {
  const has = (extension: string): boolean => answer.includes(`'${extension}' =>`);
  return [
    ...there.map((extension) => sight(`Asterisk serves ${extension}`, has(extension))),
    ...gone.map((extension) => sight(`Asterisk does not serve ${extension}`, !has(extension))),
  ];
}

function sameAs(good: string, answer: string): readonly Sight[] {
  return [
    sight(
      'Asterisk serves the last good version',
      answer === good && shows(good, ['***43'], [])[0]?.ok === true,
    ),
  ];
}
