import type { Finding } from '../findings/finding.ts';
import type { CallLoggerManifest } from '../kinds/call-logger-manifest.ts';
import type { StagedTree } from '../stage/tree.ts';
import type { Effect, EffectKind } from '../wazo/effect.ts';
import type { Places, PlannedEffect, PluginTree, TargetFacts } from './change.ts';
import type { GlobCounts } from './evidence/glob-counts.ts';
import type { UnitState } from './unit-state.ts';

/** The answer of each kind of effect, beside its status and what it printed. */
export interface Answers {
  readonly console: {
    /** Asterisk's log of the time that the command took. */
    readonly log: string;
    /** Context → its text in `dialplan show`, after a dialplan reload. */
    readonly shows: ReadonlyMap<string, string>;
    /** The pjsip.conf that Asterisk was given; undefined where none of its files includes one. */
    readonly pjsip: string | undefined;
    /** Whether Asterisk wrote its warnings and errors to the log that was read. */
    readonly isLogged: boolean;
  };
  readonly restart: {
    /** The service's log since its restart. */
    readonly log: string;
    /** Its process's own output, which systemd keeps. */
    readonly journal: string;
    /** The words of systemd about the end of its process, where it is not up. */
    readonly ended: string;
    /** The state of the unit when it came up, and where its log ended (wdev_log_end in library.sh). */
    readonly came: { readonly state: UnitState; readonly logEnd: string } | undefined;
  };
  readonly generate: {
    /** wazo-confgend's log meanwhile. */
    readonly log: string;
    /** The text that it answered before. */
    readonly before: string;
    /** Whether it made the text anew, rather than serve its cache. */
    readonly isNew: boolean;
  };
  readonly command: object;
  readonly rules: {
    /** Complaints of the package database, before and after. */
    readonly auditBefore: string;
    readonly auditAfter: string;
  };
  readonly 'call-logger': object;
}

/** The outcome of an effect on the target. */
export type EffectOutcome<K extends EffectKind = EffectKind> = {
  readonly [P in K]: {
    readonly do: P;
    readonly effect: Effect<P>;
    /** Plugins that asked for it, by id. */
    readonly plugins: readonly string[];
    /** Exit status. */
    readonly status: number;
    /** Its output: Asterisk's answer, a generated file, a program's words. */
    readonly output: string;
    /** Milliseconds. */
    readonly ms: number;
  } & Answers[P];
}[K];

/** An effect on its way to a target. */
export interface Step<K extends EffectKind> extends PlannedEffect<K> {
  /** All effects of the script, in order. */
  readonly all: readonly PlannedEffect[];
  readonly changes: readonly PluginTree[];
  /** Contexts that are read back after a dialplan reload. */
  readonly contexts: readonly string[];
  readonly places: Places;
  /** The command that opens a section of this effect; of several with one `name`, each has its `word`. */
  readonly section: (name: string, word?: string) => string;
}

/** The sections that the script of an effect opened. */
export interface EffectSections {
  /** Undefined when the script did not come to it. */
  readonly text: (name: string) => string | undefined;
  /** Word → text, of several sections with one name. */
  readonly words: (name: string) => ReadonlyMap<string, string>;
}

/** The facts that an outcome is judged by, for one plugin. */
export interface Judged {
  /** Empty where only complaints count, as after a removal. */
  readonly tree: StagedTree;
  readonly manifest: CallLoggerManifest | undefined;
  readonly counts: GlobCounts;
  /** The paths that were put or removed, and the tree before that, as far as it is known. */
  readonly changed: readonly string[];
  readonly before: StagedTree;
  /** Whether nothing of the plugin is there any more. */
  readonly isGone?: true;
  /** Everything that was done with it. */
  readonly outcomes: readonly EffectOutcome[];
}

/** Findings against a plugin, and the things read back of it, for people: `xivo-extrafeatures: ***42`. */
export interface Evidence {
  readonly findings: readonly Finding[];
  readonly loaded: readonly string[];
}

/** All that wdev knows of one kind of effect. */
export interface EffectModule<K extends EffectKind> {
  /** How a person reads it: `dialplan reload`, `restart wazo-calld`. Two with the same label are one. */
  readonly label: (effect: Effect<K>) => string;
  /**
   * Place of an effect in a batch: what a restarted service has to find (units, keys), rules, then restarts
   * (wazo-confgend first, what calls it later) and other programs, generated files, and Asterisk's reloads last.
   */
  readonly rank: (effect: Effect<K>) => number;
  /** The reason why a target cannot have it; undefined where it can. */
  readonly refusal: (effect: Effect<K>, facts: TargetFacts) => string | undefined;
  /** Shell text that does it on the target (far-end/library.sh). Its exit status is that of the effect. */
  readonly script: (step: Step<K>) => string;
  readonly answer: (sections: EffectSections) => Answers[K];
  /** The verdict on one plugin; never from an exit status alone where the effect can tell more. */
  readonly judge: (outcome: EffectOutcome<K>, judged: Judged) => Evidence;
  /**
   * Whether a done effect is evidence that the file at a path took effect; absent where none ever is. It is asked of
   * outcomes that no finding speaks against.
   */
  readonly proves?: (outcome: EffectOutcome<K>, path: string, tree: StagedTree) => boolean;
  /** Whether it proves something of a plugin that did not ask for it too. */
  readonly concernsOthers?: (effect: Effect<K>, tree: StagedTree) => boolean;
  readonly undo: {
    /** The effect in its place when the files go for good; undefined for none. */
    readonly removal: (effect: Effect<K>) => Effect | undefined;
    /** Whether it is done again when a batch is rolled back, and the files are those of before. */
    readonly isRepeated: boolean;
    /** The command line that a later wdev, of any version, runs when it rolls back a batch that was cut off. */
    readonly recovery: (effect: Effect<K>) => string | undefined;
  };
  /** Whether it ends or refuses calls for a moment. */
  readonly disturbsCalls?: true;
  /** Whether it is a program of the plugin, which runs for itself, may fetch packages and change the files. */
  readonly isOwnProgram?: true;
  /** How a maintainer script does it; absent where a rehearsal cannot tell whether one does. */
  readonly inScripts?: {
    /** Whether a command, as a script called it, does it. */
    readonly isDoneBy: (effect: Effect<K>, command: string) => boolean;
    /** As a person names it: `a restart of wazo-calld`. */
    readonly title: (effect: Effect<K>) => string;
    /** The text to look for in `rules`. */
    readonly text: (effect: Effect<K>) => string;
  };
}
