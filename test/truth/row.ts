/**
 * A change of a plugin or of a server, and who knows what becomes of it. The verdict is not written down by hand:
 * `asks` names the real thing that gives it; recorded.json holds what it said, with version and date.
 */
export interface Row {
  /** The number of the kind of fault, as the tests of the product's parts are grouped, and what the change is. */
  readonly name: string;
  readonly plugin: PluginName;
  /** Files of the plugin, and what is done to each. */
  readonly files: Readonly<Record<string, Edit>>;
  /** Files of the server, which are there before the change, by installed path. */
  readonly server?: Readonly<Record<string, string>>;
  readonly asks: Judge;
  /**
   * Asterisk: `context extension`, or `context|text`, of all that has to be there. PyYAML: the files that have to be read. Python: each
   * `module:name` that has to be importable. plugind: the installed paths that the package has to hold. Manifest: the manifest alone. apt: that its package can be installed, too.
   */
  readonly wants: readonly string[];
  /** Where it fails: the code (or one of several, with | between them), and the place in the source, that each command names which can know. */
  readonly says?: { readonly code: string; readonly file?: string; readonly line?: number };
  /** It makes another plugin of it: what a watch says of that is no word on the manifest. */
  readonly renames?: true;
  /** Commands that cannot know what becomes of it. */
  readonly unknownTo?: readonly Command[];
}

export const PLUGINS = { hello: 'dialplan', py: 'calld' } as const;
export type PluginName = keyof typeof PLUGINS;

export type Judge = 'asterisk' | 'pyyaml' | 'python' | 'plugind' | 'manifest' | 'apt';

export const COMMANDS = ['check', 'build', 'watch'] as const;
export type Command = (typeof COMMANDS)[number];

/** A text, one that is saved as Latin-1, a link, null for a file that is removed, a replacement of a part, another mode. */
export type Edit =
  | string
  | null
  | { readonly latin1: string }
  | { readonly link: string }
  | { readonly from: string; readonly to: string }
  | { readonly mode: number };

/** The verdict of the real thing on a row. */
export interface Recorded {
  readonly works: boolean;
  /** The change that it was asked about. */
  readonly of: string;
}

/** All that was recorded: the judges with their versions, when they were asked, and the verdicts by row. */
export interface Recordings {
  readonly at: string;
  readonly by: Readonly<Record<Judge, string>>;
  readonly rows: Readonly<Record<string, Recorded>>;
}
