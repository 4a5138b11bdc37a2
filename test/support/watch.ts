import { execFileSync, spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFailed } from 'vitest';
import { downEmbedded } from '../../src/stacks/embedded.ts';
import { BIN } from './wdev.ts';
import type { LoopEvent } from '../../src/loop/events.ts';

export type TimedEvent = LoopEvent & { readonly t: number };

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `wdev` as in wdev.ts, for tests that do nothing else meanwhile. */
export function wdevNow(args: readonly string[], cwd: string, env: Record<string, string> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}

/** The answer of the console of the embedded stack below a folder: `wdev stack exec` without a start of wdev. */
export function onConsole(dir: string, command: string): string {
  return execFileSync(path.join(dir, '.wdev/stack/bin/asterisk'), ['-rx', command], { encoding: 'utf8' });
}

/** A folder that is gone after the test, with its embedded stack. */
export function project(): { readonly dir: string; remove(): Promise<void> } {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  const remove = async (): Promise<void> => {
    await downEmbedded(dir);
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  };
  return { dir, remove };
}

/** Folders of plugins that this process made, by the words that made them. */
const made = new Map<string, string>();

/** A new plugin of the stack's kind, as `wdev new` makes it: made once a process, then copied. */
export function makePlugin(dir: string, name: string, ...args: readonly string[]): string {
  const words = ['new', 'stack', name, '--namespace', 'demo', '--part', 'dialplan', '--yes', ...args];
  let original = made.get(words.join(' '));
  if (original === undefined) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-made-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const { status, stderr } = wdevNow(words, folder);
    if (status !== 0) throw new Error(stderr);
    original = path.join(folder, name);
    made.set(words.join(' '), original);
  }
  const copy = path.join(dir, name);
  cpSync(original, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return copy;
}

/** Lets the install of a plugin of the dialplan part restart services, as check wants it of one that has settings for them. */
export function restartInInstall(plugin: string, ...units: readonly string[]): void {
  const file = path.join(plugin, 'wazo/rules');
  const text = readFileSync(file, 'utf8');
  const begin = 'take_effect() {\n';
  if (!text.includes(begin)) throw new Error(`no take_effect in ${file}`);
  writeFileSync(file, text.replace(begin, `${begin}    systemctl restart ${units.join(' ')}\n`));
}

/** A running `wdev watch --json`. */
export class Watch {
  readonly events: TimedEvent[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #closed: Promise<number | null>;
  #stderr = '';
  #rest = '';
  #seen = 0;
  #isOver = false;
  #wake: () => void = () => undefined;

  /** `before` are the words of a program that starts another one; `bin` is the built command. */
  constructor(
    args: readonly string[],
    cwd: string,
    env: Record<string, string> = {},
    before: readonly string[] = [],
    bin = BIN,
  ) {
    const [program, ...words] = [...before, process.execPath, bin, 'watch', ...args, '--json'];
    this.#child = spawn(program, words, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#closed = new Promise((resolve) => {
      this.#child.on('close', (status) => {
        this.#isOver = true;
        resolve(status);
        this.#wake();
      });
    });
    try {
      onTestFailed(
        () => void process.stderr.write(`watch said: ${JSON.stringify(this.events.slice(-40))}\n`),
      );
    } catch {
      // it is watched for several tests, which begin later
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    this.events.push(...lines.map((line) => JSON.parse(line) as TimedEvent));
    this.#wake();
  }

  /** The next event of a kind, or of one of several, that was not waited for yet. */
  async next<K extends LoopEvent['event']>(
    kinds: K | readonly K[],
    withinMs = 600_000,
  ): Promise<Extract<TimedEvent, { event: K }>> {
    const isWanted = (event: TimedEvent | undefined): boolean =>
      event !== undefined && [kinds].flat().some((kind) => kind === event.event);
    const deadline = Date.now() + withinMs;
    for (;;) {
      while (this.#seen < this.events.length) {
        const event = this.events[this.#seen];
        this.#seen += 1;
        if (isWanted(event)) return event as Extract<TimedEvent, { event: K }>;
      }
      const left = deadline - Date.now();
      if (left <= 0 || this.#isOver) {
        throw new Error(
          `no ${[kinds].flat().join(' or ')}; events: ${JSON.stringify(this.events.slice(-8))} ${this.#stderr}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Forgets what came so far, so that `next` waits for what comes now. */
  forget(): void {
    this.#seen = this.events.length;
  }

  /** Ctrl-C, and the exit status. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.#child.kill(signal);
    return await this.#closed;
  }

  /** The exit status of a watch that ends by itself. */
  async ended(): Promise<number | null> {
    return await this.#closed;
  }
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
