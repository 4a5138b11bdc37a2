/** The judgement of one link between the sources and the running system. */
export type Judgement =
  | { readonly state: 'ok'; readonly says: string }
  /** Nothing needs this link, or nothing there can tell. */
  | { readonly state: 'none'; readonly says: string }
  | {
      readonly state: 'broken';
      readonly says: string;
      /** The next thing to try. */
      readonly help: string;
      /** Source file, or installed path. */
      readonly file?: string;
      readonly line?: number;
    };

/** One link: a judgement over facts that were read once. */
export interface Link<Facts> {
  readonly name: string;
  /** For people, in a column of its own. */
  readonly title: string;
  readonly judge: (facts: Facts) => Judgement;
}

export function ok(says: string): Judgement {
  return { state: 'ok', says };
}

export function none(says: string): Judgement {
  return { state: 'none', says };
}

export function broken(says: string, help: string, place: { file?: string; line?: number } = {}): Judgement {
  return { state: 'broken', says, help, ...place };
}

export function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** The first names, and how many more there are. */
export function several(names: readonly string[]): string {
  const most = 2;
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${more}`;
}
