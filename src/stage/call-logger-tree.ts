import path from 'node:path';
import type { Plugin } from '../plugin/plugin.ts';
import { DIST_PACKAGES } from './recipe.ts';
import type { SourceListing } from './listing.ts';
import type { StagedFile } from './tree.ts';

/** The call logger's package, until a target tells where it really is. */
export const CALL_LOGGER_PACKAGE = `${DIST_PACKAGES}/quartx_call_logger`;

/**
 * What a call-logger plugin puts into the call logger's own package: its module, and its part of
 * `data/defaults.yml`. Source: quartx_call_logger 0.1, plugin discovery and settings.
 */
export function callLoggerTree(plugin: Plugin, sources: SourceListing): readonly StagedFile[] {
  const { callLogger } = plugin;
  if (callLogger === undefined) return [];
  const module = sources.get(callLogger.module);
  const settings = sources.get(callLogger.settings);
  const files: StagedFile[] = [];
  if (module !== undefined) {
    const installed = `${CALL_LOGGER_PACKAGE}/plugins/${path.posix.basename(module.path)}`;
    files.push({ path: installed, mode: 0o644, hash: module.hash, bytes: module.bytes, source: module.path });
  }
  if (settings !== undefined) {
    const { hash, bytes, path: source } = settings;
    const installed = `${CALL_LOGGER_PACKAGE}/data/defaults.yml`;
    files.push({ path: installed, mode: 0o644, hash, bytes, source, partOf: callLogger.name });
  }
  return files;
}
