import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Collector, deliveryOf, type Answer } from '../../src/simulate/collector.ts';
import { outcomeOf, recordLines, type Outcome } from '../../src/simulate/outcome.ts';
import type { SimulationEvent } from '../../src/simulate/events.ts';
import { simulate, type SimulationOptions } from '../../src/simulate/simulation.ts';
import { findSubject, type SubjectOptions } from '../../src/simulate/subject.ts';
import { pythonWith } from '../../src/stacks/requirements.ts';
import { run } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

/** A line of a Siemens HiPath: columns of fixed width. */
function hipath(kind: 0 | 1 | 2, number: string, ext = 48): string {
  const times = kind === 0 ? ' '.repeat(13) : '00:4100:10:03';
  return `22.02.1923:11:41  3   ${String(ext).padStart(3)}${times}${number.padEnd(36)}${String(kind).padStart(3)} 4416`;
}

const HIPATH = `from . import Record, SerialPlugin


class Hipath(SerialPlugin):
    def decode(self, data):
        return data.decode('ascii')

    def parse(self, line):
        if not line.strip():
            return None
        kind = int(line[74:77])
        record = Record(kind, number=line[38:63].strip(), line=int(line[16:19]), ext=int(line[22:25]))
        if kind != Record.INCOMING:
            record['ring'] = line[25:30]
            record['duration'] = line[30:38]
        return record
`;

/** The same plugin for each generation: lines are \`number,line,ext[,ring,duration]\`. */
const MADE_UP = {
  '1': `from quartx_call_logger.plugins import Record, SerialPlugin


class MadeUp(SerialPlugin):
    def decode(self, data):
        return data.decode('utf-8').strip()

    def parse(self, line):
        parts = line.split(',')
        if len(parts) < 3:
            return None
        kind = Record.OUTGOING if len(parts) == 5 else Record.INCOMING
        record = Record(kind, number=parts[0], line=int(parts[1]), ext=int(parts[2]))
        if len(parts) == 5:
            record.update(ring=parts[3], duration=parts[4])
        return record
`,
  '1b': `from quartx_call_logger.plugins import Record, SerialPlugin


class MadeUp(SerialPlugin):
    def decode(self, data):
        return data.decode('utf-8').strip()

    def parse(self, line):
        parts = line.split(',')
        if len(parts) < 3:
            return None
        kind = Record.OUTGOING if len(parts) == 5 else Record.INCOMING
        record = Record(call_type=kind, number=parts[0], line=int(parts[1]), ext=int(parts[2]))
        if len(parts) == 5:
            record.update(ring=parts[3], duration=parts[4])
        return record
`,
  '2': `from calllogger import CallDataRecord
from calllogger.plugins import SerialPlugin


class MadeUp(SerialPlugin):
    """Lines of a made-up PBX."""

    id: int = 77
    baudrate: int = 19200

    def parse(self, line):
        parts = line.strip().split(',')
        if len(parts) < 3:
            return None
        record = CallDataRecord(2 if len(parts) == 5 else 0)
        record.number = parts[0]
        record.line = int(parts[1])
        record.ext = int(parts[2])
        if len(parts) == 5:
            record.ring, record.duration = parts[3], parts[4]
        return record
`,
} as const;

const LINES = '0123,1,101\nnothing\n0456,2,102,00:05,00:01:10\n0789,x,103\n055,3,104\n';
const PYTHON = (await pythonWith(['yaml'])) ?? 'python3';
const WITH_SERIAL = await pythonWith(['serial']);

interface Run extends Partial<SimulationOptions> {
  readonly subject?: SubjectOptions;
}

async function simulateText(source: string, lines: string | Uint8Array, options: Run = {}): Promise<Outcome> {
  const file = path.join(tempFolder(), 'made_up.py');
  writeFileSync(file, source);
  const subject = findSubject(file, { set: ['port=/dev/null', 'rate=9600'], ...options.subject });
  const events: SimulationEvent[] = [];
  const bytes = typeof lines === 'string' ? Buffer.from(lines) : lines;
  await simulate(subject, { python: PYTHON, lines: bytes, ...options }, (event) => events.push(event));
  return outcomeOf(subject, events);
}

