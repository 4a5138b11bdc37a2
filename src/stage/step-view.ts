import type { View } from '../sandbox/enclose.ts';

/** The view of a plugin's step: its clean copy, and the network. Source: wazo-plugind, building and packaging steps. */
export function stepView(source: string, more: readonly string[] = []): View {
  return { cwd: source, writable: [source, ...more], network: true };
}
