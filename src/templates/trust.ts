/** Programs that a template wants to run: shown, asked for once, remembered for exactly this template. */

import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { run } from '../support/run.ts';
import type { Template } from './template.ts';
import { readTextIfPossible } from '../support/read-file.ts';

/** Shows what wants to run, and asks a person. */
export type AskTrust = (template: Template, commands: readonly string[]) => Promise<boolean>;

type Commands = readonly (readonly string[])[];

/** Whether the commands may run. A yes is kept, so that the same template is not asked about twice. */
export async function mayRun(
  template: Template,
  commands: Commands,
  trust: 'yes' | 'no' | AskTrust,
): Promise<boolean> {
  if (commands.length === 0 || trust === 'no') return false;
  if (trust === 'yes') return true;
  const file = trustFile();
  const trusted = await readTrusted(file);
  const key = keyOf(template);
  if (trusted.includes(key)) return true;
  if (!(await trust(template, commands.map(commandText)))) return false;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify([...trusted, key], undefined, 1)}\n`, {
    mode: 0o600,
  });
  await rename(`${file}.${process.pid}`, file);
  return true;
}

/**
 * Runs the commands in the new folder, one after the other, without a shell; gives sentences on what ran.
 * @throws UserError `template-command-failed` with what the command printed last
 */
export async function runCommands(folder: string, commands: Commands): Promise<readonly string[]> {
  for (const [program, ...args] of commands) {
    if (program === undefined) continue;
    const done = await run([program, ...args], { cwd: folder });
    if (done.status === 0) continue;
    const said = (done.stderr.trim() || done.stdout.trim()).split('\n').slice(-3).join('\n');
    throw new UserError(
      'template-command-failed',
      `the template's "${commandText([program, ...args])}" ended with ${done.status}: ${said}`,
      { help: `The files were written to ${folder}; run the command there by hand.` },
    );
  }
  return commands.map((command) => `ran "${commandText(command)}"`);
}

/** A command as a person would type it. */
export function commandText(command: readonly string[]): string {
  return command
    .map((word) => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word)))
    .join(' ');
}

/** The content of the template counts, not its name: another commit is another template. */
function keyOf({ pin, run }: Template): string {
  const { wdev: _ofLayers, ...content } = pin;
  return createHash('sha256')
    .update(JSON.stringify([content, run]))
    .digest('hex');
}

function trustFile(): string {
  const config = process.env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config');
  return path.join(config, 'wdev', 'trusted-templates.json');
}

async function readTrusted(file: string): Promise<readonly string[]> {
  const text = readTextIfPossible(file) ?? '[]';
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) ? entries.map(String) : [];
  } catch {
    return []; // a broken file trusts nobody
  }
}
