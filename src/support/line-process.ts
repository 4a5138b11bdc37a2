import { spawn, type ChildProcess } from 'node:child_process';
import { deadline, type Deadline } from './deadline.ts';
import { UserError } from './errors.ts';
import { endsWithUs } from './spawn.ts';

/** The most that a program may write without an end of line, or without anybody who asked, in bytes. */
const MOST = 64 * 2 ** 20;

/** How much of what a program complained about is kept, in characters. */
const COMPLAINT = 4000;

export interface LineOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `env` is the whole environment, and not added to ours. */
  readonly only?: boolean;
  /** Ends, with the program, what it starts; it has no terminal. */
  readonly group?: boolean;
  /** Its name in messages; the first word of the command by default. */
  readonly name?: string;
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** A program that answers each line on its standard input with one line, one after the other. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #hasGroup: boolean;
  readonly #waiting: Waiting[] = [];
  #early: string[] = [];
  /** Bytes of `early`, and those behind the last end of line. */
  #unasked = 0;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #errors = '';
  #ended: Error | undefined;
  #status: number | null | undefined;
  readonly #end: Promise<void>;

  constructor(command: readonly [string, ...string[]], options: LineOptions = {}) {
    const [program, ...args] = command;
    const { cwd, env = {}, only = false, group = false, name = program } = options;
    this.#name = name;
    this.#hasGroup = group;
    this.#child = spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: only ? env : { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: group,
    });
    const release = group ? endsWithUs(this.#child, () => this.close()) : () => undefined;
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-COMPLAINT);
    });
    this.#child.stdout?.on('data', (bytes: Buffer) => this.#read(bytes));
    this.#child.once('error', (error) => this.#finish(`${name}: ${error.message}`));
    this.#end = new Promise((resolve) =>
      this.#child.once('close', (status) => {
        release();
        // a program that could not be started has a negative one
        if (status === null || status >= 0) this.#status = status;
        if (this.#partial.length > 0) this.#read(Buffer.from('\n'));
        this.#finish(`${name} ended with status ${status ?? 'unknown'}`);
        resolve();
      }),
    );
  }

  /**
   * The next line that the program prints.
   * @param limit milliseconds after which the program is ended
   * @throws UserError `helper-ended` when it ends first
   */
  async next(limit?: number): Promise<string> {
    const early = this.#early.shift();
    if (early !== undefined) {
      this.#unasked -= early.length;
      return early;
    }
    if (this.#ended !== undefined) throw this.#ended;
    let timer: Deadline | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.push({ resolve, reject });
        if (limit !== undefined)
          timer = deadline(limit, () =>
            this.#giveUp(`${this.#name} did not answer within ${limit / 1000} s`),
          );
      });
    } finally {
      timer?.clear();
    }
  }

  /** Its exit status once it has ended, null after a signal; undefined while it runs, or when it never did. */
  get status(): number | null | undefined {
    return this.#status;
  }

  /** The end of what it wrote on its standard error. */
  get complaint(): string {
    return this.#errors;
  }

  /** When it has ended, and all that it wrote was read. */
  async over(): Promise<void> {
    await this.#end;
  }

  /** Sends a line, and nothing is waited for. */
  send(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Sends a line and waits for the answer to it; `limit` as in next. */
  async ask(line: string, limit?: number): Promise<string> {
    const answer = this.next(limit);
    this.send(line);
    return await answer;
  }

  /** Lets go of the process: it does not keep ours alive while nobody waits for it. */
  unref(): void {
    this.#child.unref();
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      (stream as { unref?: () => void } | null)?.unref?.();
    }
  }

  /** Says that no more lines come: most programs end then. */
  hangUp(): void {
    this.#child.stdin?.end();
  }

  /** Ends the program, and what it started where it has a group. */
  close(): void {
    this.hangUp();
    const { pid } = this.#child;
    try {
      if (!this.#hasGroup) this.#child.kill();
      else if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // all of it ended meanwhile
    }
  }

  #read(bytes: Buffer): void {
    let from = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
      this.#partial.push(bytes.subarray(from, at));
      this.#take(Buffer.concat(this.#partial.splice(0)));
      this.#partialBytes = 0;
      from = at + 1;
    }
    const rest = bytes.subarray(from);
    if (rest.length > 0) this.#partial.push(rest);
    this.#partialBytes += rest.length;
    if (this.#partialBytes + this.#unasked > MOST)
      this.#giveUp(`${this.#name} wrote more than ${MOST / 2 ** 20} MB that nobody asked for`);
  }

  #take(bytes: Buffer): void {
    if (this.#ended !== undefined) return;
    const line = bytes.toString('utf8').replace(/\r$/, '');
    const first = this.#waiting.shift();
    if (first !== undefined) return first.resolve(line);
    this.#early.push(line);
    this.#unasked += line.length;
  }

  #giveUp(reason: string): void {
    this.#finish(reason);
    this.#early = [];
    this.#partial = [];
    this.#child.stdout?.destroy();
    this.close();
  }

  #finish(reason: string): void {
    const detail = this.#errors.trim().split('\n').slice(-4).join('\n');
    this.#ended ??= new UserError('helper-ended', `${reason}${detail === '' ? '' : `\n${detail}`}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
