/**
 * A change of a plugin, and who knows what becomes of it. The verdict is not written down by hand: `asks` names the
 * real thing that gives it, and what CI cannot ask stands in recorded.json, with version and date.
 */
export interface Row {
  /** The number of the kind of fault, as the tests of the product's parts are grouped, and what the change is. */
  readonly name: string;
  /** Files of the plugin: a text, a link, or null for one that is removed. */
  readonly files: Readonly<Record<string, string | { readonly link: string } | null>>;
  readonly asks: 'asterisk' | 'yaml' | 'python';
  /** Asterisk: `context extension` of all that has to be there. YAML and Python: the files that have to be read. */
  readonly wants: readonly string[];
  /** Where it fails: the code, and the place in the source, that each command names which can know. */
  readonly says?: { readonly code: string; readonly file?: string; readonly line?: number };
  /** Commands that cannot know what becomes of it; watch always can. */
  readonly unknownTo?: readonly ('check' | 'build')[];
}

/** What the real thing made of a row. */
export interface Recorded {
  readonly works: boolean;
  /** The real thing, with its version, and when it was asked. */
  readonly by: string;
  readonly at: string;
}
