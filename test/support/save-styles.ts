import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pause } from './watch.ts';

export type Save = (file: string, text: string) => void | Promise<void>;

/** The time that a file keeps, however often its text changes. */
const KEPT = new Date('2024-05-06T07:08:09Z');

/** A text from elsewhere, which `bring` puts into the file with its time. */
function keepingTime(bring: (from: string, file: string) => void): Save {
  return (file, text) => {
    const from = `${path.dirname(file).replace(/\/etc\/.*/, '')}-elsewhere`;
    mkdirSync(from);
    const copy = path.join(from, path.basename(file));
    writeFileSync(copy, text);
    utimesSync(copy, KEPT, KEPT);
    bring(copy, file);
    rmSync(from, { recursive: true });
  };
}

const run = (program: string, ...words: readonly string[]): void =>
  void execFileSync(program, words, { stdio: 'pipe' });

/** The ways in which editors save a file, and in which programs replace it: some leave its size and its time as they were. */
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
  'cp -p': keepingTime((from, file) => run('cp', '-p', from, file)),
  'install -p': keepingTime((from, file) => run('install', '-p', '-m', '644', from, file)),
  'tar x': keepingTime((from, file) => {
    const [folder, name] = [path.dirname(from), path.basename(from)];
    run('tar', '-C', folder, '-cf', `${from}.tar`, name);
    run('tar', '-C', path.dirname(file), '-xf', `${from}.tar`);
  }),
  'in place, then touch -r': keepingTime((from, file) => {
    run('cp', from, file);
    run('touch', '-r', from, file);
  }),
  // rsync -tI
  'temporary file with the time of before': keepingTime((from, file) => {
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.Xa1b2C`);
    run('cp', '-p', from, temporary);
    renameSync(temporary, file);
  }),
};

/** The styles in which a program sets the mode or the time once the text is there. */
export const IN_STEPS: ReadonlySet<string> = new Set([
  'cp -p',
  'install -p',
  'tar x',
  'in place, then touch -r',
  'temporary file with the time of before',
]);

/** Those whose text stands beside the file for a moment, under a name that no editor is known by. */
export const BESIDE: ReadonlySet<string> = new Set([
  'temporary file and rename',
  'temporary file with the time of before',
]);

/** Those that set the mode last: on a busy machine the text is applied with the mode of before, and then with its own. */
export const MODE_LAST: ReadonlySet<string> = new Set(['install -p', 'tar x']);
