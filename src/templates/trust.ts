/** Programs that a template wants to run: shown, asked for once, remembered for exactly this template. */

import { UserError } from '../support/errors.ts';
import { run } from '../support/run.ts';
import { isTrusted, trust as keepTrust, trustKey } from '../support/trust.ts';
import type { Template } from './template.ts';

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
  const key = keyOf(template, commands);
  if (isTrusted(key)) return true;
  if (!(await trust(template, commands.map(commandText)))) return false;
  await keepTrust(key);
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

/**
 * Another commit, another folder of it, another version of what it extends, another command: another decision. The
 * name of a folder does not count: the hash in its pin is that of all its files.
 */
function keyOf({ name, pin }: Template, commands: Commands): string {
  return trustKey('template', [pin.hash === undefined ? name : '', pin, commands]);
}
