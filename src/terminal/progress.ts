import { ageOfProcess, hearDoing, SOON, type Doing } from '../support/doing.ts';
import { paced } from '../support/pace.ts';
import { canMove, columnsOf, moveTo, printProgress } from './output.ts';

/** Milliseconds after which a line says again that the work is under way: one that changes, and one of a pipe. */
const TICK = { moving: 1000, plain: 10_000 };

/**
 * Shows what is being done (support/doing.ts) once it takes more than a second: on a terminal in one line of stderr
 * that changes, with the seconds that it takes; elsewhere in a line every few seconds, and each sentence that is about
 * something else at once.
 */
export function showProgress(): void {
  const moves = canMove();
  let now: Doing = { text: '', subject: '', since: 0 };
  let last = 0;
  const said = new Set<string>();
  const print = moves ? (text: string): void => moveTo(`wdev: ${text}`) : printProgress;
  const passOn = moves ? print : paced(print);
  const show = (how: (text: string, subject: string) => void, text: string): void => {
    last = ageOfProcess();
    how(text, now.subject);
  };
  const tick = (): void => {
    if (now.text === '' || ageOfProcess() - now.since < SOON) return;
    // what was told in the first second, and what is told again
    const isNew = last < now.since;
    if (!isNew && ageOfProcess() - last < (moves ? TICK.moving : TICK.plain)) return;
    show(isNew ? passOn : print, moves || !isNew ? timed(now) : now.text);
  };
  setInterval(tick, TICK.moving / 4).unref();
  process.on('exit', () => moves && moveTo(''));
  hearDoing((told) => {
    now = told;
    if (told.text === '') {
      if (moves) moveTo('');
    } else if (ageOfProcess() - told.since >= SOON && (moves || !said.has(told.text))) {
      // a pipe keeps all lines: work that goes on after a step is not told once more
      said.add(told.text);
      show(passOn, moves ? timed(told) : told.text);
    }
  });
}

/** The sentence with the seconds since the work began, as wide as the terminal. */
function timed({ text, since }: Doing): string {
  const seconds = Math.round((ageOfProcess() - since) / 1000);
  if (seconds < 3) return text;
  const end = ` (${seconds} s)`;
  const room = columnsOf(process.stderr) - 'wdev: '.length - end.length - 1;
  return `${text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text}${end}`;
}
