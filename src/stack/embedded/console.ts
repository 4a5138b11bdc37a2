import { type LoadedDialplan } from '../../dialplan/dialplan.ts';
import { folderSource } from '../../dialplan/folder-source.ts';
import { EXTENSIONS_CONF, loadDialplan } from '../../dialplan/load.ts';
import { decodeOctets, encodeOctets } from '../../dialplan/octets.ts';
import { showDialplan } from '../../dialplan/show.ts';
import { execInclude } from './exec-include.ts';
import { appendLog, type FileLine } from './log-file.ts';

/** What stands behind `asterisk -rx` of an embedded stack. */
export interface Console {
  /** What Asterisk's console would print for a command. What it logs is in the log when this returns. */
  answer(command: Uint8Array): Uint8Array;
}

/** The console over the files of an Asterisk-shaped root, with its dialplan loaded. */
export function startConsole(stack: string, thread: number): Console {
  const root = `${stack}/root`;
  const log = (lines: readonly FileLine[]): void => appendLog(root, lines, thread);
  const load = (): LoadedDialplan =>
    loadDialplan(folderSource(root), EXTENSIONS_CONF, { exec: execInclude(stack) });
  let dialplan: LoadedDialplan;
  const start = (): string => {
    dialplan = load();
    log([...dialplan.log, { level: 'VERBOSE', source: 'asterisk.c', message: 'Asterisk Ready.' }]);
    return '';
  };
  start();
  const reload = (): string => {
    const next = load();
    log(next.log);
    if (next.loaded) dialplan = next;
    return 'Dialplan reloaded.\n';
  };
  const answer = (command: string): string => {
    if (command === 'dialplan reload' || command === 'core reload') return reload();
    if (/^core restart (now|gracefully|when convenient)$/.test(command)) return start();
    const shown = /^dialplan show(?: (.*))?$/.exec(command);
    if (shown !== null) return showDialplan(dialplan, shown[1]);
    return (
      CORE[command] ??
      `No such command '${command}' (type 'core show help ${command}' for other possible commands)\n`
    );
  };
  return {
    answer: (command) => encodeOctets(answer(decodeOctets(command).trim().replaceAll(/\s+/g, ' '))),
  };
}

/** Commands whose answer does not depend on the dialplan: no call is ever active here. */
const CORE: Readonly<Record<string, string>> = {
  'core waitfullybooted': 'Asterisk has fully booted.\n',
  'core show channels count': '0 active channels\n0 active calls\n0 calls processed\n',
};
