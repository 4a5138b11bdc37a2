import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { BIN, GIT_IDENTITY } from './wdev.ts';

export interface WatchEvent {
  readonly event: string;
  readonly [name: string]: unknown;
  /** performance.now() when its line came. */
  readonly at: number;
}

/** A running `wdev watch --json`. */
export interface Watching {
  readonly events: readonly WatchEvent[];
  /** The first event that comes from now on and is such a one. */
  next(is: (event: WatchEvent) => boolean): Promise<WatchEvent>;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

export function startWatch(cwd: string, args: readonly string[] = []): Watching {
  const child = spawn(process.execPath, [BIN, 'watch', '--json', ...args], {
    cwd,
    env: { ...process.env, ...GIT_IDENTITY },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: WatchEvent[] = [];
  interface Waiting {
    readonly is: (event: WatchEvent) => boolean;
    readonly resolve: (event: WatchEvent) => void;
    readonly reject: (error: Error) => void;
  }
  const waiting = new Set<Waiting>();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('close', () => {
    for (const { reject } of waiting) reject(new Error(`it ended after ${JSON.stringify(events.slice(-8))}`));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = { ...(JSON.parse(line) as WatchEvent), at: performance.now() };
    events.push(event);
    for (const one of waiting) {
      if (!one.is(event)) continue;
      waiting.delete(one);
      one.resolve(event);
    }
  });
  return {
    events,
    next: (is) =>
      new Promise((resolve, reject) => {
        waiting.add({ is, resolve, reject });
      }),
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}
