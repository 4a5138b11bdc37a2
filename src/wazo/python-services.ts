import { generatedBy, type EntryPoint, type GeneratedFile } from './entry-point.ts';
import { serviceOfGroup } from './groups.ts';
import type { Effect } from './effect.ts';
import { matchPath } from './needs.ts';

/**
 * Which services run the code of a file, by the entry points of its package. `file` is relative to the
 * folder of packages: `acme_hello/calld/http.py`. `changed` are the entry points that are new or gone.
 */
export function pythonEffects(
  file: string,
  entryPoints: readonly EntryPoint[],
  changed = entryPoints,
): readonly Effect[] {
  if (file.endsWith('/api.yml')) return [];
  if (PACKAGE_INFO.test(file))
    return file.endsWith('/entry_points.txt') ? changed.flatMap(effectsOfEntry) : [];
  return entryPoints.filter((entry) => servesFile(entry, file)).flatMap(effectsOfEntry);
}

/** The metadata of a package, relative to the folder of packages. */
export const PACKAGE_INFO = /^[^/]+\.(?:egg|dist)-info(?:\/|$)/;

/** Entry points that only one of two versions has. */
export function changedEntries(
  old: readonly EntryPoint[],
  now: readonly EntryPoint[],
): readonly EntryPoint[] {
  const key = ({ group, name, value }: EntryPoint): string => [group, name, value].join('\n');
  const [before, after] = [new Set(old.map(key)), new Set(now.map(key))];
  return [
    ...old.filter((entry) => !after.has(key(entry))),
    ...now.filter((entry) => !before.has(key(entry))),
  ];
}

/** A file belongs to an entry point when it is in the package of its module, or in one around it. */
function servesFile(entry: EntryPoint, file: string): boolean {
  const module = (entry.value.split(':')[0] ?? '').replaceAll('.', '/');
  const home = module.includes('/') ? module.slice(0, module.lastIndexOf('/')) : module;
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : file.replace(/\.py$/, '');
  return within(folder, home) || within(home, folder);
}

function within(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The effects by which an entry point is loaded anew. */
export function effectsOfEntry(entry: EntryPoint): readonly Effect[] {
  const service = serviceOfGroup(entry.group);
  const restarts: readonly Effect[] = service === undefined ? [] : [{ do: 'restart', unit: service.unit }];
  const generated = generatedBy(entry.group);
  return generated === undefined
    ? restarts
    : [...restarts, { do: 'generate', ...generated }, ...readersOf(generated)];
}

/** The reader of a generated file: Asterisk, by the row of the folder that includes it. */
function readersOf({ resource, filename }: GeneratedFile): readonly Effect[] {
  if (resource !== 'asterisk') return [];
  const row = matchPath(`/etc/asterisk/${filename.replace(/\.conf$/, '.d/generated.conf')}`);
  return row?.effects.filter((effect) => effect.do === 'console') ?? [];
}
