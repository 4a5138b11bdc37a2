/** Milliseconds between two lines about the same. */
const EVERY = 3000;

/** Passes on what long work says: what is about something else at once, how far it is every few seconds. */
export function paced(say: (text: string) => void): (text: string) => void {
  let said = '';
  let last = 0;
  return (text) => {
    const isSame = subjectOf(text) === subjectOf(said);
    if (text === said || (isSame && Date.now() - last < EVERY)) return;
    last = Date.now();
    said = text;
    say(text);
  };
}

/** The subject of a sentence: all of it before how far it is. */
function subjectOf(text: string): string {
  return text.replace(/:.*$/s, '');
}
