/** Commands, which a person copies, and numbers with their units: no line of a broken sentence parts them. */

/** Programs, each with the words that may follow where it is one of a sentence, too. */
const BEGIN =
  /(?<![\w./-])(?:wdev [a-z]+|git (?:-C \S+ )?(?:add|checkout|clone|commit|config|fetch|init|ls-remote|pull|push|remote|restore|rm|status|tag|update-index)|(?:sudo )?apt(?:-get)? [a-z]+|(?:sudo )?systemctl [a-z-]+|journalctl|ssh|npm [a-z]+|pip install|python3|gpg|df|ls|cd|chmod|modprobe|ansible-playbook|ansible-inventory|asterisk -rx|nvim|yo wazo-plugin)(?= |$)/g;

/** A word that is of a command, and hardly of a sentence. */
const OF_COMMAND = /^(?:-|["'<[$~]|[A-Z][A-Z\d_]+\b|\S*[/=@_:*]\S|\S*[a-z\d]\.[a-z\d])/;

/** Stands for a blank that is not to be broken at; it has a column. */
const GLUE = '\u{e000}';

/** The blank between a number and its unit, coloured or not. */
const BEFORE_UNIT = /(?<=\d) (?=(?:ms|s|min|h|days?|bytes?|[kMG]i?B|%)(?![\w-]))/g;

/** A text whose commands and quantities have no blanks. */
export function glued(sentence: string): string {
  const text = sentence.replace(BEFORE_UNIT, GLUE);
  let [made, from] = ['', 0];
  for (const match of text.matchAll(BEGIN)) {
    if (match.index < from) continue;
    const end = endOf(text, match.index + match[0].length);
    made += text.slice(from, match.index) + text.slice(match.index, end).replaceAll(' ', GLUE);
    from = end;
  }
  return made + text.slice(from);
}

export function unglued(text: string): string {
  return text.replaceAll(GLUE, ' ');
}

/** Where the command ends: behind its last word that is no word of a sentence, before a stop. */
function endOf(text: string, start: number): number {
  let end = start;
  let isValue = false;
  const words = / ("[^"]*"|'[^']*'|[^\s"']+)/y;
  words.lastIndex = start;
  for (let match = words.exec(text); match !== null; match = words.exec(text)) {
    const whole = match[1] ?? '';
    const word =
      whole.slice(0, -LONGEST_END) + whole.slice(-LONGEST_END).replace(/(?:[.,:;)]|\u001b\[[\d;]*m)+$/, '');
    const isLast = word !== match[1] || words.lastIndex === text.length;
    const isNear = words.lastIndex - end <= MOST_PLAIN;
    if (OF_COMMAND.test(word) || isValue || (isLast && isNear)) end = match.index + 1 + word.length;
    else if (!isNear) break;
    if (isLast) break;
    isValue = /^--?[a-z-]+$/.test(word);
  }
  return end;
}

/** Characters at the end of a word that may be stops, and codes of colours. */
const LONGEST_END = 100;

/** Characters of plain words that may stand within a command, as in `git remote add origin ADDRESS`. */
const MOST_PLAIN = 14;
