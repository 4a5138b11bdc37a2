import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readTextIfPossible } from '../support/read-file.ts';
import { isFlag, isMapOf, isRecord, isText, parsedJson, type Shape } from '../support/shape.ts';
import { makeFolders } from '../support/make-folders.ts';

const FILE = '.wdev/tour.json';

interface Kept {
  /** The step to go on with; empty before the first and after the last. */
  step: string;
  /** Its preparation is done and does not run again. */
  prepared: boolean;
  finished: boolean;
  notes: Record<string, string>;
}

/** How far a person came, and what later steps compare with: kept in the tour's folder after each step. */
export class Progress {
  readonly #file: string;
  readonly #kept: Kept;

  constructor(folder: string) {
    this.#file = path.join(folder, FILE);
    this.#kept = { step: '', prepared: false, finished: false, notes: {}, ...read(this.#file) };
  }

  get step(): string {
    return this.#kept.step;
  }

  get prepared(): boolean {
    return this.#kept.prepared;
  }

  get finished(): boolean {
    return this.#kept.finished;
  }

  note(name: string): string {
    return this.#kept.notes[name] ?? '';
  }

  setNote(name: string, value: string): void {
    this.#kept.notes[name] = value;
    this.#write();
  }

  begin(step: string): void {
    if (this.#kept.step !== step) Object.assign(this.#kept, { step, prepared: false });
    this.#write();
  }

  setPrepared(): void {
    this.#kept.prepared = true;
    this.#write();
  }

  finish(): void {
    Object.assign(this.#kept, { step: '', finished: true });
    this.#write();
  }

  #write(): void {
    makeFolders(path.dirname(this.#file));
    writeFileSync(this.#file, `${JSON.stringify(this.#kept, undefined, 2)}\n`);
  }
}

/** Whether a tour was begun in a folder. */
export function isTourFolder(folder: string): boolean {
  return existsSync(path.join(folder, FILE));
}

/** Forgets a tour and what it made; other files of the folder stay. */
export function forgetTour(folder: string): void {
  for (const name of ['hello', '.wdev', 'rehearsal.ndjson']) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

const isKept = isRecord(
  {},
  { step: isText, prepared: isFlag, finished: isFlag, notes: isMapOf(isText) },
) as unknown as Shape<Partial<Kept>>;

function read(file: string): Partial<Kept> {
  const kept = parsedJson(readTextIfPossible(file) ?? '');
  // no tour was begun here, or its file was cut off: it starts from the beginning
  return isKept(kept) ? kept : {};
}
