import { paint } from '../terminal/paint.ts';
import type { LoopEvent } from '../loop/events.ts';
import type { TourStep } from './step.ts';
import type { TourVoice } from './voice.ts';
import type { Workbench } from './workbench.ts';
import { LoopView } from '../terminal/loop-view.ts';
import type { LineReader } from '../terminal/finding-text.ts';
import { wrap } from '../terminal/wrap.ts';

export interface TourViewOptions {
  /** Prints lines, each broken where the terminal ends. */
  readonly print: (lines: readonly string[]) => void;
  readonly readLine: LineReader;
  /** Columns of the terminal. */
  readonly width: number;
  /** The tour plays itself: the tasks of a person are skipped. */
  readonly auto: boolean;
}

/** Columns that are pleasant to read. */
const WIDEST = 76;

/** Tells a tour to a person: the steps, what to do, what the dev loop says, what was read back and seen. */
export class TourView implements TourVoice {
  readonly #options: TourViewOptions;
  readonly #width: number;
  readonly #loop: LoopView;

  constructor(options: TourViewOptions) {
    this.#options = options;
    this.#width = Math.min(options.width, WIDEST);
    const { readLine } = options;
    const clock = (): string => new Date().toTimeString().slice(0, 8);
    this.#loop = new LoopView({ readLine: () => readLine, clock, once: false, keys: false });
  }

  /** How a tour begins for a person. */
  welcome(folder: string, steps: number): void {
    this.#lines(
      paint.bold('A first plugin, in about ten minutes'),
      ...this.#wrap(
        `${steps} steps. You need your editor and a second terminal; this one watches what you do there, and continues ` +
          'by itself once it sees the result. In the second terminal, go to the folder of the tour:',
      ),
      '',
      `  cd ${folder}`,
      '',
      ...this.#wrap(
        'Keys here: s does a step for you, h gives a hint, q leaves (wdev tour continues where you left off).',
      ),
    );
  }

  step(step: TourStep, number: number, of: number, bench: Workbench): void {
    this.#lines('', paint.bold(`${number}/${of} ${step.title}`), ...this.#wrap(step.text));
    if (this.#options.auto) return;
    this.#lines('', ...this.#wrap(`→ ${step.task}`, '  ').map((line) => paint.cyan(line)));
    if (step.command !== undefined) this.#lines(`    ${paint.bold(step.command(bench))}`);
    if (step.file !== undefined) this.#lines(`    ${paint.bold(step.file)}`);
    this.#lines('');
  }

  event(event: LoopEvent): void {
    this.#lines(...this.#loop.lines(event).map((line) => `  ${line}`));
  }

  edited(file: string, before: string, after: string): void {
    this.#lines(paint.dim(file), paint.red(`- ${before}`), paint.green(`+ ${after}`));
  }

  typed(command: string): void {
    this.#lines(paint.dim(`$ ${command}`));
  }

  asked(command: string, answer: string): void {
    const lines = answer.trimEnd().split('\n');
    this.#lines(paint.dim(`$ ${command}`), ...lines.map((line) => this.#fit(`  ${line}`)));
  }

  seen(what: string): void {
    this.#lines(...this.#wrap(`${paint.green('✓')} ${what}`, '  '));
  }

  notSeen(what: string): void {
    this.#lines(...this.#wrap(`${paint.red('✗')} not seen: ${what}`, '  '));
  }

  notHere(reason: string): void {
    this.#lines(...this.#wrap(`${paint.yellow('-')} Skipped: ${reason}.`, '  '));
  }

  hint(text: string): void {
    this.#lines(...this.#wrap(`${paint.yellow('Hint:')} ${text}`, '  '));
  }

  /** Asterisk pads its answers; where they would not fit, the padding goes first. */
  #fit(line: string): string {
    const { width } = this.#options;
    return line.length <= width ? line.trimEnd() : line.replaceAll(/(?<=\S) {2,}/g, '  ').trimEnd();
  }

  #wrap(text: string, indent = ''): readonly string[] {
    return wrap(text, this.#width, '', indent);
  }

  #lines(...lines: readonly string[]): void {
    this.#options.print(lines);
  }
}
