/** The steps that calls ran, as Asterisk's log or `wdev dialplan trace --json` has them. */

interface ExecutedStep {
  readonly context: string;
  readonly extension: string;
  readonly priority: number;
  readonly app: string;
  /** As the application was given it. */
  readonly data?: string;
  readonly place?: { readonly file: string; readonly line: number };
}

/** Source: Asterisk 22, pbx.c, written at `core set verbose 3` and more. */
const EXECUTED = /^Executing \[(.*)@([^@\]]*):(\d+)\] (\w+)\("((?:[^"\\]|\\.)*)", "(?:(.*)"\) in new stack)?/;

function executedIn(line: string): RegExpExecArray | null {
  const at = line.indexOf('Executing [');
  return at < 0 ? null : EXECUTED.exec(line.slice(at));
}

export function isAsteriskLog(text: string): boolean {
  return text.split('\n').some((line) => executedIn(line) !== null);
}

/** The steps of each channel in a log of Asterisk, in their order. */
export function stepsOfLog(text: string): readonly (readonly ExecutedStep[])[] {
  const calls = new Map<string, ExecutedStep[]>();
  for (const line of text.split('\n')) {
    const match = executedIn(line);
    if (match === null) continue;
    const [, extension = '', context = '', priority = '', app = '', channel = '', data] = match;
    const step = {
      context,
      extension,
      priority: Number(priority),
      app,
      ...(data === undefined ? {} : { data }),
    };
    const known = calls.get(channel);
    if (known === undefined) calls.set(channel, [step]);
    else known.push(step);
  }
  return [...calls.values()];
}

/** The steps in the JSON of `wdev dialplan trace --json`; undefined for another text. */
export function stepsOfTrace(text: string): readonly (readonly ExecutedStep[])[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const calls = fieldOf(value, 'calls');
  if (!Array.isArray(calls)) return undefined;
  return calls.map((call) => {
    const steps = fieldOf(call, 'steps');
    return Array.isArray(steps) ? steps.flatMap(stepOf) : [];
  });
}

function stepOf(value: unknown): ExecutedStep[] {
  const [context, extension, app] = ['context', 'extension', 'app'].map((name) => fieldOf(value, name));
  const priority = fieldOf(value, 'priority');
  if (typeof context !== 'string' || typeof extension !== 'string' || typeof app !== 'string') return [];
  if (typeof priority !== 'number') return [];
  const [file, line] = ['file', 'line'].map((name) => fieldOf(fieldOf(value, 'place'), name));
  const isPlaced = typeof file === 'string' && typeof line === 'number';
  return [{ context, extension, priority, app, ...(isPlaced ? { place: { file, line } } : {}) }];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
