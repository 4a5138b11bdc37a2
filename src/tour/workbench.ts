import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gitWrites } from '../git/call.ts';
import type { LoopEvent } from '../loop/events.ts';
import { runLoop } from '../loop/loop.ts';
import {
  chooseStack,
  commandIn,
  endStack,
  startStack,
  type AnyStack,
  type StackQuery,
} from '../stacks/any-stack.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { run, type RunResult } from '../support/run.ts';
import type { Progress } from './progress.ts';
import { readText } from '../support/read-file.ts';

/** The things that run during a step: nothing, the stack, or the stack and the dev loop. */
export type Surroundings = 'none' | 'stack' | 'watching';

/** Where a workbench reports what it does in place of the person, and what the dev loop says meanwhile. */
/** The stacks that the tour is played on. */
export type TourStack = 'embedded' | 'real';

export interface WorkbenchVoice {
  event(event: LoopEvent): void;
  /** A line of a file that was changed. */
  edited(file: string, before: string, after: string): void;
  /** A command that was run. */
  typed(command: string): void;
}

export interface WorkbenchOptions {
  /** The tour's own folder. */
  readonly folder: string;
  readonly kind: TourStack;
  /** Name of the real stack. */
  readonly name: string;
  readonly voice: WorkbenchVoice;
  readonly progress: Progress;
  /** The command line of this very wdev. */
  readonly self: readonly [string, ...string[]];
  /** The tour plays itself. */
  readonly auto: boolean;
}

interface RunningLoop {
  readonly stop: AbortController;
  readonly end: Promise<void>;
}

type LastWord = Extract<LoopEvent, { event: 'verified' | 'failed' }>;

/** Code of the error when a stack does not answer, as while it restarts. */
export const STACK_SILENT = 'stack-silent';

/** The plugin that a tour makes, as a folder below the tour's. */
export const PLUGIN = 'hello';

/**
 * The things a tour works with: a folder, a stack of its own, the dev loop on the plugin there, and a way to read both
 * past the loop.
 */
export class Workbench {
  readonly folder: string;
  readonly auto: boolean;
  readonly kind: TourStack;
  readonly progress: Progress;
  readonly #query: StackQuery;
  readonly #voice: WorkbenchVoice;
  readonly #self: readonly [string, ...string[]];
  #wake: () => void = () => undefined;
  #stack: AnyStack | undefined;
  #loop: RunningLoop | undefined;
  #lost: unknown;
  #lastWord: LastWord | undefined;
  #asked: readonly [string, string] | undefined;

  constructor({ folder, kind, name, voice, progress, self, auto }: WorkbenchOptions) {
    this.folder = folder;
    this.auto = auto;
    this.kind = kind;
    this.progress = progress;
    this.#query = { kind, project: folder, ...(kind === 'real' ? { name } : {}) };
    this.#voice = voice;
    this.#self = self;
  }

  /** The target as a person names it for --target; empty for the default one. */
  get target(): string {
    return this.kind === 'real' ? ` --target stack:${this.#query.name ?? ''}` : '';
  }

