import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../src/findings/finding.ts';
import type { SIMULATE } from '../../src/findings/simulate.ts';
import { parseDialogue } from '../../src/simulate/agi/dialogue.ts';
import { replayDialogue } from '../../src/simulate/agi/replay.ts';
import { outcomeOf } from '../../src/simulate/outcome.ts';
import { simulate, type SimulationEvent } from '../../src/simulate/simulation.ts';
import { findSubject } from '../../src/simulate/subject.ts';
import { pythonWith } from '../../src/stacks/requirements.ts';
import { tempFolder } from '../support/temp.ts';
import { provokedIn, type Scenario } from './scenario.ts';

const TEST = provokedIn('unit/simulate.test.ts');
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

async function simulated(source: string, events?: readonly SimulationEvent[]): Promise<readonly Finding[]> {
  const file = path.join(tempFolder(), 'made_up.py');
  writeFileSync(file, source);
  const subject = findSubject(file, { set: SETTINGS });
  const seen: SimulationEvent[] = [...(events ?? [])];
  if (events === undefined)
    await simulate(subject, { python: PYTHON, lines: Buffer.from('1,2,3\n') }, (event) => seen.push(event));
  return outcomeOf(subject, seen).findings;
}

/** What the call logger tells of its port, at the end of a run over a pseudo-terminal. */
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
  'call-logger-run-raised': TEST,
  'call-logger-decode-raised': TEST,
  'call-logger-parse-raised': TEST,
  'call-logger-settings-missing': () =>
    simulated(
      plugin('    def __init__(self, secret, port, rate):\n        super().__init__(port, rate)\n\n'),
    ),
  'record-not-json': TEST,
  'record-call-type': TEST,
  'record-field-missing': TEST,
  'record-field-value': TEST,
  'serial-lines-lost': () => simulated(plugin(), [port({ read: 1, rate: 9600 })]),
  'serial-rate': () => simulated(plugin(), [port({ read: 3, rate: 1200 })]),
  'agi-differs': () => replayed("print('VERBOSE hello', flush=True)\n", '> ANSWER\n< 200 result=0\n'),
  'agi-handler-failed': () => replayed("raise ValueError('no')\n", '> ANSWER\n< 200 result=0\n'),
};
