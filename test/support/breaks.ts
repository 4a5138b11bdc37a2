import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TimedEvent, Watch } from './watch.ts';

/** A save that breaks a service at its start. */
export interface Break {
  readonly name: string;
  /** Relative to the plugin; the module of its entry point where none is named. */
  readonly file?: string;
  /** The text that it stands behind or before. */
  readonly from: RegExp;
  readonly to: string;
  /** A text of the line that has to be named; none where a whole file is at fault. */
  readonly at?: string;
}

const LOAD = /^ {4}def load\(self, .*\n/m;
const CLASS = /^class Plugin:\n/m;

/** At the top of the module, before the class. */
function atTop(name: string, text: string, at = text.split('\n')[0] ?? ''): Break {
  return { name, from: CLASS, to: `${text}\n\n\n$&`, at };
}

function inLoad(name: string, text: string, at = text): Break {
  return { name, from: LOAD, to: `$&        ${text}\n`, at };
}

export const BREAKS: readonly Break[] = [
  atTop('a module that is not there', 'import no_such_module'),
  atTop('a name that a module has not', 'from json import no_such_name'),
  atTop('an error at its import', "raise ValueError('odd')"),
  atTop('a division by zero', 'ODD = 1 / 0'),
  atTop('a name that is not there', 'ODD = no_such_name'),
  atTop('a key that is not there', "ODD = {}['odd']"),
  atTop('an index that is not there', 'ODD = [][1]'),
  atTop('a file that is not there', "ODD = open('/no/such/file')"),
  atTop(
    'an error in a function',
    "def odd():\n    raise RuntimeError('odd')\n\n\nodd()",
    'raise RuntimeError',
  ),
  atTop('a syntax error', 'ODD = (1,', 'ODD'),
  atTop('an error in a class', 'class Odd:\n    ODD = None + 1', 'None + 1'),
  atTop('an item of nothing', 'ODD = None[0]'),
  inLoad('an error while it is loaded', "raise ValueError('odd')"),
  inLoad('a dependency that nobody has', "dependencies['odd']"),
  inLoad('a setting that is not there', "dependencies['config']['odd']['odder']"),
  inLoad('a call of nothing', 'None()'),
  inLoad('an attribute that is not there', 'self.odd()'),
  inLoad('an assertion', "assert False, 'odd'"),
  inLoad('a text that is no number', "int('odd')"),
  inLoad('an import while it is loaded', 'import no_such_module_either'),
];

export interface Broken {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** The line that had to be named. */
  readonly wanted: number | undefined;
  readonly message: string;
  /** Milliseconds from the save until the old version served again. */
  readonly ms: number;
}

/** Makes the save of a break under a running watch, waits until all is as before, and takes it back. */
export async function breakIt(watch: Watch, plugin: string, file: string, one: Break): Promise<Broken> {
  const full = path.join(plugin, one.file ?? file);
  const good = readFileSync(full, 'utf8');
  if (!one.from.test(good)) throw new Error(`${file} has no ${one.from.source}`);
  const bad = good.replace(one.from, one.to);
  watch.forget();
  const start = performance.now();
  writeFileSync(full, bad);
  const failed = await watch.next('failed', 90_000);
  if (isTouched(watch.events, failed.id)) await watch.next('rolled-back', 90_000);
  const ms = performance.now() - start;
  watch.forget();
  writeFileSync(full, good);
  await watch.next('verified', 90_000);
  const line =
    one.at === undefined ? undefined : bad.split('\n').findIndex((text) => text.includes(one.at ?? '')) + 1;
  const [finding] = failed.findings;
  return { file: finding?.file, line: finding?.line, wanted: line, message: finding?.message ?? '', ms };
}

/** Whether a batch came to its target at all. */
function isTouched(events: readonly TimedEvent[], id: number): boolean {
  return events.some((event) => event.event === 'action' && event.id === id);
}
