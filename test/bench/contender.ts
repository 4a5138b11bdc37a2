import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** Something that takes a saved file to where Asterisk reads it, and says when it is done. */
export interface Contender {
  readonly name: string;
  /** Saves the file anew; resolves when the contender says that this save is served. */
  save(): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds until a contender that says nothing counts as broken. */
const PATIENCE = 20_000;

/** A program that is started once and tells on its standard output, line by line, what it has done. */
export class Teller {
  readonly #child: ChildProcess;
  readonly #name: string;
  #rest = '';
  #listener: ((line: string) => void) | undefined;

  constructor(
    name: string,
    argv: readonly [string, ...string[]],
    options: { cwd?: string; env?: object } = {},
  ) {
    const [program, ...args] = argv;
    this.#name = name;
    // a group of its own, so that the parts of a pipeline end together
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (this.#rest + chunk.toString()).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#listener?.(line);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Does something, and waits for a line that matches. */
  async until(
    pattern: Pick<RegExp, 'test'>,
    act: () => void = () => undefined,
    patience = PATIENCE,
  ): Promise<string> {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#name}: no answer within ${patience / 1000} s`)),
        patience,
      );
      this.#child.once('exit', (code) => reject(new Error(`${this.#name} ended with status ${code}`)));
      this.#listener = (line) => {
        if (!pattern.test(line)) return;
        clearTimeout(timer);
        this.#child.removeAllListeners('exit');
        this.#listener = undefined;
        resolve(line);
      };
      act();
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#child.removeAllListeners('exit');
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    process.kill(-this.pid, signal);
    await ended;
  }
}

/** Changes the extension in a dialplan file: same size, other bytes, saved in place as most editors do. */
export function nextSave(file: string): () => void {
  let number = 100;
  return () => {
    number = number === 999 ? 100 : number + 1;
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\*\*\*\d+/, `***${number}`));
  };
}
