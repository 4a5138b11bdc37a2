import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../src/findings/finding.ts';
import type { SIMULATE } from '../../src/findings/simulate.ts';
import { parseDialogue } from '../../src/simulate/agi/dialogue.ts';
import { replayDialogue } from '../../src/simulate/agi/replay.ts';
import { outcomeOf } from '../../src/simulate/outcome.ts';
import type { SimulationEvent } from '../../src/simulate/events.ts';
import { simulate } from '../../src/simulate/simulation.ts';
import { findSubject } from '../../src/simulate/subject.ts';
import { pythonWith } from '../../src/stacks/requirements.ts';
import { tempFolder } from '../support/temp.ts';
import type { Scenario } from './scenario.ts';

const PYTHON = (await pythonWith(['yaml'])) ?? 'python3';
const SETTINGS = ['port=/dev/null', 'rate=9600'];

/** A plugin of the first generation, with something else in the place of a part. */
function plugin(init = '', head = ''): string {
  return `${head}from quartx_call_logger.plugins import Record, SerialPlugin


class MadeUp(SerialPlugin):
${init}    def decode(self, data):
        return data.decode('utf-8').strip()

    def parse(self, line):
        return Record(0, number=line, line=1, ext=2)
`;
}

/** The same, whose parse() gives another record. */
function recording(record: string): Scenario {
  const head = 'from datetime import datetime\n';
  return () => simulated(plugin('', head).replace('Record(0, number=line, line=1, ext=2)', record));
}

async function simulated(
  source: string,
  events?: readonly SimulationEvent[],
  lines: Uint8Array = Buffer.from('1,2,3\n'),
): Promise<readonly Finding[]> {
  const file = path.join(tempFolder(), 'made_up.py');
  writeFileSync(file, source);
  const subject = findSubject(file, { set: SETTINGS });
  const seen: SimulationEvent[] = [...(events ?? [])];
  if (events === undefined) await simulate(subject, { python: PYTHON, lines }, (event) => seen.push(event));
  return outcomeOf(subject, seen).findings;
}

/** The call logger's report of its port, at the end of a run over a pseudo-terminal. */
function port(more: { readonly read: number; readonly rate: number }): SimulationEvent {
  return { event: 'port', written: 3, ...more } as SimulationEvent;
}

async function replayed(handler: string, dialogue: string): Promise<readonly Finding[]> {
  const dir = tempFolder();
  writeFileSync(path.join(dir, 'handler.py'), handler);
  const file = path.join(dir, 'one.agi');
  const text = `handler: handler.py\nagi_channel: Local/1\n\n${dialogue}`;
  return (await replayDialogue(parseDialogue(text, file), file, 'python3')).findings;
}

export const SIMULATE_SCENARIOS: Readonly<Record<keyof typeof SIMULATE, Scenario>> = {
  'call-logger-import-raised': () => simulated(plugin('', 'import no_such_module\n')),
  'call-logger-run-raised': () =>
    simulated(plugin("    def run(self):\n        raise OSError('no such port')\n\n")),
  'call-logger-decode-raised': () => simulated(plugin(), undefined, Buffer.from([0xff, 10])),
  'call-logger-parse-raised': () => simulated(plugin().replace('line=1', 'line=int("x")')),
  'call-logger-settings-missing': () =>
    simulated(
      plugin('    def __init__(self, secret, port, rate):\n        super().__init__(port, rate)\n\n'),
    ),
  'record-not-json': recording("Record(0, number='1', line=1, ext=2, date=datetime.now())"),
  'record-call-type': recording("Record(7, number='1', line=1, ext=2)"),
  'record-field-missing': recording("Record(2, number='1', line=1, ext=2, ring=3)"),
  'record-field-value': recording('Record(0, number=1, line=1, ext=2)'),
  'serial-lines-unended': () => simulated(plugin(), [{ event: 'unended', lines: 2 }]),
  'serial-lines-lost': () => simulated(plugin(), [port({ read: 1, rate: 9600 })]),
  'serial-rate': () => simulated(plugin(), [port({ read: 3, rate: 1200 })]),
  'agi-differs': () => replayed("print('VERBOSE hello', flush=True)\n", '> ANSWER\n< 200 result=0\n'),
  'agi-handler-failed': () => replayed("raise ValueError('no')\n", '> ANSWER\n< 200 result=0\n'),
};
