import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import type { CallLoggerManifest } from '../kinds/call-logger-manifest.ts';
import { settingsHome } from '../stage/call-logger-tree.ts';
import { DIST_PACKAGES } from '../wazo/names.ts';
import { packageRoot } from '../support/paths.ts';
import { quote, quoteAll } from '../support/quote.ts';
import { tracebackPlace } from './evidence/service-log.ts';
import { type EffectModule, type EffectOutcome, type Evidence, type Judged, type Step } from './module.ts';
import { readText } from '../support/read-file.ts';

/** The import of a call-logger plugin, with its settings, by the Python of the target. */
export const CALL_LOGGER: EffectModule<'call-logger'> = {
  label: () => 'import into the call logger',
  // a module that does not import must be known before the call logger starts with it
  rank: () => 90,
  refusal: () => undefined,
  script,
  answer: () => ({}),
  judge,
  proves: ({ status }) => status === 0,
  undo: {
    // there is nothing left to import
    removal: () => undefined,
    isRepeated: true,
    recovery: () => undefined,
  },
};

function script({ plugins, changes, places: { callLogger = '' } }: Step<'call-logger'>): string {
  const checks = plugins.flatMap((id) => {
    const manifest = changes.find(({ plugin }) => plugin.id === id)?.plugin.callLogger;
    if (manifest === undefined) return [];
    return manifest.launcher === undefined
      ? importCheck(manifest, callLogger)
      : launcherCheck(manifest, manifest.launcher);
  });
  return checks.length === 0 ? ':' : checks.join(' && ');
}

/** Imports a plugin of generation 1 as the service does. */
function importCheck(manifest: CallLoggerManifest, home: string): string {
  const words = quoteAll([
    path.posix.dirname(home),
    path.posix.basename(manifest.module, '.py'),
    manifest.className,
  ]);
  return pythonCheck('check-call-logger.py', `"$R"${words}`, `"$R"${quote(settingsHome(manifest, home))}`);
}

/** Starts a launcher of generation 2 as its unit does. */
function launcherCheck(manifest: CallLoggerManifest, launcher: string): string {
  const module = manifest.module.replace(/\.py$/, '').replaceAll('/', '.');
  const words = quoteAll([launcher, module, manifest.className]);
  const settings = `"$R"${quote(`${DIST_PACKAGES}/${manifest.settings}`)}`;
  return pythonCheck('check-launcher.py', `"$R"${DIST_PACKAGES} ${words}`, settings);
}

/** Runs a program of this folder on the target, by its text. */
function pythonCheck(name: string, words: string, settings: string): string {
  const program = readText(path.join(packageRoot(), 'src/effects', name));
  // on an embedded stack, the one that keeps a plugin from this machine; it may not read what is not for all
  return `cat ${settings} 2>/dev/null | "\${WDEV_PYTHON:-python3}" -c ${quote(program)} ${words} ${settings} 2>&1`;
}

function judge(outcome: EffectOutcome<'call-logger'>, { tree, manifest }: Judged): Evidence {
  const said = outcome.output.trim().split('\n').at(-1) ?? '';
  if (outcome.status === 0) return { findings: [], loaded: [said] };
  // the checkers' own words: see check-call-logger.py and check-launcher.py
  const isOfSettings = /has no settings|the environment chooses|no such setting/.test(said);
  const file = isOfSettings ? manifest?.settings : manifest?.module;
  const finding: Finding = {
    code: 'call-logger-import-failed',
    level: 'error',
    message: `The call logger cannot load the plugin: ${said}`,
    ...(file === undefined ? {} : { file }),
    ...tracebackPlace(outcome.output, tree),
    source: 'quartx_call_logger 0.1, plugin discovery',
  };
  return { findings: [finding], loaded: [] };
}
