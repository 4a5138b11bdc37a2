import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Finding } from '../../findings/finding.ts';
import type { Dialogue, Turn } from './dialogue.ts';
import { handlerCommand } from './handler.ts';
import { handlerRoot } from './source-files.ts';

export interface Replay {
  /** Commands that the handler gave as the dialogue has them. */
  readonly matched: number;
  readonly findings: readonly Finding[];
}

/** Milliseconds that a handler may think between two commands. */
const PATIENCE = 10_000;

const SOURCE = 'Asterisk, AGI';

/**
 * Runs the handler of a dialogue and plays Asterisk's part, up to the first command that differs.
 * `file` is the dialogue's own path.
 */
export async function replayDialogue(dialogue: Dialogue, file: string, python: string): Promise<Replay> {
  const handler = path.resolve(path.dirname(file), dialogue.handler);
  const [program, ...args] = handlerCommand(handler, dialogue.name, python);
  const child = spawn(program, args, {
    cwd: path.dirname(handler),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: searchPath(handler) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (status, signal) => resolve(status ?? signal ?? 1));
  });
  child.stdin.write([...dialogue.environment, '', ''].join('\n'));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const part = new AsteriskPart(dialogue.turns, file);
  for await (const command of createInterface({ input: child.stdout })) {
    timer.refresh();
    const answers = part.hear(command);
    if (answers === undefined) break;
    for (const answer of answers) child.stdin.write(`${answer}\n`);
  }
  child.stdin.end();
  if (part.difference !== undefined) child.kill();
  const status = await ended;
  clearTimeout(timer);
  const findings = [...part.findings(), ...failure(status, errors, part, dialogue, handler)];
  return { matched: part.matched, findings };
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
          ? 'The handler ended, and the dialogue goes on'
          : 'The handler gives another command than the dialogue',
      file: path.basename(this.#file),
      ...(line === undefined ? {} : { line }),
      help: `dialogue: ${expected?.text ?? '(its end)'}\nhandler:  ${command ?? '(its end)'}`,
      source: SOURCE,
    };
  }
}

/** The error output of a handler that failed, at its source line. */
function failure(
  status: number | string,
  errors: string,
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
      message: `The handler ended with ${status === 'SIGKILL' ? 'no command for 10 seconds' : `status ${status}`}${said === '' ? '' : `: ${said}`}`,
      file: dialogue.handler,
      ...(Number.isNaN(line) ? {} : { line }),
      help: 'wazo-agid sends the channel to agi_fail, which hangs up; Asterisk goes on after a script of its own.',
      source: SOURCE,
    },
  ];
}
