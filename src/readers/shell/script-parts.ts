/** A shell script as those see it who put lines into it: its functions, its case, the arms of that. Pure. */

import type { Case, Statement } from 'unbash';
import { isReadable, parseShell } from './parse.ts';

/** Offsets in the script. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ShellArm extends Span {
  /** Its patterns, without quotes. */
  readonly names: readonly string[];
  /** From its first pattern to its last. */
  readonly label: Span;
  readonly body: Span;
  readonly statements: readonly Span[];
  /** `;;`, `;&`; undefined when the last arm has none. */
  readonly terminator: string | undefined;
}

export interface ShellCase extends Span {
  /** Behind the word that is compared. */
  readonly wordTo: number;
  readonly arms: readonly ShellArm[];
}

/** A statement at the top of a script. */
export interface ShellPart extends Span {
  /** The name of a function. */
  readonly function?: string;
  readonly case?: ShellCase;
}

export interface ShellParts {
  /** The shell could read all of it. */
  readonly isSound: boolean;
  readonly parts: readonly ShellPart[];
}

export function readShellParts(text: string): ShellParts {
  const script = parseShell(text);
  const isSound = isReadable(text) && (script.errors ?? []).length === 0;
  return { isSound, parts: script.commands.map(partOf) };
}

function partOf({ command, pos: from, end: to }: Statement): ShellPart {
  if (command.type === 'Function') return { from, to, function: command.name.value };
  return command.type === 'Case' ? { from, to, case: caseParts(command) } : { from, to };
}

export function caseParts(node: Case): ShellCase {
  const arms = node.items.map(({ pos, end, pattern, body, terminator }) => ({
    from: pos,
    to: end,
    names: pattern.map(({ value }) => value),
    label: { from: pattern[0]?.pos ?? pos, to: pattern.at(-1)?.end ?? pos },
    body: { from: body.pos, to: body.end },
    statements: body.commands.map((statement) => ({ from: statement.pos, to: statement.end })),
    terminator,
  }));
  return { from: node.pos, to: node.end, wordTo: node.word.end, arms };
}
