import type { ComponentChildren } from 'preact';
import type { BatchPart, PagePlugin } from '../model.ts';

export type Tone = 'good' | 'bad' | 'unsure' | 'busy' | 'quiet';

const SIGNS: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', unsure: '•', busy: '…', quiet: '–' };

/** A sign with its word, for eyes and for screen readers. */
export function Mark({ tone, word }: { readonly tone: Tone; readonly word: string }) {
  return (
    <span class={`mark ${tone}`} title={word} role="img" aria-label={word}>
      {SIGNS[tone]}
    </span>
  );
}

export function toneOfPart({ outcome, evidence }: BatchPart): [Tone, string] {
  if (outcome === undefined) return ['busy', 'at work'];
  if (outcome === 'failed') return ['bad', 'failed'];
  return isPlacedOnly(evidence) ? ['unsure', 'installed, not verified'] : ['good', 'verified'];
}

export function isPlacedOnly(evidence: PagePlugin['evidence']): boolean {
  return evidence !== undefined && evidence.verified === 0 && evidence.placed > 0;
}

export function toneOfPlugin(plugin: PagePlugin): [Tone, string] {
  if (plugin.isGone === true) return ['quiet', 'its folder is gone'];
  if (plugin.trouble !== undefined) return ['bad', 'the last save failed'];
  if (plugin.waits !== undefined) return ['unsure', `changes wait: ${plugin.waits}`];
  if (plugin.live === undefined) return ['busy', 'not installed yet'];
  if (isPlacedOnly(plugin.evidence)) return ['unsure', 'installed, not verified'];
  return ['good', plugin.isSettled ? 'verified, and still up' : 'verified'];
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
