import { EXIT } from '../support/errors.ts';

/** The end of a command that a person asks for. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Ends the command as Ctrl-C does; the reason is that of the signal. */
  readonly end: (reason?: unknown) => void;
}

/** Milliseconds in which signals are one: timeout(1) sends its own to the command, and to all of its group at once. */
const TOGETHER = 500;

/**
 * Ctrl-C, SIGTERM and SIGHUP as an abort signal. The second one does not wait for the work in hand: what a batch
 * changed stands in the journal of its target.
 */
export function interruption(): Interruption {
  const stop = new AbortController();
  const end = (reason?: unknown): void => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort(reason);
  };
  let first = -Infinity;
  const interrupt = (): void => {
    if (performance.now() - first < TOGETHER) return;
    first = performance.now();
    end();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  return { signal: stop.signal, end };
}
