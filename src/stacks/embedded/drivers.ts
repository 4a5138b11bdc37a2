/**
 * The programs of an embedded stack that run code of plugins on this machine: its wazo-confgend, and the Python that
 * tries whether a call logger could take a plugin. Shell scripts, for shells start them.
 */

import { appendFileSync, chmodSync, lchownSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Identity } from '../../sandbox/enclose.ts';
import { policy } from '../../sandbox/policy.ts';
import { pythonHome } from '../../sandbox/python.ts';
import { preparePlugin, type PluginProgram } from '../../sandbox/run.ts';
import { chosenWay, ownerOfPrograms } from '../../sandbox/way.ts';
import { quote, quoteAll } from '../../support/quote.ts';
import { readTextIfPossible } from '../../support/read-file.ts';
import type { EmbeddedStack } from './folder.ts';
import { makeFolders } from '../../support/make-folders.ts';

/** The script that runs a program of ours over a plugin, as `python3` does. */
export function enclosedPython(stack: EmbeddedStack): string {
  return path.join(stack.run, 'enclosed-python');
}

/** Whether the scripts are as the person wants them now. */
export function areDriversCurrent(stack: EmbeddedStack): boolean {
  return readTextIfPossible(choiceFile(stack)) === policy().choice;
}

function choiceFile(stack: EmbeddedStack): string {
  return path.join(stack.run, 'sandbox');
}

/** Writes the scripts, and makes what wazo-confgend writes to belong to who it runs as. */
export async function writeDrivers(stack: EmbeddedStack): Promise<void> {
  const { root, run } = stack;
  const own = path.join(run, 'confgend');
  const [log, cache] = ['var/log/wazo-confgend.log', 'var/cache/wazo-confgend'].map((name) =>
    path.join(root, name),
  ) as [string, string];
  for (const folder of [own, cache]) makeFolders(folder);
  appendFileSync(log, '');
  const owner = await ownerOfPrograms();
  for (const one of [own, log, ...withAllBelow(cache)]) give(one, owner);
  const python = await pythonHome((readTextIfPossible(path.join(run, 'python')) ?? 'python3').trim());
  const common = { cwd: root, readable: [root, ...python.readable], network: true };
  const env = { ...python.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONNOUSERSITE: '1' };
  const server = [
    path.join(root, 'usr/bin/wazo-confgend'),
    '--root',
    root,
    '--ready',
    path.join(own, 'ready'),
  ];
  await writeScript(path.join(run, 'confgend-here'), {
    ...common,
    command: [python.program, ...server],
    writable: [own, log, cache],
    env: { ...env, XDG_CACHE_HOME: path.join(own, 'cache') },
  });
  await writeScript(enclosedPython(stack), { ...common, command: [python.program], writable: [], env });
  writeFileSync(choiceFile(stack), policy().choice);
}

/** A script that runs a program with its own arguments behind; `WDEV_PYTHONPATH` becomes its PYTHONPATH. */
async function writeScript(file: string, program: PluginProgram): Promise<void> {
  const { words, options } = await preparePlugin(program);
  const isOff = policy().choice === 'off';
  const variables = Object.entries(isOff ? (program.env ?? {}) : options.env).flatMap(([name, value]) =>
    value === undefined || name === 'PYTHONPATH' ? [] : [quote(`${name}=${value}`)],
  );
  const begin = ['env', ...(isOff ? [] : ['-i']), ...variables, 'PYTHONPATH="${WDEV_PYTHONPATH-}"'].join(' ');
  // a sandbox ends with its parent: this shell stays
  const keep = (await chosenWay()) === undefined ? 'exec ' : '';
  writeFileSync(file, `#!/bin/sh\n${keep}${begin} ${quoteAll([...words])} "$@"\nexit $?\n`);
  chmodSync(file, 0o700);
}

function withAllBelow(folder: string): readonly string[] {
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [folder, ...below.map((name) => path.join(folder, name))];
}

function give(file: string, owner: Identity | undefined): void {
  if (owner !== undefined) lchownSync(file, owner.uid, owner.gid);
}
