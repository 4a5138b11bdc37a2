import { checkPlugin } from '../../src/check/check.ts';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import { setPolicy } from '../../src/sandbox/policy.ts';
import { askMake } from '../../src/stage/ask-make.ts';

export type Files = Readonly<Record<string, string>>;

export const PLUGIN: Plugin = {
  kind: 'stack',
  dir: '/p',
  id: 'acme/hello',
  name: 'hello',
  namespace: 'acme',
  version: '1.0.0',
};

// on a busy machine make waits longer, and takes more of the processor, than a run gives it
setPolicy({ timeout: 900 });

/** The manifest of a plugin that a server builds with make. */
export const WITH_MAKE = `${SOUND_PLUGIN['wazo/plugin.yml'] ?? ''}debian_depends:\n- make\n`;

/** The findings of check about a sound plugin with these files in it, with make asked about its Makefile. */
export async function foundWithMake(files: Files): Promise<readonly Finding[]> {
  const all = { ...SOUND_PLUGIN, 'wazo/plugin.yml': WITH_MAKE, ...files };
  const sources = new Map(
    Object.entries(all).map(([name, text]) => [
      name,
      { path: name, mode: name === 'wazo/rules' ? 0o755 : 0o644, bytes: Buffer.from(text) },
    ]),
  );
  const made = await askMake([{ plugin: PLUGIN, sources }]);
  return await checkPlugin(PLUGIN, sources, { made });
}
