/** Milliseconds between two lines about the same. */
const EVERY = 3000;

/** Passes on what long work says: what is about something else at once, how far it is every few seconds. */
export function paced(say: (text: string) => void): (text: string) => void {
  let said = '';
  let last = Number.NEGATIVE_INFINITY;
  return (text) => {
    const isSame = subjectOf(text) === subjectOf(said);
    if (text === said || (isSame && performance.now() - last < EVERY)) return;
    last = performance.now();
    said = text;
    say(text);
  };
}

/** The subject of a sentence: all of it before how far it is. */
function subjectOf(text: string): string {
  return text.replace(/:.*$/s, '');
}
