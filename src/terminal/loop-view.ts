import path from 'node:path';
import { byFolder } from './actions-text.ts';
import { durationText } from './duration.ts';
import { paint } from './paint.ts';
import type { EvidenceCounts } from '../effects/evidence/verify.ts';
import type { LoopEvent, PlanPart } from '../loop/events.ts';
import { findingLines, type LineReader } from './finding-text.ts';
import { previewed } from './generated-text.ts';
import { NOT_DONE } from '../effects/not-done.ts';
import { standing, stillStanding } from './standing-warnings.ts';
import { stateLine, type PluginNews } from './plugin-news.ts';
import { testedParts } from './tests-view.ts';

/** The outcome of a batch so far, until one line shows it. */
interface Batch {
  readonly files: Map<string, readonly string[]>;
  actions: readonly string[];
  because: readonly string[];
  skipped: readonly string[];
  parts: readonly PlanPart[];
  /** Actions that the target did not do: an embedded stack has few services. */
  readonly notDone: Set<string>;
  /** Plugins of which something may have come to the target. */
  readonly staged: Set<string>;
}

export interface LoopViewOptions {
  readonly readLine: (plugin: string) => LineReader;
  /** The time that a line begins with. */
  readonly clock: () => string;
  /** Whether the loop ends after the first batch. */
  readonly once: boolean;
  /** Whether it only shows what a batch would do. */
  readonly dryRun?: boolean;
  /** Whether single keys are read. */
  readonly keys: boolean;
}

/** Turns the events of the loop into lines for people: one a batch and plugin, and the findings below it. */
export class LoopView {
  readonly #options: LoopViewOptions;
  readonly #batches = new Map<number, Batch>();
  readonly #states = new Map<string, PluginNews>();
  readonly #leftOut = new Set<string>();
  #lastHeld = '';
  /** The plugin that is shown alone. */
  #only: string | undefined;

  constructor(options: LoopViewOptions) {
    this.#options = options;
  }

