import path from 'node:path';
import { readState } from '../edits/file-tree.ts';
import { writeTexts } from '../edits/write-texts.ts';
import { usageError } from '../support/errors.ts';
import { parseAddress } from '../targets/address.ts';
import { SETTINGS_FILE, parseSettings } from '../settings/settings.ts';

/**
 * Names a target in the project's wdev.yml, which is made when there is none; every other byte of it stays.
 * @returns false when it says just that already
 * @throws UserError `usage` for a name or address that is none, a name that is taken, or a file that must be
 * edited by hand, and as editFiles
 */
export async function addTarget(folder: string, name: string, address: string): Promise<boolean> {
  checkName(name);
  parseAddress(address);
  const before = (await readState(folder, SETTINGS_FILE))?.text ?? '';
  const known = parseSettings(before).targets?.[name];
  if (known === address) return false;
  if (known !== undefined) {
    throw usageError(`${name} is ${known} already`, `Choose another name, or edit ${SETTINGS_FILE}.`);
  }
  const after = withTarget(before, name, address);
  if (after === undefined || parseSettings(after).targets?.[name] !== address) {
    throw usageError(
      `${SETTINGS_FILE} has its targets in a form that wdev does not edit`,
      `Add it by hand, below targets: ${name}: ${address}`,
    );
  }
  await writeTexts(folder, new Map([[path.join(folder, SETTINGS_FILE), after]]), `targets add ${name}`);
  return true;
}

function checkName(name: string): void {
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    throw usageError(`${name}: a name is a letter, then letters, digits, - and _`);
  }
  if (/^(?:embedded|stack|local)$/.test(name))
    throw usageError(`${name} is a target already, without a name`);
}

/** The text with one more line below `targets:`; undefined when its form is another. */
export function withTarget(text: string, name: string, address: string): string | undefined {
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  const value = /^[\w./:@-]+$/.test(address) && !address.endsWith(':') ? address : JSON.stringify(address);
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^targets\s*:/.test(line));
  if (at < 0) return `${text}${end}targets:\n  ${name}: ${value}\n`;
  const head = /^(targets\s*:)\s*(?:(\{\s*\})\s*)?(#.*)?$/.exec((lines[at] ?? '').trimEnd());
  if (head === null) return undefined;
  if (head[2] !== undefined) lines[at] = [head[1], head[3]].filter((part) => part !== undefined).join(' ');
  let last = at;
  let indent = '  ';
  for (let index = at + 1; index < lines.length; index += 1) {
    const child = /^(\s+)[^\s#]/.exec(lines[index] ?? '');
    if (child === null && /^[^\s#]/.test(lines[index] ?? '')) break;
    if (child === null) continue;
    if (last === at) indent = child[1] ?? indent;
    last = index;
  }
  lines.splice(last + 1, 0, `${indent}${name}: ${value}`);
  return lines.join('\n');
}
