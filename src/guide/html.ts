import { visible } from '../support/visible.ts';

/** Text that is safe inside HTML and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text, '\n\t')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Text with `code` in it, as our own sentences have it. */
export function sentence(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

/** A block of text as it is: it scrolls by itself, also from the keyboard. */
export function block(html: string, label: string, kind = 'code'): string {
  return `<pre class="${kind}" tabindex="0" role="region" aria-label="${escapeHtml(label)}">${html}</pre>`;
}

export interface Entry {
  /** Address within the page; none when nothing points to it. */
  readonly id?: string;
  readonly term: string;
  readonly about: string;
}

/** Terms with what they mean; `term` and `about` are HTML. Search hides and shows each of them. */
export function entries(list: readonly Entry[]): string {
  const rows = list.map(({ id, term, about }) => {
    const address = id === undefined ? '' : ` id="${id}"`;
    return `<div class="entry" data-search${address}><dt>${term}</dt><dd>${about}</dd></div>`;
  });
  return `<dl>${rows.join('\n')}</dl>`;
}

/** An address within the page for a name. */
export function slug(...words: readonly string[]): string {
  return words
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** A part of the page with its own heading; the navigation is made of these. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  /** Its entries in the navigation. */
  readonly parts?: readonly { readonly id: string; readonly title: string }[];
}
