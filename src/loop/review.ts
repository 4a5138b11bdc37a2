import type { Finding } from '../findings/finding.ts';
import type { LoopEvent } from './events.ts';
import type { PluginState } from './state.ts';

/**
 * Reports faults of a save that a target does not show: it loads an application that does not exist, and only a call would show
 * it. Once a save is verified and all is quiet, its files are read by the rules of `wdev check`; what was told
 * before is not told again.
 */
export class Review {
  readonly #tell: (plugin: string, finding: Finding) => void;
  /** Plugin → files of its batches that nobody has read yet. */
  readonly #saved = new Map<string, Set<string>>();
  readonly #verified = new Set<string>();
  /** Plugin → file → what was told of it. */
  readonly #told = new Map<string, Map<string, ReadonlySet<string>>>();

  constructor(tell: (plugin: string, finding: Finding) => void) {
    this.#tell = tell;
  }

  /** Whether a verified save waits to be read. */
  get isDue(): boolean {
    return this.#verified.size > 0;
  }

  hear(event: LoopEvent): void {
    if (event.event === 'batch' && event.files.length > 0) {
      const files = this.#saved.get(event.plugin) ?? new Set();
      for (const file of event.files) files.add(file);
      this.#saved.set(event.plugin, files);
    }
    if (event.event === 'verified' && this.#saved.has(event.plugin)) this.#verified.add(event.plugin);
    if (event.event === 'failed') this.#verified.delete(event.plugin);
  }

  /**
   * Reads the saves that wait, one plugin at a time, and stops after one once `isOver`. `contexts` are those that the
   * target is known to have.
   */
  async run(
    states: readonly PluginState[],
    contexts: ReadonlySet<string>,
    isOver: () => boolean,
  ): Promise<void> {
    const { checkPlugin } = await import('../check/check.ts');
    for (const id of this.#verified) {
      const state = states.find(({ plugin }) => plugin.id === id);
      const files = [...(this.#saved.get(id) ?? [])];
      const stage = state?.stage;
      if (state === undefined || stage === undefined) continue;
      const found = await checkPlugin(state.plugin, stage.sources, { files, contexts });
      // a save came meanwhile: its batch brings both files here again
      if (isOver() || state.stage !== stage) return;
      this.#verified.delete(id);
      this.#saved.delete(id);
      this.#compare(id, files, found);
    }
  }

  #compare(plugin: string, files: readonly string[], found: readonly Finding[]): void {
    const told = this.#told.get(plugin) ?? new Map<string, ReadonlySet<string>>();
    this.#told.set(plugin, told);
    for (const file of files) {
      const before = told.get(file) ?? new Set();
      const own = found.filter((finding) => finding.file === file);
      for (const finding of own) if (!before.has(key(finding))) this.#tell(plugin, finding);
      told.set(file, new Set(own.map(key)));
    }
  }
}

/** Lines above a finding come and go, so its line does not tell it from another. */
function key({ code, message }: Finding): string {
  return `${code} ${message}`;
}
