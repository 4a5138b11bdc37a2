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
export async function addTarget(
  folder: string,
  name: string,
  address: string,
  tokenCommand?: string,
): Promise<boolean> {
  checkName(name);
  parseAddress(address, true);
  const before = (await readState(folder, SETTINGS_FILE))?.text ?? '';
  const { targets, tokens } = parseSettings(before);
  const known = targets?.[name];
  const isKnown = known === address && (tokenCommand === undefined || tokens?.[name] === tokenCommand);
  if (isKnown) return false;
  if (known !== undefined && known !== address) {
    throw usageError(`${name} is already ${known}`, `Choose another name, or edit ${SETTINGS_FILE}.`);
  }
  if (tokenCommand !== undefined && tokens?.[name] !== undefined && tokens[name] !== tokenCommand)
    throw usageError(`${name} has another token command already`, `Edit tokens: in ${SETTINGS_FILE}.`);
  let after = known === undefined ? added(before, 'targets', name, address) : before;
  if (tokenCommand !== undefined && tokens?.[name] === undefined)
    after = added(after, 'tokens', name, tokenCommand);
  await writeTexts(folder, new Map([[path.join(folder, SETTINGS_FILE), after]]), `targets add ${name}`);
  return true;
}

/** A text with one more line, read back. */
function added(before: string, key: 'targets' | 'tokens', name: string, value: string): string {
  const after = withTarget(before, name, value, key);
  if (after !== undefined && parseSettings(after)[key]?.[name] === value) return after;
  throw usageError(
    `${SETTINGS_FILE} has its ${key} in a form that wdev does not edit`,
    `Add it by hand, below ${key}: ${name}: ${value}`,
  );
}

function checkName(name: string): void {
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    throw usageError(`${name}: a name is a letter, then letters, digits, - and _`);
  }
  if (/^(?:embedded|stack|local)$/.test(name))
    throw usageError(`${name} is a target already, without a name`);
}

/** The text with one more line below `targets:`, or another key; undefined when its form is another. */
export function withTarget(
  text: string,
  name: string,
  address: string,
  key: 'targets' | 'tokens' = 'targets',
): string | undefined {
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  const value = /^[\w./:@-]+$/.test(address) && !address.endsWith(':') ? address : JSON.stringify(address);
  const lines = text.split('\n');
  const at = lines.findIndex((line) => new RegExp(`^${key}\\s*:`).test(line));
  if (at < 0) return `${text}${end}${key}:\n  ${name}: ${value}\n`;
  const head = new RegExp(`^(${key}\\s*:)\\s*(?:(\\{\\s*\\})\\s*)?(#.*)?$`).exec((lines[at] ?? '').trimEnd());
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
