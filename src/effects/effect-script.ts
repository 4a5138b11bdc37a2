import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Effect } from '../wazo/effect.ts';
import { ownRestarts } from './own-restarts.ts';
import type { Change, Plan, PlannedEffect } from './plan.ts';
import type { CallLoggerManifest } from '../kinds/call-logger-manifest.ts';
import { logPath, serviceOf } from '../wazo/services.ts';
import { settingsHome } from '../stage/call-logger-tree.ts';
import { DIST_PACKAGES } from '../wazo/names.ts';
import { readable } from '../stage/tree.ts';
import { packageRoot } from '../support/paths.ts';
import { showSteps } from './context-shows.ts';
import { PJSIP_RELOAD, invalidateScript, isPjsip, readBackScript } from './pjsip.ts';
import { quote, quoteAll } from '../support/quote.ts';

/** What a restart has printed that was left to the plugin's own rules, and one that no service heard (services.sh). */
export const BY_RULES = 'restarted by wazo/rules install';
export const NOTED = 'restart noted, no service runs in the embedded stack';

/** Installed paths that differ from one target to another. */
export interface Places {
  /** Asterisk's log; undefined where there is none. */
  readonly asteriskLog: string | undefined;
  /** Folder of the `quartx_call_logger` package, if the target has it. */
  readonly callLogger: string | undefined;
}

/** The script of one effect; `contexts` are read back after a dialplan reload. */
export function effectScript(
  places: Places,
  planned: PlannedEffect,
  index: number,
  plan: Plan,
  contexts: readonly string[],
): string {
  const { effect, plugins } = planned;
  const { changes } = plan;
  switch (effect.do) {
    case 'console':
      return `${consoleScript(places, effect.command, index, contexts)}${pjsipReadBack(effect.command, index, plan)}`;
    case 'restart':
      return restartScript(effect.unit, index, whenNotByRules(planned, plan));
    case 'generate':
      return generateScript(effect, index);
    case 'command':
      return `if command -v ${quote(effect.argv[0])} >/dev/null; then ${quoteAll(effect.argv)} 2>&1; fi`;
    case 'rules':
      return rulesScript(effect.argument, planned, index, plan);
    case 'call-logger':
      return plugins.map((id) => callLoggerScript(places, id, changes)).join(' && ');
    case 'nothing':
    case 'ask':
      return ':';
  }
}

/** Runs check-call-logger.py on the target, by its text. */
function callLoggerScript(places: Places, id: string, changes: readonly Change[]): string {
  const manifest = changes.find(({ plugin }) => plugin.id === id)?.plugin.callLogger;
  if (manifest?.launcher !== undefined) return launcherScript(manifest, manifest.launcher);
  const program = readFileSync(path.join(packageRoot(), 'src/effects/check-call-logger.py'), 'utf8');
  if (manifest === undefined) return ':';
  const home = places.callLogger ?? '';
  const words = quoteAll([
    path.posix.dirname(home),
    path.posix.basename(manifest.module, '.py'),
    manifest.className,
  ]);
  return `python3 -c ${quote(program)} "$R"${words} "$R"${quote(settingsHome(manifest, home))} 2>&1`;
}

/** Runs check-launcher.py on the target, by its text. */
function launcherScript(manifest: CallLoggerManifest, launcher: string): string {
  const program = readFileSync(path.join(packageRoot(), 'src/effects/check-launcher.py'), 'utf8');
  const words = quoteAll([launcher, moduleName(manifest.module), manifest.className]);
  return `python3 -c ${quote(program)} "$R"${DIST_PACKAGES} ${words} "$R"${quote(`${DIST_PACKAGES}/${manifest.settings}`)} 2>&1`;
}

function moduleName(file: string): string {
  return file.replace(/\.py$/, '').replaceAll('/', '.');
}

/** Where the rules of an installed plugin are. Source: wazo-plugind, packaging step. */
export function rulesPath(id: string): string {
  return `/usr/lib/wazo-plugind/plugins/${id}/wazo/rules`;
}