describe('a plugin that never comes to its end', () => {
  const STUCK = {
    'when it is imported': `import time\ntime.sleep(3600)\n${MADE_UP['1']}`,
    'in its parse()': MADE_UP['1'].replace(
      '        parts =',
      '        while True:\n            pass\n        parts =',
    ),
  };

  it.each(Object.entries(STUCK))('is given up after the limit: %s', async (_where, source) => {
    const started = performance.now();
    await expect(simulateText(source, '1,2,3\n', { limit: 1 })).rejects.toMatchObject({
      code: 'simulation-too-long',
      message: 'the plugin did not come to its end within 1 s',
    });
    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
  });

  it('is given up when it makes more than can be kept', async () => {
    const source = MADE_UP['1'].replace('number=parts[0]', "number='1' * 1_000_000");
    await expect(simulateText(source, '1,2,3\n'.repeat(40))).rejects.toMatchObject({
      code: 'simulation-too-much',
      message: expect.stringContaining('the plugin made more than 32 MB of events'),
    });
  });

  it('has the first thousand findings of a kind', async () => {
    const source = MADE_UP['1'].replace('        parts =', "        raise ValueError('x')\n        parts =");
    const { findings } = await simulateText(source, '1,2,3\n'.repeat(1200));
    expect(findings).toHaveLength(1000);
    expect(findings.at(-1)?.message).toContain('and 200 more like it');
  });

  it('is none that ends within the limit', async () => {
    expect((await simulateText(MADE_UP['1'], '1,2,3\n', { limit: 240 })).records).toHaveLength(1);
  });
});

/** Where the real packages are installed, the same plugins run over them too. */
async function packagesFor(generation: string): Promise<readonly ('stand-in' | 'real')[]> {
  const name = generation === '2' ? 'calllogger' : 'quartx_call_logger';
  const probe = await run([
    PYTHON,
    '-c',
    `import importlib.util; exit(importlib.util.find_spec('${name}') is None)`,
  ]);
  return probe.status === 0 ? ['stand-in', 'real'] : ['stand-in'];
}

const cases = await Promise.all(
  (['1', '1b', '2'] as const).map(async (generation) =>
    (await packagesFor(generation)).map((which) => ({ generation, which })),
  ),
);

describe.each(cases.flat())(
  'a plugin of generation $generation over the $which package',
  ({ generation, which }) => {
    const options: Run = {
      package: which,
      subject: generation === '2' ? { set: [] } : { generation, set: ['port=/dev/null', 'rate=9600'] },
    };

    it('makes a record of each call, and says which line gave none and why', async () => {
      const outcome = await simulateText(MADE_UP[generation], LINES, options);
      expect(outcome.package).toBe(which);
      expect(outcome.fed).toBe(5);
      expect(
        outcome.records.map(({ line, fields }) => [line, fields['call_type'], fields['number']]),
      ).toEqual([
        [1, 0, '0123'],
        [3, 2, '0456'],
        [5, 0, '055'],
      ]);
      const source = MADE_UP[generation].split('\n');
      const lineOf = (text: string): number => source.findIndex((row) => row.includes(text)) + 1;
      expect(outcome.passedOver).toMatchObject([{ line: 2, place: { line: lineOf('return None') } }]);
      expect(outcome.findings).toMatchObject([
        { code: 'call-logger-parse-raised', file: 'made_up.py', line: lineOf('int(parts[1])') },
      ]);
      expect(outcome.findings[0]?.message).toContain('on line 4: ValueError');
    });

    it('gets nothing of lines that end with a carriage return alone, and says so', async () => {
      const outcome = await simulateText(MADE_UP[generation], LINES.replaceAll('\n', '\r'), options);
      expect(outcome.records).toEqual([]);
      expect(outcome.findings).toMatchObject([
        { code: 'serial-lines-unended', level: 'error', help: expect.stringContaining('CR+LF') as string },
      ]);
    });

    it('gets all of lines that end with a line feed and a carriage return', async () => {
      const lines = '0123,1,101\n\r0456,2,102,00:05,00:01:10\n\r';
      const outcome = await simulateText(MADE_UP[generation], lines, options);
      expect(outcome.records.map(({ fields }) => fields['number'])).toEqual(['0123', '0456']);
      expect(outcome.findings).toEqual([]);
    });

    it('gives the same over a pseudo terminal, in pieces and with the plug pulled', async () => {
      const serial = { baud: 0, partial: true, noise: 0, disconnect: 2, seed: 3 };
      const straight = await simulateText(MADE_UP[generation], LINES, options);
      const outcome = await simulateText(MADE_UP[generation], LINES, { ...options, serial });
      expect(recordLines(outcome)).toBe(recordLines(straight));
      expect(outcome.port).toMatchObject({
        rate: generation === '2' ? 19200 : 9600,
        written: 5,
        read: 5,
        reconnects: 2,
      });
    });

    it('waits over a pseudo terminal for a plugin that takes its time with the last line', async () => {
      const serial = { baud: 0, partial: false, noise: 0, disconnect: 0, seed: 1 };
      const source = MADE_UP[generation].replace(
        '        parts =',
        "        __import__('time').sleep(1 if line.startswith('055') else 0)\n        parts =",
      );
      const outcome = await simulateText(source, LINES, { ...options, serial });
      expect(outcome.records.map(({ fields }) => fields['number'])).toEqual(['0123', '0456', '055']);
    });

    it('brings each record to the collector, with token and type of content', async () => {
      const collector = await Collector.open();
      const outcome = await simulateText(MADE_UP[generation], LINES, {
        ...options,
        collector: collector.url,
      });
      await collector.close();
      expect(collector.arrivals.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
        outcome.records.map(({ fields }) => fields),
      );
      expect(collector.arrivals[0]).toMatchObject({
        method: 'POST',
        path: generation === '2' ? '/api/v1/monitor/cdr/' : '/monitor/cdr/record/',
        headers: { authorization: 'Token ***', 'content-type': expect.stringMatching(/^application\/json/) },
      });
    });

    it('sends again what was refused; generation 1 drops an incoming call then', async () => {
      const answers: readonly Answer[] = [500, 'drop', 503];
      const collector = await Collector.open(answers);
      await simulateText(MADE_UP[generation], LINES, { ...options, collector: collector.url });
      await collector.close();
      const { delivered, lost } = deliveryOf(collector.arrivals);
      expect({ delivered, lost: lost.length }).toEqual(
        generation === '2' ? { delivered: 3, lost: 0 } : { delivered: 1, lost: 2 },
      );
      if (generation !== '2')
        expect(lost.map((body) => (JSON.parse(body) as { call_type: number }).call_type)).toEqual([0, 0]);
    });
  },
);

