import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UserError } from './errors.ts';

/** A program that answers each line on its standard input with one line, one after the other. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  readonly #early: string[] = [];
  #errors = '';
  #ended: Error | undefined;
  #status: number | null | undefined;

  constructor(command: readonly [string, ...string[]], env: Readonly<Record<string, string>> = {}) {
    const [program, ...args] = command;
    this.#child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    }
    this.#child.once('error', (error) => this.#end(`${program}: ${error.message}`));
    this.#child.once('close', (status) => {
      // a program that could not be started has a negative one
      if (status === null || status >= 0) this.#status = status;
      this.#end(`${program} ended with status ${status ?? 'unknown'}`);
    });
  }

  /**
   * The next line that the program prints.
   * @throws UserError `helper-ended` when it ends first
   */
  async next(): Promise<string> {
    const early = this.#early.shift();
    if (early !== undefined) return early;
    if (this.#ended !== undefined) throw this.#ended;
    return await new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Its exit status once it has ended, null after a signal; undefined while it runs, or when it never did. */
  get status(): number | null | undefined {
    return this.#status;
  }

  /** Sends a line and waits for the answer to it. */
  async ask(line: string): Promise<string> {
    const answer = this.next();
    this.#child.stdin?.write(`${line}\n`);
    return await answer;
  }

  /** Lets go of the process: it does not keep ours alive while nobody waits for it. */
  unref(): void {
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      (stream as { unref?: () => void } | null)?.unref?.();
    }
  }

  close(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }

  #take(line: string): void {
    const first = this.#waiting.shift();
    if (first === undefined) this.#early.push(line);
    else first.resolve(line);
  }

  #end(reason: string): void {
    const detail = this.#errors.trim().split('\n').slice(-4).join('\n');
    this.#ended ??= new UserError('helper-ended', `${reason}${detail === '' ? '' : `\n${detail}`}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
