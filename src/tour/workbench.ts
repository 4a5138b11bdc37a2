import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LoopEvent } from '../loop/events.ts';
import { runLoop } from '../loop/loop.ts';
import {
  chooseStack,
  commandIn,
  endStack,
  startStack,
  type AnyStack,
  type StackKind,
  type StackQuery,
} from '../stack/any-stack.ts';
import { EXIT, UserError, messageOf } from '../support/errors.ts';
import { run } from '../support/run.ts';
import type { TourVoice } from './tour.ts';

/** Milliseconds until something that the dev loop should say counts as missing. */
const PATIENCE = 30_000;

export interface WorkbenchOptions {
  /** An empty folder of the tour's own; `clear` removes it. */
  readonly folder: string;
  readonly kind: StackKind;
  readonly voice: TourVoice;
  readonly signal: AbortSignal;
}

interface RunningLoop {
  readonly stop: AbortController;
  readonly end: Promise<void>;
}

/**
 * What a tour works with: a temporary folder, a stack of its own, the dev loop on a plugin there, and commands
 * that look at the stack past the loop.
 */
export class Workbench {
  readonly folder: string;
  readonly #query: StackQuery;
  readonly #voice: TourVoice;
  readonly #signal: AbortSignal;
  readonly #events: LoopEvent[] = [];
  #cursor = 0;
  #wake: () => void = () => undefined;
  #stack: AnyStack | undefined;
  #loop: RunningLoop | undefined;
  #lost: unknown;

  constructor({ folder, kind, voice, signal }: WorkbenchOptions) {
    this.folder = folder;
    const name = kind === 'real' ? { name: `tour-${process.pid}` } : {};
    this.#query = { kind, project: folder, ...name };
    this.#voice = voice;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake());
  }

  /** Path of a file in the tour's folder. */
  path(file: string): string {
    return path.join(this.folder, file);
  }

  has(file: string): boolean {
    return existsSync(this.path(file));
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  /** Saves a file with one line changed, as an editor would. Answers the number of that line, from 1. */
  edit(file: string, before: string, after: string): number {
    const lines = this.read(file).split('\n');
    const index = lines.indexOf(before);
    if (index < 0) throw new UserError('tour', `${file} has no line "${before}"`);
    this.#voice.edited(file, before, after);
    writeFileSync(this.path(file), lines.with(index, after).join('\n'));
    return index + 1;
  }

  async startStack(): Promise<void> {
    await startStack(this.#query, (reason) => this.#voice.event({ event: 'held', reason }));
    this.#stack = await chooseStack(this.#query);
  }

  /** Starts the dev loop on a plugin of the tour's folder. */
  watch(plugin: string): void {
    const { kind, name } = this.#query;
    const stop = new AbortController();
    const options = {
      paths: [this.path(plugin)],
      target: kind === 'real' ? `stack:${name ?? ''}` : 'embedded',
      folder: this.folder,
      once: false,
      clean: true,
      keepBroken: false,
      poll: false,
    };
    const end = runLoop(options, (event) => this.#hear(event), stop.signal).then(
      () => undefined,
      (error: unknown) => {
        this.#lost = error;
        this.#wake();
      },
    );
    this.#loop = { stop, end };
  }

  /** Ends the dev loop as Ctrl-C does; it takes the plugin off the stack. */
  async stopWatching(): Promise<void> {
    const loop = this.#loop;
    this.#loop = undefined;
    loop?.stop.abort();
    await loop?.end;
    if (this.#lost !== undefined) throw this.#lost;
  }

  /**
   * The next event of the given name that the dev loop tells.
   * @throws UserError `tour` when it does not come, or the loop ended
   */
  async next<Name extends LoopEvent['event']>(name: Name): Promise<Extract<LoopEvent, { event: Name }>> {
    const until = performance.now() + PATIENCE;
    for (;;) {
      while (this.#cursor < this.#events.length) {
        const event = this.#events[this.#cursor++];
        if (event?.event === name) return event as Extract<LoopEvent, { event: Name }>;
      }
      if (this.#signal.aborted) throw new UserError('interrupted', 'interrupted', { exit: EXIT.interrupted });
      if (this.#lost !== undefined) throw this.#lost;
      const left = until - performance.now();
      if (left <= 0) throw new UserError('tour', `the dev loop did not tell "${name}" in time`);
      await this.#heard(left);
    }
  }

  /** What Asterisk's console on the stack answers; asked anew, past the dev loop. */
  async console(command: string): Promise<string> {
    const { stdout } = await this.#on(['asterisk', '-rx', command]);
    this.#voice.asked(`asterisk -rx '${command}'`, stdout);
    return stdout;
  }

  /** Every file below a folder of the stack, with its hash. */
  async hashes(folder: string): Promise<string> {
    const script = `cd "$WDEV_ROOT${folder}" && find . -type f -exec sha256sum {} + | LC_ALL=C sort`;
    return (await this.#on(['sh', '-c', script])).stdout;
  }

  /** Ends the loop and the stack, and removes the folder. */
  async clear(): Promise<void> {
    try {
      await this.stopWatching();
    } catch (error) {
      this.#voice.event({ event: 'held', reason: messageOf(error) });
    } finally {
      await endStack(this.#query);
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  async #on(command: readonly [string, ...string[]]): Promise<{ stdout: string }> {
    if (this.#stack === undefined) throw new UserError('tour', 'the stack was not started');
    const { command: words, env } = commandIn(this.#stack, command);
    const result = await run(words, { env });
    if (result.status === 0) return result;
    throw new UserError('tour', `${command.join(' ')} failed on the stack: ${result.stderr.trim()}`);
  }

  #hear(event: LoopEvent): void {
    this.#events.push(event);
    this.#voice.event(event);
    this.#wake();
  }

  async #heard(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
