import { readFileSync } from 'node:fs';
import path from 'node:path';
import { save } from './save.ts';
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
  /** The file of that line, where it is another one. */
  readonly atFile?: string;
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

/** Saves that end a daemon at its start without a traceback. */
export const SILENT_ENDS: readonly Break[] = [
  atTop('a fault in native code at its import', 'import ctypes\n\nctypes.string_at(0)', 'ctypes.string_at'),
  atTop(
    'an exit in a function',
    'def odd(status):\n    import os\n    os._exit(status)\n\n\nodd(4)',
    'os._exit(status)',
  ),
  atTop(
    'a signal of its own at its import',
    'def odd():\n    import os\n    os.kill(os.getpid(), 9)\n\n\nodd()',
    'os.kill(',
  ),
];

/**
 * Saves after which a daemon starts, answers, and is ended a moment later by a line of the plugin, without a traceback:
 * late enough for a busy machine to find it up, and before it is looked at for the last time.
 */
export const LATE_ENDS: readonly Break[] = [
  inLoad('an exit of a thread', "__import__('threading').Timer(4, __import__('os')._exit, [3]).start()"),
  inLoad(
    'a signal of its own',
    'import os, threading; threading.Timer(4, lambda: os.kill(os.getpid(), 9)).start()',
  ),
  inLoad(
    'a fault in native code',
    "import ctypes; __import__('threading').Timer(4, lambda: ctypes.string_at(0)).start()",
  ),
  {
    name: 'an exit after an exception of another thread',
    from: CLASS,
    to: "def odd():\n    __import__('threading').Thread(target=lambda: 1 / 0).start()\n    __import__('time').sleep(4)\n    __import__('os')._exit(3)\n\n\n__import__('threading').Thread(target=odd).start()\n\n\n$&",
    at: "__import__('os')._exit(3)",
  },
];

/**
 * Saves of a plugin of wazo-calld after which the service starts and says nothing, and only its answers tell: seven,
 * with the file and a text of the line that has to be named.
 */
export interface AnswerBreak extends Break {
  readonly code: string;
}

/** `plugin` and `resources` are the files of the part calld. */
export function answerBreaks(plugin: string, resources: string): readonly AnswerBreak[] {
  const handler = /^ {8}return \{'items'.*\n/m;
  const given = { atFile: plugin, at: "dependencies['api'].add_resource(" };
  const inHandler = (name: string, at: string): AnswerBreak => {
    const to = `        ${at}\n$&`;
    return {
      name,
      file: resources,
      from: handler,
      to,
      code: 'route-raised',
      at,
    };
  };
  return [
    inHandler('a handler that raises', "raise ValueError('odd')"),
    inHandler('a handler that asks for a key that is not there', "{}['odd']"),
    inHandler('a handler that imports what is not there', 'import no_such_module'),
    {
      name: 'an answer that is no JSON',
      file: resources,
      from: handler,
      to: "        return {'items': {1}, 'total': 1}\n",
      code: 'route-raised',
      ...given,
    },
    {
      name: 'a resource that cannot be made',
      file: plugin,
      from: /^ {12}resource_class_args=.*\n/m,
      to: '',
      code: 'route-raised',
      ...given,
    },
    {
      name: 'a route that asks for no token',
      file: resources,
      from: /class LabelsResource\(AuthResource\):([^]*?) {8}items = .*\n/,
      to: 'class LabelsResource(AuthResource):\n    method_decorators: list = []$1        items: list[Any] = []\n',
      code: 'route-open',
      ...given,
    },
    {
      name: 'a load that ends in silence before the route',
      file: plugin,
      from: /^ {8}dependencies\['api'\]\.add_resource\(\n((?: {12}.*\n)*) {8}\)\n/m,
      to: "        with __import__('contextlib').suppress(ValueError):\n            int('odd')\n            dependencies['api'].add_resource(\n$1            )\n",
      code: 'route-missing',
      ...given,
    },
  ];
}

export interface Broken {
  readonly code: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** The line that had to be named. */
  readonly wanted: number | undefined;
  readonly message: string;
  /** Milliseconds from the save until it was told, and until the old version served again. */
  readonly toldMs: number;
  readonly ms: number;
}

/** Makes the save of a break under a running watch, waits until all is as before, and takes it back. `meanwhile` it looks at what serves. */
export async function breakIt(
  watch: Watch,
  plugin: string,
  file: string,
  one: Break,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<Broken> {
  const full = path.join(plugin, one.file ?? file);
  const good = readFileSync(full, 'utf8');
  if (!one.from.test(good)) throw new Error(`${file} has no ${one.from.source}`);
  const bad = good.replace(one.from, one.to);
  watch.forget();
  const start = performance.now();
  save(full, bad);
  const failed = await watch.next('failed');
  const toldMs = performance.now() - start;
  if (isTouched(watch.events, failed.id)) await watch.next('rolled-back');
  const ms = performance.now() - start;
  await meanwhile();
  watch.forget();
  save(full, good);
  await watch.next('verified');
  const named = path.join(plugin, one.atFile ?? one.file ?? file);
  const lines = (named === full ? bad : readFileSync(named, 'utf8')).split('\n');
  const line = one.at === undefined ? undefined : lines.findIndex((text) => text.includes(one.at ?? '')) + 1;
  const [finding] = failed.findings;
  const { code, message = '' } = finding ?? {};
  return { code, file: finding?.file, line: finding?.line, wanted: line, message, toldMs, ms };
}

/** Whether a batch came to its target at all. */
function isTouched(events: readonly TimedEvent[], id: number): boolean {
  return events.some((event) => event.event === 'action' && event.id === id);
}
