import { foldersByName } from '../kinds/discover.ts';
import type { Finding } from '../findings/finding.ts';
import type { LoopEvent } from '../loop/events.ts';
import { visible } from '../support/visible.ts';
import { lineReader } from '../terminal/source-lines.ts';
import type { LineReader } from '../terminal/finding-text.ts';
import { emptyModel, heard } from './hear.ts';
import type { ExcerptLine, PageEvent, PageModel, ShownFinding } from './model.ts';
import { Saves } from './saves.ts';

/** Lines before and after that of a finding. */
const AROUND = 2;
/** The longest text of one line that the page is given. */
const LONGEST = 2_000;

/** Takes what the page is told: one event, as it is shown, with its time. */
export type Listener = (told: { readonly at: number; readonly event: PageEvent }) => void;

/** Makes of the events of a watch what the page shows, and keeps the model for who comes later. */
export class Feed {
  readonly #paths: readonly string[];
  readonly #listeners = new Set<Listener>();
  readonly #saves = new Saves();
  #folders: ReadonlyMap<string, string> = new Map();
  #model: PageModel = emptyModel(Date.now());
  /** Differences are made one after the other. */
  #reading: Promise<void> = Promise.resolve();

  /** @param paths where plugins are looked for, as the loop does */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  get model(): PageModel {
    return this.#model;
  }

  /** The folder of a plugin that is watched. */
  folderOf(plugin: string): string | undefined {
    return this.#folders.get(plugin);
  }

  get plugins(): readonly string[] {
    return [...this.#folders.keys()];
  }

  hear(event: LoopEvent): void {
    if (event.event === 'ready' || event.event === 'plugins') this.#look();
    this.#tell(this.#withExcerpts(event));
    if (event.event === 'batch' && event.files.length > 0) this.#readSave(event);
  }

  /** Tells a listener all that comes, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves when all that was heard is in the model. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  #look(): void {
    this.#folders = foldersByName(this.#paths, this.#folders);
    const dirs = [...this.#folders.values()];
    this.#after(async () => await this.#saves.keep(dirs));
  }

  #readSave({ id, plugin, files }: Extract<LoopEvent, { event: 'batch' }>): void {
    const dir = this.#folders.get(plugin);
    if (dir === undefined) return;
    this.#after(async () => {
      const diffs = await this.#saves.diffs(dir, files);
      this.#tell({ event: 'saved', id, plugin, diffs });
    });
  }

  /** A page without a difference is better than no watch. */
  #after(work: () => Promise<void>): void {
    this.#reading = this.#reading.then(work).catch(() => undefined);
  }

  #tell(event: PageEvent): void {
    const told = { at: Date.now(), event: shown(event) };
    this.#model = heard(this.#model, told);
    for (const listener of this.#listeners) listener(told);
  }

  #withExcerpts(event: LoopEvent): PageEvent {
    if (event.event === 'finding') return this.#placed(event, this.#reader(event.plugin));
    if (event.event !== 'failed' && event.event !== 'warnings') return event;
    const reader = this.#reader(event.plugin);
    return { ...event, findings: event.findings.map((finding) => this.#placed(finding, reader)) };
  }

  #reader(plugin: string): LineReader {
    return lineReader(this.#folders.get(plugin) ?? '.');
  }

  #placed<Told extends Finding>(finding: Told, readLine: LineReader): Told & ShownFinding {
    const { file, line } = finding;
    if (file === undefined || line === undefined) return finding;
    const excerpt: ExcerptLine[] = [];
    for (let number = Math.max(1, line - AROUND); number <= line + AROUND; number += 1) {
      const text = readLine(file, number);
      if (text !== undefined) excerpt.push({ number, text });
    }
    return excerpt.length === 0 ? finding : { ...finding, excerpt };
  }
}

/** A value whose texts are safe to show, wherever they come from. */
function shown<Value>(value: Value): Value {
  if (typeof value === 'string') return value.split('\n').map(shownLine).join('\n') as Value;
  if (Array.isArray(value)) return value.map((one: unknown) => shown(one)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [visible(key), shown<unknown>(one)]),
  ) as Value;
}

function shownLine(text: string): string {
  const whole = visible(text, '\t');
  return whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST)}…`;
}
