import { DIALPLAN_PATH } from '../effects/evidence/dialplan.ts';
import { PACKAGING } from '../readers/python/packaging.ts';
import { readYaml } from '../readers/yaml/read.ts';
import type { Finding } from '../findings/finding.ts';
import { isError } from '../findings/finding.ts';
import { readPlugin } from '../kinds/discover.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { SourceListing } from '../git/sources.ts';
import type { Stage } from '../stage/stage.ts';

const MANIFEST = 'wazo/plugin.yml';

/** Installed settings of a service. */
const SETTINGS = /^\/etc\/[^/]+\/conf\.d\/[^/]+\.yml$/;

/**
 * Reports what keeps a save from its target though it can be staged: what check calls an error in these files. Without
 * `files` it is all of the plugin, as at the start and wherever the package was made anew.
 */
export async function refusedSave(
  { plugin, sources, tree }: Stage,
  files?: readonly string[],
): Promise<readonly Finding[]> {
  const made = madeSettings(tree);
  if (made.length > 0) return made;
  const { checkPlugin } = await import('../check/check.ts');
  if (files === undefined) {
    const { askMake } = await import('../stage/ask-make.ts');
    const answers = await askMake([{ plugin, sources }]);
    const found = (await checkPlugin(plugin, sources, { made: answers })).filter(isError);
    return found.length > 0 ? found : renamed(plugin, sources);
  }
  // Asterisk reads them as one: a line of one may be at fault for what stands in another
  const dialplan = dialplanSources(tree);
  const others = files.some((file) => dialplan.has(file)) ? dialplan : [];
  // it names the modules, and settings enable what it names
  const packaging = files.some((file) => /\.py$|\/conf\.d\//.test(file)) ? PACKAGING : [];
  // others may import what a module has no longer
  const python = files.some(isPython) ? [...sources.keys()].filter(isPython) : [];
  const judged = [...new Set([...files, ...others, ...packaging, ...python])];
  return (await checkPlugin(plugin, sources, { files: judged })).filter(isError);
}

function isPython(file: string): boolean {
  return file.endsWith('.py');
}

/** The source files of what Asterisk reads as dialplan. */
function dialplanSources(tree: Stage['tree']): ReadonlySet<string> {
  const files = [...tree.values()].filter(({ path }) => DIALPLAN_PATH.test(path));
  return new Set(files.flatMap(({ source }) => source ?? []));
}

/** Settings that `rules` makes, and that no service can read: no source file has them. */
function madeSettings(tree: Stage['tree']): readonly Finding[] {
  return [...tree.values()].flatMap((file): readonly Finding[] => {
    if (file.source !== undefined || file.link !== undefined || !SETTINGS.test(file.path)) return [];
    const text = file.bytes.toString('utf8');
    const { problem } = readYaml(text);
    if (problem === undefined) return [];
    const line = text.slice(0, problem.offset).split('\n').length;
    const message = `${file.path}, line ${line}: ${problem.message}`;
    return [{ code: 'confd-syntax', level: 'error', message, file: 'wazo/rules' }];
  });
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
    message: `The plugin was renamed to ${now.id}, but ${id} is still installed`,
    file: MANIFEST,
    ...(line > 0 ? { line } : {}),
    help: `Stop wdev (q), run wdev uninstall ${id}, and watch again.`,
  };
  return [finding];
}
