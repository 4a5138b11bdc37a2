import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadPluginDialplan } from '../dialplan/read/plugin-dialplan.ts';
import { traceCalls } from '../dialplan/trace/trace-calls.ts';
import { callLines } from '../dialplan/trace/trace-text.ts';
import type { DialplanText } from './dialplan-places.ts';

/** The steps of a call through open files, as `wdev dialplan trace` prints them. */
export async function tracedLines(texts: readonly DialplanText[], call: string): Promise<readonly string[]> {
  const files = texts.map(({ uri, text }) => {
    const name = path.basename(fileURLToPath(uri));
    return { name, installed: `/etc/asterisk/extensions_extra.d/${name}`, content: text };
  });
  const traced = await traceCalls(
    loadPluginDialplan(files),
    [{ start: call, given: new Map(), now: new Date(), expect: [] }],
    async () => ({ kind: 'next' }),
  );
  return callLines(traced, (installed) => path.basename(installed));
}
