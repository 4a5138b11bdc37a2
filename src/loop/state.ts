import type { SourceListing } from '../git/sources.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { Settings } from '../settings/settings.ts';
import type { Stage } from '../stage/stage.ts';
import { diffTrees } from '../stage/tree.ts';
import { Changes } from './changes.ts';

/** The verified version of a plugin that a target serves. */
export interface Serving {
  readonly stage: Stage;
  /** The verified version before that: what a roll-back brings. */
  readonly previous: Stage | undefined;
}

/** Why the sources of a plugin are not what the target serves. */
export type Behind =
  /** Its folder came, or came back: files may still be coming. */
  | 'arrived'
  /** The person asked for all of it again. */
  | 'asked'
  /** Something spoke against it before the target was touched, or a hook after it. */
  | 'refused'
  /** It failed on the target: rolled back there, unless what is broken is to be kept. */
  | 'failed'
  /** A version before was brought back. */
  | 'rolled-back';

/** How a plugin stands between two batches. */
export type Condition =
  /** Nothing of it was brought to the target yet. */
  | { readonly is: 'new' }
  /** The target serves the sources; `proven` unless they came by the fast path alone. */
  | { readonly is: 'live'; readonly serving: Serving; readonly proven: boolean }
  /** The next batch stages in full; `serving` is undefined when nothing was ever verified. */
  | { readonly is: Behind; readonly serving: Serving | undefined };

/** All that is known of a plugin but its changed files. */
export interface Known {
  /** As its manifest describes it now. */
  readonly plugin: Plugin;
  readonly condition: Condition;
  /** The sources as a batch had them last, whatever became of it; undefined until there is one. */
  readonly attempt: SourceListing | undefined;
}

/** The happenings that change the state of a plugin. */
export type KnownHappening =
  | { readonly happened: Behind }
  /** A stage was read back on the target. */
  | { readonly happened: 'verified'; readonly stage: Stage; readonly proven: boolean }
  /** A full stage of the same sources is there; where it differs it is brought next. */
  | { readonly happened: 'proven'; readonly stage: Stage }
  /** The version that was brought back had one before it, too. */
  | { readonly happened: 'recalled'; readonly previous: Stage | undefined }
  /** Its manifest was read again. */
  | { readonly happened: 'described'; readonly plugin: Plugin }
  /** A batch listed its sources. */
  | { readonly happened: 'attempted'; readonly sources: SourceListing | undefined };

/** The happenings that change the list of a plugin's changed files. Times are those of performance.now(). */
type ChangeHappening =
  /** Files changed, or those of a batch that grew wait again. */
  | { readonly happened: 'changed'; readonly files: readonly string[]; readonly at: number }
  /** A batch took all that waits. */
  | { readonly happened: 'taken'; readonly signatures: ReadonlyMap<string, string> };

export type Happening = KnownHappening | ChangeHappening;

/** The state of a plugin after a happening. */
export function next(known: Known, happening: KnownHappening): Known {
  const { condition } = known;
  const serving = servingOf(condition);
  switch (happening.happened) {
    case 'arrived':
    case 'asked':
    case 'refused':
    case 'failed':
    case 'rolled-back':
      return { ...known, condition: { is: happening.happened, serving } };
    case 'verified': {
      const { stage, proven } = happening;
      return {
        ...known,
        condition: { is: 'live', serving: { stage, previous: before(serving, stage) }, proven },
      };
    }
    case 'proven': {
      if (condition.is !== 'live') return known;
      const { previous } = condition.serving;
      const { stage } = happening;
      return { ...known, condition: { is: 'live', serving: { stage, previous }, proven: true } };
    }
    case 'recalled': {
      if (condition.is === 'new' || serving === undefined) return known;
      return { ...known, condition: { ...condition, serving: { ...serving, previous: happening.previous } } };
    }
    case 'described':
      return { ...known, plugin: happening.plugin };
    case 'attempted':
      return { ...known, attempt: happening.sources };
  }
}

function servingOf(condition: Condition): Serving | undefined {
  return condition.is === 'new' ? undefined : condition.serving;
}

/** A stage with the same tree is no other version. */
function before(serving: Serving | undefined, stage: Stage): Stage | undefined {
  if (serving === undefined) return undefined;
  const { put, removed } = diffTrees(serving.stage.tree, stage.tree);
  return put.length + removed.length > 0 ? serving.stage : serving.previous;
}

/** One plugin of the loop. All of it may be read by anyone; it changes by what is reported to it, and only so. */
export class PluginState {
  /** Its own wdev.yml. */
  readonly settings: Settings;
  readonly #changes = new Changes();
  #known: Known;

  /** `serving` is what the target serves of it already, as far as this loop brought it. */
  constructor(plugin: Plugin, settings: Settings = {}, serving?: Serving) {
    this.settings = settings;
    const condition: Condition = serving === undefined ? { is: 'new' } : { is: 'arrived', serving };
    this.#known = { plugin, condition, attempt: undefined };
  }

  get plugin(): Plugin {
    return this.#known.plugin;
  }

  get condition(): Condition {
    return this.#known.condition;
  }

  get attempt(): SourceListing | undefined {
    return this.#known.attempt;
  }

  get changes(): Pick<Changes, 'waiting' | 'since' | 'took'> {
    return this.#changes;
  }

  /** The stage that was verified last; undefined until there is one. */
  get stage(): Stage | undefined {
    return servingOf(this.condition)?.stage;
  }

  get previous(): Stage | undefined {
    return servingOf(this.condition)?.previous;
  }

  /** Whether the next batch has to stage in full, because the target does not serve what the sources are. */
  get isBehind(): boolean {
    return this.condition.is !== 'new' && this.condition.is !== 'live';
  }

  /** Whether what is live came by the fast path, and no full stage has confirmed it yet. */
  get isUnproven(): boolean {
    return this.condition.is === 'live' && !this.condition.proven;
  }

  report(happening: Happening): void {
    switch (happening.happened) {
      case 'changed':
        for (const file of happening.files) this.#changes.add(file, happening.at);
        return;
      case 'taken':
        return this.#changes.take(happening.signatures);
      default:
        // how long a folder was away is no part of the next batch's time
        if (happening.happened === 'arrived') this.#changes.clear();
        this.#known = next(this.#known, happening);
    }
  }
}
