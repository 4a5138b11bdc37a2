import path from 'node:path';
import type { CallLoggerManifest } from '../kinds/call-logger-manifest.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { DIST_PACKAGES } from '../wazo/names.ts';
import { sha256, withContentOf } from '../git/content.ts';
import type { SourceListing } from '../git/sources.ts';
import type { StagedFile } from './tree.ts';

/** The call logger's package, until a target tells where it really is. */
export const CALL_LOGGER_PACKAGE = `${DIST_PACKAGES}/quartx_call_logger`;

/** The user's settings of the call logger. Source: quartx_call_logger, site configuration. */
export const CALL_LOGGER_SETTINGS = '/etc/xdg/quartx/call-logger.yml';

/**
 * The file that a plugin's settings are merged into: generation 1b takes them from the user's file only.
 * Source: quartx_call_logger 0.1 and 0.2, settings.
 */
export function settingsHome({ generation }: CallLoggerManifest, callLoggerFolder: string): string {
  return generation === '1b' ? CALL_LOGGER_SETTINGS : `${callLoggerFolder}/data/defaults.yml`;
}

/**
 * The tree of a call-logger plugin of the first generation: its module in the call logger's own package, and
 * its part of the settings. Source: quartx_call_logger 0.1, plugin discovery.
 */
export function callLoggerTree(plugin: Plugin, sources: SourceListing): readonly StagedFile[] {
  const { callLogger } = plugin;
  if (callLogger === undefined) return [];
  if (callLogger.launcher !== undefined) return launcherTree(callLogger, callLogger.launcher, sources);
  const module = sources.get(callLogger.module);
  const settings = sources.get(callLogger.settings);
  const files: StagedFile[] = [];
  if (module !== undefined) {
    const installed = `${CALL_LOGGER_PACKAGE}/plugins/${path.posix.basename(module.path)}`;
    files.push({ path: installed, mode: 0o644, hash: module.hash, bytes: module.bytes, source: module.path });
  }
  if (settings !== undefined) {
    const { hash, bytes, path: source } = settings;
    const installed = settingsHome(callLogger, CALL_LOGGER_PACKAGE);
    files.push({ path: installed, mode: 0o644, hash, bytes, source, partOf: callLogger.name });
  }
  return files;
}

/** The unit that starts the call logger, in stacks of wdev. */
export const CALL_LOGGER_UNIT = 'call-logger';

/**
 * Generation 2 loads only what a launcher registers with it: the plugin's package stands beside calllogger's,
 * and the unit starts the launcher, with the plugin's environment. Source: calllogger 2, start.
 */
function launcherTree(
  { name, settings }: CallLoggerManifest,
  launcher: string,
  sources: SourceListing,
): readonly StagedFile[] {
  const own = [...sources.values()].filter(({ path: source }) => source.startsWith(`${launcher}/`));
  const files = own.map((file): StagedFile => {
    const { path: source } = file;
    return withContentOf<StagedFile>(
      { path: `${DIST_PACKAGES}/${source}`, mode: 0o644, source, hash: '', bytes: Buffer.alloc(0) },
      file,
    );
  });
  const environment = `${DIST_PACKAGES}/${settings}`;
  const lines = [
    '[Service]',
    ...(files.some((file) => file.path === environment) ? [`EnvironmentFile=${environment}`] : []),
    'ExecStart=',
    `ExecStart=/usr/bin/python3 -m ${launcher}`,
    '',
  ];
  const bytes = Buffer.from(lines.join('\n'));
  const unit = `/etc/systemd/system/${CALL_LOGGER_UNIT}.service.d/50-${name}.conf`;
  return [...files, { path: unit, mode: 0o644, hash: sha256(bytes), bytes }];
}
