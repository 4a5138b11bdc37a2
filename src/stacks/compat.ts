import { rm } from 'node:fs/promises';
import { isError, type Finding } from '../findings/finding.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { buildPackage } from '../package/build.ts';
import { SUITES } from '../wazo/debian.ts';
import { DebianTools } from './debian-root.ts';
import { lacking } from './requirements.ts';

/** The errors of a build with a Debian release's own tools; undefined when this machine cannot have them. */
export async function buildWithDebian(
  plugin: Plugin,
  debian: number,
  onProgress: (text: string) => void,
): Promise<readonly Finding[] | undefined> {
  if (!kindOf(plugin).can.build || (await lacking('real')).length > 0) return undefined;
  const tools = await DebianTools.of(debian, onProgress);
  const out = temporaryFolder('compat');
  try {
    const result = await buildPackage(plugin, out, { tools });
    const suite = SUITES.get(debian) ?? '';
    return result.findings.filter(isError).map((finding) => ({
      ...finding,
      message: `With the tools of Debian ${debian} (${suite}): ${finding.message}`,
    }));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
