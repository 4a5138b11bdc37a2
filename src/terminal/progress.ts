import { paced } from '../support/pace.ts';
import { canMove, columnsOf, moveTo, printProgress } from './output.ts';

/** Milliseconds after which a line says again that the work is under way: one that changes, and one of a pipe. */
const TICK = { moving: 1000, plain: 10_000 };

export interface ProgressPrinter {
  readonly say: (text: string) => void;
  /** Removes the line that changes; what is said later begins a new one. */
  readonly end: () => void;
}

/**
 * A printer for long work that tells often how far it is: on a terminal one line of stderr that changes, with the
 * seconds that it takes; elsewhere a line every few seconds, and each sentence that is about something else at once.
 */
export function progressPrinter(): ProgressPrinter {
  const moves = canMove();
  let shown = '';
  let since = 0;
  const timed = (text: string): string => {
    const seconds = Math.round((Date.now() - since) / 1000);
    if (seconds < 3) return text;
    const end = ` (${seconds} s)`;
    const room = columnsOf(process.stderr) - 'wdev: '.length - end.length - 1;
    return `${text.length > room && moves ? `${text.slice(0, Math.max(0, room - 1))}…` : text}${end}`;
  };
  const print = moves ? (text: string): void => moveTo(`wdev: ${timed(text)}`) : printProgress;
  const passOn = moves ? print : paced(print);
  let last = 0;
  let ticks: NodeJS.Timeout | undefined;
  const tick = (): void => {
    if (Date.now() - last < (moves ? TICK.moving : TICK.plain)) return;
    last = Date.now();
    print(moves ? shown : timed(shown));
  };
  return {
    say: (text) => {
      if (text === shown) return;
      since ||= Date.now();
      last = Date.now();
      shown = text;
      passOn(text);
      ticks ??= setInterval(tick, TICK.moving).unref();
    },
    end: () => {
      clearInterval(ticks);
      ticks = undefined;
      if (moves && shown !== '') moveTo('');
      shown = '';
      since = 0;
    },
  };
}
