/** The questions to services after a batch, about what plugins give them. */

import { dictEntries, valueOf } from '../../readers/yaml/node.ts';
import { readYaml } from '../../readers/yaml/read.ts';
import { entryPointsOf } from '../../stage/entry-points.ts';
import type { StagedFile, StagedTree } from '../../stage/tree.ts';
import { generatedBy, type EntryPoint } from '../../wazo/entry-point.ts';
import { groupOf, isLoadedLate, serviceOfGroup } from '../../wazo/groups.ts';
import { PYTHON_PATH } from '../../wazo/needs.ts';
import { logPath, serviceOf, type Service } from '../../wazo/services.ts';
import type { Change } from '../change.ts';
import type { EffectOutcome } from '../module.ts';
import { restartedUnits } from '../units.ts';
import { isEnabled, type Route } from './routes.ts';

/** Routes of one plugin that are asked. */
const MOST_ROUTES = 100;

/** A description of an API in a plugin, and the paths in it. */
export interface Description {
  readonly file: StagedFile;
  readonly service: Service;
  readonly paths: readonly string[];
}

/** The questions for one plugin. */
export interface PluginQuestions {
  readonly tree: StagedTree;
  readonly routes: readonly Route[];
  readonly descriptions: readonly Description[];
  readonly imports: readonly EntryPoint[];
  readonly login: EntryPoint | undefined;
  /** The process of each unit that came up. */
  readonly up: ReadonlyMap<string, number>;
  /** Backends of wazo-auth that are enabled. */
  readonly backends: readonly EntryPoint[];
  /** Backends of wazo-dird, which are made at the first lookup through a source of theirs. */
  readonly lookups: readonly EntryPoint[];
  /** Handlers of wazo-agid: name → installed path. */
  readonly handlers: ReadonlyMap<string, string>;
}

/** Plugin → its questions; only plugins that have any. */
export type Questions = ReadonlyMap<string, PluginQuestions>;

/** As ask-services.py reads it. */
interface UnitWish {
  readonly port: number;
  readonly log: string;
  readonly patience: number;
  /** The process of the service; 0 where none is known. */
  readonly pid: number;
  readonly routes: { url: string; methods: readonly string[] }[];
  description?: { url: string; paths: readonly string[] };
  login?: { url: string; readonly providers: string[] };
  backends?: { url: string };
  readonly lookups: string[];
  readonly handlers: string[];
  readonly imports: string[];
}

/** Group → the unit that stands for it where no daemon loads it: then Python alone says what it makes of it. */
const NO_DAEMON = 'none';

/** The questions about the changes of a batch, of which these effects were done. */
export function questionsOf(
  changes: readonly Change[],
  routes: ReadonlyMap<string, readonly Route[]>,
  outcomes: readonly EffectOutcome[],
): Questions {
  const all = changes.map((change): [string, PluginQuestions] => {
    const { plugin, tree, difference } = change;
    const up = new Map(
      restartedUnits(outcomes).flatMap(({ unit, plugins, was }): readonly [string, number][] =>
        plugins.includes(plugin.id) ? [[unit, was.pid]] : [],
      ),
    );
    const entries = entryPointsOf(tree);
    const isNew = difference.put.some(({ path: name }) => PYTHON_PATH.test(name));
    const enabled = (group: string): readonly EntryPoint[] =>
      entries.filter((entry) => entry.group === group && isEnabled(entry, tree));
    const own = (routes.get(plugin.id) ?? []).filter(({ service }) => up.has(service.unit));
    return [
      plugin.id,
      {
        tree,
        up,
        routes: own.slice(0, MOST_ROUTES),
        descriptions: descriptionsOf(difference.put, entries),
        imports: isNew ? entries.filter((entry) => needsImport(entry, tree, up)) : [],
        lookups: up.has('wazo-dird') ? enabled('wazo_dird.backends') : [],
        backends: up.has('wazo-auth') ? enabled('wazo_auth.backends') : [],
        handlers: up.has('wazo-agid') ? handlersOf(tree) : new Map<string, string>(),
        login: up.has('wazo-auth') ? entries.find(({ group }) => group === 'wazo_auth.idp') : undefined,
      },
    ];
  });
  return new Map(
    all.filter(
      ([, { routes: own, descriptions, imports, login, backends, lookups, handlers }]) =>
        [own, descriptions, imports, backends, lookups, [...handlers]].some((some) => some.length > 0) ||
        login !== undefined,
    ),
  );
}

