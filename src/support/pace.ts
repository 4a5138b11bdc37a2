/** Milliseconds between two lines about the same. */
const EVERY = 3000;

/** Passes on what long work says: what is about something else at once, how far it is every few seconds. */
export function paced(say: (text: string) => void): (text: string, subject?: string) => void {
  let [said, about] = ['', ''];
  let last = Number.NEGATIVE_INFINITY;
  return (text, subject = text.replace(/:.*$/s, '')) => {
    if (text === said || (subject === about && performance.now() - last < EVERY)) return;
    last = performance.now();
    [said, about] = [text, subject];
    say(text);
  };
}
