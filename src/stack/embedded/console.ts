import { appendLog, type LogLine } from './log-file.ts';

/** What stands behind `asterisk -rx` of the embedded stack. */
export interface Console {
  /** The text that Asterisk's console would print for a command. What it logs is in the log when this returns. */
  answer(command: string): string;
}

/** The console over the files of an Asterisk-shaped root, with its dialplan loaded. */
export function startConsole(root: string, thread: number): Console {
  const log = (lines: readonly LogLine[]): void => appendLog(root, lines, thread);
  log([{ level: 'VERBOSE', source: 'asterisk.c', message: 'Asterisk Ready.' }]);
  return {
    answer(command) {
      const known = CORE[command.trim().replaceAll(/\s+/g, ' ')];
      return (
        known ??
        `No such command '${command}' (type 'core show help ${command}' for other possible commands)\n`
      );
    },
  };
}

/** Commands whose answer does not depend on the dialplan: no call is ever active here. */
const CORE: Readonly<Record<string, string>> = {
  'core waitfullybooted': 'Asterisk has fully booted.\n',
  'core show channels count': '0 active channels\n0 active calls\n0 calls processed\n',
};
