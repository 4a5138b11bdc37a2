import path from 'node:path';
import { rowOf } from '../../findings/catalogue.ts';
import type { Finding } from '../../findings/finding.ts';
import { ownPrograms } from '../../sandbox/own-programs.ts';
import { timeLimit } from '../../sandbox/policy.ts';
import { pythonHome } from '../../sandbox/python.ts';
import { startPlugin } from '../../sandbox/run.ts';
import { ownerOfPrograms } from '../../sandbox/way.ts';
import { UserError } from '../../support/errors.ts';
import type { LineProcess } from '../../support/line-process.ts';
import { removeFolder } from '../../support/remove-folder.ts';
import { temporaryFolder } from '../../support/temp-folder.ts';
import { showHandler } from '../sources.ts';
import type { Dialogue, Turn } from './dialogue.ts';
import { handlerCommand } from './handler.ts';
import { handlerRoot } from './source-files.ts';

export interface Replay {
  /** Commands that the handler gave as the dialogue has them. */
  readonly matched: number;
  readonly findings: readonly Finding[];
}

/** Seconds that a handler usually may think between two commands. */
const PATIENCE = 10;

const SOURCE = 'Asterisk, AGI';

/**
 * Runs the handler of a dialogue and plays Asterisk's part, up to the first command that differs.
 * `file` is the dialogue's own path.
 */
export async function replayDialogue(dialogue: Dialogue, file: string, python: string): Promise<Replay> {
  const handler = path.resolve(path.dirname(file), dialogue.handler);
  const seen = await showHandler(handler);
  const folder = temporaryFolder('agi');
  try {
    const home = await pythonHome(python);
    const child = await startPlugin({
      command: handlerCommand(handler, dialogue.name, home.program),
      cwd: path.dirname(handler),
      writable: [],
      readable: [
        ...ownPrograms(['simulate/python'], folder, await ownerOfPrograms()),
        ...home.readable,
        ...seen.readable,
      ],
      network: true,
      env: { ...home.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: searchPath(handler) },
    });
    const part = new AsteriskPart(dialogue.turns, file);
    child.send([...dialogue.environment, ''].join('\n'));
    const end = await converse(child, part);
    return {
      matched: part.matched,
      findings: [...part.findings(), ...failure(end, part, dialogue, handler)],
    };
  } finally {
    seen.remove();
    removeFolder(folder);
  }
}

/** How a handler came to its end, and what it said of that. */
interface End {
  /** Undefined when it gave no command for too long. */
  readonly status: number | string | undefined;
  readonly errors: string;
}

/** Plays Asterisk's part until the handler leaves the dialogue, or ends. */
async function converse(child: LineProcess, part: AsteriskPart): Promise<End> {
  let isLate = false;
  const late = setTimeout(
    () => {
      isLate = true;
      child.close();
    },
    timeLimit(PATIENCE) * 1000,
  );
  try {
    for (;;) {
      const answers = part.hear(await child.next());
      if (answers === undefined) break;
      for (const answer of answers) child.send(answer);
      late.refresh();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  if (part.difference === undefined) child.hangUp();
  else child.close();
  await child.over();
  clearTimeout(late);
  return { status: isLate ? undefined : (child.status ?? 'unknown'), errors: child.complaint };
}

/** As on the target that a dialogue is recorded from: the handler's own packages come first. */
function searchPath(handler: string): string {
  return [handlerRoot(handler), process.env['PYTHONPATH'] ?? '']
    .filter((one) => one !== '')
    .join(path.delimiter);
}

/** Plays Asterisk's part of a dialogue, and notes where the handler leaves it. */
class AsteriskPart {
  matched = 0;
  difference: Finding | undefined;
  readonly #turns: readonly Turn[];
  readonly #file: string;
  #at = 0;

  constructor(turns: readonly Turn[], file: string) {
    this.#turns = turns;
    this.#file = file;
  }

  /** The answers to a command; nothing when the dialogue has another one here. */
  hear(command: string): readonly string[] | undefined {
    const expected = this.#turns[this.#at];
    if (expected?.text !== command || expected.by !== 'handler') {
      this.difference = this.#differs(expected, command);
      return undefined;
    }
    this.matched++;
    this.#at++;
    const answers: string[] = [];
    for (let turn = this.#turns[this.#at]; turn?.by === 'asterisk'; turn = this.#turns[this.#at]) {
      answers.push(turn.text);
      this.#at++;
    }
    return answers;
  }

  get isDone(): boolean {
    return this.#at >= this.#turns.length;
  }

  findings(): readonly Finding[] {
    if (this.difference !== undefined) return [this.difference];
    const next = this.#turns[this.#at];
    return next === undefined ? [] : [this.#differs(next, undefined)];
  }

  #differs(expected: Turn | undefined, command: string | undefined): Finding {
    const last = this.#turns.at(-1)?.line;
    const line = expected?.line ?? last;
    return {
      code: 'agi-differs',
      level: 'error',
      message:
        command === undefined
          ? 'The handler ended before the dialogue did'
          : 'The handler sends a different command than the dialogue has',
      file: path.basename(this.#file),
      ...(line === undefined ? {} : { line }),
      help: `${rowOf('agi-differs').fix}\n  dialogue: ${expected?.text ?? '(its end)'}\n  handler:  ${command ?? '(its end)'}`,
      source: SOURCE,
    };
  }
}

/** The error output of a handler that failed, at its source line. */
function failure(
  { status, errors }: End,
  part: AsteriskPart,
  dialogue: Dialogue,
  handler: string,
): readonly Finding[] {
  if (status === 0 || (part.difference !== undefined && !errors.includes('Traceback'))) return [];
  const frames = [...errors.matchAll(/File "([^"]+)", line (\d+)/g)].filter(([, file]) => file === handler);
  const line = Number(frames.at(-1)?.[2] ?? Number.NaN);
  const said = errors.trim().split('\n').at(-1) ?? '';
  return [
    {
      code: 'agi-handler-failed',
      level: 'error',
      message: `The handler ended with ${status === undefined ? `no command for ${timeLimit(PATIENCE)} seconds` : `status ${status}`}${said === '' ? '' : `: ${said}`}`,
      file: dialogue.handler,
      ...(Number.isNaN(line) ? {} : { line }),
      help: 'Fix the exception. In a handler of wazo-agid it ends the call (context agi_fail); after an AGI script, Asterisk continues.',
      source: SOURCE,
    },
  ];
}
