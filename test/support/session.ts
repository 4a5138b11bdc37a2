import { spawn } from 'node:child_process';
import path from 'node:path';
import { GIT_IDENTITY } from './wdev.ts';

export interface SessionOptions {
  readonly cwd: string;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command in a real terminal (a pty) that goes on until it ends. */
export interface Session {
  /** Everything that the terminal showed. */
  readonly shown: () => string;
  /** Waits until a text appears after what was waited for last. */
  says(text: string | RegExp): Promise<void>;
  type(keys: string): void;
  /** Waits for the end; answers the exit status. */
  readonly ended: Promise<number | null>;
}

export function startSession(command: readonly string[], options: SessionOptions): Session {
  const relay = path.join(import.meta.dirname, 'relay.py');
  const words = [relay, String(options.columns ?? 80), '24', ...command];
  const { FORCE_COLOR: _runners, ...own } = process.env;
  // without the test runner's own wish, which would count for more than NO_COLOR
  const env: NodeJS.ProcessEnv = { ...own, ...GIT_IDENTITY, TERM: 'xterm', ...options.env };
  const child = spawn('/usr/bin/python3', words, {
    cwd: options.cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let from = 0;
  let look = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    look();
  });
  let isOver = false;
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (status) => {
      resolve(status);
      isOver = true;
      look();
    }),
  );
  const says = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        const rest = shown.slice(from);
        const [found] = typeof text === 'string' ? [text] : (text.exec(rest) ?? []);
        const at = found === undefined ? -1 : rest.indexOf(found);
        if (at < 0 && !isOver) return;
        // what comes later is for who waits next
        look = () => undefined;
        if (at < 0) return reject(new Error(`"${text}" did not appear in:\n${shown}`));
        from += at + (found ?? '').length;
        resolve();
      };
      look();
    });
  return { shown: () => shown, says, type: (keys) => void child.stdin.write(keys), ended };
}
