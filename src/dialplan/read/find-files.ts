import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../../support/errors.ts';
import type { DialplanFile } from '../lint/add.ts';
import { readBytes, readGiven } from '../../support/read-file.ts';
import { append } from '../../support/append.ts';

const CONFIG = 'etc/asterisk/';
const EXTRA = '/etc/asterisk/extensions_extra.d/';
const SKIPPED = new Set(['node_modules', '__pycache__', 'venv', 'dist']);
const HAS_EXTENSIONS = /^[ \t]*(?:exten|same)[ \t]*=/im;

/**
 * The dialplan files below each path: a file as it is; of a folder, what lies in `etc/asterisk/extensions_extra.d/`
 * and each `*.conf` with extension lines.
 * @throws UserError when a path does not exist, or when there is no dialplan at all
 */
export function findDialplanFiles(paths: readonly string[]): DialplanFile[] {
  const found = new Map<string, DialplanFile>();
  for (const start of paths) {
    if (!existsSync(start)) throw noSuchPath(start);
    const names = statSync(start).isDirectory() ? filesBelow(start).filter(isDialplan) : [start];
    for (const name of names) found.set(path.resolve(name), dialplanFile(name));
  }
  if (found.size === 0) {
    throw new UserError('no-dialplan', `no dialplan file found in ${paths.join(', ')}`, {
      exit: EXIT.usage,
      help: 'A plugin keeps them in etc/asterisk/extensions_extra.d/NAME.conf.',
    });
  }
  return [...found.values()];
}

/**
 * The text of a file that was named on the command line.
 * @throws UserError when it does not exist
 */
export function readNamed(name: string): string {
  if (!existsSync(name)) throw noSuchPath(name);
  return readGiven(name).toString('utf8');
}

function noSuchPath(name: string): UserError {
  return new UserError('no-such-path', `there is no file or folder ${name}`, { exit: EXIT.usage });
}

function dialplanFile(name: string): DialplanFile {
  return {
    name: path.normalize(name),
    installed: installedPath(path.resolve(name)),
    content: readBytes(name),
  };
}

function installedPath(name: string): string {
  const slashed = name.split(path.sep).join('/');
  const at = slashed.lastIndexOf(`/${CONFIG}`);
  return at < 0 ? EXTRA + path.basename(name) : slashed.slice(at);
}

function filesBelow(folder: string): string[] {
  const names: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) append(names, filesBelow(name));
    else if (entry.isFile()) names.push(name);
  }
  return names.sort();
}

function isDialplan(name: string): boolean {
  const slashed = `/${name.split(path.sep).join('/')}`;
  if (slashed.includes(`/${CONFIG}extensions_extra.d/`)) return true;
  return name.endsWith('.conf') && HAS_EXTENSIONS.test(readBytes(name).toString('latin1'));
}
