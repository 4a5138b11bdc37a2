/** The sandbox of this machine: found once, by trying it. */

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { runToEnd } from '../support/spawn.ts';
import { enclosed, sandboxedAs, type Identity, type Way } from './enclose.ts';
import { setUpCalls } from './filter.ts';
import { policy, type Choice } from './policy.ts';

export type Found = { readonly way: Way } | { readonly way: undefined; readonly why: string };

/** How one gets a sandbox. */
export const REMEDY = 'apt-get install bubblewrap perl';

const found = new Map<Choice, Promise<Found>>();

/** The sandbox that this machine has, as it was chosen; why there is none. */
export async function findWay(choice: Choice = policy().choice): Promise<Found> {
  let looking = found.get(choice);
  if (looking === undefined) found.set(choice, (looking = look(choice)));
  return await looking;
}

let isSaid = false;

/**
 * As findWay, for who is about to run something: says once when there is none.
 * @throws UserError `sandbox-missing` when one was asked for by name
 */
export async function chosenWay(): Promise<Way | undefined> {
  const { choice, onNone } = policy();
  if (choice === 'off') return undefined;
  const one = await findWay(choice);
  if (one.way !== undefined) return one.way;
  if (choice !== 'best') {
    throw new UserError('sandbox-missing', `there is no sandbox by ${choice}: ${one.why}`, {
      help: `Install it (Debian: ${REMEDY}), or choose another way.`,
    });
  }
  if (!isSaid) onNone(`programs of plugins run without a sandbox: ${one.why} (${REMEDY})`);
  isSaid = true;
  return undefined;
}

/** Who programs of plugins run as: somebody without rights where we are root and there is a sandbox. */
export async function ownerOfPrograms(): Promise<Identity | undefined> {
  return (await chosenWay()) === undefined ? undefined : sandboxedAs();
}

async function look(choice: Choice): Promise<Found> {
  if (process.platform !== 'linux') return { way: undefined, why: `there is none for ${process.platform}` };
  if (setUpCalls() === undefined) return { way: undefined, why: `there is none for ${process.arch}` };
  const [perl, bwrap, unshare, setpriv] = ['perl', 'bwrap', 'unshare', 'setpriv'].map(programOf);
  if (perl === undefined) return { way: undefined, why: 'perl is not installed' };
  const ways: Way[] = [];
  if (bwrap !== undefined && choice !== 'unshare') ways.push({ by: 'bubblewrap', bwrap, perl });
  if (unshare !== undefined && setpriv !== undefined && choice !== 'bubblewrap')
    ways.push({ by: 'unshare', unshare, setpriv, perl });
  const complaints: string[] = [];
  for (const way of ways) {
    const complaint = await complaintOf(way);
    if (complaint === undefined) return { way };
    complaints.push(complaint);
  }
  const why = bwrap === undefined && choice !== 'unshare' ? ['bubblewrap is not installed'] : [];
  return { way: undefined, why: [...why, ...complaints].join('; ') };
}

/** Milliseconds that a way has to run `true`: a machine that is busy is none that cannot. */
export const PROBE_LIMIT = 60_000;

/** The answer of a way that can't run a program here. */
async function complaintOf(way: Way): Promise<string | undefined> {
  const words = enclosed(way, { cwd: '/', writable: [] }, ['true']);
  const [program, ...args] = words;
  const { status, stderr } = await runToEnd(program, args, {
    env: { PERL_BADLANG: '0' },
    timeout: PROBE_LIMIT,
    group: true,
  });
  if (status === 0) return undefined;
  return stderr.trim().split('\n')[0] ?? `${way.by} ended with status ${status}`;
}

/** The absolute path of a program of this machine, as the person's PATH has it. */
export function programOf(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '/usr/bin:/bin').split(':')) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, name);
    if (isProgram(file)) return file;
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