function consoleScript(places: Places, command: string, index: number, contexts: readonly string[]): string {
  const run = `wdev_console ${quote(command)}`;
  const log = places.asteriskLog;
  if (log === undefined) return run;
  const shows = command === 'dialplan reload' ? contexts : [];
  const shown = showSteps(shows, (context) => `wdev_section show:${index}:${context}`);
  return [
    `wdev_log_from "$R"${log}`,
    `${run}; __rc=$?`,
    ...shown,
    // last: Asterisk writes its log beside what it does
    `wdev_section log:${index}; wdev_log "$R"${log}`,
    'wdev_status "$__rc"',
  ].join('; ');
}

function restartScript(unit: string, index: number, instead: string): string {
  const log = `"$R"${quote(logPath(unit))}`;
  const hasPort = serviceOf(unit)?.port === undefined ? 'no' : 'yes';
  return [
    `{ { ${instead}{ wdev_log_from ${log}; wdev_restart ${quote(unit)}; }; } && wdev_await ${quote(unit)} ${hasPort}; } 2>&1`,
    `__rc=$?; wdev_section came:${index}; printf '%s\\n' "$__shown"`,
    // before the log is read: rather twice than not at all
    `wdev_section end:${index}; [ -n "$__helper" ] || wdev_log_end ${log}`,
    `wdev_section log:${index}; wdev_log ${log}; wdev_status "$__rc"`,
  ].join('; ');
}

/** Runs rules, between two looks at the package database: they may install what they need. */
function rulesScript(argument: string, { plugins }: PlannedEffect, index: number, plan: Plan): string {
  const run = plugins.map((id) => `{ wdev_rules ${quote(rulesPath(id))} ${argument}; } 2>&1`).join(' && ');
  return [
    `${beforeRules(plan)}wdev_section was:${index}; wdev_audit`,
    `wdev_section effect:${index}; ${run}`,
    `__rc=$?; wdev_section log:${index}; wdev_audit; wdev_status "$__rc"`,
  ].join('; ');
}

/** Remembers, before rules run, what shows afterwards that they restarted a unit of the plan. */
function beforeRules({ effects }: Plan): string {
  const units = ownRestarts(effects);
  if (units.length === 0) return '';
  const logs = units.map((unit) => `wdev_log_from "$R"${quote(logPath(unit))}; `);
  return `wdev_before_rules ${quoteAll(units)}; ${logs.join('')}`;
}

/** So many files are compared with a service's process; looking at more takes as long as another restart. */
const MOST_COMPARED = 500;

/** Goes before the restart that the plan wants; empty where rules can't have done it. */
function whenNotByRules({ effect, plugins }: PlannedEffect, { changes, effects }: Plan): string {
  if (effect.do !== 'restart' || !ownRestarts(effects).includes(effect.unit)) return '';
  const files = changes
    .filter(({ plugin }) => plugins.includes(plugin.id))
    .flatMap(({ tree }) => [...tree.values()].filter(readable));
  if (files.length > MOST_COMPARED) return '';
  const words = quoteAll([effect.unit, ...files.map((file) => file.path)]);
  return `{ wdev_by_rules ${words} && echo ${quote(BY_RULES)}; } || `;
}

/** A reload of res_pjsip is read back when a driver's pjsip.conf stands behind it. */
function pjsipReadBack(command: string, index: number, plan: Plan): string {
  const isMade = plan.effects.some(({ effect }) => effect.do === 'generate' && isPjsip(effect));
  if (command !== PJSIP_RELOAD || !isMade) return '';
  return `; __rc=$?; ${readBackScript(index)}; wdev_status "$__rc"`;
}

function generateScript(effect: Extract<Effect, { do: 'generate' }>, index: number): string {
  const log = serviceOf('wazo-confgend')?.log ?? '';
  const name = quote(`${effect.resource}/${effect.filename}`);
  // wazo-confgend writes its cache on every success, and serves it on every failure
  const cache = `"$R"/var/cache/wazo-confgend/${name}`;
  return [
    `wdev_log_from "$R"${log}`,
    `: >"$S/asked"; wdev_section was:${index}; [ ! -f ${cache} ] || cat ${cache}; wdev_section effect:${index}; wazo-confgen ${name}`,
    `__rc=$?; wdev_section log:${index}; wdev_log "$R"${log}`,
    `wdev_section fresh:${index}; [ ! ${cache} -nt "$S/asked" ] || echo yes${isPjsip(effect) ? `; ${invalidateScript()}` : ''}; rm -f "$S/asked"; wdev_status "$__rc"`,
  ].join('; ');
}
