/** A server with wazo-plugind through a target's shell: its own Python speaks to the API and reads the bus. */

import path from 'node:path';
import { EXIT, UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import type { Shape } from '../support/shape.ts';
import type { Target } from '../targets/target.ts';
import { isDiagnosis, isLook, isVerified, readRow, type Row } from './answers.ts';
import type { PlugindEvent } from './progress.ts';
import type { Followed, PluginName, PlugindServer } from './server.ts';

/** Milliseconds without a line from the far end, which gives one every 15 s. */
const SILENCE = 120_000;

/** The server behind an open target; the token of a person, else that of wazo-plugind-cli's own key there. */
export function serverOn(target: Target, token: string | undefined): PlugindServer {
  const ask = async (
    wish: Readonly<Record<string, unknown>>,
    onRow: (row: Row) => void = () => undefined,
  ): Promise<readonly Row[]> => await askFarEnd(target, { ...wish, root: target.root, token }, onRow);
  const found = async <Found>(wish: Readonly<Record<string, unknown>>, is: Shape<Found>): Promise<Found> => {
    const row = (await ask(wish)).find((one) => one.found !== undefined);
    if (row === undefined) throw cutOff(target);
    if (is(row.found)) return row.found;
    throw new UserError('far-end', `${target.id}: its wazo-plugind answers what wdev does not know`, {
      exit: EXIT.unreachable,
    });
  };
  // where its logs ended when the last job began
  let marks: unknown;
  const follow = async (
    wish: Readonly<Record<string, unknown>>,
    onEvent: (event: PlugindEvent) => void,
  ): Promise<Followed> => {
    const rows = await ask(wish, (row) => {
      marks = row.marks ?? marks;
      if (isEvent(row)) onEvent(row);
    });
    const [unseen, lost] = [rows.find((row) => row.unseen), rows.find((row) => row.lost)];
    if (unseen?.unseen !== undefined) return { is: 'unseen', why: unseen.unseen };
    if (lost?.lost !== undefined) return { is: 'lost', why: lost.lost };
    return { is: 'followed' };
  };
  return {
    id: target.id,
    look: async (plugin, market) => await found({ do: 'look', ...plugin, market }, isLook),
    install: async (plugin, body, reinstall, onEvent) =>
      await follow({ do: 'install', ...plugin, body, reinstall }, onEvent),
    remove: async (plugin, onEvent) => await follow({ do: 'remove', ...plugin }, onEvent),
    diagnose: async (plugin, wish) => await found({ do: 'diagnose', ...plugin, ...wish, marks }, isDiagnosis),
    verify: async (plugin: PluginName) => (await found({ do: 'verify', ...plugin }, isVerified)).verify,
  };
}

function isEvent(row: Row): row is Row & PlugindEvent {
  return typeof row.status === 'string' && typeof row.uuid === 'string' && typeof row.own === 'boolean';
}

async function askFarEnd(
  target: Target,
  request: Readonly<Record<string, unknown>>,
  onRow: (row: Row) => void,
): Promise<readonly Row[]> {
  const program = readText(path.join(packageRoot(), 'src/deploy/far-end/plugind.py'));
  // by standard input, since a token in the words of a command is seen by everybody there
  const input = Buffer.from(
    `import json\nREQUEST = json.loads(${JSON.stringify(JSON.stringify(request))})\n${program}`,
  );
  const rows: Row[] = [];
  let parts: string[] = [];
  const take = (chunk: Buffer | string): void => {
    const lines = chunk.toString().split('\n');
    parts.push(lines.shift() ?? '');
    // one that is still to come is not looked through again with each piece of it
    if (lines.length === 0) return;
    const [first, last] = [parts.join(''), lines.pop() ?? ''];
    parts = [last];
    for (const line of [first, ...lines]) {
      const row = readRow(line);
      if (row === undefined) continue;
      rows.push(row);
      onRow(row);
    }
  };
  // the packages that wazo-plugind brings are those of Debian's own Python
  const python = 'p=/usr/bin/python3; [ -x "$p" ] || p=python3; PYTHONIOENCODING=utf-8 "$p" -';
  const { status, stderr } = await target.run(python, {
    input,
    timeout: SILENCE,
    onOutput: take,
  });
  take('\n');
  const refused = rows.find((row) => row.refused !== undefined);
  if (refused !== undefined) throw refusal(refused);
  if (status === 127)
    throw new UserError('no-plugind', `${target.id} has no python3, so no wazo-plugind either`, {
      exit: EXIT.unreachable,
    });
  if (status !== 0)
    throw new UserError(
      'far-end',
      `${target.id}: ${stderr.toString('utf8').trim().split('\n').at(-1) ?? ''}`,
    );
  return rows;
}

const REMEDIES: Readonly<Record<string, string>> = {
  'no-token': 'Give one: --token-command. On a server: wazo-auth-keys service update makes the key.',
  'no-plugind': 'On the server: systemctl status wazo-plugind',
  'not-allowed':
    'The token is wrong, has expired, or lacks one of these ACLs: plugind.plugins.create, plugind.plugins.read and, for --remove, plugind.plugins.NAMESPACE.NAME.delete.',
};

/** A refusal of the server, for a person. */
export function refusal({ refused = '', message = '' }: Row): UserError {
  const code = refused === 'refused' ? 'plugind-refused' : refused;
  const help = REMEDIES[code];
  return new UserError(code, message, {
    ...(help === undefined ? {} : { help }),
    ...(code === 'no-plugind' ? { exit: EXIT.unreachable } : {}),
  });
}

function cutOff(target: Target): UserError {
  return new UserError('far-end', `${target.id} ended without an answer`, { exit: EXIT.unreachable });
}
