import chalk from 'chalk';
import type { LoopEvent } from '../loop/events.ts';
import type { Sight, TourStep, TourVoice } from '../tour/tour.ts';
import { LoopView } from './loop-view.ts';
import type { LineReader } from './finding-text.ts';

export interface TourViewOptions {
  readonly write: (text: string) => void;
  readonly readLine: LineReader;
}

/** Tells a tour to a person: the steps, what the dev loop says, what was read back, and what was seen. */
export class TourView implements TourVoice {
  readonly #write: (text: string) => void;
  readonly #loop: LoopView;

  constructor({ write, readLine }: TourViewOptions) {
    this.#write = write;
    const clock = (): string => new Date().toTimeString().slice(0, 8);
    this.#loop = new LoopView({ readLine: () => readLine, clock, once: false, keys: false });
  }

  step({ title, text, command }: TourStep, number: number, of: number): void {
    this.#lines('', chalk.bold(`${number}/${of} ${title}`), ...wrap(text, 76));
    if (command !== undefined) this.#lines(chalk.dim(`$ ${command}`));
  }

  event(event: LoopEvent): void {
    this.#lines(...this.#loop.lines(event).map((line) => `  ${line}`));
  }

  edited(file: string, before: string, after: string): void {
    this.#lines(chalk.dim(file), chalk.red(`- ${before}`), chalk.green(`+ ${after}`));
  }

  asked(command: string, answer: string): void {
    const lines = answer.trimEnd().split('\n');
    this.#lines(chalk.dim(`$ ${command}`), ...lines.map((line) => `  ${line}`));
  }

  seen({ ok, what }: Sight): void {
    this.#lines(ok ? `${chalk.green('✓')} ${what}` : `${chalk.red('✗')} not seen: ${what}`);
  }

  #lines(...lines: readonly string[]): void {
    this.#write(lines.map((line) => `${line}\n`).join(''));
  }
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
