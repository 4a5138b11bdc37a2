import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { deadline } from '../support/deadline.ts';
import { EXIT, refusalOf, UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import { encodeName } from '../support/file-name.ts';
import { quote } from '../support/quote.ts';
import type { ShellCommand } from '../stacks/shell-command.ts';
import type { Archive } from './archive.ts';
import { Frames } from './frames.ts';
import { OTHER_SHELL, lostError } from './lost.ts';
import type { TargetResult, TargetRunOptions } from './target.ts';
import { readText } from '../support/read-file.ts';

const DEFAULT_TIMEOUT = 60_000;
const OPEN_TIMEOUT = 20_000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A script that is longer, or has several lines, is sent behind its line: shells read those byte by byte. */
const LONGEST_LINE = 8192;

/** Empty lines before what is sent first: a profile that reads a line gets one of these. */
const LINES_FOR_PROFILES = 16;

/** How much of a large input is handed on at a time, in bytes. */
const PIECE = 1 << 20;

/** Inputs up to this many bytes go in one piece with their script. */
const SMALL = 1 << 16;

/** One request that waits for the end of its answer on both descriptors, and until its input is handed on. */
interface Pending {
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
  ended: number;
  status: number;
  /** The far end did not run it. */
  isRefused: boolean;
  /** A part of its input is still to come: nothing may be sent behind it, though a script that ended has answered. */
  isSending: boolean;
  readonly onOutput: ((chunk: Buffer) => void) | undefined;
  /** Sends the input, once the far end has taken a long script. */
  readonly sendInput: () => void;
  /** There was a sign of life: the time of silence begins anew. */
  heard(): void;
  /** The far end took a piece of the input: all its time begins anew. */
  handedOn(): void;
  settle(error: UserError | undefined): void;
}

/**
 * A long-lived POSIX shell, opened by any command that gives one, with framed requests: each script's
 * output and exit status come back apart. Requests are answered one after the other.
 */
export class Shell {
  readonly #id: string;
  readonly #child: Child;
  /** Unguessable word that frames answers and begins section lines. */
  readonly mark: string;
  readonly #nonce = `wdev-${randomBytes(9).toString('hex')}`;
  #pending: Pending | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #opened: Promise<unknown>;
  /** Whether helper.pl reads the requests at the far end; see driver.sh. */
  #isHelped = false;
  #isOpen = false;
  #lost: UserError | undefined;
  #complaint = '';

  /** `variables` are set in the shell before anything runs. */
  constructor(id: string, command: ShellCommand, variables: Readonly<Record<string, string>>) {
    this.#id = id;
    this.mark = this.#nonce;
    const [program, ...args] = command.argv;
    // a group of its own: Ctrl-C at the terminal must not kill the shell in the middle of a batch
    this.#child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...command.env },
      detached: true,
    });
    this.#child.stdin.on('error', () => undefined);
    this.#listen(this.#child.stdout, 'stdout');
    this.#listen(this.#child.stderr, 'stderr');
    this.#child.on('error', (error) => this.#lose(refusalOf(error)?.message ?? error.message));
    const name = path.basename(program);
    this.#child.on('close', (code, signal) =>
      this.#lose(
        `${name} ended ${signal === null ? `with exit status ${code ?? '?'}` : `by ${signal}`}`,
        code,
      ),
    );
    const settings = Object.entries({
      __begun: this.#nonce,
      ...variables,
      __nonce: this.#nonce,
      __program: helper(),
    }).map(([key, value]) => `${key}=${quote(value)}`);
    const lines = '\n'.repeat(LINES_FOR_PROFILES);
    // what a profile has read of it is gone
    const serve = `[ "\${__begun-}" = ${this.#nonce} ] || exit 3; [ -z "\${__given-}" ] || [ "\${1-}" = "$__given" ] || [ "$(id -u)" = 0 ] || { echo "wdev: $(id -un) ${OTHER_SHELL}" >&2; exit 3; }; __wdev_serve`;
    this.#child.stdin.write(encodeName(`${lines}${settings.join('\n')}\n${farEnd()}\n${serve}\n`));
    const nothing = (): void => undefined;
    this.#opened = this.#enqueue(nothing, { timeout: OPEN_TIMEOUT }, nothing);
    this.#opened.then(() => (this.#isOpen = true), nothing);
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Waits until the shell at the far end has answered. */
  async ready(): Promise<void> {
    await this.#opened;
  }

  async run(script: string, options: TargetRunOptions = {}): Promise<TargetResult> {
    const input = options.archive ?? wholeInput(options.input ?? new Uint8Array());
    const text = encodeName(script.replace(/(?<!\n)\n+$/, ''));
    const use = options.archive === undefined ? 'input' : 'archive';
    const send = (): void =>
      this.#isHelped ? this.#sendBlock(text, input, use) : this.#sendLine(text, input);
    return await this.#enqueue(send, options, () => this.#send(input));
  }

  /** A request as helper.pl reads it; a small one goes in one piece. */
  #sendBlock(script: Buffer, input: Archive, use: string): void {
    const head = Buffer.from(`${input.size} ${script.length} ${use}\n`);
    if (input.size <= SMALL) {
      this.#child.stdin.write(Buffer.concat([head, script, ...input.pieces()]));
      return;
    }
    this.#child.stdin.write(Buffer.concat([head, script]));
    this.#send(input);
  }

  /** A request as the shell itself reads it. */
  #sendLine(script: Buffer, input: Archive): void {
    const long = script.length > LONGEST_LINE || script.includes(10);
    if (long) {
      const text = Buffer.concat([script, Buffer.from(`\n# ${this.#nonce}`)]);
      this.#child.stdin.write(Buffer.concat([Buffer.from(`${input.size} ${text.length} \n`), text]));
      return;
    }
    this.#child.stdin.write(Buffer.concat([Buffer.from(`${input.size} 0 `), script]));
    this.#child.stdin.write('\n');
    this.#send(input);
  }

  /** Hands an input on piece by piece, so that a slow connection counts as alive while it takes some. */
  #send(input: Archive): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const pieces = input.pieces()[Symbol.iterator]();
    const next = (): void => {
      if (this.#lost !== undefined) return;
      const { done, value } = pieces.next();
      pending.isSending = done !== true;
      if (done === true) return this.#settleIfOver(pending);
      this.#child.stdin.write(value, () => {
        if (this.#pending === pending) pending.handedOn();
        next();
      });
    };
    next();
  }

  #settleIfOver(pending: Pending): void {
    if (pending.ended < 2 || pending.isSending) return;
    pending.settle(pending.isRefused ? this.#noRoom() : undefined);
  }

  async close(): Promise<void> {
    if (this.#lost !== undefined) return;
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#kill(), 2000);
    await closed;
    clearTimeout(timer);
  }

  /** Also what the shell has started: it must not write any more. */
  #kill(): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // it ended meanwhile
    }
  }

  #enqueue(send: () => void, options: TargetRunOptions, sendInput: () => void): Promise<TargetResult> {
    const answer = this.#queue.then(() => this.#ask(send, options, sendInput));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  #ask(send: () => void, options: TargetRunOptions, sendInput: () => void): Promise<TargetResult> {
    const timeout = options.timeout ?? DEFAULT_TIMEOUT;
    const limit = options.limit ?? 10 * timeout;
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) return reject(this.#lost);
      const timer = deadline(timeout, () =>
        this.#giveUp(`gave no answer for ${Math.round(timeout / 1000)} s`),
      );
      let until = performance.now() + limit;
      const pending: Pending = {
        stdout: [],
        stderr: [],
        ended: 0,
        status: 0,
        isRefused: false,
        isSending: false,
        onOutput: options.onOutput,
        sendInput,
        heard: () => {
          // a greeting is no answer
          if (!this.#isOpen) return;
          timer.refresh();
          if (performance.now() > until) this.#giveUp(`came to no end within ${Math.round(limit / 1000)} s`);
        },
        handedOn: () => {
          timer.refresh();
          until = performance.now() + limit;
        },
        settle: (error) => {
          timer.clear();
          this.#pending = undefined;
          if (error !== undefined) reject(error);
          else
            resolve({
              status: pending.status,
              stdout: joined(pending.stdout),
              stderr: joined(pending.stderr),
            });
        },
      };
      this.#pending = pending;
      send();
    });
  }

  #listen(stream: Readable, name: 'stdout' | 'stderr'): void {
    const frames = new Frames(this.#nonce, (output, status) => this.#finish(name, output, status));
    stream.on('data', (chunk: Buffer) => {
      if (this.#lost !== undefined) return;
      this.#pending?.heard();
      if (name === 'stdout') this.#pending?.onOutput?.(chunk);
      frames.take(chunk);
      if (name === 'stderr') this.#complaint = frames.tail().toString('utf8') || this.#complaint;
      // of a greeting, its end may say why there is no shell
      if (!this.#isOpen) frames.cut();
      if (frames.excess !== undefined) {
        this.#giveUp(frames.excess);
        frames.forget();
      }
    });
  }

  #finish(name: 'stdout' | 'stderr', output: Buffer, status: string): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    pending[name].push(output);
    if (status === 'more') return pending.sendInput();
    if (status === 'full') pending.isRefused = true;
    else if (status === 'quick') this.#isHelped = true;
    else if (status !== 'ready') pending.status = Number(status);
    pending.ended += 1;
    this.#settleIfOver(pending);
  }

  /** The far end did not run a request of which it could keep only a part. */
  #noRoom(): UserError {
    return new UserError(
      'target-full',
      `target ${this.#id}: its temporary folder is full, so nothing was done there`,
      { help: 'Make room there: df -h "${TMPDIR:-/tmp}"', exit: EXIT.unreachable },
    );
  }

  #lose(reason: string, status?: number | null): void {
    if (this.#lost !== undefined) return;
    this.#lost = lostError({
      id: this.#id,
      command: this.#child.spawnargs,
      reason,
      wasOpen: this.#isOpen,
      complaint: this.#complaint,
      ...(status === undefined ? {} : { status }),
    });
    this.#pending?.settle(this.#lost);
  }

  /** Ends a far end that does not keep to the bounds. */
  #giveUp(reason: string): void {
    this.#lose(reason);
    this.#kill();
  }
}

function wholeInput(input: Uint8Array): Archive {
  return {
    size: input.length,
    *pieces() {
      for (let from = 0; from < input.length; from += PIECE) yield input.subarray(from, from + PIECE);
    },
  };
}

function joined(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

let program: string | undefined;

/** The program that the far end runs where there is perl, without its comments. */
function helper(): string {
  const files = ['helper-requests.pl', 'helper-files.pl', 'helper-services.pl', 'helper.pl'];
  program ??= textOf(files).replaceAll(/^ *#.*\n/gm, '');
  return program;
}

let text: string | undefined;

/** The shell code of the far end, as it stands in this folder's `.sh` files. */
function farEnd(): string {
  text ??= textOf([
    'library.sh',
    'services.sh',
    'packages.sh',
    'journal.sh',
    'undo.sh',
    'lock.sh',
    'driver.sh',
  ]);
  return text;
}

function textOf(names: readonly string[]): string {
  const folder = path.join(packageRoot(), 'src/targets/far-end');
  return names.map((name) => readText(path.join(folder, name))).join('\n');
}
