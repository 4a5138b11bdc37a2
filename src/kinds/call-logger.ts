import { CALL_LOGGER_MANIFEST, parseCallLogger } from './call-logger-manifest.ts';
import type { Kind } from './kind.ts';

/** A class that the call logger imports; no command stages it, its manifest names the files. */
export const callLogger = {
  read: (folder) => {
    if (!folder.has(CALL_LOGGER_MANIFEST)) return undefined;
    const manifest = parseCallLogger(folder.fields(CALL_LOGGER_MANIFEST));
    if (manifest === undefined) return undefined;
    const { name, version } = manifest;
    return { id: name, name, namespace: '', version, callLogger: manifest };
  },
  isGuess: false,
  manifests: [CALL_LOGGER_MANIFEST],
  madeBy: CALL_LOGGER_MANIFEST,
  steps: () => [],
  adds: () => [],
  can: { create: true, build: false, parts: false, preview: false, simulate: true },
  otherwise: [],
  instead: 'wdev install puts it on a target without a package.',
} satisfies Kind;
