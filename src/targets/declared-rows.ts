import type { Plugin } from '../kinds/plugin.ts';
import { readPreviewSettings } from '../preview/settings.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import type { StagedTree } from '../stage/tree.ts';
import { quote } from '../support/quote.ts';
import type { Session } from './session.ts';

/** Where the stand-in of wazo-confgend, which only disposable stacks have, looks for declared rows. */
const FOLDER = '/var/lib/wdev-confgend';

/**
 * Brings the rows and stock texts that a plugin's `wdev.yml` declares to a stack's stand-in of wazo-confgend.
 * A target that has the real one, and a database, has no such folder, and is left alone.
 * @returns whether the stand-in had other ones before
 * @throws UserError `preview-settings` when `wdev.yml` cannot be read
 */
export async function bringDeclaredRows(
  session: Session,
  plugin: Plugin,
  tree: StagedTree,
): Promise<boolean> {
  if (!entryPointsOf(tree).some(({ group }) => group.startsWith('wazo_confgend.'))) return false;
  const { dao, stock } = await readPreviewSettings(plugin.dir);
  const file = `"$R"${quote(`${FOLDER}/${encodeURIComponent(plugin.id)}.json`)}`;
  const isEmpty = Object.keys(dao).length + Object.keys(stock).length === 0;
  const bring = isEmpty
    ? `[ -e ${file} ] && rm ${file} && echo changed`
    : `cat >${file}.new && if cmp -s ${file}.new ${file}; then rm ${file}.new; else mv ${file}.new ${file} && echo changed; fi`;
  const { stdout } = await session.target.run(`[ ! -d "$R"${FOLDER} ] || { ${bring}; }`, {
    input: Buffer.from(JSON.stringify({ dao, stock })),
  });
  return stdout.toString('utf8').trim() === 'changed';
}
