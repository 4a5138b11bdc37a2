import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { doing } from '../support/doing.ts';

/**
 * Runs a program in place of this one: it has our terminal or our streams, gets Ctrl-C itself, and its end is
 * what counts. Gives back its exit status, 128 and the signal's number when a signal ended it.
 */
export function runInForeground(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    doing('');
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    // the terminal sends these to the program as well; it decides what they mean
    const ignore = (): void => undefined;
    const forward = (): void => void child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', forward);
    const finish = (): void => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
    };
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      finish();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
