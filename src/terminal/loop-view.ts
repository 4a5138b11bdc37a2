import chalk from 'chalk';
import type { LoopEvent } from '../loop/events.ts';
import type { DiffLine } from '../support/line-diff.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { diffText } from './generated-text.ts';

/** What a batch came to so far, until it is told in one line. */
interface Batch {
  readonly files: Map<string, readonly string[]>;
  actions: readonly string[];
  because: readonly string[];
  skipped: readonly string[];
}

export interface LoopViewOptions {
  readonly readLine: (plugin: string) => LineReader;
  /** The time that a line begins with. */
  readonly clock: () => string;
  /** Whether the loop ends after the first batch. */
  readonly once: boolean;
  /** Whether single keys are read. */
  readonly keys: boolean;
}

/** Turns the events of the loop into lines for people: one a batch and plugin, and the findings below it. */
export class LoopView {
  readonly #options: LoopViewOptions;
  readonly #batches = new Map<number, Batch>();
  readonly #states = new Map<string, string>();
  #lastHeld = '';

  constructor(options: LoopViewOptions) {
    this.#options = options;
  }

  lines(event: LoopEvent): readonly string[] {
    switch (event.event) {
      case 'ready':
        return this.#ready(event.plugins, event.target);
      case 'held':
        return this.#held(event.reason);
      case 'batch':
        this.#batch(event.id).files.set(event.plugin, event.files);
        return [];
      case 'staged':
        return [];
      case 'preview':
        return previewed(event.name, event.diff);
      case 'plan':
        Object.assign(this.#batch(event.id), {
          actions: event.actions,
          because: event.because,
          skipped: event.skipped,
        });
        return [];
      case 'action':
        return [];
      case 'verified':
        return this.#verified(event);
      case 'failed':
        return this.#failed(event);
      case 'rolled-back':
        return [chalk.dim(`  live: ${event.live}`)];
      case 'log':
        return event.lines.map((line) => `  ${line}`);
      case 'restored':
        return [
          chalk.dim(`Target given back as it was: ${event.paths.length} files, ${event.actions.join(', ')}`),
        ];
      case 'finding':
        return indent(findingLines(event, this.#options.readLine(event.plugin)));
      case 'stopped':
        return event.reason === 'done' ? [] : [chalk.dim(`Stopped: ${event.reason}.`)];
    }
  }

  /** The last plan, for people: what was done, why, and what was left out. */
  plan(): readonly string[] {
    const batch = [...this.#batches.values()].at(-1);
    if (batch === undefined) return ['  No batch yet.'];
    const { actions, because, skipped } = batch;
    return [
      ...(actions.length === 0 ? ['  Nothing had to be done.'] : actions.map((action) => `  ${action}`)),
      ...because.map((why) => chalk.dim(`  because ${why}`)),
      ...skipped.map((what) => chalk.dim(`  left out: ${what}`)),
    ];
  }

  /** A line for each plugin: what came of its last batch. */
  states(): readonly string[] {
    return [...this.#states].map(([plugin, state]) => `  ${chalk.bold(plugin)}  ${state}`);
  }

  #ready(plugins: readonly string[], target: string): readonly string[] {
    const what = plugins.length === 1 ? (plugins[0] ?? '') : `${plugins.length} plugins`;
    return [
      this.#options.once
        ? `Bringing ${chalk.bold(what)} to target ${chalk.bold(target)}.`
        : `Watching ${chalk.bold(what)} on target ${chalk.bold(target)}. ${this.#options.keys ? 'Press ? for keys.' : 'Ctrl-C ends.'}`,
    ];
  }

  #held(reason: string): readonly string[] {
    if (reason === this.#lastHeld) return [];
    this.#lastHeld = reason;
    return [chalk.dim(`  … ${reason}`)];
  }

  #verified(event: Extract<LoopEvent, { event: 'verified' }>): readonly string[] {
    this.#lastHeld = '';
    const batch = this.#batch(event.id);
    const live = `${chalk.green('live')}, verified at ${this.#options.clock()} in batch ${event.id}`;
    this.#states.set(event.plugin, live);
    const effects = batch.actions.filter((action) => !/^(put|remove) \//.test(action));
    const moved = batch.actions.length - effects.length;
    const done =
      moved === 0 ? 'nothing to do' : [`${moved} file${moved === 1 ? '' : 's'}`, ...effects].join(', ');
    const first = this.#line(
      event.plugin,
      chalk.green('✓'),
      `${this.#changed(batch, event.plugin)}${done}`,
      event.ms,
    );
    const loaded = event.loaded.map((what) => chalk.dim(`    ${what}`));
    const skipped = batch.skipped.map((what) => chalk.dim(`    left out: ${what}`));
    return [first, ...loaded, ...skipped];
  }

  #failed(event: Extract<LoopEvent, { event: 'failed' }>): readonly string[] {
    this.#lastHeld = '';
    const batch = this.#batch(event.id);
    const codes = event.findings.map(({ code }) => code).join(', ');
    const state = `${chalk.red('failed')} at ${this.#options.clock()} (${codes}); the last good version serves`;
    this.#states.set(event.plugin, state);
    const first = this.#line(
      event.plugin,
      chalk.red('✗'),
      `${this.#changed(batch, event.plugin)}${chalk.red('failed')}`,
    );
    const readLine = this.#options.readLine(event.plugin);
    return [first, ...event.findings.flatMap((finding) => indent(findingLines(finding, readLine)))];
  }

  /** What the author saved, before an arrow; empty for the first batch. */
  #changed(batch: Batch, plugin: string): string {
    const files = batch.files.get(plugin) ?? [];
    const [only = ''] = files;
    if (files.length === 0) return '';
    return `${files.length === 1 ? only.split('/').at(-1) : `${files.length} files`} → `;
  }

  #line(plugin: string, sign: string, text: string, ms?: number): string {
    const time = ms === undefined ? '' : chalk.dim(`  ${formatMs(ms)}`);
    return `${chalk.dim(this.#options.clock())} ${sign} ${chalk.bold(plugin)}  ${text}${time}`;
  }

  #batch(id: number): Batch {
    let batch = this.#batches.get(id);
    if (batch === undefined) {
      batch = { files: new Map(), actions: [], because: [], skipped: [] };
      this.#batches.clear();
      this.#batches.set(id, batch);
    }
    return batch;
  }
}

/** Lines of a diff that are shown; a longer one is for `wdev preview`. */
const SHOWN = 40;

function previewed(name: string, diff: readonly string[]): readonly string[] {
  if (diff.length === 0) return [chalk.dim(`  ${name}: as before`)];
  return indent([chalk.bold(name), ...diffText(diff.map(toDiffLine), SHOWN)]);
}

function toDiffLine(line: string): DiffLine {
  const [sign] = line;
  if (sign === '+' || sign === '-' || sign === ' ') return { sign, text: line.slice(1) };
  return { sign: '@', text: line };
}

function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
