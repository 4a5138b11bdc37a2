import type { Plugin } from '../kinds/plugin.ts';
import { readPreviewSettings } from '../preview/settings.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import type { StagedTree } from '../stage/tree.ts';
import { sha256 } from '../git/content.ts';
import { UserError } from '../support/errors.ts';
import { quote } from '../support/quote.ts';
import type { Session } from './session.ts';

/** Where the stand-in of wazo-confgend, which only disposable stacks have, looks for declared rows. */
const FOLDER = '/var/lib/wdev-confgend';

/**
 * Brings the rows and stock texts that a plugin's `wdev.yml` declares to a stack's stand-in of wazo-confgend.
 * A target that has the real one, and a database, has no such folder, and is left alone.
 * @returns whether the stand-in had other ones before
 * @throws UserError `preview-settings` when `wdev.yml` cannot be read, `target-state` when it cannot be written there
 */
export async function bringDeclaredRows(
  session: Session,
  plugin: Plugin,
  tree: StagedTree,
): Promise<boolean> {
  if (!entryPointsOf(tree).some(({ group }) => group.startsWith('wazo_confgend.'))) return false;
  const { dao, stock } = await readPreviewSettings(plugin.dir);
  const input = Buffer.from(JSON.stringify({ dao, stock }));
  const file = `"$R"${quote(`${FOLDER}/${encodeURIComponent(plugin.id)}.json`)}`;
  const isEmpty = Object.keys(dao).length + Object.keys(stock).length === 0;
  const bring = isEmpty
    ? `[ -e ${file} ] && rm ${file} && echo changed`
    : `if [ "$(sha256sum 2>/dev/null <${file})" = '${sha256(input)}  -' ]; then :; else wdev_take ${file} ${sha256(input)} || exit 74; echo changed; fi`;
  const { status, stdout, stderr } = await session.target.run(`[ ! -d "$R"${FOLDER} ] || { ${bring}; }`, {
    input,
  });
  if (status === 74) {
    throw new UserError(
      'target-state',
      `target ${session.target.id}: the rows of wdev.yml could not be written: ${stderr.toString('utf8').trim()}`,
      { help: 'Look at free space there.' },
    );
  }
  return stdout.toString('utf8').trim() === 'changed';
}
