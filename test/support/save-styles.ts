import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pause } from './watch.ts';

export type Save = (file: string, text: string) => void | Promise<void>;

/** The six ways in which editors save a file. */
export const SAVE_STYLES: Readonly<Record<string, Save>> = {
  'in place': (file, text) => writeFileSync(file, text),
  'temporary file and rename': (file, text) => {
    writeFileSync(`${file}.tmp123`, text);
    renameSync(`${file}.tmp123`, file);
  },
  'backup, then rename': (file, text) => {
    renameSync(file, `${file}~`);
    writeFileSync(file, text);
    unlinkSync(`${file}~`);
  },
  'truncate, then write': async (file, text) => {
    writeFileSync(file, '');
    await pause(30);
    writeFileSync(file, text);
  },
  vim: (file, text) => {
    const probe = path.join(path.dirname(file), '4913');
    writeFileSync(probe, '');
    unlinkSync(probe);
    renameSync(file, `${file}~`);
    writeFileSync(file, text);
    unlinkSync(`${file}~`);
  },
  JetBrains: (file, text) => {
    writeFileSync(`${file}___jb_tmp___`, text);
    renameSync(file, `${file}___jb_old___`);
    renameSync(`${file}___jb_tmp___`, file);
    unlinkSync(`${file}___jb_old___`);
  },
};