describe('records', () => {
  it('of a HiPath are read by their columns', async () => {
    const lines = [hipath(0, '0248873711'), hipath(1, '030248873711'), hipath(2, '0922735086')].join('\r\n');
    const outcome = await simulateText(HIPATH, `${lines}\r\n`);
    expect(outcome.findings).toEqual([]);
    expect(outcome.records.map(({ fields }) => fields)).toEqual([
      { call_type: 0, number: '0248873711', line: 3, ext: 48 },
      { call_type: 1, number: '030248873711', line: 3, ext: 48, ring: '00:41', duration: '00:10:03' },
      { call_type: 2, number: '0922735086', line: 3, ext: 48, ring: '00:41', duration: '00:10:03' },
    ]);
  });

  it.each([
    [
      'a datetime',
      "Record(0, number='1', line=1, ext=2, date=datetime.now())",
      'record-not-json',
      'field "date" is a datetime',
    ],
    [
      'a missing time',
      "Record(2, number='1', line=1, ext=2, ring=3)",
      'record-field-missing',
      'OUTGOING lacks duration',
    ],
    [
      'a number that is no text',
      'Record(0, number=1, line=1, ext=2)',
      'record-field-value',
      'field "number" is 1, but must be text',
    ],
    [
      'a clock of another form',
      "Record(1, number='1', line=1, ext=2, ring='5s', duration=1)",
      'record-field-value',
      'field "ring" is "5s"',
    ],
    [
      'a date that is not ISO',
      "Record(0, number='1', line=1, ext=2, date='31.01.2026')",
      'record-field-value',
      'ISO 8601',
    ],
    [
      'an unknown call type',
      "Record(7, number='1', line=1, ext=2)",
      'record-call-type',
      'unknown call type 7',
    ],
  ])('with %s are rejected at the line that makes them', async (_what, call, code, message) => {
    const source = `from datetime import datetime\nfrom . import Record, SerialPlugin\n\n\nclass Bad(SerialPlugin):\n    def decode(self, data):\n        return data.decode()\n\n    def parse(self, line):\n        return ${call}\n`;
    const outcome = await simulateText(source, 'x\n');
    expect(outcome.findings).toMatchObject([
      { code, level: 'error', file: 'made_up.py', line: 10, message: expect.stringContaining(message) },
    ]);
    expect(outcome.records).toHaveLength(1);
  });

  it('end with the call logger when decode raises, and the next line meets a new one', async () => {
    const lines = Buffer.concat([
      Buffer.from(`${hipath(0, '1')}\r\n`),
      Buffer.from([0xff, 10]),
      Buffer.from(`${hipath(0, '2')}\r\n`),
    ]);
    const outcome = await simulateText(HIPATH, lines);
    expect(outcome.records.map(({ fields }) => fields['number'])).toEqual(['1', '2']);
    expect(outcome.findings).toMatchObject([
      { code: 'call-logger-decode-raised', line: 6, help: expect.stringContaining('ends the call logger') },
    ]);
  });
});

