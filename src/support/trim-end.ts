/**
 * A text without the characters of a set at its end. A pattern such as `x+$` begins anew at each of them, so that its time
 * grows with their square.
 */
export function trimEnd(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
