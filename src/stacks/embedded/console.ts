import path from 'node:path';
import {
  answer,
  startConsole as startAsterisk,
  type Answer,
  type ConsoleFiles,
} from '../../dialplan/show/console.ts';
import { folderSource } from '../../dialplan/read/folder-source.ts';
import { decodeOctets, encodeOctets } from '../../dialplan/read/octets.ts';
import { execInclude } from './exec-include.ts';
import { appendLog } from './log-file.ts';

/** The console behind `asterisk -rx` of an embedded stack. */
export interface Console {
  /** The output of Asterisk's console for a command. Its messages stand in the log when this returns. */
  answer(command: Uint8Array): Uint8Array;
}

const RESTART = /^\s*core\s+restart\s+(now|gracefully|when\s+convenient)\s*$/i;

/** The console over the files of an Asterisk-shaped root, with its dialplan loaded. */
export function startConsole(stack: string, thread: number): Console {
  const root = path.join(stack, 'root');
  const files: ConsoleFiles = { source: folderSource(root), exec: execInclude(stack) };
  const start = (): Answer => {
    const begun = startAsterisk(files);
    const ready = { level: 'VERBOSE', source: 'asterisk.c', message: 'Asterisk Ready.' } as const;
    appendLog(root, [...begun.log, ready], thread);
    return begun;
  };
  let { state } = start();
  return {
    answer(bytes) {
      const command = decodeOctets(bytes);
      if (RESTART.test(command)) {
        ({ state } = start());
        return new Uint8Array();
      }
      const answered = answer(state, command, files);
      state = answered.state;
      appendLog(root, answered.log, thread);
      return encodeOctets(answered.output);
    },
  };
}