describe('10,000 lines through a pseudo terminal', { timeout: 240_000 }, () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => String(index));
  const pythons = [PYTHON, ...(WITH_SERIAL === undefined ? [] : [WITH_SERIAL])];
  const inputs = [
    { what: 'HiPath', source: HIPATH, lines: numbers.map((number) => hipath(1, number)) },
    { what: 'made-up', source: MADE_UP['1'], lines: numbers.map((number) => `${number},1,101,00:05,00:10`) },
  ];
  const rows = inputs.flatMap((input) => pythons.map((python) => ({ ...input, python })));

  it.each(rows)(
    'of a $what PBX arrive without loss, through 9 reconnects ($python)',
    async ({ source, lines, python }) => {
      const serial = { baud: 0, partial: false, noise: 0, disconnect: 1000, seed: 1 };
      const started = performance.now();
      const outcome = await simulateText(source, `${lines.join('\r\n')}\r\n`, { serial, python });
      const ms = Math.round(performance.now() - started);
      console.log(`10,000 lines with 9 reconnects: ${outcome.records.length} records in ${ms} ms`);
      expect(outcome.findings).toEqual([]);
      expect(outcome.port).toMatchObject({ written: 10_000, read: 10_000, reconnects: 9, rate: 9600 });
      expect(outcome.records.map(({ fields }) => fields['number'])).toEqual(numbers);
    },
  );
});

describe('a plugin with its own run()', () => {
  const READER = (opening: string, loop: string): string => `import time
from . import Plugin, Record
import socket


class Reader(Plugin):
    def __init__(self, SETTINGS, **settings):
        ${opening}
        super().__init__(**settings)

    def run(self):
        ${loop}

    def take(self, line):
        number, ext = line.split(',')
        self.push(Record(Record.INCOMING, number=number, line=1, ext=int(ext)))
`;

  it('reads the file that its settings name', async () => {
    const source = READER(
      'self.path = path',
      `with open(self.path) as file:
            while self.running:
                line = file.readline()
                if line:
                    self.take(line)
                else:
                    time.sleep(0.01)`,
    ).replace('SETTINGS', 'path');
    const outcome = await simulateText(source, '1,101\n2,102\n', {
      subject: { set: ['path=/var/log/calls'] },
      settle: 3,
    });
    expect(outcome.records.map(({ fields }) => fields['number'])).toEqual(['1', '2']);
    expect(outcome.findings).toEqual([]);
  });

  it('reads from a socket, and what it raises is told with its line', async () => {
    const source = READER(
      'self.address = host, port',
      `with socket.create_connection(self.address) as connection:
            for line in connection.makefile():
                self.take(line)`,
    ).replace('SETTINGS', 'host, port');
    const outcome = await simulateText(source, '1,101\nbroken\n', {
      subject: { set: ['host=pbx', 'port=1752'] },
    });
    expect(outcome.records).toHaveLength(1);
    expect(outcome.findings).toMatchObject([
      { code: 'call-logger-run-raised', file: 'made_up.py', line: 17 },
    ]);
  });
});

