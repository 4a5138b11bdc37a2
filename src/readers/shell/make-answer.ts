/** A `wazo/rules` that is a Makefile, as `make -n --trace` tells what it would do. Pure. */

import type { CompoundList } from 'unbash';
import { SourceText } from '../source-text.ts';
import type { ShellCommand } from './command.ts';
import { isReadable, parseShell } from './parse.ts';
import { recipeLines, type RecipeLine, type Row, type Spot } from './recipe-lines.ts';
import {
  findCase,
  readInterpreter,
  type RulesBranch,
  type RulesProblem,
  type RulesScript,
} from './rules-script.ts';
import { ShellWalk, type FollowedScript } from './walk.ts';
import { WalkBudget } from './walk-budget.ts';

/** The answer of make to one command of wazo-plugind: the commands that it would run, and its complaints. */
export interface MakeAnswer {
  readonly name: string;
  readonly status: number;
  /** With the package's folder as `$pkgdir`. */
  readonly stdout: string;
  readonly stderr: string;
  /** The environment of the commands of its target beside `pkgdir`, as far as it is plain text. */
  readonly exported?: ReadonlyMap<string, string>;
  /** It was cut off: why; empty where it was not asked, since that of another command was cut off. */
  readonly why?: string;
}

/** The answer of make about a `wazo/rules`, or why it was not asked. */
export type MadeRules =
  | { readonly answers: readonly MakeAnswer[]; readonly why?: undefined; readonly fails?: undefined }
  | { readonly answers?: undefined; readonly why: string; readonly fails?: true };

/** Plugin folder → what make said. */
export type MadeRulesByFolder = ReadonlyMap<string, MadeRules>;

/** Whether `wazo/rules` is run by make. */
export function isMakefile(text: string): boolean {
  return /^g?make$/.test(readInterpreter(text).name);
}

/** From `start` on, a text of ours comes from the place `spot`. */
interface Segment {
  readonly start: number;
  readonly spot: Spot;
  readonly row?: Row;
}

/** The shell script that make's answers amount to; its places are those of the Makefile. */
class MadeText extends SourceText {
  readonly #segments: readonly Segment[];

  constructor(file: SourceText, text: string, segments: readonly Segment[]) {
    super(file.path, text, file.mode);
    this.#segments = segments;
  }

  override at(offset: number): Spot {
    let [low, high] = [0, this.#segments.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#segments[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const segment = this.#segments[low];
    if (segment === undefined) return { file: this.path, line: 1, column: 1 };
    const { start, spot, row } = segment;
    const end = this.#segments[low + 1]?.start ?? this.text.length;
    // make put nothing in, so that the columns are those of the Makefile
    const isSame = row !== undefined && this.text.slice(start, end).trimEnd() === row.text;
    return isSame ? { ...spot, column: spot.column + offset - start } : spot;
  }
}

/**
 * Reads a Makefile as the script that make's answers amount to: one branch a command, one shell a line of a recipe.
 * `files` are those that it may include.
 */
export function readMadeRules(
  file: SourceText,
  files: ReadonlyMap<string, SourceText>,
  { answers = [] }: MadeRules,
): RulesScript {
  const settings = settingsOf(textsOf(file, files).join('\n'));
  const known = answers.filter((answer) => !isMissing(answer));
  const stop = known.map((answer) => problemOf(answer, files)).find((one) => one !== undefined);
  const writer = new ScriptWriter(file);
  const steps = known.map((answer) => {
    const lines = settings.isShell ? recipeLines(answer.stdout, file, files, settings.oneShell) : [];
    return { answer, starts: writer.branch(answer.name, targetSpot(file, answer.name, lines), lines) };
  });
  const { text, segments, problems } = writer.end();
  const isRead = isReadable(text);
  const script = parseShell(text);
  const node = findCase(script, new Map());
  const followed = { source: text, functions: new Map(), budget: new WalkBudget() };
  const branches = steps.map((step): [string, RulesBranch] => {
    const body = node?.items.find(({ pattern }) =>
      pattern.some(({ value }) => value === step.answer.name),
    )?.body;
    return [step.answer.name, branchOf(step, body, followed, settings)];
  });
  return {
    file: new MadeText(file, text, segments),
    interpreter: readInterpreter(file.text),
    script: parseShell(''),
    isRead,
    branches: isRead ? new Map(branches) : undefined,
    refusesUnknown: true,
    errexit: settings.errexit,
    caseNode: undefined,
    made: {
      shell: settings.shell,
      script,
      problems: stop === undefined ? problems : [stop, ...problems],
    },
  };
}

/** A line of a recipe, and where it begins in the script. */
interface Started {
  readonly start: number;
  readonly line: RecipeLine;
}

/** Writes the script that answers of make amount to, and notes where each piece of it comes from. */
class ScriptWriter {
  readonly #segments: Segment[];
  readonly #problems: RulesProblem[] = [];
  readonly #pieces = ['case "$1" in\n'];
  #length = this.#pieces[0]?.length ?? 0;

