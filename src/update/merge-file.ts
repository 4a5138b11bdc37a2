/** Merges one file: by its structure where that is known, else line by line. Pure. */

import { ANSWERS_FILE } from '../templates/list-files.ts';
import { ANSWERS_KEY } from '../templates/render.ts';
import { readShellParts } from '../readers/shell/script-parts.ts';
import { mergeKeyed, type Splitter } from './keyed-merge.ts';
import { iniSections, requirementLines } from './line-blocks.ts';
import { shellScript } from './rules-blocks.ts';
import type { PythonTexts } from '../readers/python/python-text.ts';
import { mergeSetupPy } from './setup-merge.ts';
import { readYamlStream } from '../readers/yaml/read.ts';
import { isFaithful, mergeText, type Labels, type Merged, type Three } from './text-merge.ts';
import { yamlMapping } from './yaml-blocks.ts';

interface Structure {
  readonly files: RegExp;
  readonly merge: (three: Three, labels: Labels, read?: PythonTexts) => Merged | undefined;
  /** Whether a merged text is still of its kind; what merges without conflict must be. */
  readonly sound?: (text: string) => boolean;
}

const STRUCTURES: readonly Structure[] = [
  { files: /(^|\/)wazo\/rules$/, merge: keyed(shellScript), sound: isShell },
  { files: /\.ya?ml$/, merge: keyed(yamlMapping), sound: isYaml },
  { files: /(^|\/)(setup\.cfg|[^/]+\.toml)$/, merge: keyed(iniSections) },
  { files: /(^|\/)setup\.py$/, merge: mergeSetupPy },
  { files: /requirements[^/]*\.txt$/, merge: keyed(requirementLines) },
  { files: /(^|\/)\.gitignore$/, merge: (three, labels) => mergeText(three, labels, true) },
];

/**
 * `old` is empty when the template had no such file. Windows' line ends of the author stay.
 * @param read what Python said of the texts of a setup.py
 */
export function mergeFile(path: string, three: Three, labels: Labels, read?: PythonTexts): Merged {
  if (path === ANSWERS_FILE) return mergeAnswers(three);
  if (!isCrlf(three.mine)) return mergeLines(path, three, labels, read);
  const plain = mergeLines(path, { ...three, mine: three.mine.replaceAll('\r\n', '\n') }, labels, read);
  return { ...plain, text: plain.text.replaceAll('\n', '\r\n') };
}

function mergeLines(path: string, three: Three, labels: Labels, read: PythonTexts | undefined): Merged {
  const structure = STRUCTURES.find(({ files }) => files.test(path));
  const merged = structure?.merge(three, labels, read);
  if (merged === undefined || structure === undefined) return mergeText(three, labels);
  const { sound } = structure;
  const broken = merged.conflicts === 0 && sound?.(three.mine) === true && !sound(merged.text);
  return broken ? mergeText(three, labels) : merged;
}

function keyed(split: Splitter): Structure['merge'] {
  return (three, labels) => {
    const merged = mergeKeyed(three, split, labels);
    return merged !== undefined && isFaithful(three, merged) ? merged : undefined;
  };
}

/** The record of the template is the new one; what other generators keep beside it is the author's. */
function mergeAnswers(three: Three): Merged {
  try {
    const mine = JSON.parse(three.mine) as Record<string, unknown>;
    const fresh = JSON.parse(three.new) as Record<string, unknown>;
    const merged = { ...mine, [ANSWERS_KEY]: fresh[ANSWERS_KEY] };
    const same = JSON.stringify(merged) === JSON.stringify(mine);
    return { text: same ? three.mine : `${JSON.stringify(merged, undefined, 2)}\n`, conflicts: 0 };
  } catch {
    return { text: three.new, conflicts: 0 };
  }
}

/** Every line ends as Windows writes it. */
function isCrlf(text: string): boolean {
  return text.includes('\r\n') && !/(^|[^\r])\n/.test(text);
}

function isYaml(text: string): boolean {
  return readYamlStream(text, { tags: ['!exec'] }).every(({ problem }) => problem === undefined);
}

function isShell(text: string): boolean {
  return readShellParts(text).isSound;
}
