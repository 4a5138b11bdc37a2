/** Comments of an Asterisk configuration file, line by line. */

/** How deep `;--` comments are nested; not zero means that text is swallowed. It lives on over a whole glob. */
export interface CommentState {
  depth: number;
  /** Asterisk's line of the start of each open comment. */
  readonly starts: number[];
  /** Asterisk's line of the last `--;` that closes nothing. */
  stray: number;
}

export function openCommentState(): CommentState {
  return { depth: 0, starts: [], stray: 0 };
}

/**
 * Takes the comments out of one line. `;` starts one up to the end of the line, `\;` is a semicolon, `;--` (not
 * `;---`) opens a block that `--;` closes. A `--;` without a block makes the depth negative, and Asterisk then
 * swallows all lines until a `;--` brings it back to zero.
 * @returns the text that is left, undefined when the line began and ended inside of a block
 */
export function stripComments(line: string, asteriskLine: number, state: CommentState): string | undefined {
  let semicolon = line.indexOf(';');
  if (semicolon < 0) return state.depth === 0 ? line : undefined;
  let kept: string | undefined = state.depth === 0 ? '' : undefined;
  let from = 0;
  let searched = 0;
  const keep = (to: number): void => {
    if (kept !== undefined) kept += line.slice(from, to);
  };
  // text is kept while this holds; a block that opens inside the line suspends it
  let taking = state.depth === 0;
  for (; semicolon >= 0; semicolon = line.indexOf(';', searched)) {
    if (semicolon > searched && line[semicolon - 1] === '\\') {
      if (taking) {
        keep(semicolon - 1);
        from = semicolon;
      }
      searched = semicolon + 1;
    } else if (line.startsWith(';--', semicolon) && line[semicolon + 3] !== '-') {
      if (taking) keep(semicolon);
      taking = false;
      searched = semicolon + 3;
      state.depth++;
      state.starts[state.depth - 1] = asteriskLine;
    } else if (semicolon >= searched + 2 && line.startsWith('--', semicolon - 2)) {
      state.depth--;
      if (state.depth < 0) state.stray = asteriskLine;
      searched = semicolon + 1;
      if (state.depth === 0) {
        kept ??= '';
        taking = true;
        from = searched;
      }
    } else if (state.depth === 0) {
      if (taking) keep(semicolon);
      return kept;
    } else searched = semicolon + 1;
  }
  if (taking) keep(line.length);
  return kept;
}