  constructor({ path }: SourceText) {
    this.#segments = [{ start: 0, spot: { file: path, line: 1, column: 1 } }];
  }

  branch(name: string, spot: Spot, lines: readonly RecipeLine[]): readonly Started[] {
    this.#put(`${name})\n`, spot);
    const started = lines.map((line) => {
      const start = this.#length;
      const [problem] = isReadable(line.text) ? (parseShell(line.text).errors ?? []) : [];
      if (problem === undefined) {
        for (const [at, piece] of line.text.split('\n').entries())
          this.#put(`${piece}\n`, line.rows[at]?.spot ?? line.spot, line.rows[at]);
      } else {
        const message = `shell syntax error: ${problem.message}`;
        this.#problems.push({ ...line.spot, message });
        // what one shell cannot read must not hide what the others do
        this.#put(':\n', line.spot);
      }
      return { start, line };
    });
    this.#put(';;\n', spot);
    return started;
  }

  end(): {
    readonly text: string;
    readonly segments: readonly Segment[];
    readonly problems: readonly RulesProblem[];
  } {
    return { text: `${this.#pieces.join('')}esac\n`, segments: this.#segments, problems: this.#problems };
  }

  #put(piece: string, spot: Spot, row?: Row): void {
    this.#segments.push({ start: this.#length, spot, ...(row === undefined ? {} : { row }) });
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

/** One command of wazo-plugind: each line of its recipes is followed in a shell of its own. */
function branchOf(
  { answer, starts }: { readonly answer: MakeAnswer; readonly starts: readonly Started[] },
  body: CompoundList | undefined,
  followed: FollowedScript,
  { ignores, errexit, isShell, shell }: MakeSettings,
): RulesBranch {
  const { name, exported = new Map<string, string>() } = answer;
  const statements = body?.commands ?? [];
  const commands: ShellCommand[] = [];
  let next = 0;
  for (const [index, { line }] of starts.entries()) {
    const end = starts[index + 1]?.start ?? Number.MAX_SAFE_INTEGER;
    const from = next;
    while (next < statements.length && (statements[next]?.pos ?? 0) < end) next += 1;
    // a make that is called in a folder has variables of its own
    const walk = new ShellWalk(followed, new Map([...KNOWN, ...(line.folder === '' ? exported : [])]));
    walk.list(statements.slice(from, next), true);
    for (const [at, command] of walk.commands.entries()) {
      const guarded = command.guarded || line.guarded || ignores;
      commands.push({ ...command, guarded, ...(at === 0 ? { begins: line.folder } : {}) });
    }
  }
  const start = statements[0]?.pos ?? body?.pos ?? 0;
  const why = isShell ? lastWords(answer) : `${shell} runs its recipes, and no shell`;
  return {
    name,
    start,
    end: statements.at(-1)?.end ?? start,
    statements,
    commands,
    isWhole: why === undefined,
    ...(why === undefined ? {} : { why }),
    errexit,
  };
}

/** The variables that a line of a recipe begins with. */
const KNOWN = new Map([
  ['pkgdir', '$pkgdir'],
  ['PWD', '.'],
]);

interface MakeSettings {
  readonly shell: string;
  /** It reads commands as a shell does: others may run recipes, as Python does. */
  readonly isShell: boolean;
  readonly errexit: boolean;
  /** One shell runs all lines of a recipe. */
  readonly oneShell: boolean;
  /** No failure counts. */
  readonly ignores: boolean;
}

/** The texts of a Makefile and of the files of the plugin that it includes, as far as their names stand there. */
function textsOf(file: SourceText, files: ReadonlyMap<string, SourceText>): readonly string[] {
  const read = new Set([file]);
  // those that are added meanwhile, too
  for (const { lines } of read) {
    const names = lines
      .flatMap((line) => /^ *[-s]?include +([^#]*)/.exec(line)?.[1]?.split(/\s+/) ?? [])
      .map((name) => /[^/)}]+$/.exec(name)?.[0])
      .filter((name) => name !== undefined);
    for (const other of files.values())
      if (names.some((name) => other.path.split('/').at(-1) === name)) read.add(other);
  }
  return [...read].map(({ text }) => text);
}

/** The settings of a Makefile that decide how its lines are run. Source: GNU make, Recipe Execution. */
function settingsOf(text: string): MakeSettings {
  const shell = /^ *(?:export +|override +)*SHELL *:{0,3}\??= *(\S+)/m.exec(text)?.[1] ?? '/bin/sh';
  const flags = /^ *(?:export +|override +)*\.SHELLFLAGS *:{0,3}\??= *(.*)$/m.exec(text)?.[1] ?? '-c';
  const name = shell.split('/').at(-1) ?? '';
  return {
    shell: name,
    // a name that make puts together counts as one
    isShell: /^(?:b?a|da|k|z|mk|yak)?sh$|busybox|\$/.test(name),
    errexit: flags.split(/\s+/).some((word) => /^-[a-z]*e/.test(word)),
    oneShell: /^ *\.ONESHELL *:/m.test(text),
    ignores: /^ *\.IGNORE *: *$/m.test(text) || /^#![^\n]* -\w*i/.test(text),
  };
}

/** It has no rule for the command, and no other that takes anything. */
function isMissing({ name, status, stderr }: MakeAnswer): boolean {
  return status !== 0 && stderr.includes(`No rule to make target '${name}'.`);
}

/** Where make stops: it cannot read on, was told to stop, or lacks a file. */
const STOPS: readonly RegExp[] = [
  /^(?<file>[^:\r\n\u2028\u2029]+):(?<line>\d+): \*\*\* (?<reason>.+?)\.? {0,2}(?:Stop\.)?$/m,
  /^(?<file>[^:\r\n\u2028\u2029]+):(?<line>\d+): (?<reason>.+: No such file or directory)$/m,
];

/** The place where make stopped. */
function problemOf(
  { name, status, stderr }: MakeAnswer,
  files: ReadonlyMap<string, SourceText>,
): RulesProblem | undefined {
  if (status === 0) return undefined;
  const groups = STOPS.map((form) => form.exec(stderr)?.groups).find((one) => one !== undefined);
  if (groups === undefined) return undefined;
  const { file: named = '', line, reason = '' } = groups;
  const isThere = Number(line) <= (files.get(named)?.lines.length ?? 0);
  const place = isThere ? { file: named, line: Number(line) } : { file: 'wazo/rules', line: 1 };
  return { ...place, column: 1, message: `make stops here in ${name}: ${reason}` };
}

/** Make's last words about an answer that is not whole. */
function lastWords({ status, stderr, why }: MakeAnswer): string | undefined {
  if (why !== undefined) return why;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return status === 0 ? undefined : last || `it ends with status ${status}`;
}

/** The line of a target: where it is written, else that of its first command. */
function targetSpot(file: SourceText, name: string, lines: readonly RecipeLine[]): Spot {
  const at = file.lines.findIndex((line) => line.startsWith(name) && /^[^\n#=]*:(?!=)/.test(line));
  if (at >= 0) return { file: file.path, line: at + 1, column: 1 };
  return lines[0]?.spot ?? { file: file.path, line: 1, column: 1 };
}
