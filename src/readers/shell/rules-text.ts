/** Lines of `wazo/rules` that people are shown: where it handles a command, and which line names a thing. */

import { rulesCase } from './rules-script.ts';

interface RulesLines {
  /** 0-based lines, the label's own and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** The first line, counted from 1, that a pattern matches outside of comments. */
export function rulesLine(rules: string, pattern: RegExp): number | undefined {
  const at = rules.split('\n').findIndex((line) => !/^\s*#/.test(line) && pattern.test(line));
  return at < 0 ? undefined : at + 1;
}

/** Where `case` handles a command of rules: from its label to the `;;`. */
export function branchOf(rules: string, command: string): RulesLines | undefined {
  const arm = rulesCase(rules)?.arms.find(({ names }) => names.includes(command));
  if (arm === undefined) return undefined;
  const lineAt = (offset: number): number => rules.slice(0, offset).split('\n').length - 1;
  return { from: lineAt(arm.label.from), to: lineAt(arm.to - 1) + 1 };
}

/** The line, from 1, at which rules begin to handle a command. */
export function branchLine(rules: string, command: string): number | undefined {
  const branch = branchOf(rules, command);
  return branch === undefined ? undefined : branch.from + 1;
}

/**
 * The line of rules that has most of the words of a command or path: of the command's branch if one does,
 * else of the whole file (functions), else the branch's label.
 */
export function lineNaming(rules: string, command: string, what: string): number | undefined {
  const lines = rules.split('\n');
  const branch = branchOf(rules, command);
  const words = what.includes(' ')
    ? what.split(/\s+/).filter((word) => !word.startsWith('-'))
    : pathWords(what);
  const score = (line: string): number =>
    /^\s*#/.test(line) ? 0 : words.filter((word) => line.includes(word)).length;
  const best = (from: number, to: number, least: number): number | undefined => {
    const scores = lines.slice(from, to).map(score);
    const top = Math.max(0, ...scores);
    return top < least ? undefined : from + scores.indexOf(top) + 1;
  };
  const inBranch =
    branch === undefined ? undefined : best(branch.from, branch.to, what.includes(' ') ? 2 : 1);
  return inBranch ?? best(0, lines.length, what.includes(' ') ? 2 : 1) ?? branchLine(rules, command);
}

/** A path is named whole, or by its last parts. */
function pathWords(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return [path, parts.slice(-2).join('/'), parts.at(-1) ?? ''];
}
