/** The evidence that a server must show of a version of a plugin, for the gate of a fleet (files/roles/wazo_plugin/files/gate). */

import { UNKNOWN_TEXT } from '../dialplan/read/load.ts';
import { HINT } from '../dialplan/read/dialplan.ts';
import { expectedEntries, type ExpectedEntry } from '../dialplan/show/read-back.ts';
import { ownerOf } from '../effects/needed.ts';
import type { BuiltPackage } from '../package/build.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import type { StagedFile } from '../stage/tree.ts';
import { needsOf } from '../status/needs.ts';
import { routesOf } from '../status/routes.ts';
import { groupOf } from '../wazo/groups.ts';
import { serviceOf } from '../wazo/services.ts';

/** The content of `expected/PACKAGE_VERSION.json`: read by gate.py, which says what each part is for. */
export interface Expected {
  readonly plugin: string;
  readonly package: string;
  readonly version: string;
  /** SHA-256 of the .deb that was built. */
  readonly deb: string;
  readonly units: readonly {
    readonly unit: string;
    readonly port: 'yes' | 'no';
    readonly files: readonly string[];
  }[];
  readonly routes: readonly { readonly unit: string; readonly port: number; readonly path: string }[];
  readonly imports: readonly { readonly unit: string; readonly name: string; readonly value: string }[];
  readonly dialplan: readonly ExpectedContext[];
  /** Installed files, without those that only say what the package is. */
  readonly files: readonly string[];
  /** Files that wazo-confgend makes, which the gate cannot ask for: placed, and not verified. */
  readonly generated: readonly string[];
}

interface ExpectedContext {
  readonly context: string;
  readonly lines: readonly { readonly extension: string; readonly text: string; readonly from: string }[];
}

/** Derives it from a package by the facts that `wdev watch` and `wdev why` use. */
export function expectedOf({ plugin, metadata, name, version, files }: BuiltPackage, deb: string): Expected {
  const tree = new Map(files.map((file) => [file.path, file]));
  const paths = files.filter(({ folder }) => folder !== true).map(({ path }) => path);
  const entryPoints = entryPointsOf(tree);
  const needs = needsOf(paths, ownerOf(plugin, entryPoints, tree));
  const units = [...needs.units].map(([unit, read]) => ({
    unit,
    port: serviceOf(unit)?.port === undefined ? ('no' as const) : ('yes' as const),
    files: read,
  }));

  return {
    plugin: `${metadata.namespace}/${metadata.name}`,
    package: name,
    version,
    deb,
    units,
    routes: routesOf(tree, entryPoints, units).map(({ unit, port, url }) => ({ unit, port, path: url })),
    imports: entryPoints.flatMap((entry) => {
      const unit = groupOf(entry.group)?.service;
      const value = entry.value.replace(/\[[^]*$/, '').trim();
      return unit === undefined || !needs.units.has(unit) ? [] : [{ unit, name: entry.name, value }];
    }),
    dialplan: needs.dialplan.flatMap((path) => contextsOf(tree.get(path))),
    files: paths.filter((path) => !path.startsWith('/usr/lib/wazo-plugind/')),
    generated: needs.generated.map(({ resource, filename }) => `${resource}/${filename}`),
  };
}

function contextsOf(file: StagedFile | undefined): readonly ExpectedContext[] {
  if (file === undefined || file.link !== undefined) return [];
  const { contexts, entries } = expectedEntries(file.bytes, file.path);
  return contexts.map((context) => ({
    context,
    lines: entries.filter((entry) => entry.context === context).flatMap(lineOf),
  }));
}

/** Characters of a line. Asterisk cuts a longer one, so it cannot be compared. */
const LONGEST = 1000;

const OTHERS = { include: 'Include', ignorepat: 'Ignore pattern', switch: 'Alt. Switch' } as const;

/** An entry as `dialplan show` has it; nothing where a part of it depends on other files. */
function lineOf(entry: ExpectedEntry): ExpectedContext['lines'] {
  const { kind, extension, priority, callerId, text, place } = entry;
  if (text.includes(UNKNOWN_TEXT) || text.length > LONGEST) return [];
  if (kind !== 'priority') return [{ extension: '', text: `${OTHERS[kind]}: ${text}`, from: '' }];
  if (extension === undefined || priority === undefined || callerId !== undefined) return [];
  if (extension.includes(UNKNOWN_TEXT)) return [];
  const from = place.file.slice(place.file.lastIndexOf('/') + 1);
  return [{ extension, text: priority === HINT ? text : `${priority}. ${text}`, from }];
}