/** The handlers that modules of wazo-agid register. Source: wazo_agid.agid, register. */
function handlersOf(tree: StagedTree): ReadonlyMap<string, string> {
  return new Map(
    [...tree.values()].flatMap((file): readonly [string, string][] => {
      if (file.link !== undefined || !/\/wazo_agid\/modules\/[^/]+\.py$/.test(file.path)) return [];
      const found = file.bytes.toString('utf8').matchAll(/^(?:agid\.)?register\(\s*(\w+)/gm);
      return [...found].map(([, name = '']) => [name, file.path]);
    }),
  );
}

/** A service that started without a complaint has imported what its settings enable; the rest is not proven by that. */
function needsImport(entry: EntryPoint, tree: StagedTree, up: ReadonlyMap<string, number>): boolean {
  if (groupOf(entry.group) === undefined || generatedBy(entry.group) !== undefined) return false;
  const service = serviceOfGroup(entry.group);
  if (service === undefined) return true;
  return up.has(service.unit) && (isLoadedLate(entry) || !isEnabled(entry, tree));
}

function descriptionsOf(put: readonly StagedFile[], entries: readonly EntryPoint[]): readonly Description[] {
  return put.flatMap((file): readonly Description[] => {
    const folder = /^(.*)\/api\.yml$/.exec(PYTHON_PATH.exec(file.path)?.[1] ?? '')?.[1]?.replaceAll('/', '.');
    const entry = entries.find(
      ({ group, value }) => groupOf(group)?.http === true && packageOf(value) === folder,
    );
    const service = entry === undefined ? undefined : serviceOfGroup(entry.group);
    if (service?.api === undefined) return [];
    const paths = valueOf(readYaml(file.bytes.toString('utf8')).root, 'paths');
    if (paths?.kind !== 'map') return [];
    return [{ file, service, paths: dictEntries(paths).map(({ key }) => key.text) }];
  });
}

/** Where a service looks for the description of an entry point. Source: xivo.rest_api_helpers, load_all_api_specs. */
function packageOf(value: string): string {
  const module = (value.split(':')[0] ?? '').trim();
  return module.slice(0, Math.max(0, module.lastIndexOf('.')));
}

/** The questions as ask-services.py reads them, each service asked once for all plugins. */
export function wishesOf(questions: Questions): Readonly<Record<string, UnitWish>> {
  const wishes: Record<string, UnitWish> = {};
  const pids = new Map([...questions.values()].flatMap(({ up }) => [...up]));
  const wish = (unit: string, patience: number): UnitWish =>
    (wishes[unit] ??= {
      port: serviceOf(unit)?.port ?? 0,
      log: logPath(unit),
      patience,
      pid: pids.get(unit) ?? 0,
      routes: [],
      imports: [],
      lookups: [],
      handlers: [],
    });
  for (const { routes, imports, login, backends, descriptions, lookups, handlers } of questions.values()) {
    if (backends.length > 0)
      wish('wazo-auth', PATIENCE).backends = { url: `/${serviceOf('wazo-auth')?.api ?? ''}/backends` };
    for (const { name } of lookups) wish('wazo-dird', PATIENCE).lookups.push(name);
    for (const name of handlers.keys()) wish('wazo-agid', PATIENCE).handlers.push(name);
    for (const { service, url, methods } of routes)
      wish(service.unit, PATIENCE).routes.push({ url, methods });
    for (const entry of imports) wish(unitOf(entry), PATIENCE).imports.push(valueOfEntry(entry));
    if (login !== undefined)
      (wish('wazo-auth', PATIENCE).login ??= {
        url: `/${serviceOf('wazo-auth')?.api ?? ''}/token`,
        providers: [],
      }).providers.push(valueOfEntry(login));
    for (const { service, paths } of descriptions) {
      const one = wish(service.unit, 0);
      const asked = one.description?.paths ?? [];
      one.description = { url: `/${service.api ?? ''}/api/api.yml`, paths: [...asked, ...paths] };
    }
  }
  return wishes;
}

/** Seconds until a service that came up has to answer. */
const PATIENCE = 3;

/** The unit that an entry point is asked of. */
export function unitOf({ group }: EntryPoint): string {
  return serviceOfGroup(group)?.unit ?? NO_DAEMON;
}

/** Module and attribute, without extras. */
export function valueOfEntry({ value }: EntryPoint): string {
  return value.replace(/\[[^]*$/, '').trim();
}