  /** The last event of the dev loop about the plugin; undefined before there was one. */
  get lastWord(): LastWord | undefined {
    return this.#lastWord;
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  has(file: string): boolean {
    return existsSync(this.path(file));
  }

  /** The text of a file of the tour's folder; empty when there is none, as while an editor saves it. */
  read(file: string): string {
    try {
      return readText(this.path(file));
    } catch {
      return '';
    }
  }

  /** Saves a file with one line changed, as an editor would. */
  edit(file: string, is: (line: string) => boolean, change: (line: string) => string): void {
    const lines = this.read(file).split('\n');
    const index = lines.findIndex(is);
    const before = lines[index];
    if (before === undefined) throw new UserError('tour', `${file} has not the line that is changed here`);
    const after = change(before);
    this.#voice.edited(file, before, after);
    writeFileSync(this.path(file), lines.with(index, after).join('\n'));
  }

  /** Runs this wdev in the tour's folder, as the person would type it. */
  async wdev(command: string, after = ''): Promise<RunResult> {
    this.#voice.typed(`wdev ${command}${after}`);
    const result = await run([...this.#self, ...command.split(' ')], { cwd: this.folder });
    if (result.status === 0) return result;
    throw new UserError('tour', `wdev ${command} failed: ${result.stderr.trim() || result.stdout.trim()}`);
  }

  /** Commits all of the plugin; git may not know the person yet. */
  async commit(message: string): Promise<void> {
    this.#voice.typed(`git -C ${PLUGIN} commit -qam '${message}'`);
    const settings = ['user.name=wdev tour', 'user.email=tour@localhost', 'commit.gpgSign=false'];
    for (const step of [
      ['add', '-A'],
      ['commit', '-qm', message],
    ]) {
      const { status, stderr } = await gitWrites(this.path(PLUGIN), step, { settings });
      if (status !== 0) throw new UserError('tour', `git ${step.join(' ')} failed: ${stderr.trim()}`);
    }
  }

  /** As `wdev`, with what it prints put into a file of the tour's folder. */
  async wdevInto(command: string, file: string): Promise<void> {
    const { stdout } = await this.wdev(command, ` > ${file}`);
    writeFileSync(this.path(file), stdout);
  }

  /** Brings the stack and the dev loop into the state that a step wants. */
  async arrange(wanted: Surroundings): Promise<void> {
    if (wanted !== 'watching') await this.stopWatching();
    if (wanted === 'none') return;
    if (this.#stack === undefined) {
      await startStack(this.#query, {
        onProgress: (reason) => this.#voice.event({ event: 'held', reason }),
        forUs: true,
      });
      this.#stack = await chooseStack(this.#query);
      if (this.progress.note('before') === '') this.progress.setNote('before', await this.hashes());
    }
    if (wanted === 'watching' && this.#loop === undefined) this.#watch();
  }

  #watch(): void {
    const stop = new AbortController();
    const options = {
      paths: [this.path(PLUGIN)],
      target: this.kind === 'real' ? `stack:${this.#query.name ?? ''}` : 'embedded',
      folder: this.folder,
      once: false,
      clean: false,
      keepBroken: false,
      poll: false,
    };
    this.#lastWord = undefined;
    const end = runLoop(options, (event) => this.#hear(event), stop.signal).then(
      () => undefined,
      (error: unknown) => {
        this.#lost = error;
        this.wake();
      },
    );
    this.#loop = { stop, end };
  }

  /** Ends the dev loop as Ctrl-C does; the plugin stays on the stack. */
  async stopWatching(): Promise<void> {
    const loop = this.#loop;
    this.#loop = undefined;
    loop?.stop.abort();
    await loop?.end;
    this.#throwLost();
  }

  /** Waits until the dev loop says something, `wake` is called, or the time is over. */
  async rest(ms: number): Promise<void> {
    this.#throwLost();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#throwLost();
  }

  wake(): void {
    this.#wake();
  }

  /** The answer of Asterisk's console on the stack, asked past the dev loop. */
  async console(command: string): Promise<string> {
    const { stdout } = await this.#on(['asterisk', '-rx', command]);
    this.#asked = [`asterisk -rx '${command}'`, stdout];
    return stdout;
  }

  /** The last question to the console and its answer, once. */
  takeAsked(): readonly [string, string] | undefined {
    const asked = this.#asked;
    this.#asked = undefined;
    return asked;
  }

  /** Every file of Asterisk's settings on the stack, with its hash. */
  async hashes(): Promise<string> {
    const script = 'cd "$WDEV_ROOT/etc/asterisk" && find . -type f -exec sha256sum {} + | LC_ALL=C sort';
    return (await this.#on(['sh', '-c', script])).stdout;
  }

  /** Ends the loop; the stack stays for when the tour goes on. */
  async leave(): Promise<void> {
    try {
      await this.stopWatching();
    } catch (error) {
      this.#voice.event({ event: 'held', reason: messageOf(error) });
    }
  }

  /** Ends the loop and the stack. */
  async end(): Promise<void> {
    await this.leave();
    await endStack(this.#query);
  }

  /** Ends all, and removes the folder. */
  async clear(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #on(command: readonly [string, ...string[]]): Promise<{ stdout: string }> {
    if (this.#stack === undefined) throw new UserError('tour', 'the stack was not started');
    const { command: words, env } = commandIn(this.#stack, command);
    const result = await run(words, { env });
    if (result.status === 0) return result;
    throw new UserError(STACK_SILENT, `${command.join(' ')} failed on the stack: ${result.stderr.trim()}`);
  }

  #throwLost(): void {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost !== undefined) throw lost;
  }

  #hear(event: LoopEvent): void {
    if (event.event === 'verified' || event.event === 'failed') this.#lastWord = event;
    // it ends only when the tour wants it to
    if (event.event !== 'stopped') this.#voice.event(event);
    this.wake();
  }
}