describe('wdev simulate', { timeout: 240_000 }, () => {
  function project(): string {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'tests'));
    writeFileSync(path.join(folder, 'made_up.py'), MADE_UP['1']);
    writeFileSync(path.join(folder, 'settings.yml'), 'MadeUp:\n  port: /dev/ttyUSB0\n  rate: 9600\n');
    writeFileSync(path.join(folder, 'tests/lines.txt'), '0123,1,101\n0456,2,102,00:05,00:01:10\n');
    writeFileSync(
      path.join(folder, 'call-logger-plugin.yml'),
      'name: made-up\nversion: "1.0"\ngeneration: 1\nclass: MadeUp\nmodule: made_up.py\nsettings: settings.yml\n',
    );
    return folder;
  }

  it('prints a row and the JSON of each record, accepts a golden file, and fails when it differs', async () => {
    const cwd = project();
    const first = await wdev(['simulate', '--accept'], { cwd });
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^2 +outgoing +0456 +2 +102 +00:05 +00:01:10$/m);
    expect(first.stdout).toContain('{"number":"0123","line":1,"ext":101,"call_type":0}');
    expect(
      first.stdout
        .split('\n')
        .filter((line) => !line.includes('{'))
        .every((line) => line.length <= 80),
    ).toBe(true);
    const golden = 'tests/golden/records.jsonl';
    expect(readFileSync(path.join(cwd, golden), 'utf8')).toContain('"duration":"00:01:10","ext":102');
    expect(await wdev(['simulate', '--golden', golden], { cwd })).toMatchObject({ status: 0 });
    writeFileSync(
      path.join(cwd, 'made_up.py'),
      MADE_UP['1'].replace('number=parts[0]', "number='+' + parts[0]"),
    );
    const changed = await wdev(['simulate', '--golden', golden], { cwd });
    expect(changed.status).toBe(1);
    expect(changed.stdout).toMatch(/^-\{"call_type":0.*"0123"\}\n(?:-.*\n)?\+\{"call_type":0.*"\+0123"\}$/m);
  });

  it('reads lines from standard input, and tells of everything in JSON', async () => {
    const cwd = project();
    const result = await wdev(['simulate', '--input', '-', '--serial', '--statuses', '500', '--json'], {
      cwd,
      input: '1,2,3\nx,y\n4,x,6\n',
    });
    expect(result.status).toBe(1);
    const answer = JSON.parse(result.stdout) as Record<string, unknown>;
    expect(answer).toMatchObject({
      plugin: 'made-up',
      generation: '1',
      fed: 3,
      port: { written: 3, read: 3 },
    });
    expect(answer['findings']).toMatchObject([{ code: 'call-logger-parse-raised', file: 'made_up.py' }]);
    expect(answer['arrivals']).toMatchObject([{ answer: 500 }]);
  });

  it('hands over settings as PyYAML reads them', async () => {
    const cwd = project();
    writeFileSync(
      path.join(cwd, 'settings.yml'),
      'MadeUp:\n  port: x\n  rate: 1\n  flag: yes\n  code: 010\n  when: 1:30\n  day: 2026-11-20\n  size: 1.0\n  pairs: {1: a}\n',
    );
    writeFileSync(
      path.join(cwd, 'made_up.py'),
      `from quartx_call_logger.plugins import Record, SerialPlugin


class MadeUp(SerialPlugin):
    def __init__(self, flag, code, when, day, size, pairs, **settings):
        super().__init__(**settings)
        self.told = repr([flag, code, when, day, size, pairs])

    def decode(self, data):
        return data.decode('utf-8').strip()

    def parse(self, line):
        return Record(Record.INCOMING, number=self.told, line=1, ext=101)
`,
    );
    const told = async (...flags: string[]): Promise<string> =>
      (await wdev(['simulate', '--json', ...flags], { cwd })).stdout;
    expect(await told()).toContain("[True, 8, 90, datetime.date(2026, 11, 20), 1.0, {1: 'a'}]");
    expect(await told('--set', 'flag=off', '--set', 'code=0x1F')).toContain('[False, 31, 90,');
  });

  it('says at once when the settings are not those of the class', async () => {
    const cwd = project();
    writeFileSync(path.join(cwd, 'settings.yml'), 'Madeup:\n  port: x\n  rate: 1\n');
    const result = await wdev(['simulate'], { cwd });
    expect(result).toMatchObject({ status: 1, stdout: '' });
    expect(result.stderr).toContain('settings.yml has settings for Madeup, and the class is MadeUp');
  });

  it('says what is missing, with exit status 2', async () => {
    const cwd = project();
    expect(await wdev(['simulate', '--input', 'nowhere.txt'], { cwd })).toMatchObject({ status: 2 });
    expect(await wdev(['simulate', 'tests'], { cwd })).toMatchObject({ status: 2 });
  });
});
