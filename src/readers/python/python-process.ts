/** The one Python that reads files for this process: started when first asked, ended with it. */

import path from 'node:path';
import { Allowance } from '../../support/allowance.ts';
import { during, type Say } from '../../support/doing.ts';
import { LineProcess } from '../../support/line-process.ts';
import { packageRoot } from '../../support/paths.ts';
import type { PythonAnswer } from './facts.ts';

/** Debian's own Python is the one that a server has. */
const PYTHONS: readonly string[] = ['/usr/bin/python3', 'python3'];

/** Milliseconds for one file: thousands of lines take some tens. */
const LIMIT = 20_000;

/** Characters of Python that are read: of the longest file, and of all of a plugin. Its tree takes 300 MB. */
export const LONGEST = 500_000;

/** Characters that it is asked about before its answers are waited for. */
const AT_ONCE = 100_000;

/** Files of a request that Python may end at; then it is asked no more. */
const ENDS = 2;

export interface PythonSettings {
  /** Programs that are tried as Python 3, in order. */
  readonly pythons?: readonly string[] | undefined;
  readonly allowance?: Allowance | undefined;
}

export interface PythonText {
  /** Its ending says what it is: `.py`, or `pyproject.toml`. */
  readonly path: string;
  readonly text: string;
}

export interface PythonRead {
  /** `major.minor` of the Python that read them. */
  readonly version: string;
  /** One for each text, in their order. */
  readonly answers: readonly PythonAnswer[];
}

interface ReadSettings {
  readonly syntax: readonly [number, number];
  readonly allowance: Allowance;
  readonly say: Say;
}

/** The texts from a place on that it is asked about together: at least one. */
function firstOf(texts: readonly PythonText[], from: number): readonly PythonText[] {
  let [to, length] = [from, 0];
  while (to < texts.length && (to === from || length < AT_ONCE)) {
    length += texts[to]?.text.length ?? 0;
    to += 1;
  }
  return texts.slice(from, to);
}

class PythonReader {
  readonly #pythons: readonly string[];
  #running: { readonly process: LineProcess; readonly version: string } | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(pythons: readonly string[]) {
    this.#pythons = pythons;
  }

  /** One request after the other. */
  async read(
    texts: readonly PythonText[],
    syntax: readonly [number, number],
    allowance: Allowance,
  ): Promise<PythonRead | undefined> {
    const result = this.#queue.then(
      async () =>
        await during(
          'reading Python files',
          async (say) => await this.#readAll(texts, { syntax, allowance, say }),
        ),
    );
    this.#queue = result.catch(() => undefined);
    return await result;
  }

  async #readAll(
    texts: readonly PythonText[],
    { syntax, allowance, say }: ReadSettings,
  ): Promise<PythonRead | undefined> {
    const answers: PythonAnswer[] = [];
    let version = '';
    let ends = 0;
    while (answers.length < texts.length) {
      if (allowance.isSpent) {
        answers.push(...texts.slice(answers.length).map(() => UNREAD));
        break;
      }
      this.#running ??= await this.#start();
      if (this.#running === undefined) return undefined;
      const { process } = this.#running;
      version = this.#running.version;
      const asked = firstOf(texts, answers.length).map(async ({ path: file, text }) => {
        if (text.length > LONGEST) return JSON.stringify(UNREAD);
        return await process.ask(JSON.stringify([file, text, syntax]));
      });
      for (const one of asked) one.catch(() => undefined);
      try {
        for (const one of asked) {
          const answer = JSON.parse(await inTime(one)) as PythonAnswer;
          allowance.take(answer.seconds ?? 0);
          answers.push(answer);
          say([answers.length, texts.length]);
        }
      } catch {
        // the file that it ended at, or did not come to an end with; the others get another Python
        answers.push(UNREAD);
        process.close();
        this.#running = undefined;
        ends += 1;
        if (ends === ENDS) while (answers.length < texts.length) answers.push(UNREAD);
      }
    }
    return { version, answers };
  }

  async #start(): Promise<{ process: LineProcess; version: string } | undefined> {
    const script = path.join(packageRoot(), 'src/readers/python/facts.py');
    for (const python of this.#pythons) {
      const process = new LineProcess([python, '-I', '-S', script]);
      process.unref();
      try {
        return { process, version: await inTime(process.next()) };
      } catch {
        process.close();
      }
    }
    return undefined;
  }
}

/** Of a file that was not read. */
export const UNREAD: PythonAnswer = {
  imports: [],
  names: [],
  open: true,
  classes: [],
  calls: [],
  unread: true,
};

/** While it waits, our own process goes on. */
async function inTime(answer: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('time is up')), LIMIT);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const readers = new Map<string, PythonReader>();

/**
 * The answers of Python's own parser about texts; none of them is run. Undefined when the machine has no Python 3.
 * @param syntax the Python whose syntax they may have
 * @param allowance that of the run; what comes behind its end counts as unread
 */
export async function askPython(
  texts: readonly PythonText[],
  syntax: readonly [number, number],
  { pythons = PYTHONS, allowance = new Allowance() }: PythonSettings = {},
): Promise<PythonRead | undefined> {
  if (texts.length === 0) return { version: '', answers: [] };
  const key = pythons.join('\n');
  const reader = readers.get(key) ?? new PythonReader(pythons);
  readers.set(key, reader);
  return await reader.read(texts, syntax, allowance);
}
