import type { Plugin } from '../kinds/plugin.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { StagedTree, TreeDifference } from '../stage/tree.ts';
import type { Effect, EffectKind } from '../wazo/effect.ts';

/** The facts of a target that decide which effects it can have. */
export interface TargetFacts {
  /** systemd units that exist there, without `.service`; undefined when it has no systemd. */
  readonly units: ReadonlySet<string> | undefined;
  readonly hasAsterisk: boolean;
  /** Whether `rules install` may run there. */
  readonly runsRules: boolean;
}

/** Installed paths that differ from one target to another. */
export interface Places {
  /** Asterisk's log; undefined where there is none. */
  readonly asteriskLog: string | undefined;
  /** Folder of the `quartx_call_logger` package, if the target has it. */
  readonly callLogger: string | undefined;
}

/** A plugin with the tree that it installs. */
export interface PluginTree {
  readonly plugin: Plugin;
  readonly tree: StagedTree;
}

/** One plugin's part of a batch. */
export interface Change extends PluginTree {
  readonly difference: TreeDifference;
  /** The tree that it installed before, as far as that is known. */
  readonly before?: StagedTree | undefined;
  /** Entry points of the version before, so that a dropped group's service is restarted too. */
  readonly oldEntryPoints: readonly EntryPoint[];
}

export interface PlannedEffect<K extends EffectKind = EffectKind> {
  readonly effect: Effect<K>;
  /** Plugins that asked for it, by id. */
  readonly plugins: readonly string[];
  readonly because: string;
}

/** The effects of changed files on one target, in order. */
export interface PlannedEffects {
  readonly effects: readonly PlannedEffect[];
  /** Effects that the target cannot have, with the reason, as sentences, and the plugins that asked for them. */
  readonly skipped: readonly { readonly what: string; readonly plugins: readonly string[] }[];
}

/** All that is done for a batch; the applier adds nothing to it. */
export interface Plan extends PlannedEffects {
  readonly changes: readonly Change[];
}
