import { matches } from '../dialplan/read/pattern.ts';
import { confMentionsIn } from './conf-names.ts';
import { type Mention, mentionsIn } from './dialplan-names.ts';
import { confOf } from './file-kinds.ts';

/** A dialplan file of an editor or of the disk, or another one of Asterisk that names its contexts. */
export interface DialplanText {
  readonly uri: string;
  readonly text: string;
}

export interface PlacedMention {
  readonly uri: string;
  readonly mention: Mention;
}

const READ = new Map<string, { readonly text: string; readonly mentions: readonly Mention[] }>();

/** The names of a file; read once for each text. */
export function mentionsOf({ uri, text }: DialplanText): readonly Mention[] {
  const known = READ.get(uri);
  if (known?.text === text) return known.mentions;
  const conf = confOf(uri);
  const mentions = conf === undefined ? mentionsIn(text) : confMentionsIn(text, conf);
  READ.set(uri, { text, mentions });
  return mentions;
}

/** The name at an offset. */
export function mentionAt(file: DialplanText, offset: number): Mention | undefined {
  return mentionsOf(file).find(({ start, end }) => start <= offset && offset <= end);
}

/** Where a context, an extension or a label is written that a name means. */
export function definitionsOf(wanted: Mention, files: readonly DialplanText[]): readonly PlacedMention[] {
  return placed(files, (one) => one.role === 'definition' && isSame(one, wanted));
}

/** Every place that means the same, its definitions among them. */
export function referencesOf(wanted: Mention, files: readonly DialplanText[]): readonly PlacedMention[] {
  return placed(files, (one) => isSame(one, wanted) || isSame(wanted, one));
}

/**
 * The places that a new name goes to: the same context, extension or label, by its exact name. A name that a call
 * computes is not among them.
 */
export function renamesOf(wanted: Mention, files: readonly DialplanText[]): readonly PlacedMention[] {
  return placed(files, (one) => {
    if (one.kind !== wanted.kind || one.name !== wanted.name) return false;
    if (wanted.kind === 'context') return true;
    if (one.context !== wanted.context) return false;
    return wanted.kind === 'extension' || one.extension === wanted.extension;
  });
}

function placed(
  files: readonly DialplanText[],
  wants: (mention: Mention) => boolean,
): readonly PlacedMention[] {
  return files.flatMap((file) =>
    mentionsOf(file)
      .filter(wants)
      .map((mention) => ({ uri: file.uri, mention })),
  );
}

/** Whether a definition is what a name means: an extension takes the number, a label is in such an extension. */
function isSame(one: Mention, wanted: Mention): boolean {
  if (one.kind !== wanted.kind) return false;
  if (one.kind === 'context' || one.kind === 'application' || one.kind === 'function')
    return one.name === wanted.name;
  if (one.kind === 'section') return one.name === wanted.name && one.context === wanted.context;
  if (one.context !== wanted.context) return false;
  const takes = (definition: string, number: string): boolean =>
    definition === number || matches(bare(definition), bare(number));
  if (one.kind === 'extension') return takes(one.name, wanted.name);
  return one.name === wanted.name && takes(one.extension, wanted.extension);
}

function bare(name: string): string {
  return name.replace(/\/[^\]]*$/, '');
}
