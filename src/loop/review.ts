import type { Finding } from '../findings/finding.ts';
import type { LoopEvent } from './events.ts';
import type { PluginState } from './state.ts';

/** The files that a plugin's review is about; all of them where it was not read yet. */
type Saved = Set<string> | 'all';

/**
 * Reports faults that a target does not show: it loads an application that does not exist, and only a call would show
 * it. Once a plugin, or a save of it, is verified and all is quiet, its files are read by the rules of `wdev check`.
 * A finding that was shown before is not shown again, and stands until it is gone.
 */
export class Review {
  readonly #emit: (event: LoopEvent) => void;
  /** Plugin → files of its batches that nobody has read yet. */
  readonly #saved = new Map<string, Saved>();
  readonly #verified = new Set<string>();
  readonly #read = new Set<string>();
  /** Plugin → places in its files that a target's answer has told of since the last batch. */
  readonly #heard = new Map<string, Set<string>>();
  /** Plugin → file → what stands of it. */
  readonly #standing = new Map<string, Map<string, readonly Finding[]>>();

  constructor(emit: (event: LoopEvent) => void) {
    this.#emit = emit;
  }

  /** Whether a verified save waits to be read. */
  get isDue(): boolean {
    return this.#verified.size > 0;
  }

  hear(event: LoopEvent): void {
    if (event.event === 'batch') {
      this.#heard.delete(event.plugin);
      this.#note(event.plugin, event.files);
    }
    if (event.event === 'finding') {
      const heard = this.#heard.get(event.plugin) ?? new Set();
      this.#heard.set(event.plugin, heard.add(placeOf(event)));
    }
    if (event.event === 'verified' && this.#saved.has(event.plugin)) this.#verified.add(event.plugin);
    if (event.event === 'failed') this.#verified.delete(event.plugin);
  }

  #note(plugin: string, files: readonly string[]): void {
    if (!this.#read.has(plugin)) this.#saved.set(plugin, 'all');
    if (files.length === 0) return;
    const saved = this.#saved.get(plugin) ?? new Set();
    if (saved !== 'all') for (const file of files) saved.add(file);
    this.#saved.set(plugin, saved);
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
    const [{ checkPlugin }, { askMake }] = await Promise.all([
      import('../check/check.ts'),
      import('../stage/ask-make.ts'),
    ]);
    for (const id of this.#verified) {
      const state = states.find(({ plugin }) => plugin.id === id);
      const saved = this.#saved.get(id) ?? new Set();
      const stage = state?.stage;
      if (state === undefined || stage === undefined) continue;
      const only = saved === 'all' ? {} : { files: [...saved] };
      const made = await askMake([{ plugin: state.plugin, sources: stage.sources }]);
      const found = await checkPlugin(state.plugin, stage.sources, { ...only, contexts, made });
      // a save came meanwhile: its batch brings both files here again
      if (isOver() || state.stage !== stage) return;
      this.#verified.delete(id);
      this.#saved.delete(id);
      this.#read.add(id);
      this.#compare(id, saved, found);
    }
  }

  #compare(plugin: string, saved: Saved, found: readonly Finding[]): void {
    const standing = this.#standing.get(plugin) ?? new Map<string, readonly Finding[]>();
    this.#standing.set(plugin, standing);
    const before = keysOf(standing);
    // those of files that are gone, too
    let stillThere = false;
    const named = [...standing.keys(), ...found.map(({ file = '' }) => file)];
    for (const file of saved === 'all' ? new Set(named) : saved) {
      const told = new Set((standing.get(file) ?? []).map(key));
      const own = found.filter((finding) => (finding.file ?? '') === file);
      const heard = this.#heard.get(plugin);
      for (const finding of own) {
        const wasTold = told.has(key(finding));
        stillThere ||= wasTold && finding.level === 'warning';
        const isKnown = wasTold || heard?.has(placeOf(finding)) === true;
        if (!isKnown) this.#emit({ event: 'finding', plugin, ...finding });
      }
      standing.set(file, own);
    }
    if (keysOf(standing) === before && !stillThere) return;
    const findings = [...standing.values()].flat().filter(({ level }) => level === 'warning');
    this.#emit({ event: 'warnings', plugin, findings });
  }
}

function keysOf(standing: ReadonlyMap<string, readonly Finding[]>): string {
  const all = [...standing.values()].flat();
  return JSON.stringify(
    all.filter(({ level }) => level === 'warning').map((finding) => [finding.line, key(finding)]),
  );
}

/** Lines above a finding come and go, so its line does not tell it from another. */
function key({ code, message }: Finding): string {
  return `${code} ${message}`;
}

/** Asterisk and `wdev check` say the same of one line in other words. */
function placeOf({ code, file, line }: Finding): string {
  return `${code} ${file ?? ''}:${line ?? ''}`;
}
