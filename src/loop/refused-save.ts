import { PACKAGING, isPackaging } from '../readers/python/packaging.ts';
import type { Finding } from '../findings/finding.ts';
import { isError } from '../findings/finding.ts';
import { readPlugin } from '../kinds/discover.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { SourceListing } from '../git/sources.ts';
import type { Stage } from '../stage/stage.ts';

const MANIFEST = 'wazo/plugin.yml';

/** Installed paths of what services import, and of their settings. */
const READ_BY_SERVICES = /-packages\/(?:[^/]+\/)*[^/]+\.py$|\/conf\.d\/[^/]+\.yml$/;

/**
 * Reports what keeps a save from its target though it can be staged: a manifest that wazo-plugind would refuse, and on
 * the embedded stack, where no service reads them, Python files and settings that are wrong. Elsewhere the
 * service tells. Without `files` it is the manifest and all that services read, as at the start.
 */
export async function refusedSave(
  { plugin, sources, tree }: Stage,
  files: readonly string[],
  isEmbedded: boolean,
): Promise<readonly Finding[]> {
  const ofServices = new Set(
    [...tree.values()].flatMap(({ path, source }) => (READ_BY_SERVICES.test(path) ? (source ?? []) : [])),
  );
  const isRead = (file: string): boolean =>
    ofServices.has(file) || (file.endsWith('.py') && !sources.has(file));
  const read = isEmbedded ? (files.length > 0 ? files : [...sources.keys()]).filter(isRead) : [];
  const isStart = files.length === 0 && sources.has(MANIFEST);
  const asked = new Set([
    ...(isStart ? [MANIFEST] : []),
    ...files.filter((file) => file === MANIFEST || (isEmbedded && isPackaging(file))),
    ...read,
    // it names the modules; at the start, other plugins may enable what it names
    ...(files.some((file) => file.endsWith('.py') && read.includes(file)) ? PACKAGING : []),
  ]);
  if (asked.size === 0) return [];
  const { checkPlugin } = await import('../check/check.ts');
  const found = (await checkPlugin(plugin, sources, { files: [...asked] })).filter(isError);
  return found.length > 0 || !asked.has(MANIFEST) ? found : renamed(plugin, sources);
}

/** Under another name it is another plugin, and what stands on the target is not its. */
function renamed({ dir, id, name }: Plugin, sources: SourceListing): readonly Finding[] {
  const now = readPlugin(dir);
  if (now === undefined || now.id === id) return [];
  const key = now.name === name ? 'namespace' : 'name';
  const lines = sources.get(MANIFEST)?.bytes.toString('utf8').split('\n') ?? [];
  const line = lines.findIndex((text) => text.startsWith(`${key}:`)) + 1;
  const finding: Finding = {
    code: 'plugin-renamed',
    level: 'error',
    message: `The plugin is ${now.id} now: another one than ${id}, which is on the target.`,
    file: MANIFEST,
    ...(line > 0 ? { line } : {}),
    help: `End wdev, take ${id} off the target (wdev uninstall), and watch again.`,
  };
  return [finding];
}
