import type { Finding } from '../findings/finding.ts';
import type { Effect } from '../wazo/effect.ts';
import type { CallLoggerManifest } from './call-logger-manifest.ts';
import type { SourceFolder } from './source-folder.ts';

/** A plugin as its own files describe it. */
export interface Described {
  /** Unique among plugins: `namespace/name` for a stack plugin, else its package's name. */
  readonly id: string;
  readonly name: string;
  /** Empty for kinds that have none. */
  readonly namespace: string;
  readonly version: string;
  /** Only of call loggers: what the manifest says. */
  readonly callLogger?: CallLoggerManifest;
}

/** One command of a staging, run in the clean copy. */
export type StageStep =
  /** A branch of `wazo/rules`. */
  | { readonly runs: 'rules'; readonly name: 'build' | 'package'; readonly file: 'wazo/rules' }
  /** The Python that a server has; `name` says what for. */
  | {
      readonly runs: 'python';
      readonly name: string;
      readonly args: readonly string[];
      /** Source file that a failure points to. */
      readonly file: string;
    };

/** A folder that an installer puts into the package beside what the steps make. */
export interface AddedFolder {
  /** In the sources. */
  readonly from: string;
  /** In the package. */
  readonly to: string;
}

/** Things that can be done with plugins of a kind, beyond staging, installing and watching them. */
export interface Abilities {
  /** `wdev new` and `yo wazo-plugin` make one: there is a template and a generator of that name. */
  readonly create: boolean;
  /** wazo-plugind packages it, by its `wazo/rules`. */
  readonly build: boolean;
  /** Parts can be added to it. */
  readonly parts: boolean;
  /** It may have drivers, whose files `wdev preview` shows. */
  readonly preview: boolean;
  /** `wdev simulate` feeds it lines. */
  readonly simulate: boolean;
}

/** All that differs from one kind of plugin to another, as data. A room that acts by kind holds a Record of its own. */
export interface Kind {
  /** The plugin in a folder; undefined when the folder is not of this kind. */
  readonly read: (folder: SourceFolder) => Described | undefined;
  /** Whether only the text of a common file speaks for it: all other kinds are asked first. */
  readonly isGuess: boolean;
  /** Files that it is described in, the one that says most first. */
  readonly manifests: readonly [string, ...string[]];
  /** The file that decides what is in its package. */
  readonly madeBy: string;
  /** The commands that make its package's tree, in `pkgdir`. */
  readonly steps: (sources: ReadonlyMap<string, unknown>, pkgdir: string) => readonly StageStep[];
  readonly adds: (plugin: Described) => readonly AddedFolder[];
  /** Why no server takes it, where none does. */
  readonly refused?: Finding & { readonly file: string };
  readonly can: Abilities;
  /** The needs of an installed path that neither a row nor an entry point names. */
  readonly otherwise: readonly Effect[];
  /** The remedy where only a package of wazo-plugind would do. */
  readonly instead: string;
}
