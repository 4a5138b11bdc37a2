import { usageError } from '../../support/errors.ts';

/** One line of a dialogue, with its 1-based line in the file. */
export interface Turn {
  readonly by: 'handler' | 'asterisk';
  readonly text: string;
  readonly line: number;
}

/** The dialogue of an AGI handler and Asterisk. */
export interface Dialogue {
  /** File of the handler, relative to the dialogue's own. */
  readonly handler: string;
  /** Handler of a wazo-agid module; undefined for a program of its own. */
  readonly name: string | undefined;
  /** `agi_…: value`, as Asterisk sends them first. */
  readonly environment: readonly string[];
  readonly turns: readonly Turn[];
}

/**
 * Reads a dialogue: a line `handler: FILE [NAME]`, the variables, an empty line, then `> command` of the
 * handler and `< answer` of Asterisk. A line that begins with `;` says nothing.
 * @throws UserError with file and line for a line of another form
 */
export function parseDialogue(text: string, file: string): Dialogue {
  let handler: readonly string[] = [];
  const environment: string[] = [];
  const turns: Turn[] = [];
  for (const [at, row] of text.split(/\r?\n/).entries()) {
    const line = at + 1;
    if (row === '' || row.startsWith(';')) continue;
    if (row.startsWith('> ')) turns.push({ by: 'handler', text: row.slice(2), line });
    else if (row.startsWith('< ')) turns.push({ by: 'asterisk', text: row.slice(2), line });
    else if (row.startsWith('handler:')) handler = row.slice('handler:'.length).trim().split(/\s+/);
    else if (/^agi_\w+:/.test(row)) environment.push(row);
    else throw usageError(`${file}:${line}: not a line of a dialogue: ${row}`, FORM);
  }
  const [program = '', name] = handler;
  if (program === '') throw usageError(`${file}: there is no line "handler: FILE"`, FORM);
  return { handler: program, name, environment, turns };
}

const FORM = 'A dialogue has "handler: FILE", "agi_name: value", then "> command" and "< answer".';

/** The text of a dialogue file. */
export function dialogueText(dialogue: Dialogue, remark: string): string {
  const { handler, name, environment, turns } = dialogue;
  const lines = [
    `; ${remark}`,
    `handler: ${[handler, ...(name === undefined ? [] : [name])].join(' ')}`,
    ...environment,
    '',
    ...turns.map(({ by, text }) => `${by === 'handler' ? '>' : '<'} ${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The record of one call by wdev_agi_tap.py. */
export interface Tapped {
  readonly environment: readonly string[];
  readonly turns: readonly Turn[];
  readonly errors: readonly string[];
  /** Exit status of the handler; undefined when it did not come to an end. */
  readonly status: number | undefined;
}

export function parseTap(text: string): Tapped {
  const environment: string[] = [];
  const turns: Turn[] = [];
  const errors: string[] = [];
  let status: number | undefined;
  for (const [at, row] of text.split('\n').entries()) {
    const rest = row.slice(2);
    if (row.startsWith('> ')) turns.push({ by: 'handler', text: rest, line: at + 1 });
    else if (row.startsWith('< ')) turns.push({ by: 'asterisk', text: rest, line: at + 1 });
    else if (row.startsWith('! ')) errors.push(rest);
    else if (row.startsWith('= ')) status = Number(rest);
    else if (row !== '') environment.push(row);
  }
  return { environment, turns, errors, status };
}
