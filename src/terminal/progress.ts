import { canMove, moveTo, printProgress } from './output.ts';

/** Milliseconds between two plain lines of long work. */
const EVERY = 3000;

/**
 * A printer for long work that tells often how far it is: on a terminal one line of stderr that changes; elsewhere a
 * line every few seconds, and each sentence that is about something else at once.
 */
export function progressPrinter(): { readonly say: (text: string) => void; readonly end: () => void } {
  const moves = canMove();
  let shown = '';
  let last = 0;
  return {
    say: (text) => {
      if (text === shown) return;
      const isSame = subjectOf(text) === subjectOf(shown);
      if (!moves && isSame && Date.now() - last < EVERY) return;
      last = Date.now();
      shown = text;
      if (moves) moveTo(`wdev: ${text}`);
      else printProgress(text);
    },
    end: () => {
      if (moves && shown !== '') moveTo('');
      shown = '';
    },
  };
}

/** The subject of a sentence: all of it before how far it is. */
function subjectOf(text: string): string {
  return text.replace(/:.*$/s, '');
}
