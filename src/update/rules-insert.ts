/** Puts what a part needs into the `wazo/rules` of a plugin that was not made by us. Pure. */

import { applyTextEdits, type TextEdit } from '../edits/text-edits.ts';
import { readShellParts, type ShellArm, type ShellCase } from '../readers/shell/script-parts.ts';
import type { Block } from './keyed-merge.ts';
import { caseArms, shellScript } from './rules-blocks.ts';
import { lines } from './text-merge.ts';

/** Shell lines for each command of rules, and functions that they call, each with its comment. */
export interface RulesAddition {
  readonly functions: readonly { readonly name: string; readonly text: string }[];
  readonly arms: ReadonlyMap<string, readonly string[]>;
}

/** The lines that one rendering of our rules has beyond another. */
export function rulesDifference(old: string, fresh: string): RulesAddition {
  const [before, after] = [shellScript(old) ?? [], shellScript(fresh) ?? []];
  const functions = after
    .filter(({ key }) => key.startsWith('fn ') && !before.some((block) => block.key === key))
    .map(({ key, text }) => {
      const comment = after.find((block) => block.key === `#${key}`)?.text ?? '';
      return { name: key.slice('fn '.length), text: `${comment.trimStart()}${text}` };
    });
  const armsBefore = armLines(before);
  const arms = new Map<string, readonly string[]>();
  for (const [name, body] of armLines(after)) {
    const known = armsBefore.get(name) ?? [];
    const added = body.filter((line) => !known.includes(line));
    if (added.some((line) => !/^\s*#/.test(line))) arms.set(name, added);
  }
  return { functions, arms };
}

/** Lines of each arm without its label and `;;`, indented as far as they are among themselves. */
function armLines(script: readonly Block[]): ReadonlyMap<string, readonly string[]> {
  const arms = caseArms(script.find(({ key }) => key === 'case')?.text ?? '') ?? [];
  return new Map(
    arms
      .filter(({ key }) => /^[a-z]+$/.test(key))
      .map(({ key, text }) => [
        key,
        lines(text)
          .map((line) => line.trimEnd().replace(/^ {8}/, ''))
          .filter((line) => line !== '' && !/^\s*([a-z]+\)|;;)$/.test(line)),
      ]),
  );
}

/** The rules with all of it; undefined when they are not a case over the command. */
export function addToRules(text: string, node: ShellCase, addition: RulesAddition): string | undefined {
  const { functions, arms } = withoutClashes(text, addition);
  const edits = armEdits(text, node, arms);
  const top = readShellParts(text).parts.find(
    (part) => part.function !== undefined || part.case !== undefined,
  );
  if (top === undefined) return undefined;
  const start = text.lastIndexOf('\n', top.from - 1) + 1;
  const missing = functions.filter((added) => !text.includes(added.text.trim()));
  const gap = start === 0 || text.slice(0, start).endsWith('\n\n') || missing.length === 0 ? '' : '\n';
  const before = gap + missing.map((added) => `${added.text.trimEnd()}\n\n`).join('');
  const all = [...edits, { from: start, to: start, text: before }];
  const result = applyTextEdits(text, all);
  return readShellParts(result).isSound ? result : undefined;
}

/** A function of ours by a name that the author's script has is called otherwise. */
function withoutClashes(text: string, addition: RulesAddition): RulesAddition {
  const own = new Set(readShellParts(text).parts.flatMap((part) => part.function ?? []));
  const clashes = addition.functions.filter(
    ({ name, text: body }) => own.has(name) && !text.includes(body.trim()),
  );
  if (clashes.length === 0) return addition;
  const names = clashes.map(({ name }) => name).join('|');
  // where a command stands, and not an argument such as that of systemctl
  const word = new RegExp(
    `(^[ \\t]*|(?:[;&|!]|\\b(?:if|elif|then|else|while|until|do))[ \\t]+)(${names})(?=[\\s();]|$)`,
    'gm',
  );
  const rename = (part: string): string => part.replaceAll(word, '$1plugin_$2');
  return {
    functions: addition.functions.map(({ name, text: body }) => ({ name, text: rename(body) })),
    arms: new Map([...addition.arms].map(([name, body]) => [name, body.map(rename)])),
  };
}

function armEdits(
  text: string,
  node: ShellCase,
  arms: ReadonlyMap<string, readonly string[]>,
): readonly TextEdit[] {
  const known = new Set(node.arms.flatMap(({ names }) => names));
  const missing = [...arms].filter(([name]) => !known.has(name));
  return [
    ...node.arms.flatMap((item) => itemEdits(text, node, item, arms)),
    ...missing.map(([name, body]) => newArm(text, node, name, body, '')),
  ];
}

/** An arm for several commands keeps those that need nothing; each other one gets an arm of its own. */
function itemEdits(
  text: string,
  node: ShellCase,
  item: ShellArm,
  arms: ReadonlyMap<string, readonly string[]>,
): readonly TextEdit[] {
  const { names } = item;
  const taken = names.filter((name) => arms.has(name));
  const stays = names.filter((name) => !arms.has(name));
  const [first] = taken;
  if (first === undefined) return [];
  const kept = stays.length > 0 ? undefined : first;
  const leaving = taken.filter((name) => name !== kept);
  const inside = item.statements.length === 0 ? '' : text.slice(item.body.from, item.body.to).trim();
  const label: TextEdit = {
    ...item.label,
    text: (kept === undefined ? stays : [kept]).join(' | '),
  };
  return [
    ...leaving.map((name) => newArm(text, node, name, arms.get(name) ?? [], inside, item)),
    ...(names.length > 1 ? [label] : []),
    ...(kept === undefined ? [] : [intoArm(text, item, arms.get(kept) ?? [])]),
  ];
}

/** An arm of its own: before the one that it comes from, else before `*`, else at the end. */
function newArm(
  text: string,
  node: ShellCase,
  name: string,
  body: readonly string[],
  inside: string,
  origin?: ShellArm,
): TextEdit {
  const place = origin ?? node.arms.find(({ names }) => names.includes('*'));
  const at = lineStart(text, place?.from ?? node.to - 'esac'.length);
  const indent = indentAt(text, (place ?? node.arms[0])?.from ?? node.from);
  const step = `${indent}    `;
  const all = [...(inside === '' ? [] : [inside]), ...body].map((line) => `${step}${line}\n`).join('');
  return { from: at, to: at, text: `${indent}${name})\n${all}${step};;\n` };
}

/** Behind the arm's last statement; before it when it leaves the script. */
function intoArm(text: string, item: ShellArm, body: readonly string[]): TextEdit {
  const { statements } = item;
  const last = statements.at(-1);
  const leaves = last !== undefined && /^(exit|return)\b/.test(text.slice(last.from, last.to));
  const own = indentAt(text, item.from);
  const first = statements.find(({ from }) => /^\s*$/.test(text.slice(lineStart(text, from), from)));
  const end = item.terminator === undefined ? item.to : item.to - item.terminator.length;
  const endsAlone = /^\s*$/.test(text.slice(lineStart(text, end), end));
  const empty = endsAlone && statements.length === 0 ? indentAt(text, end) : `${own}    `;
  const indent = first === undefined ? empty : indentAt(text, first.from);
  const block = body.map((line) => `${indent}${line}\n`).join('');
  if (leaves) {
    const at = lineStart(text, last.from);
    if (/^\s*$/.test(text.slice(at, last.from))) return { from: at, to: at, text: block };
    return { from: last.from, to: last.from, text: `\n${block}${indent}` };
  }
  const at = lineStart(text, end);
  if (endsAlone) return { from: at, to: at, text: block };
  const trimmed = text.slice(0, end).trimEnd().length;
  return { from: trimmed, to: end, text: `\n${block}${indent}` };
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at)))?.[0] ?? '';
}
