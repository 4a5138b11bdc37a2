/** Texts that take an editor's server long. */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { SourceText } from '../readers/source-text.ts';
import { confOf, isDialplan } from './file-kinds.ts';
import { LONGEST } from './workspace.ts';

/**
 * A call or a name may lead into a dialplan file that is too long to be read: nothing is said of half of it.
 * @param own the text of the file in the editor
 * @param texts those of its plugin
 * @throws ResponseError that names the file
 */
export function refuseUnread(
  uri: string,
  own: string | undefined,
  texts: ReadonlyMap<string, SourceText> = new Map(),
): void {
  const unread = [...texts.values()].find(
    ({ path: name, isUnread }) => isUnread && (isDialplan(name) || confOf(name) !== undefined),
  )?.path;
  const isLong = (own ?? '').length > LONGEST;
  if (unread === undefined && !isLong) return;
  throw new ResponseError(
    LSPErrorCodes.RequestFailed,
    `${unread ?? path.basename(fileURLToPath(uri))} is longer than wdev lsp reads (1 MB): split it`,
  );
}

/** Until what has arrived in the meantime is taken: the connection hands one message out in each round. */
export async function nextMessage(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
