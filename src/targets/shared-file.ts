import { posix } from 'node:path';
import { UserError } from '../support/errors.ts';
import { mergeSettings, removeSettings, settingsTaken } from '../kinds/call-logger-manifest.ts';
import type { CallLoggerManifest } from '../kinds/call-logger-manifest.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { CALL_LOGGER_PACKAGE, CALL_LOGGER_SETTINGS } from '../stage/call-logger-tree.ts';
import { DIST_PACKAGES } from '../wazo/names.ts';
import { sha256, withFields } from '../git/content.ts';
import type { StagedFile, StagedTree, TreeDifference } from '../stage/tree.ts';
import { quote } from '../support/quote.ts';
import type { InstalledPlugin, Session } from './session.ts';

/**
 * A call-logger plugin's tree as it must stand on this target: below the folder where the call logger's
 * package really is, its settings merged into the file of settings that stands there, whose mode stays.
 * @throws UserError `call-logger-missing` when the target has no call logger, `settings-taken` when another
 * plugin has settings under the same key, `shared-file-unreadable`, `call-logger-settings-missing`
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
      `there is no quartx_call_logger on target ${session.target.id}`,
      {
        help: 'Install the call logger there, or use the embedded stack, which has a stand-in of it.',
      },
    );
  }
  const settled = new Map<string, StagedFile>();
  for (const file of tree.values()) {
    const path = file.path.replace(CALL_LOGGER_PACKAGE, folder);
    if (file.partOf === undefined) {
      settled.set(path, withFields(file, { path }));
      continue;
    }
    const shared = await readShared(session, path);
    if (shared === undefined) throw settingsMissing(session, path, manifest);
    if (settingsTaken(shared.text, file.partOf, manifest.className)) {
      throw new UserError(
        'settings-taken',
        `${path} has settings for ${manifest.className} already, and not from this plugin`,
        {
          help: 'Two plugins cannot have one class name: the call logger would refuse to start.',
        },
      );
    }
    const bytes = Buffer.from(mergeSettings(shared.text, file.partOf, file.bytes.toString('utf8')));
    settled.set(path, { ...file, path, bytes, mode: shared.mode, hash: sha256(bytes) });
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
  throw new UserError('call-logger-missing', `there is no calllogger on target ${session.target.id}`, {
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
    const now = await readShared(session, path);
    if (now === undefined) continue;
    const bytes = Buffer.from(removeSettings(now.text, part?.partOf ?? ''));
    put.push({ path, mode: now.mode, hash: sha256(bytes), bytes });
  }
  return { put, removed: difference.removed.filter((path) => !shared.includes(path)) };
}

/**
 * Before `wdev restore` puts the original of a shared file back: what others changed in it since then is theirs,
 * so the original becomes what stands there without the parts of the plugins.
 */
export async function renewOriginals(session: Session): Promise<void> {
  const parts = [...session.installed.values()].flatMap(({ files }) =>
    [...files].flatMap(([path, { partOf }]) => (partOf === undefined ? [] : [{ path, partOf }])),
  );
  for (const path of new Set(parts.map((part) => part.path))) {
    const now = session.touched.has(path) ? await readShared(session, path) : undefined;
    if (now === undefined) continue;
    const own = parts.filter((part) => part.path === path);
    const text = own.reduce((left, { partOf }) => removeSettings(left, partOf), now.text);
    const script = [
      `__kept=; while read -r __kind __n __path; do if [ "$__kind $__path" = ${quote(`S ${path}`)} ]`,
      `then __kept="$S/original/$__n/"${quote(posix.basename(path))}; break; fi; done <"$S/touched"`,
      `[ -z "$__kept" ] || { cp -p "$__kept" "$__kept.new" && wdev_take "$__kept" ${sha256(Buffer.from(text))}; }`,
    ];
    const { status, stderr } = await session.target.run(script.join('; '), { input: Buffer.from(text) });
    if (status !== 0) throw notRenewed(session, path, stderr.toString('utf8').trim());
  }
}

function notRenewed({ target }: Session, path: string, said: string): UserError {
  return new UserError(
    'restore-failed',
    `target ${target.id}: what others changed in ${path} could not be kept: ${said}`,
    { help: 'Nothing was restored yet. Look at free space there, and try again.' },
  );
}

/** A shared file as it stands; undefined when there is none. */
async function readShared(
  session: Session,
  path: string,
): Promise<{ text: string; mode: number } | undefined> {
  const file = `"$R"${quote(path)}`;
  const { status, stdout, stderr } = await session.target.run(
    `if [ ! -e ${file} ]; then exit 44; fi; stat -L -c %a ${file} && cat ${file}`,
  );
  const said = stdout.toString('utf8');
  const end = said.indexOf('\n');
  if (status === 0) return { mode: Number.parseInt(said.slice(0, end), 8), text: said.slice(end + 1) };
  if (status === 44) return undefined;
  // what is merged into a text that could not be read would take the place of it
  throw new UserError(
    'shared-file-unreadable',
    `${path} cannot be read on target ${session.target.id}: ${stderr.toString('utf8').trim()}`,
    { help: 'Several plugins share this file. Put it back as the call logger ships it.' },
  );
}

function settingsMissing(session: Session, path: string, { className }: CallLoggerManifest): UserError {
  return path === CALL_LOGGER_SETTINGS
    ? new UserError(
        'call-logger-settings-missing',
        `there is no ${path} on target ${session.target.id}, and quartx_call_logger 0.2 does not start without it`,
        { help: `Write it there:\nsettings:\n  token: YOUR-TOKEN\n  plugin: ${className}` },
      )
    : new UserError('shared-file-unreadable', `there is no ${path} on target ${session.target.id}`, {
        help: 'Several plugins share this file. Put it back as the call logger ships it.',
      });
}
