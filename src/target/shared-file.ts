import { UserError } from '../support/errors.ts';
import { mergeSettings, removeSettings, settingsTaken } from '../plugin/call-logger.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { CALL_LOGGER_PACKAGE } from '../stage/call-logger-tree.ts';
import { DIST_PACKAGES } from '../stage/recipe.ts';
import { sha256 } from '../stage/listing.ts';
import type { StagedFile, StagedTree, TreeDifference } from '../stage/tree.ts';
import { quote } from './quote.ts';
import type { InstalledPlugin, Session } from './session.ts';

/**
 * A call-logger plugin's tree as it must stand on this target: below the folder where the call logger's
 * package really is, its settings merged into the `defaults.yml` that stands there.
 * @throws UserError `call-logger-missing` when the target has no call logger, `settings-taken` when another
 * plugin has settings under the same key
 */
export async function settleCallLogger(
  session: Session,
  plugin: Plugin,
  tree: StagedTree,
): Promise<StagedTree> {
  const folder = session.callLogger;
  const manifest = plugin.callLogger;
  if (manifest === undefined) return tree;
  if (manifest.launcher !== undefined) {
    await requireCallLogger2(session);
    return tree;
  }
  if (folder === undefined) {
    throw new UserError(
      'call-logger-missing',
      `There is no quartx_call_logger on target ${session.target.id}.`,
      {
        help: 'Install the call logger there, or use the embedded stack, which has a stand-in of it.',
      },
    );
  }
  const settled = new Map<string, StagedFile>();
  for (const file of tree.values()) {
    const path = file.path.replace(CALL_LOGGER_PACKAGE, folder);
    if (file.partOf === undefined) {
      settled.set(path, { ...file, path });
      continue;
    }
    const defaults = await readShared(session, path);
    if (settingsTaken(defaults, file.partOf, manifest.className)) {
      throw new UserError(
        'settings-taken',
        `${path} has settings for ${manifest.className} already, and not from this plugin.`,
        {
          help: 'Two plugins cannot have one class name: the call logger would refuse to start.',
        },
      );
    }
    const bytes = Buffer.from(mergeSettings(defaults, file.partOf, file.bytes.toString('utf8')));
    settled.set(path, { ...file, path, bytes, hash: sha256(bytes) });
  }
  return settled;
}

/** Generation 2 is a package of its own name. */
async function requireCallLogger2(session: Session): Promise<void> {
  const folders = `"$R"${DIST_PACKAGES} "$R"/usr/local/lib/python3*/dist-packages`;
  const { stdout } = await session.target.run(
    `for d in ${folders}; do [ ! -d "$d/calllogger" ] || echo yes; done`,
  );
  if (stdout.toString('utf8').includes('yes')) return;
  throw new UserError('call-logger-missing', `There is no calllogger on target ${session.target.id}.`, {
    help: 'Install calllogger 2 there, or use a stack of wdev, which has a stand-in of it.',
  });
}

/** A file that holds other plugins' parts too is never removed: only the plugin's own part leaves it. */
export async function keepShared(
  session: Session,
  difference: TreeDifference,
  installed: InstalledPlugin | undefined,
): Promise<TreeDifference> {
  const shared = difference.removed.filter((path) => installed?.files.get(path)?.partOf !== undefined);
  if (shared.length === 0) return difference;
  const put = [...difference.put];
  for (const path of shared) {
    const part = installed?.files.get(path);
    const text = await readShared(session, path);
    const bytes = Buffer.from(removeSettings(text, part?.partOf ?? ''));
    put.push({ path, mode: part?.mode ?? 0o644, hash: sha256(bytes), bytes });
  }
  return { put, removed: difference.removed.filter((path) => !shared.includes(path)) };
}

/** What is merged into a text that could not be read would take the place of it. */
async function readShared(session: Session, path: string): Promise<string> {
  const { status, stdout, stderr } = await session.target.run(`cat "$R"${quote(path)}`);
  if (status === 0) return stdout.toString('utf8');
  throw new UserError(
    'shared-file-unreadable',
    `${path} cannot be read on target ${session.target.id}: ${stderr.toString('utf8').trim()}`,
    { help: 'Several plugins share this file. Put it back as the call logger ships it.' },
  );
}