  /** The lines of an event; of those about a plugin that the filter hides, only that it failed. */
  lines(event: LoopEvent): readonly string[] {
    const lines = this.#linesOf(event);
    if (this.#only === undefined || !('plugin' in event) || event.plugin === this.#only) return lines;
    return event.event === 'failed' ? lines.slice(0, 1) : [];
  }

  /** Shows the next plugin alone, after the last one all of them again. */
  showNext(): readonly string[] {
    const names = [...this.#states.keys()].toSorted();
    if (names.length < 2) return ['  There is only one plugin.'];
    this.#only = names[this.#only === undefined ? 0 : names.indexOf(this.#only) + 1];
    return [
      this.#only === undefined
        ? paint.dim('  Showing all plugins.')
        : `  Showing ${paint.bold(this.#only)}. The others appear only when they fail.`,
    ];
  }

  #linesOf(event: LoopEvent): readonly string[] {
    switch (event.event) {
      case 'ready':
        return this.#ready(event.plugins, event.target);
      case 'held':
        return this.#held(event);
      case 'plugins':
        return this.#plugins(event);
      case 'batch':
        delete this.#state(event.plugin).waits;
        this.#batch(event.id).files.set(event.plugin, event.files);
        return [];
      case 'staged':
        this.#batch(event.id).staged.add(event.plugin);
        return [];
      case 'preview':
        return indent(previewed(event.name, event.diff));
      case 'plan':
        Object.assign(this.#batch(event.id), {
          actions: event.actions,
          because: event.because,
          skipped: event.skipped,
          parts: event.parts,
        });
        return [];
      case 'action':
        if (event.output?.startsWith(NOT_DONE) === true) this.#batch(event.id).notDone.add(event.do);
        return [];
      case 'verified':
        return this.#verified(event);
      case 'settled':
        return [];
      case 'tested': {
        const { sign, text, findings } = testedParts(event, this.#options.readLine(event.plugin));
        return [this.#line(event.plugin, sign, text, event.ms), ...indent(findings)];
      }
      case 'failed':
        return this.#failed(event);
      case 'rolled-back':
        this.#rolledBack(event.id);
        return [paint.dim(`  live: ${event.live}`)];
      case 'log':
        return event.lines.map((line) => (line.startsWith('*') ? paint.bold(line) : line));
      case 'restored':
        return [
          paint.dim(`Target restored as it was: ${event.paths.length} files, ${event.actions.join(', ')}`),
        ];
      case 'finding':
        return indent(findingLines(event, this.#options.readLine(event.plugin)));
      case 'warnings':
        return this.#warnings(event);
      case 'page':
        return [`Page: ${paint.bold(event.address)}`];
      case 'reported':
        return [`Wrote ${event.file}`];
      case 'stopped':
        if (event.reason === 'done') return [];
        return [paint.dim(event.reason === 'quit' ? 'Stopped.' : `Stopped: ${event.reason}.`)];
    }
  }

  /** The last plan, for people: the actions, their reasons, and what was skipped. */
  plan(): readonly string[] {
    const batch = [...this.#batches.values()].at(-1);
    if (batch === undefined) return ['  No batch yet.'];
    const { actions, because, skipped } = batch;
    return [
      ...(actions.length === 0
        ? [
            this.#options.dryRun === true
              ? '  Nothing to install: already up to date.'
              : '  The last save had nothing to install.',
          ]
        : byFolder(actions).map((line) => `  ${line}`)),
      ...[...new Set(because)].map((why) => paint.dim(`  reason: ${why}`)),
      ...skipped.map((what) => paint.dim(`  skipped: ${what}`)),
    ];
  }

  /** A line for each plugin: what is live, and what is not. */
  states(): readonly string[] {
    const named = [...this.#states].sort(([a], [b]) => (a < b ? -1 : 1));
    return named.map(([plugin, state]) => stateLine(plugin, state, this.#options.keys));
  }

  /** The warnings that stand, plugin by plugin. */
  warnings(): readonly string[] {
    const named = [...this.#states].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = named.flatMap(([plugin, { warnings = [] }]) =>
      warnings.flatMap((finding) => indent(findingLines(finding, this.#options.readLine(plugin)))),
    );
    return lines.length === 0 ? ['  No open warnings.'] : lines;
  }

  /** A key was pressed: it is answered, also when the answer is the last one again. */
  asked(): void {
    this.#lastHeld = '';
  }

  #ready(plugins: readonly string[], target: string): readonly string[] {
    for (const plugin of plugins) this.#state(plugin);
    const few = plugins.length <= NAMED_AT_START;
    const what = few ? plugins.join(', ') : `${plugins.length} plugins`;
    if (this.#options.dryRun === true)
      return [`Dry run: ${paint.bold(what)} on target ${paint.bold(target)}. Nothing is changed.`];
    return [
      this.#options.once
        ? `Installing ${paint.bold(what)} on target ${paint.bold(target)}.`
        : `Watching ${paint.bold(what)} on target ${paint.bold(target)}. ${this.#options.keys ? 'Press ? for keys.' : 'Ctrl-C ends.'}`,
    ];
  }

  #held({ reason, plugins = [] }: Extract<LoopEvent, { event: 'held' }>): readonly string[] {
    for (const plugin of plugins) this.#state(plugin).waits = reason.split(/[:;]/)[0] ?? '';
    if (reason === this.#lastHeld) return [];
    this.#lastHeld = reason;
    return [paint.dim(`  … ${reason}`)];
  }

  /** The `held` that follows names what went. */
  #plugins({ added, moved }: Extract<LoopEvent, { event: 'plugins' }>): readonly string[] {
    return added.map((plugin) => {
      const to = moved[plugin];
      const isKnown = this.#states.has(plugin);
      delete this.#state(plugin).waits;
      if (to !== undefined)
        return paint.dim(`  … the folder of ${plugin} is ${path.relative('', to) || '.'} now`);
      return paint.dim(
        `  … ${plugin} ${isKnown ? 'is back, and is watched again' : 'is new, and is watched too'}`,
      );
    });
  }

  #verified(event: Extract<LoopEvent, { event: 'verified' }>): readonly string[] {
    this.#lastHeld = '';
    const batch = this.#batch(event.id);
    const {
      files = 0,
      actions: planned = [],
      skipped: left = [],
    } = batch.parts.find(({ plugin }) => plugin === event.plugin) ?? {};
    const actions = planned.filter((action) => !batch.notDone.has(action));
    const isNothing = files === 0 && planned.length === 0;
    const { live: before, trouble, warnings = [], isUnproven = false } = this.#state(event.plugin);
    // a save that changes nothing is asked nothing
    const { verified, placed } = event.evidence;
    const isAsked = verified + placed > 0;
    const isPlaced = isAsked ? isPlacedOnly(event.evidence) : isUnproven;
    const now = `${isPlaced ? 'installed' : 'verified'} at ${this.#options.clock()}${isPlaced ? ', not verified' : ''}`;
    // a save that brings nothing leaves the time of what is live
    const at = isNothing && !isAsked && before !== undefined ? before.replace(/^\S+, /, '') : now;
    const live = event.version === undefined ? at : `${event.version}, ${at}`;
    this.#states.set(event.plugin, { live, batch: event.id, before, warnings, isUnproven: isPlaced });
    // what the batch saved is read again in a moment
    const saved = batch.files.get(event.plugin) ?? [];
    const count = warnings.filter(({ file }) => file === undefined || !saved.includes(file)).length;
    const moved = files === 0 ? [] : [`${files} file${files === 1 ? '' : 's'}`];
    const fixed = trouble === undefined ? '' : 'fixed, ';
    const nothing = `${fixed}already up to date${isPlaced ? ', not verified' : ''}`;
    const done = (isNothing ? '' : [...moved, ...actions].join(', ')) || nothing;
    const first = this.#line(
      event.plugin,
      isPlaced ? paint.yellow('•') : paint.green('✓'),
      `${this.#changed(batch, event.plugin)}${done}${isNothing ? '' : placedText(event.evidence)}${standing(count, this.#options.keys)}`,
      event.ms,
    );
    const loaded = event.loaded.map((what) => paint.dim(`    ${what}`));
    // what is skipped each time is shown once
    const skipped = left.filter((what) => !this.#leftOut.has(what));
    for (const what of skipped) this.#leftOut.add(what);
    return [first, ...loaded, ...skipped.map((what) => paint.dim(`    skipped: ${what}`))];
  }

  #failed(event: Extract<LoopEvent, { event: 'failed' }>): readonly string[] {
    this.#lastHeld = '';
    const batch = this.#batch(event.id);
    const codes = event.findings.map(({ code }) => code).join(', ');
    this.#state(event.plugin).trouble = `${paint.red('failed')} at ${this.#options.clock()} (${codes})`;
    const first = this.#line(
      event.plugin,
      paint.red('✗'),
      `${this.#changed(batch, event.plugin)}${paint.red('failed')}`,
    );
    const readLine = this.#options.readLine(event.plugin);
    const shown = event.findings.slice(0, MOST_FINDINGS);
    const more = event.findings.length - shown.length;
    return [
      first,
      ...shown.flatMap((finding) => indent(findingLines(finding, readLine))),
      ...(more === 0 ? [] : [paint.dim(`  and ${more} more like these; --json has all of them`)]),
      ...(batch.staged.has(event.plugin) ? [] : this.#served(event.plugin)),
    ];
  }

  /** The version that is live when nothing came to the target. */
  #served(plugin: string): readonly string[] {
    const { live } = this.#state(plugin);
    if (live === undefined) return [paint.dim('  The target was not changed.')];
    const version = /^(\S+), /.exec(live)?.[1];
    return [paint.dim(`  live: ${version === undefined ? plugin : `${plugin} ${version}`}, unchanged`)];
  }

  /** Those in other files the line of the batch told. */
  #warnings({ plugin, findings }: Extract<LoopEvent, { event: 'warnings' }>): readonly string[] {
    const state = this.#state(plugin);
    const saved = [...this.#batches.values()].at(-1)?.files.get(plugin) ?? [];
    const inSaved = findings.filter(({ file = '' }) => saved.includes(file));
    const lines = stillStanding(state.warnings ?? [], inSaved, this.#options.keys);
    state.warnings = findings;
    return lines;
  }

  /** A batch may be verified and fail after all. */
  #rolledBack(id: number): void {
    for (const state of this.#states.values())
      if (state.batch === id && state.trouble !== undefined && state.before !== undefined)
        state.live = state.before;
  }

  /** The author's save, before an arrow; empty for the first batch. */
  #changed(batch: Batch, plugin: string): string {
    const files = batch.files.get(plugin) ?? [];
    const [only = ''] = files;
    if (files.length === 0) return '';
    return `${files.length === 1 ? only.split('/').at(-1) : `${files.length} files saved`} → `;
  }

  #line(plugin: string, sign: string, text: string, ms?: number): string {
    const time = ms === undefined ? '' : paint.dim(`  ${durationText(ms)}`);
    return `${paint.dim(this.#options.clock())} ${sign} ${paint.bold(plugin)}  ${text}${time}`;
  }

  #state(plugin: string): PluginNews {
    const known = this.#states.get(plugin) ?? {};
    this.#states.set(plugin, known);
    return known;
  }

  #batch(id: number): Batch {
    let batch = this.#batches.get(id);
    if (batch === undefined) {
      batch = {
        files: new Map(),
        actions: [],
        because: [],
        skipped: [],
        parts: [],
        notDone: new Set(),
        staged: new Set(),
      };
      this.#batches.clear();
      this.#batches.set(id, batch);
    }
    return batch;
  }
}

function isPlacedOnly({ verified, placed }: EvidenceCounts): boolean {
  return verified === 0 && placed > 0;
}

/** Nothing is said where all is proven. */
function placedText({ verified, placed }: EvidenceCounts): string {
  if (placed === 0) return '';
  return verified === 0
    ? ' (installed, not verified)'
    : ` (${placed} file${placed === 1 ? '' : 's'} not verified)`;
}

/** Findings of one batch that are shown: who corrects the first ten sees the rest of them next. */
const MOST_FINDINGS = 10;

/** Plugins that the first line names; of more it says how many. */
const NAMED_AT_START = 4;

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
